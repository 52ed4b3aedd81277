"""What a batch makes for each client; goes to its workers, which load nothing of the framework."""

from datetime import timedelta

from aftercare.core.model import zone_of
from aftercare.core.schedule import merge
from aftercare.core.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftercare.core.model import Plan
    from aftercare.outputs.page import Clinic
    from aftercare.outputs.page.parts import Parts

#: The folders of each kind of file, and its ending.
PAGES, CALENDARS, FHIR = "pages/.html", "calendars/.ics", "fhir/.json"


class Documents(Value):
    """Makes a client's files: those of `kinds`. The rest is for pages, as `page` takes it.

    All is as at the latest treatment, not as at the day of the run, so that the same
    appointments give the same files.
    """

    kinds: "tuple[str, ...]"
    clinic: "Clinic | None" = None
    lang: str = "en"
    parts: "Parts | None" = None
    program: str = "aftercare"

    def __call__(self, client: str, plans: "list[Plan]") -> "dict[str, bytes]":
        return dict(self._files(client, plans))

    def _files(self, client: str, plans: "list[Plan]") -> "Iterator[tuple[str, bytes]]":
        now = plans[-1].treatments[0].treated_at
        calendar = b""
        if PAGES in self.kinds or CALENDARS in self.kinds:
            calendar = _calendar(client, plans)
        if PAGES in self.kinds:
            from aftercare.outputs.page import NO_CLINIC, page

            html = page(
                plans,
                now=now,
                clinic=self.clinic or NO_CLINIC,
                lang=self.lang,
                ics=calendar.decode(),
                parts=self.parts,
                program=self.program,
            )
            yield PAGES, html.encode()
        if CALENDARS in self.kinds:
            yield CALENDARS, calendar
        if FHIR in self.kinds:
            from aftercare.outputs.fhir import care_plan, to_json

            plan = merge(plans, now)
            yield FHIR, to_json(care_plan(plan, person=client)).encode() + b"\n"


def _calendar(client: str, plans: "list[Plan]") -> bytes:
    """The events of a client's treatments; numbered by client, so that they move with a
    corrected time and do not double."""
    from aftercare.outputs.calendar import calendar, events

    zone = zone_of(plans[-1].treatments[0].zone)
    return calendar(events(plans, zone, client), alarm=timedelta())
