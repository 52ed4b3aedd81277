"""Notifications by Apprise: desktop, ntfy, Telegram, e-mail and whatever else it has."""

import logging
import threading
import warnings

from aftercare.core.reminders import Letter
from aftercare.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

INSTALL = "pip install 'aftercare-cli[notify]'"


class Notifier:
    """One Apprise URL. Raises `InputError` for a URL that it does not know."""

    def __init__(self, url: str) -> None:
        self._apprise = _apprise()
        with _Listener(), warnings.catch_warnings():
            # It logs the URL, which may hold a password, and loads modules that are deprecated.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._service = self._apprise.Apprise.instantiate(url)
        if self._service is None:
            scheme = url.partition(":")[0]
            raise InputError(
                f"this {scheme!r} address is none that Apprise knows",
                "as ntfy://my-topic, mailto://user:password@example.org, tgram://token/chat",
            )

    @property
    def shown(self) -> str:
        """The URL with its secrets hidden."""
        return str(self._service.url(privacy=True)).partition("?")[0]

    def send(self, letter: Letter) -> None:
        """Send a message and wait for the far end's word; raises `OSError` with the reason."""
        with _Listener() as heard:
            arrived = self._service.notify(
                title=letter.title, body=letter.body, body_format=self._apprise.NotifyFormat.TEXT
            )
        if not arrived:
            raise OSError(heard.last or "it was not accepted")


def shown(url: str) -> str:
    """A URL for people to see, its secrets hidden even where Apprise is missing."""
    try:
        return Notifier(url).shown
    except InputError:
        return f"{url.partition(':')[0]}://…"


def _apprise() -> "Any":
    try:
        import apprise
    except ImportError:
        raise InputError("sending needs the extra [notify]", INSTALL) from None
    return apprise


class _Listener(logging.Handler):
    """Hears what Apprise says in this thread, and keeps it from the terminal."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""
        self._thread = threading.get_ident()
        self._log = logging.getLogger("apprise")

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.last = record.getMessage().rstrip(".")

    def __enter__(self) -> "_Listener":
        self._log.addHandler(self)
        self._log.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self)
