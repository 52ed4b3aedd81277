"""Timers: what each platform's own reader understands, and that nothing of them stays behind."""

import os
import plistlib
import random
import shlex
import shutil
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import systemd, world

from aftercare.delivery.timers import Job, Machine, choose, of_kind
from aftercare.delivery.timers.cron import line, with_line, without_line
from aftercare.delivery.timers.job import carried
from aftercare.errors import AftercareError, InputError

NASTY = [
    "a b", "'", '"', "''", "%", "%h", "%%", "100%", "%TEMP%", "$HOME", "${TZ}", "$$", "$(id)",
    "`id`", "\\", "\\\\", "\\%", "\\\\%", "a\\", "\\x41", "\\n", "\\'", '\\"', "#", " #x", "~",
    "-x", "a=b", " before", "after ", "a  b", ";", "&&", "|", "*", "?", "[a]", "{a,b}", "!",
    "<b>&amp;", "]]>", "é", "漢字", "😀", "e\u0301", "\u00a0", "\u2028", "x" * 100,
]  # fmt: skip

#: Names of folders: those above, and mixtures of them.
_dice = random.Random(4)
NAMES = NASTY + ["".join(_dice.choices(NASTY[:47], k=4)) for _ in range(40)]

texts = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=30
) | st.lists(st.sampled_from(NASTY), max_size=4).map("".join)


def machine(home, platform="linux"):
    home = str(home)
    return Machine(platform, home, f"{home}/.config", f"{home}/.local/share", "PC\\me & you", 501)


def job(name, root="/opt"):
    """A job whose program, argument and home all hold `name`."""
    environment = {"AFTERCARE_HOME": f"{root}/{name}", "TZ": "Europe/London"}
    return Job(f"{root}/{name}/py", ("remind", "run", name), environment)


def text_of(kind, wanted, home="/home/x"):
    return "".join(file.text for file in of_kind(kind, machine(home)).render(wanted))


class TestWhatIsWritten:
    @pytest.mark.parametrize("kind", ["systemd", "launchd", "schtasks", "cron"])
    def test_it_follows_from_its_inputs_alone(self, kind):
        assert text_of(kind, job("a b")) == text_of(kind, job("a b"))
        assert text_of(kind, job("a b")) != text_of(kind, job("a c"))

    @pytest.mark.parametrize("text", ["a\nb", "\0", "\x1b[31m", "a\rb", "\udc80", "\x7f", "\uffff"])
    def test_text_that_no_timer_can_carry_is_refused(self, text):
        for make in (lambda: job(text), lambda: Job(f"/{text}"), lambda: Job("/p", (text,))):
            with pytest.raises(InputError, match="cannot carry"):
                make()

    def test_what_says_where_the_record_lies_is_taken_along(self, monkeypatch, tmp_path):
        monkeypatch.chdir(tmp_path)
        environment = {"AFTERCARE_HOME": "here", "TZ": "Asia/Tokyo", "HOME": "/h", "PASSWORD": "x"}
        assert carried(environment) == {"AFTERCARE_HOME": f"{tmp_path}/here", "TZ": "Asia/Tokyo"}
        assert carried({"AFTERCARE_HOME": "", "HOME": "/h"}) == {}

    @given(name=texts)
    def test_a_property_list_reads_back_as_it_was_given(self, name):
        wanted = job(name)
        read = plistlib.loads(text_of("launchd", wanted).encode())
        assert read["ProgramArguments"] == wanted.argv
        assert read["EnvironmentVariables"] == wanted.environment
        assert [t["Minute"] for t in read["StartCalendarInterval"]] == list(range(0, 60, 5))

    @given(name=texts)
    def test_a_task_reads_back_as_it_was_given(self, name):
        wanted = Job("C:\\Py\\python.exe", ("remind", "run", name), {"AFTERCARE_HOME": name})
        command, arguments = task_of(text_of("schtasks", wanted))
        assert command == "C:\\Py\\pythonw.exe"
        words = windows_words(arguments)
        assert words[:3] == ["-P", "-m", "aftercare.cli.carry"]
        assert words[-3:] == ["remind", "run", name]
        assert "%" not in words[3].replace("%25", "").replace("%24", "")
        assert "$" not in words[3]

    @given(name=texts)
    def test_a_crontab_line_reads_back_as_it_was_given(self, name):
        """By cron's own steps, written out here; the real ones are asked further below."""
        text = line(job(name)).removesuffix("\n")
        assert "\n" not in text
        command = text.split(" ", 5)[5]
        for reads in (vixie, isc, busybox):
            words = shlex.split(reads(command), comments=True)
            assert words[:2] == [f"AFTERCARE_HOME=/opt/{name}", "TZ=Europe/London"]
            assert words[2:] == job(name).argv

    @given(name=texts)
    def test_a_service_reads_back_as_it_was_given(self, name):
        """By systemd's rules, written out here; the real one is asked further below."""
        lines = text_of("systemd", job(name)).split("\n")
        (start,) = [x.partition("=")[2] for x in lines if x.startswith("ExecStart=")]
        words = unit_words(start.removeprefix(":"))
        if set("\\'\"") & set(name):  # systemd would not start such a program itself
            assert words[:3] == ["/bin/sh", "-c", 'exec "$0" "$@"']
            words = words[3:]
        assert words == job(name).argv
        assert start.startswith(":") == ("$" in start)
        homes = [unit_words(x.partition("=")[2]) for x in lines if x.startswith("Environment=")]
        assert homes == [[f"AFTERCARE_HOME=/opt/{name}"], ["TZ=Europe/London"]]

    def test_a_program_path_that_windows_would_change_is_refused(self):
        for path in ("C:\\%TEMP%\\python.exe", "C:\\$(Arg0)\\python.exe"):
            with pytest.raises(InputError, match="would replace"):
                text_of("schtasks", Job(path))


def task_of(text):
    """The command and the arguments of a task."""
    root = ET.fromstring(text.encode("utf-16"))
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    (action,) = root.findall(".//t:Exec", space)
    return action.findtext("t:Command", "", space), action.findtext("t:Arguments", "", space)


def windows_words(text):
    """Windows' own splitting (CommandLineToArgvW): backslashes count only before a quote."""
    words, word, quoted, slashes, begun = [], "", False, 0, False
    for c in text:
        if c == "\\":
            slashes, begun = slashes + 1, True
            continue
        if c == '"':
            word += "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            else:
                quoted, begun = not quoted, True
        elif c in " \t" and not quoted:
            word += "\\" * slashes
            if begun:
                words.append(word)
            word, begun = "", False
        else:
            word, begun = word + "\\" * slashes + c, True
        slashes = 0
    word += "\\" * slashes
    return [*words, word] if begun else words


def vixie(command):
    """What reaches the shell: a backslash guards a percent sign or a backslash."""
    return _unguarded(command, "%\\")


def isc(command):
    """As `vixie`, but a backslash guards only a percent sign."""
    return _unguarded(command, "%")


def busybox(command):
    """Everything reaches the shell as it stands."""
    return command


def _unguarded(command, guarded):
    read, escaped = "", False
    for c in command:
        if escaped:
            read = read[:-1] + c if c in guarded else read + c
            escaped = False
            continue
        assert c != "%", "cron would end the command here"
        escaped = c == "\\"
        read += c
    return read


def unit_words(text):
    """The words of a unit file's line, without the parts of the syntax that we never write."""
    words = []
    for bare, quoted in _unit_parts(text):
        word = bare or quoted.replace('\\"', '"').replace("\\\\", "\\")
        assert "%" not in word.replace("%%", "")
        words.append(word.replace("%%", "%"))
    return words


def _unit_parts(text):
    import re

    found = re.findall(r'(?:^| )(?:([^" ]+)|"((?:[^"\\]|\\["\\])*)")', text)
    assert " ".join(bare or f'"{quoted}"' for bare, quoted in found) == text
    return [(bare, quoted.replace("\\\\", "\0").replace("\0", "\\\\")) for bare, quoted in found]


class TestWhatStaysBehind:
    @given(
        before=st.none()
        | st.lists(
            st.sampled_from([b"", b"# x", b"A=b", b"0 9 * * * ls", b"\xff\r", b"x\x0by"])
        ).map(b"\n".join)
    )
    def test_a_crontab_comes_back_byte_for_byte(self, before):
        ours = line(Job("/p")).encode()
        once = with_line(before, ours)
        assert without_line(once) == before
        assert with_line(without_line(once), ours) == once
        assert once.count(b"remind run") == 1
        added = b"5 5 * * * later\n"
        kept = before or b""
        end = b"" if not kept or kept.endswith(b"\n") else b"\n"
        assert without_line(once + added) in (kept + added, kept + end + added)


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Stand-ins for the programs of other platforms: they keep what they are given in files."""

    def programs(name, script):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        file = folder / name
        file.write_text(f"#!{sys.executable}\n{script}")
        file.chmod(0o700)
        monkeypatch.setenv("PATH", str(folder))

    return programs


LAUNCHCTL = """
import pathlib, plistlib, sys
loaded = pathlib.Path(sys.argv[0]).with_name("loaded")
match sys.argv[1:]:
    case ["print", "gui/501"]: pass
    case ["print", "gui/501/aftercare.remind"]:
        if not loaded.exists(): sys.exit(113)
        print("gui/501/aftercare.remind = {\\n\\tstate = not running\\n\\truns = 3\\n"
              "\\tlast exit code = 0\\n}")
    case ["bootstrap", "gui/501", path]:
        if loaded.exists(): sys.exit(5)
        loaded.write_text(plistlib.load(open(path, "rb"))["Label"])
    case ["bootout", "gui/501/aftercare.remind"]:
        if not loaded.exists(): sys.exit(3)
        loaded.unlink()
    case _: sys.exit(64)
"""

SCHTASKS = """
import pathlib, sys
import xml.etree.ElementTree as ET
task = pathlib.Path(sys.argv[0]).with_name("task")
match sys.argv[1:]:
    case ["/query", "/fo", "csv", "/nh"]: pass
    case ["/create", "/tn", "aftercare-remind", "/xml", path, "/f"]:
        content = open(path, "rb").read()
        assert content.startswith(b"\\xff\\xfe") and b"\\r\\0\\n\\0" in content
        ET.fromstring(content)
        task.write_bytes(content)
    case ["/query", "/tn", "aftercare-remind", "/xml"] if task.exists():
        sys.stdout.buffer.write(task.read_bytes())
    case ["/query", "/tn", "aftercare-remind", "/fo", "csv", "/v", "/nh"] if task.exists():
        print('"PC","\\\\aftercare-remind","23.11.2026 11:05:00","Bereit","Interaktiv",'
              '"23.11.2026 11:00:01","0","N/A","pythonw","N/A","x","Aktiviert"')
    case ["/delete", "/tn", "aftercare-remind", "/f"] if task.exists(): task.unlink()
    case _: sys.exit("ERROR: The system cannot find the file specified.")
"""


class TestOtherPlatforms:
    """macOS and Windows: the real programs are not here, what is asked of them is."""

    def test_an_agent_is_installed_once_and_removed_without_a_trace(self, programs, tmp_path):
        programs("launchctl", LAUNCHCTL)
        home = tmp_path / "home"
        home.mkdir()
        timer = choose(machine(home, "darwin"))
        assert timer.title == "launchd agent"
        assert not timer.state().installed
        assert timer.install(job("a b"))
        assert not timer.install(job("a b"))
        assert timer.install(job("c"))
        state = timer.state()
        assert state.active
        assert state.details == ("runs = 3", "last exit code = 0")
        assert timer.uninstall()
        assert not timer.uninstall()
        assert list(home.iterdir()) == []
        assert not (tmp_path / "bin" / "loaded").exists()

    def test_a_task_is_installed_once_and_removed_without_a_trace(self, programs, tmp_path):
        programs("schtasks", SCHTASKS)
        timer = choose(machine(tmp_path, "win32"))
        assert timer.title == "Windows scheduled task"
        assert not timer.state().installed
        assert timer.install(job("é b"))
        assert not timer.install(job("é b"))
        assert timer.install(job("c"))
        state = timer.state()
        assert (state.active, state.last_run) == (True, "23.11.2026 11:00:01")
        assert timer.uninstall()
        assert not timer.uninstall()
        assert not timer.state().installed
        assert [p.name for p in (tmp_path / "bin").iterdir()] == ["schtasks"]

    @pytest.mark.parametrize(("kind", "program"), [("launchd", "launchctl"), ("schtasks",) * 2])
    def test_a_refusal_is_told_and_nothing_stays(self, kind, program, programs, tmp_path):
        programs(program, "import sys; sys.exit('not today')")
        home = tmp_path / "home"
        home.mkdir()
        with pytest.raises(AftercareError, match="not today"):
            of_kind(kind, machine(home)).install(job("a"))
        assert list(home.iterdir()) == []

    def test_a_task_carries_its_environment_as_arguments(self, tmp_path):
        home = tmp_path / "a b%$é\"'"
        wanted = Job(
            sys.executable, ("plan", "--treated-at", "2h ago"), {"AFTERCARE_HOME": str(home)}
        )
        command, arguments = task_of(text_of("schtasks", wanted))
        kept = {"PATH": os.environ["PATH"], "TZ": "Europe/London"}
        done = subprocess.run([command, *windows_words(arguments)], env=kept, timeout=60)
        assert done.returncode == 0
        assert (home / "aftercare.db").exists()


class TestCronState:
    """What runs is told by `ps`; whether a cron runs on this machine is no matter of this test."""

    CRONTAB = "print('x # aftercare-remind')"

    @pytest.mark.parametrize(
        ("ps", "active", "detail"),
        [
            ("print('sh\\n/usr/sbin/cron')", True, ""),
            ("print('crond')", True, ""),
            ("print('sh\\nxcron')", False, "no cron daemon is running"),
            ("import sys; sys.exit(1)", None, ""),
        ],
    )
    def test_a_line_is_active_while_a_daemon_runs(self, ps, active, detail, programs, tmp_path):
        programs("crontab", self.CRONTAB)
        programs("ps", ps)
        state = of_kind("cron", machine(tmp_path)).state()
        assert (state.installed, state.active, state.last_run) == (True, active, None)
        assert detail in "".join(state.details)


def need(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


class TestRealCheckers:
    @need("plistutil")
    def test_another_reader_of_property_lists_agrees(self, tmp_path):
        for number, name in enumerate(NAMES):
            source, binary = tmp_path / f"{number}.plist", tmp_path / f"{number}.bin"
            source.write_text(text_of("launchd", job(name)), encoding="utf-8")
            subprocess.run(["plistutil", "-i", source, "-o", binary, "-f", "bin"], check=True)
            assert plistlib.loads(binary.read_bytes())["ProgramArguments"] == job(name).argv

    @need("xmllint")
    def test_a_task_is_of_the_published_form(self, tmp_path):
        schema = Path(__file__).with_name("task.xsd")
        files = []
        for number, name in enumerate(NAMES):
            files.append(tmp_path / f"{number}.xml")
            files[-1].write_text(text_of("schtasks", Job("C:\\python.exe", (name,))), "utf-16")
        subprocess.run(
            ["xmllint", "--noout", "--schema", schema, *files], check=True, capture_output=True
        )

    @need("systemd-analyze")
    def test_systemd_finds_no_fault_in_the_units(self, tmp_path):
        units = []
        for number, name in enumerate(NAMES):
            wanted = job(name, recorder(tmp_path, name))
            for file in of_kind("systemd", machine(tmp_path)).render(wanted):
                units.append(tmp_path / Path(file.where).name.replace(".", f"-{number}."))
                units[-1].write_text(file.text, encoding="utf-8")
        done = subprocess.run(
            ["systemd-analyze", "--user", "--man=no", "--recursive-errors=no", "verify", *units],
            env={"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path)},
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")

    @need("systemd-analyze")
    def test_the_calendar_means_every_five_minutes(self):
        text = text_of("systemd", Job("/p"))
        (calendar,) = [x.partition("=")[2] for x in text.split("\n") if x.startswith("OnCal")]
        done = subprocess.run(
            ["systemd-analyze", "calendar", calendar], capture_output=True, text=True, check=True
        )
        assert "Normalized form: *-*-* *:00/5:00" in done.stdout

    @need("crontab")
    def test_crontab_finds_no_fault_in_the_lines(self, tmp_path):
        file = tmp_path / "crontab"
        file.write_text("".join(line(job(name)) for name in NAMES), encoding="utf-8")
        # -T checks in one family of crons, -n in the other.
        checks = [
            subprocess.run(["crontab", flag, file], capture_output=True, text=True)
            for flag in ("-T", "-n")
        ]
        assert 0 in [done.returncode for done in checks], checks
        file.write_text("* * * * remind\n")
        assert subprocess.run(["crontab", "-n", file], capture_output=True).returncode != 0


RECORDER = """#!/bin/sh
{ for word in "$0" "$@"; do printf '%s\\0' "$word"; done; printf '%s' "$TZ"; } \
> "$AFTERCARE_HOME/seen"
"""


def recorder(root, name):
    """A program at a path with `name` in it that notes how it was called; return the root."""
    folder = root / "programs" / name
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "py"
    file.write_text(RECORDER)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return root / "programs"


def seen(root, name):
    file = root / name / "seen"
    return file.read_bytes().decode().split("\0") if file.exists() else None


def snapshot(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


class TestRealManagers:
    def test_systemd_runs_exactly_what_was_given(self, tmp_path):
        with systemd(tmp_path) as inside:
            units = tmp_path / ".config" / "systemd" / "user"
            units.mkdir(parents=True)
            names = []
            for number, name in enumerate(NAMES):
                root = recorder(tmp_path, name)
                service, _ = of_kind("systemd", machine(tmp_path)).render(job(name, root))
                names.append(f"case-{number}.service")
                (units / names[-1]).write_text(service.text, encoding="utf-8")
            inside.run("systemctl", "--user", "daemon-reload")
            inside.run("systemctl", "--user", "start", *names)
            for name in NAMES:
                assert seen(root, name) == [*job(name, root).argv, "Europe/London"], name

    def test_a_systemd_timer_is_installed_once_and_removed_without_a_trace(self, tmp_path):
        with systemd(tmp_path) as inside:
            (tmp_path / ".config").mkdir()
            (tmp_path / ".config" / "other").touch()
            before = snapshot(tmp_path)
            home = {"AFTERCARE_HOME": str(tmp_path / "the record %h")}

            def remind(*words):
                return inside.run(sys.executable, "-m", "aftercare", "remind", *words, env=home)

            assert "systemd user timer: " in remind("install", "--print").stdout
            assert remind("status").returncode == 1
            assert snapshot(tmp_path) == before
            assert "Installed, as a systemd user timer" in remind("install").stdout
            assert "nothing was changed" in remind("install").stdout
            status = remind("status")
            assert "systemd user timer: active" in status.stdout
            assert "next: " in status.stdout
            assert status.returncode == 0
            timers = inside.run("systemctl", "--user", "list-timers", "--all").stdout
            assert "aftercare-remind.timer" in timers
            # It runs, on the record that it was given: 4 is no record, 7 no target on a timer.
            service = ("systemctl", "--user", "start", "aftercare-remind.service")
            shown = ("show", "-p", "ExecMainStatus", "aftercare-remind.service")
            assert inside.run(*service).returncode == 0
            assert inside.run(*service[:2], *shown).stdout == "ExecMainStatus=4\n"
            plan = (sys.executable, "-m", "aftercare", "plan", "--treated-at", "2h ago")
            assert inside.run(*plan, env=home).returncode == 0
            assert inside.run(*service).returncode != 0
            assert inside.run(*service[:2], *shown).stdout == "ExecMainStatus=7\n"
            shutil.rmtree(home["AFTERCARE_HOME"])
            # A change of what is carried is written anew.
            home["TZ"] = "Asia/Tokyo"
            assert "Installed, as" in remind("install").stdout
            shown = inside.run("systemctl", "--user", "cat", "aftercare-remind.service").stdout
            assert "TZ=Asia/Tokyo" in shown
            stamps = tmp_path / ".local" / "share" / "systemd" / "timers"
            assert [p.name for p in stamps.iterdir()] == ["stamp-aftercare-remind.timer"]
            assert remind("uninstall").stdout.startswith("Removed: the systemd user timer")
            assert "No timer was installed" in remind("uninstall").stdout
            assert "aftercare" not in inside.run("systemctl", "--user", "list-timers", "-a").stdout
            assert [p for p in snapshot(tmp_path) if "systemd" in p] == []
            assert snapshot(tmp_path) == before

    def test_cron_runs_exactly_what_was_given(self, tmp_path):
        with world(tmp_path, "sleep", "120") as inside:
            if shutil.which("cron") is None:
                pytest.skip("cron is not installed")
            names = [n for n in NAMES if len(line(job(n, recorder(tmp_path, n)))) < 900]
            assert len(names) > 80
            root = tmp_path / "programs"
            lines = [line(job(n, root)).replace("*/5 * * * *", "@reboot", 1) for n in names]
            assert inside.run("crontab", "-", input="".join(lines)).returncode == 0
            arrived = f'[ "$(find {root} -name seen | wc -l)" -ge {len(names)} ]'
            waited = (
                f"cron -f & for n in $(seq 150); do {arrived} && break; sleep 0.1; done; kill $!"
            )
            inside.run("sh", "-c", waited)
            for name in names:
                assert seen(root, name) == [*job(name, root).argv, "Europe/London"], name

    @pytest.mark.parametrize(
        "before", [None, "", "# mine\nMAILTO=me\n0 9 * * * ls\n", "5 5 * * * é # \\% x\n"]
    )
    def test_a_crontab_line_is_installed_once_and_removed_without_a_trace(self, before, tmp_path):
        with world(tmp_path, "sleep", "60") as inside:
            if shutil.which("crontab") is None:
                pytest.skip("crontab is not installed")
            spool = "cat /var/spool/cron/crontabs/root | tail -n +4; crontab -l; echo $?"
            if before is not None:
                inside.run("crontab", "-", input=before)
            original = inside.run("sh", "-c", spool).stdout

            def remind(*words):
                return inside.run(sys.executable, "-m", "aftercare", "remind", *words)

            # There is no systemd in this world, so that the choice falls on cron.
            assert "Installed, as a crontab line" in remind("install").stdout
            once = inside.run("crontab", "-l").stdout
            assert "nothing was changed" in remind("install").stdout
            assert inside.run("crontab", "-l").stdout == once
            assert once.startswith(before or "")
            assert "crontab line: " in remind("status").stdout
            assert "Removed: the crontab line" in remind("uninstall").stdout
            assert inside.run("sh", "-c", spool).stdout == original
            assert "No timer was installed" in remind("uninstall").stdout


def test_where_there_is_no_timer_one_line_says_what_to_do(run, tmp_path):
    result = run("remind", "install", PATH=str(tmp_path), HOME=str(tmp_path))
    assert result.code == 2
    assert "remind run --watch" in result.err
    assert run("remind", "status", PATH=str(tmp_path), HOME=str(tmp_path)).code == 1
    assert (
        "nothing was changed"
        in run("remind", "uninstall", PATH=str(tmp_path), HOME=str(tmp_path)).out
    )


@pytest.mark.parametrize("kind", ["systemd", "launchd"])
def test_a_folder_that_cannot_be_written_is_told(kind, tmp_path):
    (tmp_path / ".config").write_text("a file where a folder should be")
    (tmp_path / "Library").write_text("likewise")
    with pytest.raises(AftercareError, match="cannot be changed: Not a directory"):
        of_kind(kind, machine(tmp_path)).install(job("a"))


def test_a_crontab_that_cannot_be_read_is_never_taken_for_none(programs, tmp_path):
    programs("crontab", "import sys; sys.exit('crontab: disk on fire')")
    timer = of_kind("cron", machine(tmp_path))
    assert not timer.usable()
    assert not timer.uninstall()
    with pytest.raises(AftercareError, match="disk on fire"):
        timer.install(job("a"))


def test_print_shows_the_very_bytes_that_would_be_written(run, home, tmp_path):
    result = run("remind", "install", "--print", "--kind", "systemd", HOME=str(tmp_path))
    assert result.code == 0
    timer = of_kind("systemd", machine(tmp_path))
    environment = {"AFTERCARE_HOME": str(home), "TZ": "Europe/London"}
    for file in timer.render(Job(sys.executable, environment=environment)):
        assert f"# systemd user timer: {file.where}\n{file.text}\n" in result.out
    assert list(tmp_path.glob(".*")) == []


def test_a_kind_that_does_not_exist_is_refused(run):
    result = run("remind", "install", "--kind", "sundial")
    assert result.code == 2
    assert "systemd, launchd, schtasks, cron" in result.err


def test_status_tells_when_reminders_were_last_looked_for(run, programs, tmp_path):
    """Cron does not know when it ran, the record does."""
    import json

    assert run("plan", "--treated-at", "1h ago").code == 0
    assert run("remind", "run", TERM="xterm").code == 0
    programs("crontab", TestCronState.CRONTAB)
    programs("ps", "print('cron')")
    status = run("remind", "status", now="2026-11-23T11:20+00:00", HOME=str(tmp_path))
    assert (status.code, status.first_line) == (0, "crontab line: active")
    assert "last looked for: Mon 23 Nov, 11:00, 20 min ago" in status.out
    data = json.loads(run("remind", "status", "--json", HOME=str(tmp_path)).out)
    assert data["last_run"] == "2026-11-23T11:00:00+00:00"
    assert data["timers"][0]["kind"] == "crontab line"
