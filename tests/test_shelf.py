"""One's own products: kept with their labels, and told when each is free."""

import json

import pytest

YESTERDAY = ("--treated-at", "2026-11-22T15:00")
RETINOL = "Ingredients: Aqua, Glycerin, Squalane, Retinol, Phenoxyethanol, Tocopherol"
PLAIN = "Ingredients: Aqua, Glycerin, Squalane, Panthenol, Phenoxyethanol, Tocopherol"


@pytest.fixture
def shelf(run, tmp_path):
    run("plan", *YESTERDAY)
    label = tmp_path / "serum.txt"
    label.write_text(RETINOL)
    assert run("shelf", "add", "Night serum", "--label", str(label)).code == 0
    assert run("shelf", "add", "Plain cream", "--text", PLAIN).code == 0
    assert run("shelf", "add", "Tretinoin").code == 0
    assert run("shelf", "add", "Mystery jar").code == 0
    return run


def test_each_product_says_what_it_must_wait_for(shelf):
    out = " ".join(shelf("shelf", "list").out.split())
    wait = "wait until Tue 24 Nov, 15:00, 1 day 4 h from now: Retinoids (vitamin A)"
    assert f"Night serum {wait}" in out
    assert "Plain cream nothing restricted was found on its label" in out
    assert f"Tretinoin {wait}" in out
    assert "Mystery jar not known" in out


def test_the_plan_and_now_show_the_shelf(shelf):
    assert "Night serum" in shelf("plan").out
    now = json.loads(shelf("now", "--json").out)
    verdicts = {p["name"]: p["verdict"]["verdict"] for p in now["products"]}
    assert verdicts == {
        "Night serum": "no", "Plain cream": "unknown", "Tretinoin": "no", "Mystery jar": "unknown",
    }  # fmt: skip


def test_when_its_window_is_over_a_product_known_by_name_is_free(shelf):
    out = " ".join(shelf("shelf", "list", now="2026-11-26T12:00:00+00:00").out.split())
    assert "Tretinoin free; most advice waits until Fri 27 Nov, 15:00" in out


def test_adding_again_replaces_the_label(shelf):
    again = shelf("shelf", "add", "night  SERUM", "--text", PLAIN)
    assert "already" in again.out
    products = json.loads(shelf("shelf", "list", "--json").out)["products"]
    assert products[0]["verdict"]["reason"] == "nothing-restricted"
    assert len(products) == 4


@pytest.mark.parametrize("which", ["night serum", "1"])
def test_a_product_is_removed_by_name_or_number(shelf, which):
    assert "Night serum" in shelf("shelf", "remove", which).out
    assert "Night serum" not in shelf("shelf", "list").out
    assert shelf("shelf", "remove", which).code == 2


def test_shelves_are_one_s_own(shelf):
    shelf("plan", *YESTERDAY, "--person", "Ana")
    assert shelf("shelf", "list", "--person", "Ana").code == 2
    shelf("shelf", "add", "Tretinoin", "--person", "Ana")
    assert "Night serum" not in shelf("shelf", "list", "--person", "ana").out


def test_wrong_input_is_refused(run, tmp_path):
    assert run("shelf", "add", " ").code == 2
    assert run("shelf", "add", "x", "--label", str(tmp_path / "missing")).code == 2
    assert run("shelf", "add", "x", "--label", str(tmp_path), "--text", "y").code == 2
    assert run("shelf", "list").code == 4
