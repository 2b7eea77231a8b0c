from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.printed import reflow as paragraphs
from crawler.extract.printed.furniture import drop_furniture
from crawler.extract.printed.page import Line, Page


def reflow(pages: list[Page]) -> str:
    return paragraphs.reflow(drop_furniture(pages))


def _pages(*texts: str) -> list[Page]:
    return [Page(tuple(Line(line) for line in text.split("\n"))) for text in texts]


def test_heads_and_page_numbers_that_run_through_are_dropped() -> None:
    bodies = [
        f"Ein Satz über {place}, der die Zeile füllt und weiter-\ngeht auf der nächsten. Dort endet er.\n"
        f"Noch eine volle Zeile mit Wörtern über {place} und darüber hinaus."
        for place in ("Hof", "Jena", "Kiel")
    ]
    text = reflow(_pages(*(f"Jahresbericht 2019\n{body}\n- {n} -" for n, body in enumerate(bodies))))
    assert "Jahresbericht" not in text
    assert "- 2 -" not in text
    assert text.count("weitergeht") == 3


def test_a_page_that_says_the_same_as_all_others_is_not_emptied() -> None:
    assert reflow(_pages("Fortsetzung\nfolgt\nbald", "Fortsetzung\nfolgt\nbald")) != ""


def test_a_paragraph_goes_on_over_the_page_and_a_new_sentence_does_not() -> None:
    assert (
        reflow(_pages("Er geht auf der", "nächsten Seite weiter.")) == "Er geht auf der nächsten Seite weiter."
    )
    assert reflow(_pages("Hier ist Schluss.", "Ein neuer Satz.")) == "Hier ist Schluss.\n\nEin neuer Satz."


def test_bullets_become_list_items() -> None:
    text = reflow(
        _pages(
            "Beteiligt waren diese Einrichtungen der Stadt:\n• Schulamt und Jugend-\namt\n• Kammern\n– Vereine"
        )
    )
    assert text.endswith("\n\n- Schulamt und Jugendamt\n- Kammern\n- Vereine")


def test_columns_are_not_torn_at_every_capital() -> None:
    lines = [
        Line(text, 60, 250, 700 - 14 * n, 12)
        for n, text in enumerate(["Die Stadt berät alle", "Jugendlichen im", "Quartier."])
    ]
    far = [Line("Rechts steht eine andere Spalte", 300, 530, 700 - 14 * n, 12) for n in range(3)]
    assert "Die Stadt berät alle Jugendlichen im Quartier." in reflow([Page((*lines, *far), 842)])


def test_a_wider_gap_starts_a_paragraph() -> None:
    lines = [Line(f"volle Zeile Nummer {n}", 60, 500, y, 12) for n, y in enumerate([700, 686, 672, 640, 626])]
    assert reflow([Page(tuple(lines), 842)]).count("\n\n") == 1


@given(st.lists(st.lists(st.text(st.sampled_from("aÄß -\u00ad•1.\n"), max_size=20), max_size=6), max_size=4))
def test_any_lines_keep_their_letters(pages: list[list[str]]) -> None:
    lines = [Page(tuple(Line(text) for text in page if text.strip())) for page in pages]
    said = "".join(line.text for page in lines for line in page.lines)
    kept = reflow(lines)
    assert kept.count("Ä") <= said.count("Ä")
    if len(lines) == 1 and len(lines[0].lines) <= 2:
        assert kept.count("Ä") == said.count("Ä")
