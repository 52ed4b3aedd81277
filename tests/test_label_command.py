"""`aftercare label` as a person meets it."""

import io
import json
import sys

import pytest

YESTERDAY = ("--treated-at", "2026-11-22T15:00")
RETINOL = "Ingredients: Aqua, Glycerin, Squalane, Retinol, Phenoxyethanol, Tocopherol"
PLAIN = "Ingredients: Aqua, Glycerin, Squalane, Panthenol, Zorbium Extract, Phenoxyethanol"


@pytest.fixture
def recorded(run):
    run("plan", *YESTERDAY)
    return run


def test_what_is_off_limits_is_named_as_printed_with_the_time_it_is_free(recorded):
    done = recorded("label", "--text", RETINOL)
    assert done.code == 1
    assert done.first_line == "No, not until Tue 24 Nov, 15:00: 1 day 4 h from now"
    assert "- Retinol: Retinoids (vitamin A), off limits until Tue 24 Nov, 15:00" in done.out
    assert "6 ingredients read, 0 not recognised." in done.out


def test_nothing_restricted_is_said_exactly_with_what_was_not_recognised(recorded):
    done = recorded("label", "--text", PLAIN)
    assert done.code == 3
    assert done.first_line == "Nothing restricted was found on this label."
    assert "6 ingredients read, 1 not recognised: Zorbium Extract." in done.out
    data = json.loads(recorded("label", "--text", PLAIN, "--json").out)
    assert (data["clear"], data["verdict"]["verdict"]) == (True, "unknown")


def test_a_trace_late_in_the_list_is_restricted_and_told_to_be_late(recorded):
    names = "Aqua, Glycerin, Squalane, Panthenol, Dimethicone, Carbomer, Xanthan Gum, Tocopherol"
    done = recorded("label", "--text", f"Ingredients: {names}, Lactic Acid")
    assert done.code == 1
    assert "late in the list" in " ".join(done.out.split())


@pytest.mark.parametrize("text", ["12 High Street, London", "Buy now and save 20 %!", "", "§$%&"])
def test_what_is_no_list_is_never_clear(recorded, text):
    done = recorded("label", "--text", text)
    assert done.code == 3
    assert "No ingredient list was recognised" in done.out
    assert json.loads(recorded("label", "--text", text, "--json").out)["clear"] is False


def test_without_a_treatment_it_tells_what_the_label_contains(run):
    done = run("label", "--text", RETINOL)
    assert done.code == 4
    assert "- Retinoids (vitamin A): Retinol" in done.out


def test_a_file_and_standard_input(recorded, tmp_path, monkeypatch):
    file = tmp_path / "bottle.txt"
    file.write_text(RETINOL)
    assert recorded("label", str(file)).code == 1
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(RETINOL.encode())))
    assert recorded("label", "-").code == 1


def test_wrong_input_is_refused(recorded, tmp_path):
    assert recorded("label").code == 2
    assert recorded("label", str(tmp_path)).code == 2
    large = tmp_path / "large"
    large.write_bytes(b"Aqua, " * 100_000)
    assert recorded("label", str(large)).code == 2
    binary = tmp_path / "binary"
    binary.write_bytes(bytes(range(256)) * 40)
    assert recorded("label", str(binary)).code == 3


def test_an_empty_text_is_said_to_hold_nothing_that_was_read(run, recorded):
    assert "No ingredient list" in recorded("label", "--text", " ").out
    run("forget", "1")
    said = run("label", "--text", " ")
    assert (said.code, "no ingredient was recognised" in said.out) == (4, True)
