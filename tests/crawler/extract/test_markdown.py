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
        (
            "<p>am <time>3. Mai</time>, <small>etwa</small> <mark>10</mark> <u>Uhr</u></p>",
            "am 3. Mai, etwa 10 Uhr",
        ),
        (
            "<p>80 m<sup>2</sup>, CO<sub>2</sub>-frei, 10<sup>-3</sup>, H<sub>2</sub>O</p>",
            "80 m², CO₂-frei, 10⁻³, H₂O",
        ),
        (
            "<p>der 1<sup>te</sup> und n<sub>max</sub>, Schüler<sup>*</sup>innen</p>",
            "der 1te und nmax, Schüler*innen",
        ),
        ("<p>laut Befragung<sup>3</sup> und Bericht.<sup>12</sup></p>", "laut Befragung[3] und Bericht.[12]"),
        ("<p>80 m<sup><a href='#f1'>1</a></sup></p>", "80 m[1]"),
        ("<p>Sie rief: <q>Kommt <q>alle</q> mit!</q></p>", "Sie rief: „Kommt ‚alle‘ mit!“"),
        ("<p>Sie rief: <q>„Kommt!“</q></p>", "Sie rief: „Kommt!“"),
        ("<p>um <s>9</s> 10 Uhr, <del>im Saal</del></p>", "um 10 Uhr,"),
        (
            "<dl><dt>Termin:</dt><dd>12. März</dd><dt>Ort</dt><dd>Saal</dd><dd>Hof</dd></dl>",
            "- Termin: 12. März\n- Ort: Saal; Hof",
        ),
        ("<dl><div><dt>Ort</dt><dd>Saal</dd></div></dl>", "- Ort: Saal"),
        ("<dl><dt>Was kostet das?</dt><dd><p>Nichts.</p></dd></dl>", "**Was kostet das?**\n\nNichts."),
        (
            "<table><caption>Termine</caption><tr><th>Tag</th><th>Ort</th></tr><tr><td>Mo</td><td>Hof</td></tr></table>",
            "Termine\n\n| Tag | Ort |\n|---|---|\n| Mo | Hof |",
        ),
        (
            "<table><tr><td>8 "
            "Uhr</td><td><ul><li>Gruß</li><li>Film<ul><li>Aussprache</li></ul></li></ul></td></tr></table>",
            "| | |\n|---|---|\n| 8 Uhr | Gruß; Film; Aussprache |",
        ),
        (
            "<table><tr><td rowspan=2>Mo</td><td>8</td></tr><tr><td>9</td></tr><tr><td "
            "colspan=2>frei</td></tr></table>",
            "| | |\n|---|---|\n| Mo | 8 |\n|  | 9 |\n| frei |  |",
        ),
        (
            "<table><tr><th>Ort</th><td>Hof</td></tr><tr><th>Tag</th><td>Mo</td></tr></table>",
            "| | |\n|---|---|\n| Ort | Hof |\n| Tag | Mo |",
        ),
        ("<table role=presentation><tr><td><p>eins</p></td><td>zwei</td></tr></table>", "eins\n\nzwei"),
        (
            "<table><tr><td><h2>Kopf</h2></td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>",
            "## Kopf\n\n| | |\n|---|---|\n| a | b |",
        ),
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
