from __future__ import annotations

import pytest

from crawler.extract import Selectors
from crawler.extract.web.html import extract_html
from kb.errors import ConfigurationError, UnreadableInputError
from kb.model import Event, PartialDate, RawContent
from tests.crawler.extract.samples import PARAGRAPH, read, read_page

CONSENT = (
    '<div id="cookie-banner" class="consent"><p>Wir verwenden Cookies, um Ihnen ein optimales Erlebnis zu '
    "bieten. Mit Klick auf Alle akzeptieren stimmen Sie zu.</p><button>Alle akzeptieren</button></div>"
)
NAVIGATION = '<nav><ul><li><a href="/">Startseite</a></li><li><a href="/themen">Themen</a></li></ul></nav>'
TEASERS = (
    '<aside class="teaser-box"><h3><a href="/b">Migrantenklasse startet</a></h3>'
    "<p>Lesen Sie mehr über die neue Klasse an der Berufsschule und ihre Förderung.</p></aside>"
)
FOOTER = "<footer><p>Impressum | Datenschutz | Barrierefreiheit</p></footer>"


def framed(article: str) -> str:
    return f"{CONSENT}{NAVIGATION}<main><article>{article}</article>{TEASERS}</main>{FOOTER}"


def test_the_main_text_stays_and_everything_around_it_goes() -> None:
    found = read_page(framed(f"<h1>Der Fachtag</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH[::-1]}</p>"))
    assert found.title == "Der Fachtag"
    assert found.text == f"{PARAGRAPH}\n\n{PARAGRAPH[::-1]}"


def test_structure_becomes_markdown() -> None:
    found = read_page(
        framed(
            f"<h1>Der Fachtag</h1><p>{PARAGRAPH}</p><h2>Was zählt vor Ort?</h2>"
            "<ul><li>Absprachen von Schule und Amt<ul><li>schriftlich</li></ul></li>"
            "<li>Eine Person je Quartier</li></ul>"
            '<ol start="4"><li>Rollen erklären</li><li>Kurz sprechen</li></ol>'
            "<blockquote><p>Ohne Vertrauen geht es nicht.</p></blockquote>"
            "<table><tr><th>Jahr</th><th>Gäste</th></tr><tr><td>2018</td><td>60</td></tr></table>"
            '<p>Mehr steht im <a href="/konzept.pdf">Konzept</a> der <strong>Stadt</strong> Musterstadt.</p>'
        )
    )
    for piece in (
        "\n\n## Was zählt vor Ort?\n\n",
        "- Absprachen von Schule und Amt\n  - schriftlich\n- Eine Person je Quartier",
        "4. Rollen erklären\n5. Kurz sprechen",
        "> Ohne Vertrauen geht es nicht.",
        "| Jahr | Gäste |\n|---|---|\n| 2018 | 60 |",
        "im [Konzept](https://bildung.example/konzept.pdf) der **Stadt** Musterstadt",
    ):
        assert piece in found.text


def test_gender_forms_umlauts_and_soft_hyphens() -> None:
    article = (
        f"<h1>Titel</h1><p>{PARAGRAPH}</p><p>Schüler*innen, Koordinator:innen, Lehrer_innen und LehrerInnen "
        "grüßen die Fach&shy;kräfte; z.&nbsp;B. im Quartiers&shy;management. Zu\u0308gig.</p>"
    )
    found = read_page(framed(article))
    assert "Schüler*innen, Koordinator:innen, Lehrer_innen und LehrerInnen grüßen die Fachkräfte" in found.text
    assert "z. B. im Quartiersmanagement. Zügig." in found.text


def test_glued_names_and_leftovers_stop_nothing() -> None:
    article = (
        f"<h1>Rückblick</h1><p>{PARAGRAPH}</p><p>Wir gestalten den Kreis.<br>"
        "Markus MusterWichtig für alle sei das."
        "</p><p>Downloads</p><p>Ansprechperson</p>"
    )
    found = read_page(framed(article))
    assert "Markus MusterWichtig für alle" in found.text


def test_a_short_announcement_is_not_lost() -> None:
    found = read_page(
        f"{NAVIGATION}<main><h1>Elterncafé</h1><p>Jeden Dienstag um 9 Uhr im Saal.</p></main>{FOOTER}"
    )
    assert found.title == "Elterncafé"
    assert "Jeden Dienstag um 9 Uhr im Saal." in found.text
    assert "Startseite" not in found.text
    assert "Impressum" not in found.text


def test_a_banner_class_on_the_body_does_not_empty_the_page() -> None:
    body = f'<div class="cookie-consent-given"><h1>Titel</h1><p>{PARAGRAPH}</p></div>'
    assert read_page(body).text == PARAGRAPH


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('<meta property="og:title" content="Fachtag in Hof"><title>x</title>', "Die Überschrift"),
        ("<title>Egal</title>", "Die Überschrift"),
        (
            '<meta property="og:site_name" content="Stadt Hof">'
            '<meta property="og:title" content="Pressemitteilungen – Stadt Hof">',
            "Die Überschrift",
        ),
        (
            '<meta property="og:site_name" content="Stadt Hof"><meta property="og:title" content="Stadt Hof">',
            "Die Überschrift",
        ),
    ],
)
def test_titles(head: str, title: str) -> None:
    assert read_page(framed(f"<h1>Die Überschrift</h1><p>{PARAGRAPH}</p>"), head=head).title == title


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (
            "<h1 class=aural>Navigation und Service</h1><main><h1>Fachtag</h1>{}</main>",
            "<title>Amt - Fachtag</title>",
        ),
        (
            "<h1 id=logo><a href=/>Stadt Hof</a></h1><div><h2>Fachtag</h2>{}</div>",
            "<title>Stadt Hof: Fachtag</title>",
        ),
        ("<main><h1>Aktuelles</h1><h2>Fachtag</h2>{}</main>", "<title>Aktuelles | Stadt Hof</title>"),
        (
            "<main><h1><span class=kicker>Bildung:</span> Fachtag</h1>{}</main>",
            "<title>Fachtag | Stadt Hof</title>",
        ),
        ("<main>{}</main>", "<title>Fachtag - Amt für Schule Hof</title>"),
        (
            "<main>{}</main>",
            "<title>Stadt Hof &gt; Aktuelles &gt; Fachtag</title><meta property=og:site_name "
            "content='Stadt Hof'>",
        ),
        ("<center><font size=5>Fachtag</font></center>{}", "<title>Stadt Hof - Willkommen</title>"),
    ],
)
def test_the_title_is_the_documents_own(body: str, head: str) -> None:
    assert read_page(body.format(f"<p>{PARAGRAPH}</p>" * 3), head=head).title == "Fachtag"


def test_a_title_without_a_heading_loses_the_sites_name_after_a_bar() -> None:
    found = read_page(
        framed(f"<p>{PARAGRAPH}</p>"), head="<title>Schule – Beruf: was hilft? | Stadt Hof</title>"
    )
    assert found.title == "Schule – Beruf: was hilft?"


def test_a_page_without_any_title_gets_one_from_its_text() -> None:
    assert read_page(f"<p>{PARAGRAPH}</p>").title.startswith("Am 12. März trafen sich rund 80 Fachkräfte")


def test_selectors_of_a_source_win() -> None:
    body = (
        '<h1>Portal</h1><h2 class="t">Der Titel</h2><div class="inhalt"><p>Erster Absatz.</p>'
        '<div class="inhalt"><p>Innerer Absatz.</p></div><p class="weg">Drucken</p></div>'
        '<span class="wann">Stand 3. Mai 2021</span><p>Nebensache.</p>'
    )
    chosen = Selectors(text=".inhalt", title=".t", published=".wann", remove=(".weg",))
    found = read_page(body, selectors=chosen)
    assert found.title == "Der Titel"
    assert found.text == "Erster Absatz.\n\nInnerer Absatz."
    assert found.published == PartialDate(2021, 5, 3)


def test_selectors_that_find_nothing_do_not_lose_the_page() -> None:
    found = read_page(framed(f"<h1>Titel</h1><p>{PARAGRAPH}</p>"), selectors=Selectors(text=".gibtsnicht"))
    assert found.text == PARAGRAPH


def test_a_wrong_selector_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"„div\[“"):
        Selectors(text="div[")


def test_a_page_without_text() -> None:
    with pytest.raises(UnreadableInputError, match="kein Text"):
        read_page("<div id='app'></div><script>let a = 1;</script>")


def test_local_pages_keep_the_words_of_relative_links() -> None:
    body = f'<main><h1>T</h1><p>{PARAGRAPH} Siehe <a href="konzept.html">das Konzept</a> im Anhang.</p></main>'
    text = read(f"<html><body>{body}</body></html>".encode(), "seite.html").text
    assert "Siehe das Konzept im Anhang." in text


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_charsets_of_pages(encoding: str) -> None:
    markup = (
        f'<html><head><meta charset="{encoding}"></head><body><h1>Größe</h1><p>{PARAGRAPH}</p></body></html>'
    )
    assert read(markup.encode(encoding), "seite.html").text == PARAGRAPH


def test_xhtml_with_a_declaration() -> None:
    markup = f"<!DOCTYPE html><html><body><h1>T</h1><p>{PARAGRAPH}</p></body></html>"
    markup = f'<?xml version="1.0" encoding="UTF-8"?>\n{markup}'
    assert read(markup.encode(), "seite.xhtml").text == PARAGRAPH


def test_bylines_are_read_and_do_not_stand_in_the_text() -> None:
    byline = '<p class="byline">Von Erika Beispiel und Ali Muster, 12. März 2019</p>'
    found = read_page(f"<main><h1>Titel</h1>{byline}<p>{PARAGRAPH}</p></main>")
    assert found.authors == ("Erika Beispiel", "Ali Muster")
    assert found.published == PartialDate(2019, 3, 12)
    assert found.text == PARAGRAPH


def test_a_date_in_the_text_that_is_not_the_publications_stays() -> None:
    head = '<meta property="article:published_time" content="2018-02-22">'
    found = read_page(framed(f"<h1>Protokoll</h1><p><b>Datum:</b> 15.02.2018</p><p>{PARAGRAPH}</p>"), head=head)
    assert found.text.startswith("**Datum:** 15.02.2018")
    assert found.event is None


def test_an_event_that_the_page_states_as_data() -> None:
    head = (
        '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": "EducationEvent", '
        '"startDate": "2019-11-29T09:00", "endDate": "2019-11-30"}]}</script>'
    )
    found = read_page(framed(f"<h1>Forum</h1><p>{PARAGRAPH}</p>"), head=head)
    assert found.event == Event(PartialDate(2019, 11, 29), PartialDate(2019, 11, 30))


def test_comments_below_a_text_do_not_become_the_text() -> None:
    """A theme that keeps its comments in the element of the text: they are longer than the text itself."""
    text = "".join(
        f"<p>Absatz {n}: Die Stadt begleitet Jugendliche beim Übergang von der Schule.</p>" for n in range(8)
    )
    comments = "".join(
        f"<li><p>Kommentar {n}: Das halte ich für groben Unsinn, weil es so ist.</p></li>" for n in range(80)
    )
    head = '<meta name="generator" content="WordPress 3.1">'
    body = f"<div id=content><h1>Übergang</h1>{text}<ol class=commentlist>{comments}</ol></div>"
    found = extract_html(
        RawContent(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "seite.html"), Selectors()
    ).text
    assert "Absatz 7: Die Stadt begleitet" in found
    assert "Unsinn" not in found


def test_an_element_that_was_guessed_must_agree_with_the_page() -> None:
    """The menu has more paragraphs than the text, and they are no text of this page."""
    menu = "".join(
        f"<li><p><a href='/{n}'>Stadtviertel und Sehenswürdigkeiten {n}</a></p></li>" for n in range(60)
    )
    text = "".join(
        f"<p>Absatz {n}: Das Bohnenviertel entstand im Mittelalter vor der Stadtmauer.</p>" for n in range(12)
    )
    page = f"<body><div><ul id=navigation>{menu}</ul></div><div><h2>Viertel</h2>{text}</div></body>"
    found = extract_html(RawContent(page.encode(), "seite.html"), Selectors()).text
    assert "Absatz 11: Das Bohnenviertel" in found
    assert "Sehenswürdigkeiten 30" not in found


def test_pictures_say_what_they_show() -> None:
    """Sentences for those who do not see it; no file names, logos, captions said twice, ways elsewhere."""
    filler = "<p>Der Stadtteiltreff im Quartier lädt Familien zum Frühstück ein. " * 3 + "</p>"
    page = f"""<html><body><main><h1>Stadtteilmütter</h1>{filler}
      <p><img src="a.jpg" alt="Vier Stadtteilmütter stehen vor dem Rathaus von Neukölln"></p>{filler}
      <figure><img src="b.jpg" alt="Das Team der Jugendberufsagentur Hof"><figcaption>Das Team der
      Jugendberufsagentur Hof, Foto: Weiß</figcaption></figure>
      <p><img src="c.jpg" alt="IMG_2018_11_29 Fachtag Dortmund final.jpg">
      <img alt="Logo der Stadt Halle an der Saale"></p>
      <p><a href="/anderes"><img src="d.jpg" alt="Hier geht es zum nächsten Bericht im Archiv"></a></p>
      <p><a href="gross.jpg"><img src="e.jpg" alt="Ein langer Tisch quer über den Untermarkt"></a></p>{filler}
      </main></body></html>"""
    text = extract_html(RawContent(page.encode(), "seite.html"), Selectors()).text
    assert "Bild: Vier Stadtteilmütter stehen vor dem Rathaus von Neukölln" in text
    assert "Bild: Ein langer Tisch quer über den Untermarkt" in text
    assert text.count("Bild: ") == 2
