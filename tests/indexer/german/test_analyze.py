"""German spelling and what practice texts do to it: real words, each pair must meet or stay apart."""

from __future__ import annotations

import subprocess
import sys
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.german import GermanAnalyzer, language_data
from indexer.german.nltk_tools import snowball_stem
from indexer.german.stemming import german_stemmer
from tests.cost import assert_linear

ANALYZER = GermanAnalyzer()


def terms(text: str) -> list[str]:
    """The words in order, without extra readings."""
    return [token.term for token in ANALYZER.analyze(text) if not token.extra]


def extras(text: str) -> list[str]:
    return [token.term for token in ANALYZER.analyze(text) if token.extra]


def stem(word: str) -> str:
    (term,) = terms(word)
    return term


@pytest.mark.parametrize(
    "forms",
    [
        "Übergang Übergänge Übergängen uebergaenge UEBERGANG U\u0308berga\u0308nge Über\u00adgän\u00adge",
        "Übergänge Über\u200bgänge Über\u2060gänge",
        "Straße Strasse Straßen STRASSE Str",
        "Stadtteilmütter Stadtteilmuetter Stadtteilmüttern",
        "Koordinator Koordinatoren Koordinatorin Koordinatorinnen Koordinator*innen Koordinator:innen "
        "Koordinator_innen Koordinator·innen Koordinator/innen Koordinator/-innen Koordinator(innen) "
        "KoordinatorInnen Koordinator*in koordinator*innen KoordinatorIn",
        "Lehrer Lehrerin Lehrerinnen Lehrer*innen LehrerInnen",
        "Kollegen Kollegin Kolleginnen Kolleg*innen Kolleg:innen",
        "Ärzte Ärztin Ärztinnen Ärzt*innen ÄrztInnen Aerztin",
        "Pädagogen Pädagogin Pädagoginnen Pädagog:innen",
        "Ausbildungslotse Ausbildungslotsen Ausbildungslotsin Ausbildungslotsinnen Ausbildungslots:innen "
        "Ausbildungslots*in AusbildungslotsInnen",
        "Franzose Franzosen Französin Französinnen Französ*innen",
        "Genosse Genossin Genoss:innen",
        "Nachbar Nachbarn Nachbarin Nachbarinnen Nachbar:innen",
        "Jude Juden Jüdin Jüdinnen Jüd:innen",
        "Bote Botin Bot*innen",
        "Migranten Migrantin Migrantinnen Migrant*innen",
        "Schülervertretung Schüler*innenvertretung SchülerInnenvertretung Schüler:innenvertretungen",
        "Stadtteilzentrum Stadtteilzentren",
        "Gremium Gremien",
        "Kita Kitas KITA",
        "Azubi Azubis",
        "Workshop Workshops",
    ],
)
def test_forms_of_one_word_share_a_term(forms: str) -> None:
    assert {word: stem(word) for word in forms.split()} == dict.fromkeys(forms.split(), stem(forms.split()[0]))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Berlin", "Berl"),
        ("Termin", "Term"),
        ("gewinnen", "gew"),
        ("beginnen", "beg"),
        ("darin", "dar"),
        ("Login", "Log"),
        ("Ausbildung", "Weiterbildung"),
        ("Quartier", "Quartett"),
        ("LinkedIn", "Linked"),
    ],
)
def test_different_words_stay_apart(first: str, second: str) -> None:
    assert stem(first) != stem(second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Schul- und Berufswahl", ["Schulwahl"]),
        ("Kinder-, Jugend- und Familienhilfe", ["Kinderhilfe", "Jugendhilfe"]),
        ("Aus- und Weiterbildung", ["Ausbildung"]),
        ("Grund- bzw. Hauptschulen", ["Grundschulen"]),
        ("Kita- und Schul-Leitungen", ["Schulleitungen", "Kitaleitungen"]),
        ("Berufswahl und -orientierung", ["Berufsorientierung"]),
        ("Berufswahl/-orientierung", ["Berufsorientierung"]),
        ("Schul– und Berufswahl", ["Schulwahl"]),
        ("Berufs-\nwahl", ["Berufswahl"]),
        ("Kita-Integration", ["Kitaintegration"]),
        ("E-Mail", ["Email"]),
        ("Kita- und am Ende", []),
        ("Ein Gedanke – und Schluss", []),
        ("2018-2020", []),
    ],
)
def test_hyphens_give_further_readings(text: str, expected: list[str]) -> None:
    assert extras(text) == [stem(word) for word in expected]


def test_a_hyphenated_compound_is_its_members_and_its_whole() -> None:
    tokens = ANALYZER.analyze("die Kita-Integration gelingt")
    assert [(token.term, token.position, token.extra) for token in tokens] == [
        ("die", 0, False),
        ("kitaintegration", 1, True),
        ("kita", 1, False),
        ("integration", 2, False),
        ("gelingt", 3, False),
    ]


def test_a_completed_reading_stands_where_its_first_member_stands() -> None:
    text = "zur Schul- und Berufswahl"
    completed = next(token for token in ANALYZER.analyze(text) if token.extra)
    assert (completed.position, text[completed.start : completed.end]) == (1, "Schul")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B i l d u n g", ["bildung"]),
        ("B i l d u n g  i n  D o r t m u n d", ["bildung", "i", "n", "dortmund"]),
        ("a b c", ["a", "b", "c"]),
        ("Ü b e r g a n g S c h u l e", ["ubergang", "schul"]),
        ("Plan B", ["plan", "b"]),
    ],
)
def test_letter_spaced_words_are_joined(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (["z. B.", "z.B.", "zB", "z.\u00a0B."], ["zb"]),
        (["e. V.", "e.V.", "eV", "EV"], ["ev"]),
        (["i. d. R.", "i.d.R.", "idR"], ["idr"]),
        (["bzw.", "bzw", "beziehungsweise"], ["beziehungsweis"]),
        (["Nr. 5", "Nummer 5"], ["numm", "5"]),
        (["Goethestr. 12", "Goethestraße 12", "Goethestrasse 12"], ["gothestrass", "12"]),
        (["S.G.B. II", "SGB II"], ["sgb", "ii"]),
        (["Dr. phil. Öz", "dr phil oez"], ["dr", "phil", "oz"]),
        (["z. B. e. V."], ["zb", "ev"]),
        (["1.200", "1200"], ["1200"]),
        (["2018/19", "2018/2019", "2018 2019"], ["2018", "2019"]),
        (["29.11.2018"], ["29", "11", "2018"]),
        (["§ 16h SGB VIII"], ["16h", "sgb", "viii"]),
        (["U3-Betreuung"], ["u3", "betreu"]),
    ],
)
def test_abbreviations_and_numbers(forms: list[str], expected: list[str]) -> None:
    assert {form: terms(form) for form in forms} == dict.fromkeys(forms, expected)


def test_question_words_and_function_words_are_stop_words() -> None:
    tokens = ANALYZER.analyze("Was ist eigentlich die Schuldnerberatung und wo gibt es sie?")
    assert [token.term for token in tokens if not token.stop] == ["eigent", "schuldnerberat"]


def test_gender_signs_do_not_glue_ordinary_punctuation() -> None:
    assert terms("Ort:Dortmund, Thema: Innenstadt") == ["ort", "dortmund", "thema", "innenstadt"]
    assert terms("*kursiv* und **fett** und _unter_strichen") == [
        "kursiv", "und", "fett", "und", "unt", "strich",
    ]  # fmt: skip
    assert terms("jede*r Beamt*e") == ["jed", "beamt"]


def test_glued_pdf_text_and_addresses_do_no_harm() -> None:
    assert terms("Markus RempeWichtig") == ["markus", "rempewicht"]
    assert "dortmund" in terms("https://www.dortmund.de/schule?x=1")
    assert all(len(term) <= 80 for term in terms("QmFzZTY0" * 40))


PIECES = ["Schul-", "und", "Berufswahl", "z. B.", "Kolleg*innen", "-wahl", "B i l d u n g", "1.200"]
PIECES += ["\u00ad", "\n", "ö\u0308"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120) | st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_every_token_points_at_its_place_in_the_text(text: str) -> None:
    tokens = ANALYZER.analyze(text)
    for token in tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert token.term
        assert token.term == token.term.strip()
    words = [token for token in tokens if not token.extra]
    assert [token.position for token in words] == list(range(len(words)))
    assert words == sorted(words, key=lambda token: token.start)
    assert GermanAnalyzer().analyze(text) == tokens


@example("B i l d u n g s b ü r o")
@given(st.text(alphabet="aäoöuüßeéń -", max_size=30))
def test_composed_and_decomposed_text_share_terms(text: str) -> None:
    assert terms(normalize("NFD", text)) == terms(normalize("NFC", text))


@pytest.mark.parametrize(
    ("piece", "count"),
    [
        ("z. ", 5_000),
        ("Schul- ", 2_500),
        ("a", 25_000),
        ("\u00ad", 12_500),
        ("a\u00ad", 7_500),
        ("a-", 10_000),
    ],
)
def test_hostile_texts_take_linear_time(piece: str, count: int) -> None:
    assert_linear(lambda times: ANALYZER.analyze(piece * times), count)


def test_the_version_follows_the_data_files(monkeypatch: pytest.MonkeyPatch) -> None:
    assert GermanAnalyzer().version == ANALYZER.version
    monkeypatch.setattr("indexer.german.analyze.data_fingerprint", lambda: b"edited")
    assert GermanAnalyzer().version != ANALYZER.version


def test_the_fingerprint_changes_with_any_data_file(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("data")
    (folder / "stopwords.txt").write_text("der die\n", "utf-8")
    monkeypatch.setattr(language_data, "DATA_FOLDER", folder)
    before = language_data.data_fingerprint()
    (folder / "stopwords.txt").write_text("der die das\n", "utf-8")
    assert language_data.data_fingerprint() != before


def test_data_files_are_read_as_their_headers_say() -> None:
    abbreviations = language_data.load_abbreviations()
    assert "zb" in abbreviations.known
    assert {"z.b", "z", "b", "bzw", "dr"} <= abbreviations.dotted
    assert abbreviations.replacements.apply("bahnhofstr") == "bahnhofstraße"
    assert language_data.load_plurals().apply("familienzentren") == "familienzentrum"
    assert "worin" in language_data.load_feminine_forms().kept
    assert {"wer", "weshalb"} <= language_data.word_list("stopwords.txt")
    assert not any("#" in word for word in language_data.word_list("compound_heads.txt"))


def test_without_pystemmer_nltk_stems_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "Stemmer", None)
    stemmer, name = german_stemmer()
    assert name == "nltk-snowball"
    assert stemmer("übergänge") == stemmer("uebergaenge") == snowball_stem()("übergänge")
    assert stemmer("quellen") == "quell"
    assert GermanAnalyzer().version != ANALYZER.version


def test_two_processes_agree_on_version_and_terms() -> None:
    code = (
        "from indexer.german import GermanAnalyzer; a = GermanAnalyzer();"
        "print(a.version, [t.term for t in a.analyze('Schul- und Berufswahl')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split(" ", 1)[0] == ANALYZER.version
    assert "schulwahl" in done.stdout


@pytest.mark.parametrize("mark", ["\u02bc", "\u02b9"])
def test_a_letter_that_stands_for_none_is_no_word_and_takes_no_place(mark: str) -> None:
    assert ANALYZER.analyze(mark) == []
    for text in (
        f"Übergang {mark} Schule",
        f"{mark} Übergang Schule",
        f"U {mark} 25",
        f"Schul- {mark} Berufswahl",
    ):
        tokens = ANALYZER.analyze(text)
        plain = ANALYZER.analyze(text.replace(mark, " "))
        assert [token.position for token in tokens if not token.extra] == [
            token.position for token in plain if not token.extra
        ]


def test_every_character_can_be_analysed() -> None:
    for first in range(1, 0x11000, 256):
        characters = (chr(code) for code in range(first, first + 256) if not 0xD800 <= code < 0xE000)
        for character in characters:
            ANALYZER.analyze(f"{character} U{character} 25 {character}")
