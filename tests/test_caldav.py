"""Into a calendar on a real server (Radicale on this machine): once, moved, taken back."""

import base64
import gc
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import pytest
from icalendar import Calendar

from aftercare.delivery.caldav import read_address
from aftercare.errors import InputError

PASSWORD = "Geheim-42"
AUTHORIZATION = "Basic " + base64.b64encode(f"ana:{PASSWORD}".encode()).decode()

CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
[storage]
filesystem_folder = {folder}/data
"""


def free_port():
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """A Radicale with a user and calendars; its files are what clients get to see."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        (folder / "users").write_text(f"ana:{PASSWORD}\n")
        (folder / "config").write_text(CONFIG.format(port=self.port, folder=folder))
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "radicale", "--config", folder / "config"], stderr=log
            )

    def start(self):
        for _ in range(300):
            with closing(socket.socket()) as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.1)
        raise AssertionError("radicale did not start")

    def ask(self, method, path, content=None):
        headers = {"Authorization": AUTHORIZATION, "Content-Type": "text/calendar"}
        address = f"http://127.0.0.1:{self.port}{path}"
        with urlopen(Request(address, content, headers, method=method)) as answer:
            return answer.status

    def address(self, path, user="ana@"):
        return f"http://{user}127.0.0.1:{self.port}{path}"

    def events(self, name="skin"):
        """The events of a calendar by UID: where they lie and when they start."""
        folder = self.folder / "data" / "collection-root" / "ana" / name
        found = [
            (str(e["UID"]), file.name, e["DTSTART"].dt.isoformat())
            for file in folder.glob("*.ics")
            for e in Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        ]
        assert len({uid for uid, _, _ in found}) == len(found), "an event is there twice"
        return {uid: (name, starts) for uid, name, starts in found}


@pytest.fixture(autouse=True)
def nothing_is_left_open():
    """What a test leaves open is found at its own end, not at that of another."""
    yield
    gc.collect()


@pytest.fixture
def server(tmp_path):
    pytest.importorskip("radicale", reason="radicale is not installed")
    pytest.importorskip("caldav", reason="caldav is not installed")
    folder = tmp_path / "radicale"
    folder.mkdir()
    server = Server(folder)
    try:
        server.start()
        server.ask("MKCALENDAR", "/ana/skin/")
        yield server
    finally:
        server.process.terminate()
        server.process.wait(30)


@pytest.fixture
def push(run, home):
    """Push what is recorded; look that the password is nowhere but on its way."""

    def push(address, *options, password=PASSWORD):
        done = run("calendar", "--push", address, *options, AFTERCARE_CALDAV_PASSWORD=password)
        assert PASSWORD not in done.out + done.err
        for file in home.rglob("*"):
            assert not file.is_file() or PASSWORD.encode() not in file.read_bytes()
        return done

    run("plan", "--treated-at", "2026-11-22T15:00")
    return push


def test_create_again_correct_forget(server, push, run):
    address = server.address("/ana/skin/")
    done = push(address)
    created = server.events()
    assert (
        done.out == f"127.0.0.1:{server.port}: {len(created)} sent, 0 there already, 0 removed.\n"
    )
    assert ("2026-11-24T15:00:00+00:00") in {starts for _, starts in created.values()}
    again = push(address)
    assert f": 0 sent, {len(created)} there already, 0 removed." in again.out
    assert server.events() == created
    run("correct", "1", "--treated-at", "2026-11-22T16:00")
    push(address)
    moved = server.events()
    assert moved.keys() == created.keys()
    starts = {starts for _, starts in moved.values()}
    assert "2026-11-24T16:00:00+00:00" in starts
    assert "2026-11-24T15:00:00+00:00" not in starts
    run("forget", "1")
    assert f"{len(created)} removed." in push(address).out
    assert server.events() == {}
    assert "0 sent, 0 there already, 0 removed." in push(address).out


def test_the_address_of_the_user_finds_their_only_calendar(server, push):
    assert push(server.address("/ana/")).code == 0
    assert push(server.address("/")).code == 0
    assert server.events()
    server.ask("MKCALENDAR", "/ana/work/")
    done = push(server.address("/"))
    assert done.code == 2
    assert "/ana/skin/" in done.err
    assert "/ana/work/" in done.err


def test_what_somebody_else_put_there_is_left_alone(server, push, run):
    theirs = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:dentist\r\n"
        b"DTSTAMP:20261101T000000Z\r\nDTSTART:20261124T090000Z\r\nSUMMARY:Dentist\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    server.ask("PUT", "/ana/skin/dentist.ics", theirs)
    push(server.address("/ana/skin/"))
    run("forget", "1")
    push(server.address("/ana/skin/"))
    assert server.events().keys() == {"dentist"}


def test_an_event_that_was_imported_there_before_is_not_doubled(server, push, run):
    content = run("calendar").out
    head, foot = content[: content.index("BEGIN:VEVENT")], "END:VCALENDAR\r\n"
    for n, event in enumerate(content.split("BEGIN:VEVENT")[1:]):
        event = event.partition("END:VCALENDAR")[0]
        server.ask("PUT", f"/ana/skin/{n}.ics", f"{head}BEGIN:VEVENT{event}{foot}".encode())
    imported = server.events()
    assert push(server.address("/ana/skin/")).code == 0
    run("correct", "1", "--treated-at", "2026-11-22T16:00")
    assert push(server.address("/ana/skin/")).code == 0
    moved = server.events()
    assert {uid: name for uid, (name, _) in moved.items()} == {
        uid: name for uid, (name, _) in imported.items()
    }
    assert moved != imported
    run("forget", "1")
    push(server.address("/ana/skin/"))
    assert server.events() == {}


def test_what_was_deleted_there_comes_back_and_what_was_left_half_done_is_completed(server, push):
    address = server.address("/ana/skin/")
    push(address)
    whole = server.events()
    for name, _ in list(whole.values())[:5]:
        server.ask("DELETE", f"/ana/skin/{name}")
    assert ": 5 sent," in push(address).out
    assert server.events() == whole


def test_the_password_of_a_keyring_is_used(server, push):
    keyring = pytest.importorskip("keyring")
    from keyring.backend import KeyringBackend

    class Kept(KeyringBackend):
        priority = -1

        def set_password(self, *_):
            raise AssertionError("nothing is kept")

        def get_password(self, service, username):
            asked.append((service, username))
            return PASSWORD

    asked, before = [], keyring.get_keyring()
    keyring.set_keyring(Kept())
    try:
        assert push(server.address("/ana/skin/"), password="").code == 0
        assert push(server.address("/ana/skin/", user=""), "--user", "ana", password="").code == 0
    finally:
        keyring.set_keyring(before)
    assert asked == [("aftercare", f"ana@127.0.0.1:{server.port}")] * 2
    assert server.events()


def test_each_way_to_be_refused_is_said_plainly(server, push):
    wrong = push(server.address("/ana/skin/"), password="not this")
    assert (wrong.code, wrong.out) == (7, "")
    assert "does not let ana in" in wrong.err
    nameless = push(server.address("/ana/skin/", user=""))
    assert "does not let a nameless user in" in nameless.err
    nowhere = push(server.address("/ana/nowhere/"))
    assert (nowhere.code, nowhere.out) == (7, "")
    assert "no calendar at that address" in nowhere.err
    unreachable = push(f"http://ana@127.0.0.1:{free_port()}/")
    assert "cannot be reached: " in unreachable.err
    assert "refused" in unreachable.err
    no_tls = push(server.address("/ana/skin/").replace("http:", "https:"))
    assert no_tls.code == 7
    assert "cannot prove who it is" in no_tls.err
    for done in (wrong, nameless, nowhere, unreachable, no_tls):
        assert "Traceback" not in done.err
    assert server.events() == {}


@contextmanager
def answering(answer):
    """A server that answers everything with what `answer` does; yields its port and requests."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.append((self.command, self.headers.get("Authorization")))
            answer(self)

        do_GET = do_PUT = do_DELETE = do_PROPFIND = do_REPORT = do_OPTIONS = answer

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port, seen
        finally:
            server.shutdown()


def status(code, body=b"", **headers):
    def answer(handler):
        handler.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_it_is_not_led_to_another_place(push):
    pytest.importorskip("caldav", reason="caldav is not installed")
    with answering(status(200)) as (other, seen):
        with answering(status(302, Location=f"http://127.0.0.1:{other}/")) as (port, _):
            done = push(f"http://ana@127.0.0.1:{port}/")
        assert done.code == 7
        assert f"it points to http://127.0.0.1:{other}" in done.err
    assert seen == []


@pytest.mark.parametrize(
    "answer",
    [
        status(200, b"<html>Welcome to our hotel's network", Content_Type="text/html"),
        status(207, b"<multistatus xmlns='DAV:'>", Content_Type="application/xml"),
        status(207, b"<a/>", Content_Type="application/xml"),
        status(500, b"oh"),
        status(401, WWW_Authenticate="Negotiate"),
        status(401, WWW_Authenticate='Basic realm="x"'),
        status(403),
        lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"),
        lambda handler: handler.connection.close(),
    ],
)
def test_what_is_no_calendar_server_gets_one_plain_message(push, answer):
    pytest.importorskip("caldav", reason="caldav is not installed")
    with answering(answer) as (port, _):
        done = push(f"http://ana@127.0.0.1:{port}/dav/")
    assert (done.code, done.out) == (7, "")
    assert "Traceback" not in done.err
    assert done.err.startswith("aftercare: ")
    assert len(done.err.splitlines()) <= 2


def test_a_netrc_of_other_programs_is_not_used(push, tmp_path, monkeypatch):
    pytest.importorskip("caldav", reason="caldav is not installed")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ana password other\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with answering(status(404)) as (port, seen):
        push(f"http://127.0.0.1:{port}/")
    assert {authorization for _, authorization in seen} == {None}


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (f"https://ana:{PASSWORD}@example.org/", "holds a password"),
        (f"https://:{PASSWORD}@example.org/", "holds a password"),
        ("http://example.org/cal/", "unencrypted"),
        ("ftp://example.org/", "https://"),
        ("example.org/cal", "https://"),
        ("https://[::1", "no address"),
        ("https://example.org:port/", "no address"),
        ("", "https://"),
    ],
)
def test_an_address_that_gives_something_away_is_refused(address, says):
    with pytest.raises(InputError, match=says) as error:
        read_address(address)
    assert PASSWORD not in f"{error.value}{error.value.hint}"


def test_an_address_is_kept_without_its_user():
    address = read_address("https://ana%40x.org@example.org:8443/a b/?q=1#part")
    assert (address.url, address.user) == ("https://example.org:8443/a b/?q=1", "ana@x.org")
    assert read_address("http://[::1]:5232/").url == "http://[::1]:5232/"
    assert read_address("http://example.org/", plain_http=True).host == "example.org"


def test_without_a_password_nothing_is_sent(push):
    keyring = pytest.importorskip("keyring", reason="keyring is not installed")
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    try:
        with answering(status(200)) as (port, seen):
            done = push(f"http://ana@127.0.0.1:{port}/", password="")
    finally:
        keyring.set_keyring(before)
    assert done.code == 2
    assert f"keyring set aftercare ana@127.0.0.1:{port}" in done.err
    assert seen == []


def test_a_missing_library_is_named_with_the_command_that_installs_it(push, monkeypatch):
    monkeypatch.setitem(sys.modules, "caldav", None)
    done = push("http://ana@127.0.0.1:9/")
    assert done.code == 2
    assert "pip install 'aftercare-cli[caldav]'" in done.err


def test_what_is_not_recorded_is_not_pushed(push):
    assert push("http://127.0.0.1:9/", "--treated-at", "yesterday 15:00").code == 2


VDIRSYNCER = """
[general]
status_path = "{folder}/status"
[pair skin]
a = "here"
b = "server"
collections = ["skin"]
[storage here]
type = "filesystem"
path = "{folder}/here"
fileext = ".ics"
[storage server]
type = "caldav"
url = "http://127.0.0.1:{port}/ana/"
username = "ana"
password = "{password}"
"""


def test_vdirsyncer_takes_the_events_to_a_server_and_back(server, run, tmp_path):
    name = shutil.which("vdirsyncer", path=os.path.dirname(sys.executable))
    vdirsyncer = name or shutil.which("vdirsyncer") or pytest.skip("vdirsyncer is not installed")
    run("plan", "--treated-at", "2026-11-22T15:00")
    content = run("calendar").out
    head, foot = content[: content.index("BEGIN:VEVENT")], "END:VCALENDAR\r\n"
    here = tmp_path / "here" / "skin"
    here.mkdir(parents=True)
    for n, event in enumerate(content.split("BEGIN:VEVENT")[1:]):
        event = event.partition("END:VCALENDAR")[0]
        (here / f"{n}.ics").write_bytes(f"{head}BEGIN:VEVENT{event}{foot}".encode())
    config = tmp_path / "vdirsyncer.conf"
    config.write_text(VDIRSYNCER.format(folder=tmp_path, port=server.port, password=PASSWORD))

    def sync():
        for step in (["discover"], ["sync"]):
            done = subprocess.run([vdirsyncer, "-c", config, *step], capture_output=True, text=True)
            assert done.returncode == 0, done

    def starts():
        return {uid: starts for uid, (_, starts) in server.events().items()}

    sync()
    written = {str(e["UID"]): e["DTSTART"].dt.isoformat()
               for e in Calendar.from_ical(content).walk("VEVENT")}  # fmt: skip
    assert starts() == written
    shutil.rmtree(here)
    shutil.rmtree(tmp_path / "status")
    here.mkdir()
    sync()
    back = b"".join(file.read_bytes() for file in here.glob("*.ics"))
    assert back.count(b"BEGIN:VEVENT") == len(written)
