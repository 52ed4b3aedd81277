"""Skin-treatment aftercare: what to avoid until when, and whether you may do it now.

>>> from datetime import datetime
>>> from zoneinfo import ZoneInfo
>>> import aftercare
>>> rules = aftercare.load_rules()
>>> done = datetime(2026, 11, 22, 15, tzinfo=ZoneInfo("Europe/London"))
>>> plan = aftercare.plan(aftercare.Treatment("exosome facial", done), rules)
>>> verdict = aftercare.can_i("retinol", plan, done)
>>> type(verdict).__name__, verdict.until.isoformat()
('No', '2026-11-24T15:00:00+00:00')

Everything here is pure but `load_rules`, which reads a file. No medical advice.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aftercare.batch.rows import Appointment, PlanRow, Rejected, plan_rows
    from aftercare.core.label import Ingredient, Label
    from aftercare.core.model import Plan, Restriction, Rulebook, Treatment
    from aftercare.core.outlook import Outlook, outlook
    from aftercare.core.recognition import Match, Recognition
    from aftercare.core.reminders import Notice, Reminder, due
    from aftercare.core.schedule import merge, plan
    from aftercare.core.verdict import No, Reason, Unknown, Verdict, Yes, can_i
    from aftercare.errors import (
        AftercareError,
        FactError,
        InputError,
        RuleFileError,
        StoreError,
        TimeError,
    )
    from aftercare.rulebook import load_rules, read_label, recognise

# Where each public name lives; it is imported when it is first used, so that the command
# line pays only for what it needs.
_HOMES = {
    "aftercare.batch.rows": ("Appointment", "PlanRow", "Rejected", "plan_rows"),
    "aftercare.core.label": ("Ingredient", "Label"),
    "aftercare.core.model": ("Plan", "Restriction", "Rulebook", "Treatment"),
    "aftercare.core.recognition": ("Match", "Recognition"),
    "aftercare.core.outlook": ("Outlook", "outlook"),
    "aftercare.core.reminders": ("Notice", "Reminder", "due"),
    "aftercare.core.schedule": ("merge", "plan"),
    "aftercare.core.verdict": ("No", "Reason", "Unknown", "Verdict", "Yes", "can_i"),
    "aftercare.errors": (
        "AftercareError",
        "FactError",
        "InputError",
        "RuleFileError",
        "StoreError",
        "TimeError",
    ),
    "aftercare.rulebook": ("load_rules", "read_label", "recognise"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "AftercareError",
    "Appointment",
    "FactError",
    "Ingredient",
    "InputError",
    "Label",
    "Match",
    "No",
    "Notice",
    "Outlook",
    "Plan",
    "PlanRow",
    "Reason",
    "Recognition",
    "Rejected",
    "Reminder",
    "Restriction",
    "RuleFileError",
    "Rulebook",
    "StoreError",
    "TimeError",
    "Treatment",
    "Unknown",
    "Verdict",
    "Yes",
    "can_i",
    "due",
    "load_rules",
    "merge",
    "outlook",
    "plan",
    "plan_rows",
    "read_label",
    "recognise",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = found
    return found


def __dir__() -> "list[str]":
    return [*__all__, "__version__"]
