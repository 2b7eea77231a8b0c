"""What a reader sees is what the text holds: boxes, captions, tables, files; no furniture, nothing twice."""

from __future__ import annotations

import pytest

from tests.crawler.extract.samples import PARAGRAPH, read_page

SECOND = (
    "Die Patinnen lesen seit dem Herbst in vier Grundschulen vor, immer dienstags und immer zu zweit. "
    "Wer mitmachen möchte, bekommt eine Einführung und kann vorher einen Vormittag lang zusehen."
)
THIRD = (
    "Nach einem Jahr zieht der Verein eine gute Bilanz, auch weil die Stadtbücherei ihre Bestände öffnete und "
    "die Kinder ihre eigenen Bücher mitbringen durften."
)


def text_of(inner: str, *, before: str = "", after: str = "", around: str = "main") -> str:
    """A page with the piece between two paragraphs, in a layout of this kind."""
    article = f"<h1>Lesepaten</h1>{before}<p>{PARAGRAPH}</p>{inner}<p>{SECOND}</p><p>{THIRD}</p>{after}"
    layout = {
        "main": f"<main>{article}</main>",
        "article": f"<div id=page><article>{article}</article></div>",
        "div": f"<div id=page><div class=inhalt>{article}</div></div>",
    }[around]
    return read_page(
        f"<div class=kopf><a href='/'>Stadt Auenbrück</a></div>{layout}<footer>Impressum</footer>"
    ).text


BOXES = {
    "aside": '<aside class="infobox"><h2>Auf einen Blick</h2><p>Träger: Verein Leselust. Kosten: '
    "keine.</p></aside>",
    "aside without a name": "<aside><h3>Steckbrief</h3><ul><li>Träger: Verein Leselust</li></ul></aside>",
    "box": '<div class="related-info"><strong>Projektdaten</strong><p>Träger: Verein Leselust</p></div>',
    "sidebar box": '<div class="sidebar-box"><h3>Daten und Fakten</h3><p>Träger: Verein Leselust</p></div>',
    "table": "<div class=box><table><tr><td>Träger</td><td>Träger: Verein Leselust</td></tr></table></div>",
    "terms": "<aside class=factbox><dl><dt>Beginn</dt><dd>2017</dd><dt>Träger</dt><dd>Verein "
    "Leselust</dd></dl></aside>",
    "fieldset": "<fieldset><legend>Kurz gesagt</legend><p>Träger: Verein Leselust</p></fieldset>",
}
CAPTIONS = {
    "figure": '<figure><img src="a.jpg" alt=""><figcaption>Vorlesestunde in der Bücherei am '
    "Markt</figcaption></figure>",
    "wordpress": '<div class="wp-caption"><img src="a.jpg"><p class="wp-caption-text">Vorlesestunde in der '
    "Bücherei am "
    "Markt</p></div>",
    "typo3": '<div class="csc-textpic"><div class="csc-textpic-image"><img src="a.jpg"><div '
    'class="csc-textpic-caption">'
    "Vorlesestunde in der Bücherei am Markt</div></div></div>",
    "span": '<div class="bild"><img src="a.jpg"><span class="bildunterschrift">Vorlesestunde in der '
    "Bücherei am Markt"
    "</span></div>",
    "nameless": '<div class="x7"><a href="a-gross.jpg"><img src="a.jpg"></a><br>Vorlesestunde in der '
    "Bücherei am Markt</div>",
}
FILES = {
    "list": '<h2>Downloads</h2><ul><li><a href="/d/l.pdf">Leitfaden für Vorlesende</a></li></ul>',
    "size": '<h3>Dateien</h3><p><a href="/index.php?id=7">Leitfaden für Vorlesende (PDF, 240 kB)</a></p>',
    "typo3": '<div class="ce-uploads"><ul><li><span class="ce-uploads-fileName"><a '
    'href="/fileadmin/l.pdf">Leitfaden für '
    'Vorlesende</a></span> <span class="ce-uploads-filesize">240 KB</span></li></ul></div>',
    "block": '<div class="wp-block-file"><a href="https://a.example/l.docx">Leitfaden für Vorlesende</a>'
    '<a href="https://a.example/l.docx" class="wp-block-file__button" download>Herunterladen</a></div>',
}


@pytest.mark.parametrize("around", ["main", "article", "div"])
@pytest.mark.parametrize("name", BOXES)
def test_boxes_of_facts_are_text(name: str, around: str) -> None:
    assert "Verein Leselust" in text_of(BOXES[name], around=around)


@pytest.mark.parametrize("place", ["between", "before", "after"])
@pytest.mark.parametrize("name", CAPTIONS)
def test_captions_are_text(name: str, place: str) -> None:
    piece = CAPTIONS[name]
    text = {"between": text_of(piece), "before": text_of("", before=piece), "after": text_of("", after=piece)}[
        place
    ]
    assert text.count("Vorlesestunde in der Bücherei am Markt") == 1


@pytest.mark.parametrize("place", ["between", "after"])
@pytest.mark.parametrize("name", FILES)
def test_titles_of_files_are_text(name: str, place: str) -> None:
    text = text_of(FILES[name]) if place == "between" else text_of("", after=FILES[name])
    assert "Leitfaden für Vorlesende" in text


def test_articles_of_a_page_keep_their_headings() -> None:
    seasons = "".join(
        f"<article><h2>{name}</h2><p>{SECOND}{name}</p></article>" for name in ("Saat", "Blüte", "Ernte")
    )
    text = read_page(f"<main><h1>Das Gartenjahr</h1>{seasons}</main>").text
    assert [line for line in text.split("\n") if line.startswith("#")] == ["## Saat", "## Blüte", "## Ernte"]


@pytest.mark.parametrize(
    "copies",
    [
        ("hidden-xs", "visible-xs"),
        ("d-none d-md-block", "d-md-none"),
        ("show-for-large", "hide-for-large"),
        ("desktop", "mobil"),
    ],
)
def test_copies_for_other_screens_are_read_once(copies: tuple[str, str]) -> None:
    piece = f"<h2>Der Ablauf</h2><p>{PARAGRAPH}</p><ul><li>{SECOND}</li></ul>"
    wide, narrow = (f'<div class="{name}">{piece}</div>' for name in copies)
    text = read_page(f"<main><h1>Lesepaten</h1>{wide}{narrow}<p>{THIRD}</p></main>").text
    assert text.count(PARAGRAPH) == 1
    assert text.count(SECOND) == 1
    assert text.count("Der Ablauf") == 1


def test_what_is_said_twice_on_purpose_stays() -> None:
    rows = "<table><tr><th>Tag</th><th>Was</th></tr>" + "<tr><td>Mo</td><td>Vorlesen</td></tr>" * 2 + "</table>"
    text = text_of(f"<h3>Früh</h3><p>Offen für alle.</p><h3>Spät</h3><p>Offen für alle.</p>{rows}")
    assert text.count("Offen für alle.") == 2
    assert text.count("| Mo | Vorlesen |") == 2


FURNITURE = {
    "feedback": "<p class=feedback>War diese Seite hilfreich?</p><p>Ja Nein</p>",
    "question": "<div><h3>Hat Ihnen dieser Artikel gefallen?</h3><button>Ja</button></div>",
    "film": "<div class=video><p>Mit dem Laden des Videos akzeptieren Sie die Datenschutzerklärung der "
    "Plattform.</p></div>",
    "foreign content": "<div><p>An dieser Stelle finden Sie einen externen Inhalt von Flimmerkiste, der den "
    "Artikel "
    "ergänzt.</p><label>Externer Inhalt</label></div>",
    "share": "<div class='teilen-leiste'><p>Teilen</p><ul><li><a "
    "href='https://x.example/s'>Mastodon</a></li></ul></div>",
    "read also": "<p><strong>Lesen Sie auch: <a href='/a'>Neue Bücher für den Bus</a></strong></p>",
    "teasers": "<h3>Auch interessant</h3><ul><li><a href='/a'>Neue Bücher für den Bücherbus der Stadt</a></li>"
    "<li><a href='/b'>Der Lesesommer beginnt schon im Mai</a></li></ul>",
    "cards": "<div class=karten><h2>Das könnte Sie auch interessieren</h2><div><h3><a href='/a'>Neue "
    "Bücher</a></h3><p>Der "
    "Bus hält wieder.</p></div><div><h3><a href='/b'>Lesesommer</a></h3><p>Er beginnt.</p></div></div>",
    "labelled titles": "<ul><li><b>Bücherbus:</b> <a href='/a'>Warum er jetzt auch sonntags "
    "hält</a></li><li><b>Lesesommer:"
    "</b> <a href='/b'>Zwölf Tipps für die Ferien</a></li></ul>",
    "back": "<p><a href='/aktuelles'>Zurück zur Übersicht</a></p>",
    "newsletter": "<div class='newsletter-box'><h3>Immer informiert</h3><p>Unser Rundbrief kommt "
    "monatlich.</p></div>",
    "tags": "<p>Schlagwörter: <a href='/t/1'>Lesen</a>, <a href='/t/2'>Ehrenamt</a></p>",
    "paths": "<p><a href='/'>Start</a> &gt; <a href='/b'>Bildung</a> &gt; <a href='/b/l'>Lesen</a></p>",
    "print": "<p><a href='javascript:print()'>Seite drucken</a></p>",
    "duration": "<div class=player><p>02:17 / 14:03</p></div>",
}


@pytest.mark.parametrize("name", FURNITURE)
def test_furniture_behind_a_text_goes(name: str) -> None:
    assert text_of("", after=FURNITURE[name]) == text_of("")


@pytest.mark.parametrize("name", sorted(FURNITURE.keys() - {"paths"}))
def test_furniture_within_a_text_goes(name: str) -> None:
    assert text_of(FURNITURE[name]) == text_of("")


@pytest.mark.parametrize(
    "piece",
    [
        "<h2>Weitere Informationen</h2><ul><li><a href='/a'>Satzung des Vereins Leselust</a></li><li><a "
        "href='/b'>"
        "Aufnahmeantrag für Vorlesende</a></li></ul>",
        "<p>Ansprechpartnerin: Büro Leselust, <a href='mailto:b@leselust.example'>b@leselust.example</a></p>",
        "<ul><li>Bücher wählen</li><li>Satzung kennen</li></ul>",
        "<p>Teilen ist das Prinzip: Satzung und Bücher gehören allen.</p><p>Büro: täglich</p>",
    ],
)
def test_what_only_looks_like_furniture_stays(piece: str) -> None:
    text = text_of("", after=piece)
    assert "Satzung" in text or "Büro Leselust" in text


def test_columns_of_a_table_that_places_things() -> None:
    menu = "".join(f"<tr><td><a href='{n}.htm'>Seite {n} des Vereins</a></td></tr>" for n in range(12))
    side = "<td width=150><p><b>Neu!</b><br>Der Bücherbus fährt wieder durch alle Ortsteile.</p></td>"
    text = read_page(
        f"<table width=780><tr><td><table>{menu}</table></td><td><p><font "
        f"size=5>Lesepaten</font></p><p>{PARAGRAPH}</p>"
        "<table border=1><tr><td>Montag</td><td>Nordschule</td></tr>"
        "<tr><td>Dienstag</td><td>Südschule</td></tr></table>"
        f"<p>{SECOND}</p><p>{THIRD}</p></td>{side}</tr></table>"
    ).text
    assert "| Montag | Nordschule |" in text
    assert text.index(PARAGRAPH) < text.index("Montag") < text.index(SECOND)
    assert "Seite 3" not in text
    assert "Bücherbus" not in text


def test_a_page_of_links_keeps_them() -> None:
    links = "".join(f"<li><a href='/{n}'>Satzung und Ordnungen, Teil {n}</a></li>" for n in range(9))
    text = read_page(f"<main><h1>Ortsrecht</h1><p>Alle Satzungen der Stadt.</p><ul>{links}</ul></main>").text
    assert "Teil 8" in text


@pytest.mark.parametrize("tag", ["article", "div"])
def test_loose_links_beside_paragraphs_cost_no_text(tag: str) -> None:
    loose = "<a href='/1'>x</a><a href='/2'>y</a>"
    for inner in (f"<p>{PARAGRAPH}</p>{loose}", f"{loose}<p>{PARAGRAPH}</p>"):
        assert PARAGRAPH in read_page(f"<main><{tag}><h1>Bus</h1>{inner}</{tag}></main>").text


@pytest.mark.parametrize(
    "piece",
    [
        "<h2 id='newsletter-fuer-eltern'>Ein Rundbrief</h2><p>Er liegt aus.</p>",
        "<section id='navigation-durch-die-buecherei-am-markt'><h2>Ein Rundbrief</h2>"
        "<p>Er liegt aus.</p></section>",
        "<article class='post tag-newsletter category-social'><h2>Ein Rundbrief</h2>"
        "<p>Er liegt aus.</p></article>",
        "<div class='wettbewerbe'><h2>Ein Rundbrief</h2><p>Er liegt aus.</p></div>",
    ],
)
def test_names_that_say_what_a_text_is_about(piece: str) -> None:
    assert "## Ein Rundbrief\n\nEr liegt aus." in text_of(piece)


def test_a_text_behind_a_wall_among_teasers() -> None:
    """The place of the text has a name of furniture and less than half of the letters, but the paragraphs."""
    titles = "".join(
        f"<div><a href='/{n}'>Bericht {n} aus dem Stadtrat von Auenbrück</a></div>" for n in range(90)
    )
    wall = f"<div class='paywall'><p>{PARAGRAPH}</p><p>{SECOND}</p><p>{THIRD}</p></div>"
    text = read_page(f"<div class=seite><h1>Lesepaten</h1>{wall}<div class=mehr>{titles}</div></div>").text
    assert THIRD in text
    assert "Bericht 40" not in text


def test_a_title_behind_a_kicker_does_not_stand_in_the_text() -> None:
    text = read_page(f"<main><p>Bildung</p><h1>Lesepaten</h1><p>{PARAGRAPH}</p><p>{SECOND}</p></main>").text
    assert "# Lesepaten" not in text


def test_times_in_sentences_stay() -> None:
    piece = "<p>Das Fest begann am <time datetime='2018-06-09'>9. Juni 2018</time> auf dem Markt.</p>"
    assert "Das Fest begann am 9. Juni 2018 auf dem Markt." in text_of(piece)


def test_addresses_and_raised_letters() -> None:
    piece = (
        "<p>Der Raum hat 80 m<sup>2</sup>.<sup><a href='#n1'>1</a></sup> CO<sub>2</sub> misst "
        "<u>niemand</u>, siehe <a "
        "href='#n1'>unten</a> und <a href='/karte#raum'>Karte</a>.</p>"
    )
    wanted = (
        "Der Raum hat 80 m².[1] CO₂ misst niemand, siehe unten und [Karte](https://bildung.example/karte#raum)."
    )
    assert wanted in text_of(piece)
