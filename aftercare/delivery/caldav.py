"""Events into a calendar on a CalDAV server: what is there already is replaced, never doubled.

A password is only ever passed to the server that was named. It is in no message and no file.
"""

import ipaddress
import logging
from contextlib import suppress
from functools import cache
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from aftercare.core.value import Value
from aftercare.errors import DeliveryError, InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

#: Seconds to wait for each answer of a server.
PATIENCE = 30

#: The name under which a keyring keeps the passwords of calendar servers.
SERVICE = "aftercare"

# What the library raises at an answer that is not CalDAV at all.
_AT_NONSENSE = (SyntaxError, LookupError, TypeError, ValueError, AttributeError, AssertionError)

_NOT_ON_LINE = "keyring set aftercare USER@HOST, or set AFTERCARE_CALDAV_PASSWORD"


class Address(Value):
    """Where to send events, and as whom; `url` holds no user and no password."""

    url: str
    user: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def account(self) -> str:
        """The name under which a keyring has the password."""
        return f"{self.user}@{self.host}"


class Item(Value):
    """An event to be sent as the file `content`, or to be removed when that is None."""

    uid: str
    content: bytes | None


class Pushed(Value):
    """What a push did; `same` were there already."""

    sent: int
    same: int
    removed: int


def read_address(text: str, user: str = "", *, plain_http: bool = False) -> Address:
    """Read the address of a calendar; raises `InputError` for one that would tell a password.

    Unencrypted http is for this machine alone, unless `plain_http`.
    """
    try:
        parts = urlsplit(text.strip())
        host, password = parts.hostname or "", parts.password
        port = parts.port
    except ValueError:
        raise InputError("that is no address", "write https://host/path/") from None
    if password is not None:
        raise InputError(
            "the address holds a password, which others on this machine could read",
            f"leave it out: {_NOT_ON_LINE}",
        )
    if parts.scheme not in ("http", "https") or not host:
        raise InputError("the address of a calendar begins with https://", "https://host/path/")
    if parts.scheme == "http" and not plain_http and not _is_here(host):
        raise InputError(
            "over http the password and the plan would travel unencrypted",
            "use https://, or say --plain-http if that is what you want",
        )
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port else ""
    url = urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))
    return Address(url, user or unquote(parts.username or ""))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def kept_password(address: Address) -> str:
    """Return the password that this machine's keyring has for an address, "" when none."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(SERVICE, address.account) or ""
    except (KeyringError, OSError):
        return ""


def push(address: Address, password: str, items: "Sequence[Item]") -> Pushed:
    """Bring items into the calendar at an address, and remove those that fell away.

    The address is that of a calendar, or one under which there is a single calendar. Raises
    `DeliveryError`; what was sent by then is there, and the next push completes it.
    """
    try:
        import caldav
        import requests
        from caldav.lib.error import AuthorizationError, DAVError, NotFoundError
    except ImportError:
        raise InputError(
            "sending to a calendar server needs a library that is not installed",
            "pip install 'aftercare-cli[caldav]'",
        ) from None

    # Its log would say with a traceback what is said below in a sentence.
    logging.getLogger("caldav").setLevel(logging.CRITICAL + 1)
    client = caldav.DAVClient(
        address.url, username=address.user or None, password=password or None, timeout=PATIENCE
    )
    client.session = _session(address)
    where = address.host
    try:
        with client:
            return _push(_calendar(client, address), items)
    except AuthorizationError:
        raise DeliveryError(
            f"{where} does not let {address.user or 'a nameless user'} in",
            f"check --user and the password: {_NOT_ON_LINE}",
        ) from None
    except NotFoundError:
        raise DeliveryError(
            f"{where} has no calendar at that address", "copy it from your calendar's settings"
        ) from None
    except requests.exceptions.SSLError as error:
        raise DeliveryError(
            f"{where} cannot prove who it is: {_cause(error)}",
            "nothing was sent; check the address and the machine's date",
        ) from None
    except requests.exceptions.Timeout:
        raise DeliveryError(f"{where} does not answer", "try again later") from None
    except requests.exceptions.ConnectionError as error:
        raise DeliveryError(
            f"{where} cannot be reached: {_cause(error)}", "check the address and the network"
        ) from None
    except requests.exceptions.RequestException as error:
        raise DeliveryError(f"{where} cannot be used: {_cause(error)}") from None
    except (DAVError, NotImplementedError, *_AT_NONSENSE) as error:
        raise DeliveryError(
            f"{where} does not answer as a calendar server ({type(error).__name__})",
            "check that the address is that of a CalDAV calendar",
        ) from None


def _cause(error: BaseException) -> str:
    """The innermost reason in its own words, without addresses of objects."""
    inner = error
    while True:
        reasons = (getattr(inner, "reason", None), *inner.args)
        deeper = next((r for r in reasons if isinstance(r, BaseException)), None)
        if deeper is None:
            return str(inner).rpartition(">: ")[2] or type(inner).__name__
        inner = deeper


def _session(address: Address) -> "Any":
    """A session that is led to no other host and to nothing unencrypted, and keeps its method."""
    import requests

    class Session(requests.Session):
        def get_redirect_target(self, resp: "Any") -> "str | None":
            target = super().get_redirect_target(resp)
            if target is None:
                return None
            came, goes = urlsplit(resp.url), urlsplit(urljoin(resp.url, target))
            if (goes.scheme, goes.netloc) != (came.scheme, came.netloc):
                resp.close()
                raise requests.exceptions.RequestException(
                    f"it points to {goes.scheme}://{goes.netloc}; if you trust that, use it"
                )
            return target

        def rebuild_method(self, prepared_request: "Any", response: "Any") -> None:
            """Leave the method alone: a PROPFIND that became a GET would ask something else."""

    session = Session()
    # With an `auth` of its own, the session does not look for passwords in ~/.netrc.
    session.auth = lambda request: request
    return session


def _calendar(client: "Any", address: Address) -> "Any":
    """The calendar at the address, or the only one of whoever is there."""
    import caldav
    from caldav.elements import cdav, dav
    from caldav.lib.error import NotFoundError

    here = caldav.Calendar(client=client, url=address.url)
    response = here._query_properties([dav.ResourceType()], depth=0)
    if response.status == 404:
        raise NotFoundError
    kinds = {
        kind.tag
        for found in response.find_objects_and_props().values()
        if dav.ResourceType.tag in found
        for kind in found[dav.ResourceType.tag]
    }
    if cdav.Calendar.tag in kinds:
        return here
    calendars = [c for c in client.principal().calendars() if _takes_events(c)]
    if len(calendars) == 1:
        return calendars[0]
    if not calendars:
        raise NotFoundError
    listed = ", ".join(str(c.url) for c in calendars)
    raise InputError(f"there are several calendars: {listed}", "say which: --push with its address")


def _takes_events(calendar: "Any") -> bool:
    try:
        return "VEVENT" in calendar.get_supported_components()
    except (KeyError, AttributeError):
        return True


def _push(calendar: "Any", items: "Sequence[Item]") -> Pushed:
    @cache
    def elsewhere() -> "dict[str, str]":
        """Where each event of the whole calendar is; fetched once, and only if it is needed."""
        return {_version(e.data.encode())[0]: str(e.url) for e in calendar.events() if e.data}

    urls = {item.uid: calendar.url.join(f"{item.uid}.ics") for item in items}
    there = dict(_there(calendar, urls.values()))
    sent = same = removed = 0
    for item in items:
        url = urls[item.uid]
        if item.content is None:
            known = str(url) if item.uid in there else elsewhere().get(item.uid)
            if known is not None:
                _expect(calendar.client.delete(known), "remove", 200, 202, 204, 404, 410)
                removed += 1
        elif there.get(item.uid) == _version(item.content):
            same += 1
        else:
            _put(calendar.client, item, url, elsewhere)
            sent += 1
    return Pushed(sent, same, removed)


def _there(calendar: "Any", urls: "Iterable[Any]") -> "Iterator[tuple[str, tuple[str, ...]]]":
    """The events that are at these addresses, each with its version."""
    for event in calendar.multiget(list(urls)):
        if event.data:
            version = _version(event.data.encode())
            yield version[0], version


def _version(content: bytes) -> "tuple[str, ...]":
    """What tells one state of an event from another: UID, sequence and time of its change."""
    from icalendar import Calendar

    with suppress(ValueError):  # other people's events may be anything
        for event in Calendar.from_ical(content).walk("VEVENT"):
            names = ("UID", "SEQUENCE", "LAST-MODIFIED")
            return tuple(_plain(event.get(name)) for name in names)
    return ("", "", "")


def _plain(value: "Any") -> str:
    return value.dt.isoformat() if hasattr(value, "dt") else str(value)


def _put(client: "Any", item: Item, url: "Any", elsewhere: "Callable[[], dict[str, str]]") -> None:
    from caldav.lib.error import AuthorizationError, DAVError

    headers = {"Content-Type": 'text/calendar; charset="utf-8"'}
    try:
        _expect(client.put(str(url), item.content, headers), "take", 200, 201, 204)
    except (AuthorizationError, DeliveryError, DAVError):
        # A server refuses a second event of one UID: it was imported there under another name.
        known = elsewhere().get(item.uid)
        if known is None:
            raise
        _expect(client.put(known, item.content, headers), "take", 200, 201, 204)


def _expect(response: "Any", what: str, *statuses: int) -> None:
    if response.status not in statuses:
        raise DeliveryError(
            f"the server would not {what} an event: {response.status} {response.reason}",
            "what was sent before it is there; try again later",
        )
