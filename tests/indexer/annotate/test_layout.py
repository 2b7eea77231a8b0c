"""Which lines are the document's own words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate.layout import BlockKind, read_layout


def kinds(text: str) -> list[str]:
    return [block.kind.value for block in read_layout(text).blocks]


def test_kinds_of_lines() -> None:
    text = "# Titel\n\nEin Satz steht hier.\n\n- Punkt\n1. Erstens\n\nÜberschrift ohne Punkt\n\nNoch ein Satz."
    assert kinds(text) == ["heading", "text", "item", "item", "heading", "text"]


def test_leftover_section_ends_with_the_next_heading_of_its_level() -> None:
    text = "## Weitere Meldungen\n\nFest im Quartier.\n\n### Mehr\n\nUnd mehr.\n\n## Ergebnis\n\nEigener Satz."
    assert kinds(text) == ["leftover"] * 4 + ["heading", "text"]


def test_one_link_in_a_sentence_is_no_link_list() -> None:
    links = "- [Bericht](https://a.example)\n- [Foto](https://b.example)"
    text = f"Lesen Sie [den Bericht](https://a.example) vom Mai.\n\n{links}"
    assert "links" not in kinds(text)


def test_three_links_in_a_row_are_a_link_list() -> None:
    assert kinds("\n".join(f"- [Meldung {n}](https://a.example/{n})" for n in range(3))) == ["links"] * 3


@given(st.text(alphabet="ab #*-.\n[]()1", max_size=80))
def test_blocks_cover_every_line_once(text: str) -> None:
    layout = read_layout(text)
    covered = [text[block.start : block.end] for block in layout.blocks]
    assert covered == [line for line in text.split("\n") if line.strip()]
    for block in layout.blocks:
        assert layout.block_at(block.start) is block
        assert isinstance(layout.kind_at(block.start), BlockKind)
