"""A lead between heading and text is kept; dates, authors, captions and ways elsewhere are not."""

from __future__ import annotations

import pytest

from crawler.extract import Selectors
from crawler.extract.web.html import extract_html
from kb.model import RawContent

LEAD = "Mehr als 90 Koordinator*innen sprachen in Hof über Schul- und Berufswahl."
BODY = "".join(
    f"<p>Absatz {number}: Die Jugendberufsagentur berät junge Menschen am Übergang und begleitet sie. "
    "Niemand soll dabei verloren gehen, sagt die Koordinatorin des Landkreises.</p>"
    for number in range(6)
)


def text_of(head: str, *, description: str = "", body: str = BODY) -> str:
    meta = f'<meta name="description" content="{description}">' if description else ""
    page = f"""<html><head><title>Über Brücken</title>{meta}</head><body><div class="kopf"><h1>Über Brücken</h1>
      {head}</div><div class="text">{body}</div></body></html>"""
    return extract_html(RawContent(page.encode(), "seite.html"), Selectors()).text


@pytest.mark.parametrize(
    "head",
    [
        f"<p>{LEAD}</p>",
        f"<div class='vorspann'>{LEAD}</div>",
        f"<span>29.11.2018</span><p class='lead'><strong>{LEAD}</strong></p><p>Von Jürgen Weiß</p>",
    ],
)
def test_a_lead_stands_before_the_text_once(head: str) -> None:
    text = text_of(head)
    assert text.count("90 Koordinator") == 1
    assert text.index("90 Koordinator") < text.index("Absatz 0")


def test_a_subtitle_counts_where_the_page_describes_itself_with_it() -> None:
    subtitle = "Die Jugendkonferenz im Landkreis Harz zum Ankommen und Bleiben"
    assert subtitle in text_of(f"<h2>{subtitle}</h2>", description=subtitle)
    assert subtitle not in text_of(f"<h2>{subtitle}</h2>", description="Startseite des Landkreises")


@pytest.mark.parametrize(
    "head",
    [
        "<p>29. November 2018, 17.30 Uhr</p><p>Von Şeyma Öz</p>",
        "<figure><img src='a.jpg'><figcaption>Das Podium im Rathaus, Foto: Jürgen Weiß.</figcaption></figure>",
        f"<p><a href='/anders'>{LEAD}</a></p>",
        f"<ul><li><p>{LEAD}</p></li></ul>",
    ],
)
def test_what_is_no_lead_stays_away(head: str) -> None:
    text = text_of(head)
    assert text.startswith("Absatz 0")


def test_where_the_text_does_not_begin_behind_the_heading_nothing_is_added() -> None:
    page = f"<html><body><article>{BODY}</article><h1>Über Brücken</h1><p>{LEAD}</p></body></html>"
    text = extract_html(RawContent(page.encode(), "seite.html"), Selectors()).text
    assert not text.startswith("Mehr als 90")
