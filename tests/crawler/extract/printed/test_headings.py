from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.printed.headings import Paragraph, mark_headings
from tests.crawler.extract.samples import PARAGRAPH, printed, read

BODY = Paragraph(PARAGRAPH, 11.0, lines=5)


def _marked(*paragraphs: Paragraph) -> list[str]:
    texts = mark_headings([BODY, *paragraphs, BODY])
    assert texts[0] == texts[-1] == PARAGRAPH
    return texts[1:-1]


def test_larger_is_higher_and_bold_alone_is_lowest() -> None:
    assert _marked(
        Paragraph("Ergebnisse der Fachtage", 18.0),
        BODY,
        Paragraph("Übergänge im Ganztag", 14.0),
        BODY,
        Paragraph("Was bleibt?", 11.0, bold=True),
    )[::2] == ["## Ergebnisse der Fachtage", "### Übergänge im Ganztag", "#### Was bleibt?"]


def test_a_single_largest_line_at_the_beginning_is_the_title() -> None:
    texts = mark_headings([Paragraph("Bildung im Quartier", 24.0), BODY, Paragraph("Ausgangslage", 15.0), BODY])
    assert texts[0] == "# Bildung im Quartier"
    assert texts[2] == "## Ausgangslage"


def test_what_only_looks_like_a_heading_is_none() -> None:
    large_but_none = [
        Paragraph("Alle wollen, dass es weitergeht, und alle wissen, was dafür fehlt.", 18.0),  # a pull quote
        Paragraph("1 240 000 € – 35 %", 18.0),
        Paragraph("und der Kammern", 18.0),
        Paragraph("- Erster Punkt", 18.0),
        Paragraph("Folgende Einrichtungen:", 11.0, bold=True),
        Paragraph("Ein ganzer Absatz in Fett, der über viele Zeilen geht", 11.0, bold=True, lines=5),
    ]
    assert _marked(*large_but_none) == [one.text for one in large_but_none]


def test_section_numbers_stay() -> None:
    assert _marked(Paragraph("2.1 Ziele", 14.0)) == ["## 2.1 Ziele"]


def test_a_text_all_in_bold_has_no_headings_by_boldness() -> None:
    paragraphs = [Paragraph(f"Kurzer Absatz {name}", 11.0, bold=True) for name in ("eins", "zwei", "drei")]
    assert mark_headings(paragraphs) == [one.text for one in paragraphs]


@given(
    st.lists(
        st.builds(
            Paragraph,
            st.text("aÄ 1.-?", min_size=1, max_size=60),
            st.sampled_from([0.0, 9.0, 11.0, 14.0, 30.0]),
            st.booleans(),
            st.integers(1, 6),
        ),
        max_size=12,
    )
)
def test_no_word_is_lost_or_moved(paragraphs: list[Paragraph]) -> None:
    texts = mark_headings(paragraphs)
    assert [text.lstrip("#").removeprefix(" ") if text.startswith("#") else text for text in texts] == [
        one.text for one in paragraphs
    ]


def test_headings_of_a_printed_page() -> None:
    data = printed(
        [
            ("Was zählt vor Ort?", 15, True),
            ("Die Stadt Musterstadt hat gemeinsam mit der Jugendberufsagentur, dem Schulamt", 11, False),
            ("und den Kammern ein Netzwerk aufgebaut, das alle trägt.", 11, False),
            ("Erste Schritte", 11, True),
            ("Ein Runder Tisch wurde gegründet, an dem die Ämter, Kammern und Vereine sitzen und", 11, False),
            ("der sich jeden Monat trifft.", 11, False),
            ("Wie geht es weiter mit den Schul- und", 15, True),
            ("Jugendämtern?", 15, True),
            (
                "Im nächsten Jahr soll es weitergehen mit allen Beteiligten der Stadt und des Kreises.",
                11,
                False,
            ),
        ]
    )
    text = read(data, "bericht.pdf").text
    assert text.startswith("Die Stadt Musterstadt"), "the first heading is the title"
    assert "\n\n### Erste Schritte\n\nEin Runder Tisch" in text
    assert "\n\n## Wie geht es weiter mit den Schul- und Jugendämtern?\n\nIm nächsten" in text
