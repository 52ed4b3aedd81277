"""The command line: finds the sub-command, runs it, turns errors into exit codes."""

import sys
from importlib import import_module

import typer
from typer.core import TyperGroup

from aftercare import __version__
from aftercare.errors import AftercareError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: Each command and the module that holds it. Only the module of the command asked for is
#: loaded; the order is that of ``--help``.
COMMANDS = {
    "plan": "plan",
    "can-i": "can_i",
    "now": "now",
    "timeline": "timeline",
    "label": "label",
    "page": "page",
    "what-is": "what_is",
    "shelf": "shelf",
    "history": "history",
    "forget": "forget",
    "correct": "correct",
    "replan": "replan",
    "me": "me",
    "calendar": "calendar",
    "remind": "remind",
    "batch": "batch",
    "export": "export",
    "rules": "rules",
    "completion": "completion",
}


class _Commands(TyperGroup):
    """The commands, each imported when it is asked for."""

    def __init__(self, **attributes: "Any") -> None:
        super().__init__(**attributes)
        # For "did you mean"; the commands themselves come from get_command.
        self.commands: dict[str, Any] = dict.fromkeys(COMMANDS)

    def list_commands(self, ctx: "Any") -> "list[str]":
        return list(COMMANDS)

    def get_command(self, ctx: "Any", cmd_name: str) -> "Any":
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"aftercare.cli.{COMMANDS[cmd_name]}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_Commands,
    help="Skin-treatment aftercare: what to avoid until when, and whether you may do it now."
    " No medical advice.",
    epilog="Exit codes: 0 yes or done, 1 no, 2 wrong usage or input, 3 unknown,"
    " 4 nothing recorded, 5 rule file wrong, 6 record wrong, 7 not delivered,"
    " 8 answer not written, 70 a fault of the program.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(ctx: typer.Context, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        typer.echo(f"aftercare {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", help="Show the version.", callback=_show_version, is_eager=True
    ),
) -> None:
    pass


def offered(before: "Sequence[str]", word: str) -> "list[tuple[str, str]]":
    """What the framework says that a word behind others may be, each with a remark."""
    from typer._completion_classes import BashComplete

    from aftercare.cli.offers import FILES
    from aftercare.cli.tab import VARIABLE

    made = BashComplete(typer.main.get_command(app), {}, "aftercare", VARIABLE)
    found = made.get_completions(list(before), word)
    return [(o.value, o.help or "" if o.type == "plain" else FILES) for o in found]


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        app(prog_name="aftercare")
    except AftercareError as error:
        from aftercare.cli.show import show_error

        sys.exit(show_error(error))
