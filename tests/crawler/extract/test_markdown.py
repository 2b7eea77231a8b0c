from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.markdown import resolve, to_markdown, with_table_heads


def converted(markup: str, base_url: str | None = None) -> str:
    return to_markdown(BeautifulSoup(markup, "lxml"), base_url=base_url)


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("<h2> Ein\n Titel </h2><p>Text</p>", "## Ein Titel\n\nText"),
        ("lose <b>Worte</b><p>Absatz</p> danach", "lose **Worte**\n\nAbsatz\n\ndanach"),
        ("<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>", "- a\n  1. b\n  2. c\n- d"),
        ('<ol start="3"><li>c</li><li></li><li>d</li></ol>', "3. c\n4. d"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        (
            "<table><tr><th>A</th><th>B|C</th></tr><tr><td>1</td></tr></table>",
            "| A | B\\|C |\n|---|---|\n| 1 |  |",
        ),
        ("<table><tr><td>nur Layout</td></tr></table>", "nur Layout"),
        ("<p>Zeile<br>zwei</p>", "Zeile\nzwei"),
        ("<p>a<script>x()</script><!-- weg --><style>p{}</style>b</p>", "ab"),
        ("<p>Das <strong> ganze </strong>Haus</p>", "Das **ganze** Haus"),
        ("<div><span><div>tief</div></span></div>", "tief"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ("<p></p><div> </div><ul></ul>", ""),
    ],
)
def test_elements(markup: str, markdown: str) -> None:
    assert (
        "\n".join(line.rstrip() if not line.startswith("|") else line for line in converted(markup).split("\n"))
        == markdown
    )


def test_links() -> None:
    base = "https://hof.example/a/b"
    assert (
        converted('<p><a href="../c?x=1">das Konzept</a>.</p>', base)
        == "[das Konzept](https://hof.example/c?x=1)."
    )
    assert converted('<a href="/c(1).pdf">x</a>', base) == "[x](<https://hof.example/c(1).pdf>)"
    for href in ("javascript:alert(1)", "#oben", "", "tel:123", "http://[x"):
        assert converted(f'<p><a href="{href}">Worte</a></p>', base) == "Worte"
    assert resolve("/c", None) is None
    assert resolve("mailto:a@hof.example", None) == "mailto:a@hof.example"


def test_tables_without_a_head_get_an_empty_one() -> None:
    assert with_table_heads("| a | b\\|c |\n| d | e |") == "| | |\n|---|---|\n| a | b\\|c |\n| d | e |"
    headed = "Text\n\n| a | b |\n|---|---|\n| c | d |"
    assert with_table_heads(headed) == headed


def test_deep_nesting_ends() -> None:
    assert "ganz unten" in converted("<div>" * 3000 + "ganz unten")
    assert "ganz innen" in converted("<p>" + "<b>" * 3000 + "ganz innen")


@given(st.text(st.sampled_from("<>/pulbaitr \n=\"'&#x;")))
def test_any_markup_converts(markup: str) -> None:
    assert isinstance(converted(markup + " "), str)
