"""Sections that only point to other texts go; what only looks like one stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.web.teasers import without_teasers

TEXT = "## Ablauf\n\nDie Stadtteilmütter besuchen Familien.\n\n"


@pytest.mark.parametrize(
    "section",
    [
        "## Ähnliche Beiträge\n\n- [Elterncafé in Hof](https://hof.example/1)\n- [Sprachpaten](https://hof.example/2)",
        "### Das könnte Sie auch interessieren …\n\nElterncafé in Hof\n\nSprachpaten gesucht",
        "**Mehr zum Thema:**\n\n- Elterncafé\n- Ein Jahr danach. Wie ging es weiter?\n- Sprachpaten",
        "Auch interessant",
    ],
)
def test_a_section_of_teasers_goes(section: str) -> None:
    assert without_teasers(TEXT + section) == TEXT.strip()


@pytest.mark.parametrize(
    "section",
    [
        "## Mehr zum Thema\n\nDie Kommune hat dazu einen Bericht verfasst.\n\nEr liegt im Rathaus aus.",
        "## Weitere Informationen\n\n- [Leitfaden](https://hof.example/leitfaden.pdf)",
        "Mehr zum Thema Übergang steht im Leitfaden der Stadt.",
    ],
)
def test_what_is_part_of_the_text_stays(section: str) -> None:
    assert without_teasers(TEXT + section) == TEXT + section


def test_the_text_goes_on_behind_the_teasers() -> None:
    teasers = "## Weitere Meldungen\n\n- Elterncafé\n\n### Archiv\n\n- 2019\n\n"
    assert without_teasers(TEXT + teasers + "## Kontakt\n\nFrau Öz") == TEXT + "## Kontakt\n\nFrau Öz"


def test_a_page_that_is_nothing_else_is_not_emptied() -> None:
    assert without_teasers("\nTeilen\n\nElterncafé") == "\nTeilen\n\nElterncafé"


@given(
    st.lists(
        st.sampled_from(["# A", "## B", "Teilen", "## Weitere Meldungen", "Satz.", "Titel", ""]), max_size=12
    )
)
def test_lines_only_go_and_twice_is_once(lines: list[str]) -> None:
    once = without_teasers("\n".join(lines))
    assert without_teasers(once) == once
    rest = iter(lines)
    assert all(line in rest for line in once.split("\n") if line)
