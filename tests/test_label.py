"""Labels are read as they come: printed any way, in any company; claims and non-lists are none."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare import load_rules, read_label
from aftercare.core.label import LARGEST_LABEL
from aftercare.core.label_names import reader_of
from aftercare.core.label_text import chunks, readable
from aftercare.core.names import normalise
from aftercare.errors import InputError

RULES = load_rules()
NAMES = RULES.lexicon.label_names
RISKY = {
    "retinoids", "acids", "aha", "bha", "pha", "other-exfoliating-acids", "vitamin-c",
    "benzoyl-peroxide",
}  # fmt: skip
RESTRICTED = sorted(
    name for key, (name, ids) in NAMES.items() if set(ids) <= RISKY and len(key) > 5
)
HARMLESS = sorted(
    name
    for key, (name, ids) in NAMES.items()
    if ids == ["other-ingredients"] and len(key) > 5 and re.fullmatch(r"[A-Za-z -]+", name)
)
#: Real ingredients that look like a restricted one, or hold its letters.
FALSE_FRIENDS = [
    "Citric Acid", "Stearic Acid", "Sorbic Acid", "Hyaluronic Acid", "Sodium Lactate",
    "Butylene Glycol", "Cetyl Palmitate", "Lauric Acid", "Palmitic Acid", "Myristic Acid",
    "Benzoic Acid", "Folic Acid", "Amino Acids", "Glutamic Acid", "Aspartic Acid", "Phytic Acid",
    "Ferulic Acid", "Kojic Acid", "Tranexamic Acid", "Levulinic Acid", "Dehydroacetic Acid",
    "Bakuchiol", "Beta-Carotene", "Sodium Salicylate", "Salix Alba Bark Extract", "Maleic Acid",
    "Ascorbyl Palmitate", "Sodium Ascorbyl Phosphate", "3-O-Ethyl Ascorbic Acid",
    "Lactic Acid/Glycolic Acid Copolymer", "Lactobacillus Ferment", "Propylene Glycol",
    "Ethylhexyl Salicylate", "Glycyrrhizic Acid", "Asiatic Acid", "Cetyl Alcohol", "Glycerin",
    "Tocopherol", "Linoleic Acid", "Caprylyl Glycol", "Retama Raetam Flower Extract",
]  # fmt: skip


def risky(text):
    return {m.id for m in read_label(text, RULES).things} & RISKY


def one_edit(name, chance):
    """The name with one letter lost, doubled or swapped, its first and last letters kept."""
    place = chance.randrange(1, len(name) - 2)
    match chance.randrange(3):
        case 0:
            return name[:place] + name[place + 1 :]
        case 1:
            return name[:place] + name[place] + name[place:]
        case _:
            return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


PRINTED = {
    "as it is": lambda name, _: name,
    "capitals": lambda name, _: name.upper(),
    "small": lambda name, _: name.lower(),
    "a star": lambda name, _: f"{name}*",
    "a percentage": lambda name, _: f"{name} 0,5%",
    "a synonym": lambda name, _: f"{name} (Vitamin X)",
    "in brackets": lambda name, _: f"Complex ({name})",
    "glued": lambda name, _: name.replace(" ", ""),
    "one edit": one_edit,
}


class TestHardCases:
    @pytest.mark.parametrize("how", PRINTED)
    def test_every_restricted_name_is_found_among_false_friends(self, how):
        chance = random.Random(how)
        missed = []
        tried = 0
        for name in RESTRICTED:
            printed = PRINTED[how](name, chance)
            if how == "glued" and normalise(printed) != normalise(name):
                continue  # its words end in a plural s, which gluing hides
            if how == "one edit" and (normalise(printed) in NAMES or len(normalise(name)) < 14):
                continue  # another known name, or too short for a guess
            friends = chance.sample(FALSE_FRIENDS, 9)
            friends.insert(chance.randrange(10), printed)
            separator = chance.choice([", ", "; ", " • ", ". ", "\n", " | "])
            tried += 1
            if not risky(separator.join(friends)):
                missed.append(printed)
        # An edit may make "peroxide de benzyle", or hit a brand that reads like a sentence.
        allowed = tried // 40 if how == "one edit" else 0
        assert len(missed) <= allowed, missed[:20]

    @pytest.mark.parametrize("separator", [", ", "; ", " • ", ". ", "\n", " | ", " - ", ",", " / "])
    def test_false_friends_alone_are_silent(self, separator):
        chance = random.Random(separator)
        for _ in range(60):
            friends = chance.sample(FALSE_FRIENDS, 12)
            assert not risky(separator.join(friends)), friends
            assert not risky(separator.join(friends).upper()), friends

    def test_harmless_names_alone_are_silent(self):
        chance = random.Random(7)
        for _ in range(300):
            names = chance.sample(HARMLESS, 15)
            label = read_label("Ingredients: " + ", ".join(names), RULES)
            assert label.is_list
            assert not {m.id for m in label.things} & RISKY, names


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("AQUA, DIMETHICONE. AZELAIC ACID, GLYCERIN, TOCOPHEROL", {"other-exfoliating-acids"}),
        ("Aqua (Water), Glycerin, Retinyl Palmitate (Vitamin A), Tocopherol", {"retinoids"}),
        ("Aqua/Water/Eau, Glycerin, Lactic Acid*, Parfum. *organic", {"aha"}),
        ("Aqua; Glycerin; 1,2-Hexanediol; Salicylic\nAcid; Carbomer; Parfum", {"bha"}),
        ("Aqua, Glycerin, GlycolicAcid, Carbomer", {"aha"}),
        ("Aqua, Glycerin, Etinyl Palmitate, Carbomer", {"retinoids"}),
        ("Aqua, Glycerin, Saliylic Acid, Carbomer", {"bha"}),
        ("Aqua Glycerin Carbomer Retinol Tocopherol Parfum", {"retinoids"}),
        ("Active ingredient: Adapalene 0.1%. Purpose: acne. Inactive ingredients: carbomer, water",
         {"retinoids"}),
        ("Principio activo: Adapaleno 0,1% gel. Agua, Carbómero, Glicerina", {"retinoids"}),
        ("Ingrédients : Aqua, Glycérine, Acide Glycolique, Parfum", {"aha"}),
        ("Inhaltsstoffe: Wasser, Glycerin, Salicylsäure, Parfum", {"bha"}),
        ("Ingredients: Aqua, Carbomer. May contain +/-: CI 77891, Mandelic Acid", {"aha"}),
        ("CLEANSER Ingredients: Aqua, Glycerin, Parfum\nTONER Ingredients: Aqua, Glycolic Acid",
         {"aha"}),
        ("Benzoyl Peroxide 5% w/w. Other ingredients: Aqua, Carbomer, Glycerin",
         {"benzoyl-peroxide"}),
        ("Aqua, Ascorbic Acid, Glycerin, Ferulic Acid", {"vitamin-c"}),
        ("AQUAGLYCERINRETINOLTOCOPHEROL, Parfum, Carbomer", {"retinoids"}),
        ("Aqua, Glycerin, Gluconolactone, Panthenol", {"pha"}),
        ("Aqua, Glycerin, Lactic Acid from the fermentation of sugar, Panthenol", {"aha"}),
        ("Aqua, Glycerin, Lactic Acid - free of animal origin, Panthenol", {"aha"}),
        ("['Aqua', 'Glycerin', 'Glycolic Acid', 'Panthenol']", {"aha"}),
        ("<p>Aqua, Glycerin, <b>Retinol</b>, Panthenol</p>", {"retinoids"}),
        ("Aqua&nbsp;/&nbsp;Water, Glycerin, Retinol&nbsp;0.5%", {"retinoids"}),
        ("Aqua\\nGlycerin\\nRetinol\\nPanthenol", {"retinoids"}),
        ("Aqua, Gly\u00adcerin, Reti\u200bnol, Pan\u00adthenol", {"retinoids"}),
        ("Aqua, Glycerin, R e t i n o l, Panthenol", {"retinoids"}),
        ("Aqua\nGlycerin\nLactic\nAcid\nPanthenol", {"aha"}),
        ("Aqua, Glycerin, Reti-\nnyl Palmitate, Panthenol", {"retinoids"}),
        ("Aqua, Glycerin, Salicylic, Acid, Panthenol", {"bha"}),
        ("Aqua, Glycerin, G1ycolic Acid, Panthenol", {"aha"}),
        ("Aqua, Glycerin, Lactlc Acid, Panthenol", {"aha"}),
        ("Polysorbate 20,Salicylic Acid,1,2-Hexanediol,Aqua", {"bha"}),
        ("Aqua: 80; Glycerin: 10; Lactic acid: 5; Carbomer: 1", {"aha"}),
        (("Drug Facts Active ingredient Salicylic acid 2% Purpose Acne medication Uses for the"
         " management of acne. Inactive ingredients water, glycerin"), {"bha"}),
        ("1 g Gel enthält: 1 mg Adapalen. Sonstige Bestandteile: Carbomer, Propylenglycol, Wasser",
         {"retinoids"}),
        ("Aqua, Glycerin, Acidum Lacticum, Carbomer, Panthenol", {"aha"}),
        ("Ingredients: Aqua, Glycerin, Panthenol, Carbomer. Warnings: contains glycolic acid.",
         {"aha"}),
        (("AQUA GLYCERIN DIMETHICONE PANTHENOL TOCOPHEROL SALIYLIC ACID CARBOMER PARFUM LIMONENE"
         " LINALOOL CITRIC ACID XANTHAN GUM"), {"bha"}),
    ],
)  # fmt: skip
def test_labels_as_they_come(text, things):
    assert risky(text) == things


class TestClaims:
    LIST = "Ingredients: Aqua, Glycerin, Bakuchiol, Squalane, Tocopherol, Parfum"

    @pytest.mark.parametrize(
        "claim",
        [
            "A natural retinol alternative.", "Free of retinoids and acids.", "Retinol-free.",
            "Without glycolic acid, for your skin.", "No retinol, no parabens.",
            "Works like retinol, without the irritation.", "Sans rétinol.", "Ohne Retinol.",
            "Free of: retinol, parabens, glycolic acid, silicones.", "0% retinol, 0% acids.",
            "Formulated without: retinol, salicylic acid, fragrance.", "Contains no retinol.",
            "Does not contain retinol or glycolic acid.", "Gentler than retinol.",
            "The plant answer to retinol!", "Enthält kein Retinol und keine Salicylsäure.",
            "No contiene retinol ni ácido salicílico.", "Ne contient pas de rétinol.",
            "Non contiene retinolo.", "Do not use together with retinol or glycolic acid.",
            "Can I use it with retinol? Yes, apply retinol first.",
        ],
    )  # fmt: skip
    def test_a_claim_is_no_ingredient(self, claim):
        assert not risky(f"{claim}\n{self.LIST}")
        assert not risky(f"{self.LIST}\n{claim}")
        assert not risky(f"{self.LIST}. {claim}")
        assert read_label(f"{claim}\n{self.LIST}", RULES).is_list

    @pytest.mark.parametrize(
        "claim",
        [
            "a natural alternative to retinol", "plant-based retinol alternative", "retinol-like",
            "alternativa al retinolo", "alternative végétale au rétinol",
            "pflanzliche Retinol-Alternative",
        ],
    )  # fmt: skip
    def test_nor_is_one_in_the_midst_of_the_list(self, claim):
        label = read_label(self.LIST.replace("Bakuchiol", f"Bakuchiol ({claim})"), RULES)
        assert label.is_list
        assert not {m.id for m in label.things} & RISKY

    @pytest.mark.parametrize(
        "text",
        [
            "Paraben-free. {}", "Free from parabens, sulphates and silicones: {}", "Oil Free, {}",
            "No parabens, no alcohol. {}", "Fragrance Free Serum. {}", "Sans parfum, {}",
            "Bez parabenów, bez silikonów. {}", "Without fragrance. {}", "Alcohol-free toner: {}",
            "Sans parabène {}", "0% parabens 0% silicones {}", "100% vegan, {}",
            "Not tested on animals, {}", "A gentle alternative to scrubs. {}",
        ],
    )  # fmt: skip
    def test_what_is_denied_of_others_does_not_hide_an_ingredient(self, text):
        assert risky(text.format("Retinol, Aqua, Glycerin, Panthenol, Carbomer")) == {"retinoids"}
        assert risky(text.format("Retinol Aqua Glycerin Panthenol Carbomer")) == {"retinoids"}

    def test_a_claim_that_names_a_strength_counts(self):
        assert risky(f"With 2% salicylic acid for your skin.\n{self.LIST}") == {"bha"}
        label = read_label(f"{self.LIST}\nWith 2% salicylic acid for your skin.", RULES)
        assert not any(label.late(i) for i in label.ingredients)

    def test_praise_without_a_list_is_taken_seriously_but_is_no_list(self):
        label = read_label("Our cream with retinol is the best for your skin.", RULES)
        assert not label.is_list
        assert {m.id for m in label.things} & RISKY == {"retinoids"}


@pytest.mark.parametrize(
    "text",
    [
        "Lactic Acid/Glycolic Acid Copolymer", "Poly(Lactic Acid)", "Poly-L-Lactic Acid",
        "Acrylates/Lactic Acid/Zorbyl Copolymer", "Lactic Acid Bacteria Ferment",
        "Lactic Acid/\nGlycolic Acid\nCopolymer",
    ],
)  # fmt: skip
def test_what_a_polymer_or_a_bacterium_is_named_after_is_not_in_it(text):
    assert not risky(f"Aqua, Glycerin, {text}, Panthenol, Carbomer, Squalane")


@pytest.mark.parametrize(
    "text",
    [
        "", " \n ", "12 High Street, London, SW1A 1AA", "§$%& ((( ;;; 000", "0123456789" * 20,
        "Buy two, get one free! Visit our shop today, and save.",
        "Mix flour, eggs, milk, sugar, water and butter, then bake for twenty minutes",
        "Ingredients: Wheat flour, sugar, palm oil, cocoa powder, salt, soy lecithin, baking soda",
        "Zutaten: Weizenmehl, Zucker, Palmöl, Kakao, Salz, Emulgator Lecithine, Aroma",
        "Green tea, black tea, coffee, water, milk, honey, lemon",
        "Store below 25 degrees. Keep out of reach of children.",
        "lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor",
        "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday", "aqua",
        "Key benefits: plumps. Hero ingredients: niacinamide, hyaluronic acid, panthenol.",
        "Active ingredients: niacinamide, panthenol, squalane, ceramide NP",
        "Infused with aloe vera, green tea, vitamin E, panthenol and squalane to nourish.",
        "With glycerin, panthenol, squalane, allantoin, ceramides",
        "Hyaluronic acid serum, 30 ml; niacinamide toner, 150 ml; panthenol cream, 50 ml.",
        "Water, Glycerin, Niacinamide, Panthenol, Squalane, Carbomer ... read more",
        "Water, Glycerin, Niacinamide, Panthenol, Squalane, Carbomer…",
        "Вода, глицерин, масло, экстракт, консервант, Panthenol", "水、甘油、丁二醇、水杨酸、香精",
        "Aqua, Glycerin, Panthenol, Squalane, " + "bacedifoguhajekilomunapyqorstuv" * 2,
        "The quick brown fox jumps over the lazy dog. " * 40,
    ],
)  # fmt: skip
def test_what_is_no_list_is_not_read_as_one(text):
    label = read_label(text, RULES)
    assert not label.is_list
    assert not {m.id for m in label.things} & RISKY


def test_half_of_a_list_must_be_known_for_certain():
    known = ["Aqua", "Glycerin", "Squalane", "Panthenol"]
    unknown = ["Zorbium Oil", "Quuxyl Fnordate", "Blip", "Vork Extract", "Nargle Butter"]
    assert read_label(", ".join(known + unknown[:4]), RULES).is_list
    assert not read_label(", ".join(known + unknown), RULES).is_list


class TestWhatIsReturned:
    TEXT = "Ingredients: Aqua, Glycerin, Zorbium Extract, Retinol, Squalane, Lactic Acid"

    def test_ingredients_stand_as_printed_in_their_order(self):
        label = read_label(self.TEXT, RULES)
        printed = [i.text for i in label.ingredients]
        assert printed == self.TEXT.removeprefix("Ingredients: ").split(", ")
        assert [i.position for i in label.ingredients] == [1, 2, 3, 4, 5, 6]
        assert [i.text for i in label.unrecognised] == ["Zorbium Extract"]

    def test_late_is_the_last_third_of_a_long_list(self):
        names = ["Aqua", "Glycerin", "Squalane", "Panthenol", "Carbomer", "Xanthan Gum"]
        label = read_label(", ".join([*names, "Tocopherol", "Parfum", "Lactic Acid"]), RULES)
        assert [label.late(i) for i in label.ingredients] == [False] * 6 + [True] * 3
        short = read_label(self.TEXT, RULES)
        assert not any(short.late(i) for i in short.ingredients)

    def test_each_of_two_lists_has_its_own_end(self):
        names = "Aqua, Glycerin, Squalane, Panthenol, Carbomer, Xanthan Gum, Tocopherol, Parfum"
        text = f"DAY Ingredients: Mica, {names}. Ingredients: Retinol, {names}"
        label = read_label(text, RULES)
        late = [i.text for i in label.ingredients if label.late(i)]
        assert late == ["Xanthan Gum", "Tocopherol", "Parfum"] * 2

    def test_synonyms_are_one_ingredient(self):
        text = "Aqua/Water/Eau, Simmondsia Chinensis (Jojoba) Seed Oil, Retinol (Vitamin A), Mica"
        label = read_label(text, RULES)
        assert [i.text for i in label.ingredients] == text.split(", ")
        assert all(i.recognised for i in label.ingredients)

    def test_the_surest_way_comes_first(self):
        label = read_label("Aqua, Glycerin, Squalane, Retinl Palmitate, Retinol", RULES)
        assert [m.how for m in label.things if m.id == "retinoids"] == ["exact"]

    @given(text=st.text(max_size=400))
    def test_any_text_is_read_and_what_is_returned_stands_in_it(self, text):
        label = read_label(text, RULES)
        plain = "".join(readable(text).split())
        for position, ingredient in enumerate(label.ingredients, 1):
            assert ingredient.position == position
            assert "".join(ingredient.text.split()) in plain
        assert len({m.id for m in label.things}) == len(label.things)

    @given(
        names=st.lists(st.sampled_from(FALSE_FRIENDS + RESTRICTED), max_size=12),
        marks=st.lists(st.sampled_from([*",.;:()/\n-*%0", " no ", " free "])),
        seed=st.randoms(use_true_random=False),
    )
    def test_names_among_any_marks_are_read(self, names, marks, seed):
        words = names + marks
        seed.shuffle(words)
        plain = "".join(readable("".join(words)).split())
        for ingredient in read_label("".join(words), RULES).ingredients:
            assert "".join(ingredient.text.split()) in plain


class TestLargeTexts:
    @given(seed=st.integers(0, 50))
    def test_a_long_noise_ends(self, seed):
        chance = random.Random(seed)
        letters = "abcdefgh,;. \n-/()%0123456789"
        text = "".join(chance.choice(letters) for _ in range(2_000))
        assert not read_label(text, RULES).is_list

    def test_no_more_is_cut_or_guessed_than_stands_in_the_text(self):
        chance = random.Random(3)
        words = ["".join(chance.choices("abcdefghij", k=7)) for _ in range(12_000)]
        for text in (
            " ".join(words),
            ", ".join(words),
            "".join(words),
            "(" * 100_000,
            "\n" * 9_999,
        ):
            assert len(chunks(readable(text))) <= len(words)
            assert not read_label(text, RULES).is_list

    def test_what_is_larger_than_any_label_is_refused_not_cut(self):
        text = "Aqua, Glycerin, Squalane, Panthenol, "
        assert read_label(text * (LARGEST_LABEL // len(text)), RULES).is_list
        with pytest.raises(InputError, match="200,000 characters"):
            read_label(text * LARGEST_LABEL, RULES)
        with pytest.raises(InputError, match="200,000 characters"):
            read_label("\ufdfa" * (LARGEST_LABEL - 1), RULES)  # each becomes 18 letters

    def test_what_is_remembered_has_a_bound(self, monkeypatch):
        monkeypatch.setattr("aftercare.core.label_names._MOST_KEPT", 50)
        for n in range(200):
            read_label(f"Aqua, Glycerin, Zorbium {n} Oil", RULES)
        assert len(reader_of(RULES.lexicon)._kept) <= 50
