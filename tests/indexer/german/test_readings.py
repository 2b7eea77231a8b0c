"""What else a word, or two neighbours, may be: readings beside the words, and few of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.german import GermanAnalyzer
from indexer.german.suspended import MAX_READINGS, CompoundHeads
from tests.cost import assert_linear

ANALYZER = GermanAnalyzer()
HEADS = CompoundHeads(ANALYZER.stem)


def words(text: str) -> str:
    return " ".join(token.word for token in ANALYZER.analyze(text) if not token.extra)


def readings(text: str) -> list[str]:
    return [token.word for token in ANALYZER.analyze(text) if token.extra]


@pytest.mark.parametrize(
    ("text", "expected", "beside"),
    [
        # dots of plain language
        ("Bürger·meister·amt", "bürgermeisteramt", ["bürger", "meister"]),
        ("Bürger·amt", "bürgeramt", ["bürger"]),
        ("Ver·ein", "verein", []),
        ("Wohn·initiative", "wohninitiative", ["wohn", "initiative"]),
        ("Lehrer·innen", "lehrer", []),
        ("Lehrer·in", "lehrer", []),
        ("Hort • Kita · Schule", "hort kita schule", []),
        ("Hort•Kita", "hort kita", ["hortkita"]),
        ("2·3", "2 3", []),
        # capitals
        ("LernWerkstatt", "lernwerkstatt", ["lern", "werkstatt"]),
        ("KulturNRW", "kulturnrw", ["kultur", "nrw"]),
        ("VHSKurs", "vhskurs", ["vhs", "kurs"]),
        ("eBeteiligung", "ebeteiligung", ["beteiligung"]),
        ("BAföG KAoA GmbH KiTa iPad DaZ PhD McAllister", "bafög kaoa gmbh kita ipad daz phd mcallister", []),
        ("LotsInnen LehrerInnenrat", "lotse lehrerrat", []),
        # brackets
        ("Schul(sozial)arbeit", "schulsozialarbeit", ["schularbeit", "schul", "sozial", "arbeit"]),
        ("(Vor-)Schule", "vorschule", ["schule"]),
        ("(Aus)Bildung", "ausbildung", ["bildung"]),
        ("Gemeinde(n)", "gemeinden", []),
        ("Bürger(innen)büro", "bürgerbüro", []),
        ("Kolleg(inn)en", "kolleg", []),
        ("(siehe oben)", "siehe oben", []),
        ("g(x)", "g x", []),
        # letters and numbers
        ("U 27", "u 27", ["u27"]),
        ("U-27-Gruppe", "u 27 gruppe", ["u27gruppe", "u27"]),
        ("DIN A 3", "din a 3", ["a3"]),
        ("§ 8 a SGB VIII", "8 a sgb viii", ["8a", "8", "sgb8"]),
        ("Hartz-IV", "hartz iv", ["hartziv", "4"]),
        ("20 kg, 2,5 m", "20 kg 2 5 m", ["20kg"]),
        ("7 500 Euro", "7 500 euro", ["7500"]),
        ("Tel. 0211 345 678", "telefon 0211 345 678", []),
        (
            "am 3. Mai um 8 Uhr ab 18 Jahren, je 2 und 5 bis 7",
            "am 3 mai um 8 uhr ab 18 jahren je 2 und 5 bis 7",
            [],
        ),
        ("Plan B und C", "plan b und c", []),
        ("1½ Tage", "1 1 2 tage", []),
        # signs
        ("F&E-Team", "f&e team", ["f&eteam"]),
        ("F & E", "f e", ["f&e"]),
        ("Maier&Töchter", "maier töchter", []),
        ("C++ und C#", "c++ und c#", []),
        ("O’Brien", "o brien", ["obrien"]),
        ("‚Haus‘ und 'Hof'", "haus und hof", []),
        ("12'500 und 12\u202f500", "12500 und 12500", []),
    ],
)
def test_words_and_readings(text: str, expected: str, beside: list[str]) -> None:
    assert (words(text), readings(text)) == (expected, beside)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Schul- und Ausbildungsabgänge", ["schulabgänge"]),
        ("Sprach- und Integrationslotsinnen", ["sprachlotse"]),
        ("An- und Abreise", ["anreise"]),
        ("Be- und Entlüftung", ["belüftung"]),
        ("Vor- und Nachsorge", ["vorsorge"]),
        ("Drei- bis Vierzimmerwohnungen", ["dreizimmerwohnungen"]),
        ("Aus- und Fortbildungskonzept", ["ausbildungskonzept"]),
        ("Haupt- und Nebenamtliche", ["hauptamtliche"]),
        ("Kinder-, Jugend- und Seniorenclub", ["kinderclub", "jugendclub"]),
        ("Kinder- und Jugendhilfeausschuss", ["kinderhilfeausschuss", "kinderausschuss"]),
        ("Wohnungs- und Erwerbslosigkeit", ["wohnungslosigkeit"]),
        ("seh- und hörgeschädigt", ["sehgeschädigt"]),
        ("inner- und außerbetrieblich", ["innerbetrieblich"]),
        ("Logo- und Psychotherapie", ["logotherapie"]),
        ("Straßen- und Gebäudereinigung", ["straßenreinigung"]),
        ("CO₂- und Energiesteuer", ["co2steuer"]),
        ("Kinderbetreuung und -pflege", ["kinderpflege"]),
        ("Jugendberufshilfe und -beratung", ["jugendberufsberatung", "jugendberatung"]),
        ("Segel- und Rudermannschaften", ["segelmannschaften"]),
        ("Bären- und Schneckenfiguren", ["bärenfiguren"]),
        ("Kita- und am Ende", []),
        ("Kita- und Müller", []),
    ],
)
def test_suspended_hyphens(text: str, expected: list[str]) -> None:
    assert readings(text) == expected


@given(st.text(alphabet="abcdeghilnorstuäöüß", max_size=25), st.sampled_from(["", "ein", "schul"]))
def test_heads_are_few_and_within_the_word(word: str, partner: str) -> None:
    for cuts in (HEADS.cuts(partner, word), HEADS.continued(word)):
        assert len(cuts) <= MAX_READINGS
        assert all(0 < cut < len(word) for cut in cuts)


PIECES = [
    "Bildungs·büro",
    "OpenData",
    "(Aus)Bildung",
    "Jugend(hilfe)",
    "U",
    "25",
    "b",
    "R",
    "&",
    "m²",
    "½",
    "ﬁ",
    "SGB",
    "II",
]
PIECES += [
    "10",
    "000",
    "Đ",
    "Rock’n’Roll",
    "C++",
    "-",
    "·",
    "(",
    ")",
    "\u00ad",
    "㎡",
    "Schul-",
    "und",
    "-wahl",
    "o\u0308",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(["", " "]))
def test_readings_point_into_the_text(pieces: list[str], gap: str) -> None:
    text = gap.join(pieces)
    tokens = ANALYZER.analyze(text)
    plain = [token for token in tokens if not token.extra]
    assert [token.position for token in plain] == list(range(len(plain)))
    for token in tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert token.term
        assert token.word
    assert len(tokens) <= 1 + 8 * max(1, len(pieces))


@pytest.mark.parametrize(
    ("piece", "count"),
    [
        ("a·", 8_000),
        ("a(b)", 4_000),
        ("(a", 8_000),
        ("(a)", 5_000),
        ("1 ", 8_000),
        ("100 ", 5_000),
        ("²", 12_500),
        ("a²", 8_000),
        ("aaaBbb", 3_000),
        ("a&", 8_000),
        ("a'", 8_000),
        ("U 25 ", 3_000),
        ("½", 8_000),
    ],
)
def test_hostile_texts_take_linear_time(piece: str, count: int) -> None:
    assert_linear(lambda times: ANALYZER.analyze(piece * times), count)
