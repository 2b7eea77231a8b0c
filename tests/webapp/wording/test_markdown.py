"""Markdown from anywhere becomes a few harmless tags."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.wording.markdown import MAX_MARKDOWN_CHARS, clean_snippet, render_markdown

_ALLOWED = {"a", "blockquote", "br", "code", "em", "hr", "p", "pre", "strong", "li", "ol", "ul"}
_ALLOWED |= {"h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"}
_pieces = st.sampled_from(
    [
        "# ", "## ", "###### ", "- ", "1. ", "> ", "**", "_", "`", "```\n", "<script>", "</p>", "<b onclick=x>",
        "[x](", "](javascript:y)", "![", "](/z)", "|a|b|\n|-|:-|\n|c|", "\n", "\n\n", "    ", "&lt;", "&#0;",
        "Straße", "„Wir“", "https://x.example", "<!--", "\\", "\t", "Kolleg*innen",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_pieces | st.text(max_size=5), max_size=40).map("".join))
def test_whatever_is_written_only_harmless_tags_come_out(text: str) -> None:
    page = BeautifulSoup(render_markdown(text, base_url="https://quelle.example/a/"), "html.parser")
    for tag in page.find_all(True):
        assert tag.name in _ALLOWED
        assert set(tag.attrs) <= {"href", "rel", "start"}
        if "href" in tag.attrs:
            assert re.match(r"(https?|mailto):", str(tag["href"]))
            assert set(tag["rel"]) == {"nofollow", "noopener"}


@given(st.text())
def test_snippets_keep_marks_and_nothing_else(html: str) -> None:
    page = BeautifulSoup(clean_snippet(f"<mark>{html}</mark>"), "html.parser")
    assert {tag.name for tag in page.find_all(True)} <= {"mark"}


def test_headings_close_ranks_below_the_page_heading() -> None:
    html = render_markdown("# A\n\n### B\n\n# C\n\n###### D")
    assert re.findall(r"<h(\d)>(\w)", html) == [("2", "A"), ("3", "B"), ("2", "C"), ("4", "D")]
    assert re.findall(r"<h(\d)>", render_markdown("#### Nur eine")) == ["2"]


def test_a_first_heading_that_repeats_the_title_is_left_out() -> None:
    assert "<h2>" not in render_markdown("# Der  Titel\n\nText", title="Der Titel")
    assert "<h2>" in render_markdown("# Der Titel ist anders\n\nText", title="Der Titel")


def test_gender_stars_and_hyphens_stay_as_they_are() -> None:
    text = "Koordinator*innen und Kolleg*innen, Schüler_innen, Schul- und Berufswahl"
    assert text in render_markdown(text)
    assert "<em>Alle</em> <strong>Schüler*innen</strong>" in render_markdown("*Alle* **Schüler*innen**")


def test_lists_start_where_they_started() -> None:
    assert '<ol start="3">' in render_markdown("3. drei\n4. vier")


def test_very_long_texts_become_plain_paragraphs() -> None:
    html = render_markdown("# <b>Nicht</b> *gesetzt*\n\n" + "Absatz.\n\n" * (MAX_MARKDOWN_CHARS // 8))
    assert html.startswith("<p># &lt;b&gt;Nicht&lt;/b&gt; *gesetzt*</p>\n<p>Absatz.</p>")
