# ruff: noqa: E501, RUF001 - labels are long, and letters that look alike are the point
"""Questions, labels and moments that are put to the page's script and to Python alike."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from conftest import rules_of

import aftercare
from aftercare.core.schedule import plan
from aftercare.core.verdict import asked_until
from aftercare.outputs.page.data import milliseconds

#: Measured cases, where the machine has them; the generated ones always run.
SHARED = Path("/work/shared/data")

DONE = datetime(2026, 11, 22, 15, tzinfo=UTC)

ODD = [
    "", "🌿", "  acids ", "ACIDS", "no", "not", "10 ml", "x" * 300, "ßeta Glucan", "RETİNOL", "retınol",
    "ﬁsh oil", "retin𐌰l 💅", "नमस्ते हिंदी", "retinol-free serum", "without retinol", "Ⓡetinol", "ＲＥＴＩＮＯＬ",
    "ΣΊΣΥΦΟΣ", "retinoló", "salicylic acid 2%", "tretinoïne", "ŉice", "ꭰꭱ", "e\u0301cran solaire",
    "retinol\x00", "</script><b>", "a HA toner", "vitamine C 10 %", "nic\u200binamide", "go for a run",
]  # fmt: skip

QUESTIONS = [
    "retinol", "makeup", "sunscreen", "chemical sunscreen", "acids", "run", "hyaluronic acid",
    "gentle cleanser", "retnol", "facial", "moisturiser", "swim and retinol", "ibuprofen", "serum",
    "sunscreen spf 50", "glow potion", "niacinamide", "Dr Own Elixir", "alcohol", "aqua",
]  # fmt: skip

LABELS = [
    "Ingredients: Aqua, Glycerin, Retinol, Phenoxyethanol, Parfum, Limonene, Tocopherol, Citric Acid",
    "INGREDIENTS: WATER, GLYCERIN, SODIUM LACTATE, NIACINAMIDE, PANTHENOL, XANTHAN GUM",
    "Aqua, Glycerin, Glycolic Acid (10%), Sodium Hydroxide, Retlnol, Caprylyl Glycol 🌿",
    "Free of: retinol, parabens, perfume. Ingredients: Aqua; Glycerin; Squalane; Panthenol; Allantoin",
    "Active ingredient: Salicylic Acid 2%. Inactive ingredients: water, alcohol denat., menthol",
    "GlycerinRetinolNiacinamidePanthenolSqualane",
    "<p>Ingredients</p><br>Aqua&nbsp;, Glycerin\\nAcrylates/Lactic Acid Copolymer, Tocopherol...read more",
    "İngredients: Simmondsia Chinensis (Jojoba) Seed Oil, Butyrospermum Parkii (Shea) Butter, Aqua, Urea",
    "A serum without retinol that helps your skin, with bakuchiol and vitamin C.",
    "Aqua / Water / Eau • Glycerin • Ascorbic\nAcid • Sodium Hyaluronate • Benzoyl Per-\noxide • Urea",
    "Inhaltsstoffe: Wasser, Glycerin, Milchsäure, Salicylsäure, Parfüm, Alkohol, Zitronensäure",
    "I.L.N. 43724/1 Aqua, Glycerin, Retinyl Palmitate, 12345, Mica, CI 77891, May contain: CI 77491",
]  # fmt: skip

WHOLE = """
    avoid:
      acids: {for: 72h, why: They sting.}
      aha: {for: 48h, usual: 96h, why: They sting.}
    care:
      moisturiser: {every: day, for: 9d}
"""

OWN = """
    format: 1
    title: Own names
    version: "1"
    facts:
      depth_mm: {number: {min: 0.1, max: 3.5}, ask: Needle depth}
    things:
      glow-potion: {title: Glow potion, names: [glow potion, the potion]}
      retinoids: {names: [Dr Own Elixir]}
    treatments:
      needling:
        title: Needling
        avoid:
          retinoids: {for: 72h, usual: 5d, why: x}
          glow-potion: {for: 24h, why: why}
          exercise:
            for: 24h
            why: z
            longer:
              - if: {depth_mm: ">= 1"}
                for: 96h
        care:
          sunscreen: {every: day, at: "08:00", from: 24h, for: 5d}
        allow: [hyaluronic-acid]
"""


def settings():
    """Lists of plans under which answers are compared, by name."""
    shipped = aftercare.load_rules()
    own = rules_of(OWN)

    def treated(rules, at, id, kind="", **facts):
        kind = kind or next(iter(rules.protocols))
        return plan(aftercare.Treatment(kind, at, "Europe/London", facts, "", id), rules)

    later = DONE + timedelta(hours=60, microseconds=250)
    return {
        "one treatment": [treated(shipped, DONE, 1, depth_mm=0.5)],
        "two rule files": [treated(shipped, DONE, 1), treated(own, later, 2)],
        "two kinds of treatment": [
            treated(shipped, DONE, 1),
            treated(shipped, later, 2, kind="tca-peel"),
        ],
        "what one asks for and another forbids": [
            treated(shipped, DONE, 1),
            treated(shipped, DONE + timedelta(days=3), 2, kind="laser-resurfacing"),
        ],
        "a treatment to come": [
            treated(shipped, DONE, 1),
            treated(shipped, DONE + timedelta(days=20), 2, kind="superficial-peel"),
        ],
        "a rule on the whole and one on a part": [treated(rules_of(WHOLE), DONE, 1)],
        "the same rules twice": [treated(own, DONE, 3, depth_mm=2.0), treated(own, later, 4)],
    }


def moments(plans):
    """A moment before, at and after every instant at which an answer may change."""
    marks = {x for p in plans for r in p.restrictions for x in (r.starts, r.ends, r.usual_ends)}
    marks |= {x for p in plans for c in p.care for x in (c.starts, asked_until(c))}
    marks |= {x for p in plans for x in p.over_at}
    whole = {milliseconds(mark) for mark in marks}
    return sorted({ms + step for ms in whole for step in (-1, 0, 1)})


def questions(lexicon, seed=7, misspelt=900):
    """What people type: known terms where there are some, names, phrases and misspellings."""
    chance = random.Random(seed)
    names = [name for name, _ in lexicon.typed_names.values()]
    found = [*ODD, *QUESTIONS]
    file = SHARED / "terms-dev.jsonl"
    if file.exists():
        terms = [json.loads(line)["term"] for line in file.read_text("utf-8").splitlines()]
        found += [*terms, *(f"{term} cream" for term in terms)]
    found += [_slip(chance.choice(names), chance) for _ in range(misspelt)]
    for _ in range(misspelt // 4):
        words = chance.sample(names, chance.randrange(2, 5))
        found.append(" ".join(_slip(w, chance) if chance.random() < 0.3 else w for w in words))
    return found


def labels(lexicon, seed=11, made=150):
    """Texts of labels: known ones where there are some, and names among names, badly printed."""
    chance = random.Random(seed)
    found = [*LABELS, *ODD]
    file = SHARED / "labels-dev.jsonl"
    if file.exists():
        real = [json.loads(line)["ingredients"] for line in file.read_text("utf-8").splitlines()]
        found += [*real, *(_slip(_slip(t, chance), chance) for t in real), *map(str.upper, real)]
    names = [name for name, _ in lexicon.label_names.values()]
    for _ in range(made):
        chosen = [
            _slip(n, chance) if chance.random() < 0.2 else n for n in chance.sample(names, 12)
        ]
        mark = chance.choice([", ", " ", "; ", "\n", ",", " / ", " • "])
        found.append(chance.choice(["", "Ingredients: ", "INCI\n"]) + mark.join(chosen))
    return found


def _slip(text, chance):
    """A text with one or two slips of the finger."""
    letters = list(text)
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(len(letters)) if letters else 0
        slip = chance.randrange(5)
        if slip == 0 and letters:
            letters[at] = chance.choice("abcdefghijklmnopqrstuvwxyzéß0 ")
        elif slip == 1 and letters:
            del letters[at]
        elif slip == 2:
            letters.insert(at, chance.choice("aeioustn l-"))
        elif slip == 3 and at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif letters:
            letters[at] = letters[at].upper()
    return "".join(letters)
