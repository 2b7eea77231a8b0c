"""Pages as common systems write them, made up: the text is found, what the system puts around it is not."""

from __future__ import annotations

import pytest
from lxml.cssselect import CSSSelector

from crawler.extract.input.markup import parse_page
from crawler.extract.web.systems import system_of, systems
from tests.crawler.extract.samples import PARAGRAPH, page, read_page

SECOND = (
    "Die Koordinierungsstelle begleitet seitdem sechs Quartiere. Sie lädt Eltern, Kitas und Vereine ein, hält "
    "Absprachen fest und sorgt dafür, dass niemand zweimal dieselben Fragen beantworten muss."
)
LIST = "<ul><li>Runder Tisch im Ganztag</li><li>Sprechstunde für Neuzugewanderte</li></ul>"
TEXT = f"<p>{PARAGRAPH}</p><h2>Was daraus wurde</h2><p>{SECOND}</p>{LIST}"
WORDS = ("Übergänge", "Was daraus wurde", "niemand zweimal", "Sprechstunde für Neuzugewanderte")
LONG = "Dieser Absatz steht auf jeder Seite des Auftritts und gehört zu keiner, so lang er auch sein mag. " * 4
MENU = (
    "<ul><li><a href='/a'>Rathaus und Bürgerservice</a></li><li><a href='/b'>Leben in Auenbrück</a></li></ul>"
)

PAGES = {
    "typo3": (
        "<meta name=generator content='TYPO3 CMS'>",
        f"<header><div class=navbar>{MENU}</div></header><div id=wrap><div class=col><!--TYPO3SEARCH_begin-->"
        f"<div class='frame frame-type-text'><h1>Fachtag Übergang</h1>{TEXT}</div>"
        f"<div class='frame frame-type-menu_subpages'>{MENU}</div>"
        "<div class=news-backlink-wrap><p>Zurück zur Übersicht</p></div><!--TYPO3SEARCH_end--></div>"
        f"<div class=rechts><h3>Kontakt</h3><p>{LONG}</p></div></div>",
    ),
    "gsb": (
        "<meta name=generator content='Government Site Builder'>",
        f"<div id=navPrimary>{MENU}</div><div id=main><div id=content><h1>Fachtag Übergang</h1>{TEXT}"
        "<div class=sectionRelated><h2>Verwandte Themen</h2><p>Mehr zum Thema Ganztag</p></div>"
        f"<p class=aural>Seite vorlesen</p></div><div id=supplement><p>{LONG}</p></div></div>",
    ),
    "wordpress": (
        "<link rel=stylesheet href='https://a.example/wp-content/themes/x.css'>",
        f"<div id=content><article class=post><h1>Fachtag Übergang</h1><div class=entry-content>{TEXT}"
        "<div class='sharedaddy'><p>Teilen mit: Mastodon</p></div></div>"
        "<footer class=entry-footer><p>Schlagwörter: Übergang</p></footer></article>"
        f"<div id=comments><h3>Ein Kommentar</h3><p>{LONG}</p></div></div>",
    ),
    "drupal": (
        "<meta name=Generator content='Drupal 10 (https://www.drupal.org)'>".replace("name=G", "name=g"),
        f"<div class=region-header>{MENU}</div><div class=region-content><article class=node>"
        f"<h1>Fachtag Übergang</h1><div class=node__content>{TEXT}"
        "<div class=node__links><p>Zum Kommentieren anmelden</p></div></div></article></div>"
        f"<div class=region-sidebar-second><p>{LONG}</p></div>",
    ),
    "plone": (
        "<meta name=generator content='Plone - https://plone.org/'>",
        f"<div id=portal-column-one><p>{LONG}</p></div><div id=content><h1 class=documentFirstHeading>"
        f"Fachtag Übergang</h1><div id=content-core>{TEXT}</div>"
        "<div class=documentByLine><p>zuletzt geändert von Verwaltung</p></div>"
        "<div id=viewlet-below-content><p>Artikelaktionen Drucken</p></div></div>",
    ),
    "contao": (
        "<meta name=generator content='Contao Open Source CMS'>",
        f"<div id=left><p>{LONG}</p></div><div id=main><div class=mod_newsreader>"
        f"<h1>Fachtag Übergang</h1>{TEXT}"
        "<p class=back>Zurück zur Übersicht</p></div></div>",
    ),
    "joomla": (
        "<meta name=generator content='Joomla! - Open Source Content Management'>",
        f"<div class=item-page><h1>Fachtag Übergang</h1><dl class=article-info><dd>Zugriffe: 1204</dd></dl>"
        f"<div itemprop=articleBody>{TEXT}</div><ul class=pager><li>Weiter zum nächsten</li></ul></div>"
        f"<div class=right><p>{LONG}</p></div>",
    ),
}
NOISE = [
    *("Rathaus und Bürgerservice", "auf jeder Seite", "Übersicht", "Verwandte", "vorlesen", "Mastodon"),
    *("Schlagwörter", "anmelden", "Verwaltung", "Artikelaktionen", "Zugriffe", "zum nächsten"),
]


@pytest.mark.parametrize("name", PAGES)
def test_the_text_is_found_and_nothing_else(name: str) -> None:
    head, body = PAGES[name]
    assert system_of(parse_page(page(body, head=head).decode())) is systems()[name]
    found = read_page(body, head=head)
    assert found.title == "Fachtag Übergang"
    assert [words for words in WORDS if words not in found.text] == []
    assert [words for words in NOISE if words in found.text] == []


@pytest.mark.parametrize("name", PAGES)
def test_rules_that_find_nothing_lose_nothing(name: str) -> None:
    """A system's page in a layout of its own is read like any other page."""
    found = read_page(f"<section><h1>Fachtag Übergang</h1>{TEXT}</section>", head=PAGES[name][0])
    assert [words for words in WORDS if words not in found.text] == []


def test_every_system_has_a_sample_and_valid_selectors() -> None:
    assert set(systems()) == set(PAGES)
    for system in systems().values():
        assert system.signs
        for selector in (*system.signs, *system.main, *system.remove):
            CSSSelector(selector)


def test_a_page_of_no_known_system() -> None:
    assert system_of(parse_page(page(TEXT).decode())) is None
    assert system_of(parse_page("<p>ohne Kopf</p>")) is None
