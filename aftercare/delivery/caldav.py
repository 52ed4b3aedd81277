"""Events put on a CalDAV calendar. What is there already is replaced, what fell away removed."""

from urllib.parse import urlsplit

from aftercare.core.value import Value
from aftercare.errors import DeliveryError, InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

INSTALL = "pip install 'aftercare-cli[caldav]'"

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Written(Value):
    """How many events were put there, and how many removed."""

    put: int
    removed: int


def push(
    url: str, login: "tuple[str, str]", events: "Iterable[tuple[str, bool, bytes]]"
) -> Written:
    """Put events, each (UID, cancelled, iCalendar text), on the calendar at `url`.

    `login` is the user's name and password. Raises `DeliveryError` with the reason when the
    server cannot be reached or refuses, `InputError` for an address that cannot be used.
    """
    check_address(url)
    try:
        import caldav
        from caldav.lib import error as errors
    except ImportError:
        raise InputError("sending to a calendar needs the extra [caldav]", INSTALL) from None
    put = removed = 0
    try:
        name, password = login
        client = caldav.DAVClient(url=url, username=name, password=password, timeout=20)
        with client:
            base = url if url.endswith("/") else f"{url}/"
            for uid, cancelled, text in events:
                place = f"{base}{uid}.ics"
                if cancelled:
                    removed += client.delete(place).status < 300
                    continue
                answer = client.put(
                    place, text.decode(), {"Content-Type": "text/calendar; charset=utf-8"}
                )
                if answer.status >= 300:
                    raise DeliveryError(*_refused(answer.status))
                put += 1
    except errors.AuthorizationError:
        raise DeliveryError(*_refused(401)) from None
    except errors.DAVError as problem:
        raise DeliveryError(
            f"the calendar server refused it: {type(problem).__name__}", "check the address"
        ) from None
    except OSError as problem:
        raise DeliveryError(
            f"the calendar server cannot be reached ({type(problem).__name__})",
            "check the address and the network",
        ) from None
    return Written(put, removed)


def check_address(url: str) -> None:
    """Refuse an address that would give the password away, or holds one; `InputError`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError("this is no CalDAV address", "as https://example.org/calendars/me/plan/")
    if parts.password is not None:
        raise InputError(
            "a password in an address is seen by everyone on this machine",
            "put it into the keyring, or AFTERCARE_CALDAV_PASSWORD",
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise InputError("http would send the password in clear", "use https")


def _refused(status: int) -> "tuple[str, str]":
    if status in (401, 403):
        return "the calendar server refused the name or password", "check --user and the password"
    if status in (404, 409):
        return "there is no calendar at this address", "make one there first, or check the address"
    return f"the calendar server answered {status}", "try again later"
