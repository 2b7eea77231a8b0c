"""Panels and accordions as systems and hands make them: what a click opens is text, else hidden is hidden."""

from __future__ import annotations

import pytest

from tests.crawler.extract.samples import PARAGRAPH, read_page

FIRST = "Die Sprechstunde der Lernbegleitung liegt am Nachmittag, wenn die Werkstätten der Schule offen sind."
SECOND = "Anmelden können sich Familien im Bürgerladen; Fahrkarten und ein warmes Essen sind für alle frei."

PANELS = {
    "bootstrap 3": '<ul class="nav nav-tabs"><li class="active"><a data-toggle="tab" '
    'href="#zeit">Zeiten</a></li>'
    '<li><a data-toggle="tab" href="#weg">Anmeldung</a></li></ul><div class="tab-content">'
    f'<div id="zeit" class="tab-pane active"><p>{FIRST}</p></div>'
    f'<div id="weg" class="tab-pane" style="display: none"><p>{SECOND}</p></div></div>',
    "aria": '<div role="tablist"><button role="tab" aria-controls="p1" aria-selected="true">Zeiten</button>'
    '<button role="tab" aria-controls="p2" aria-selected="false">Anmeldung</button></div>'
    f'<div role="tabpanel" id="p1"><p>{FIRST}</p></div><div role="tabpanel" id="p2" '
    f"hidden><p>{SECOND}</p></div>",
    "jquery ui": '<div id="tabs"><ul><li><a href="#t-1">Zeiten</a></li><li><a '
    'href="#t-2">Anmeldung</a></li></ul>'
    f'<div id="t-1"><p>{FIRST}</p></div><div id="t-2" aria-hidden="true" style="display:none;"><p>{SECOND}</p>'
    "</div></div>",
    "elementor": '<div class="elementor-tabs"><div class="elementor-tabs-wrapper" role="tablist">'
    '<div class="elementor-tab-title" role="tab" aria-controls="ec-1">Zeiten</div>'
    '<div class="elementor-tab-title" role="tab" aria-controls="ec-2">Anmeldung</div></div>'
    f'<div id="ec-1" class="elementor-tab-content" role="tabpanel"><p>{FIRST}</p></div>'
    f'<div id="ec-2" class="elementor-tab-content" role="tabpanel" hidden="hidden"><p>{SECOND}</p></div></div>',
}
ACCORDIONS = {
    "heading with a button": f"<h3><button type='button' "
    f"aria-expanded='false'>Zeiten</button></h3><div><p>{FIRST}</p>"
    f"</div><h3><button type='button'>Anmeldung</button></h3><div><p>{SECOND}</p></div>",
    "bootstrap 5": '<div class="accordion"><div class="accordion-item"><h2 class="accordion-header"><button '
    'class="accordion-button" data-bs-toggle="collapse" data-bs-target="#c1" '
    'aria-controls="c1">Zeiten</button></h2>'
    f'<div id="c1" class="accordion-collapse collapse"><div class="accordion-body">{FIRST}</div></div></div>'
    '<div class="accordion-item"><h2 class="accordion-header"><button class="accordion-button collapsed" '
    'data-bs-toggle="collapse" data-bs-target="#c2">Anmeldung</button></h2><div id="c2" class="collapse">'
    f'<div class="accordion-body">{SECOND}</div></div></div></div>',
    "bootstrap 4": '<div id="acc"><div class="card"><div class="card-header"><h5><a href="#d1" '
    'data-toggle="collapse">Zeiten'
    f'</a></h5></div><div id="d1" class="collapse show"><div class="card-body">{FIRST} <a '
    f'href="/plan">Plan</a></div></div>'
    '</div><div class="card"><div class="card-header"><h5><a href="#d2" '
    'data-toggle="collapse">Anmeldung</a></h5></div>'
    f'<div id="d2" class="collapse"><div class="card-body">{SECOND}</div></div></div></div>',
    "details": f"<details open><summary>Zeiten</summary><p>{FIRST}</p></details>"
    f"<details><summary><span>Anmeldung</span></summary><p>{SECOND}</p></details>",
    "button and panel": f'<button class="accordion">Zeiten</button><div class="panel"><p>{FIRST}</p></div>'
    f'<button class="accordion">Anmeldung</button><div class="panel" '
    f'style="display:none"><p>{SECOND}</p></div>',
    "contao": f'<section class="ce_accordion"><div class="toggler">Zeiten</div><div '
    f'class="accordion"><div><p>{FIRST}'
    '</p></div></div></section><section class="ce_accordion"><div class="toggler">Anmeldung</div>'
    f'<div class="accordion" style="display:none"><div><p>{SECOND}</p></div></div></section>',
    "divi": f'<div class="et_pb_toggle"><h5 class="et_pb_toggle_title">Zeiten</h5><div '
    f'class="et_pb_toggle_content"><p>'
    f'{FIRST}</p></div></div><div class="et_pb_toggle"><h5 class="et_pb_toggle_title">Anmeldung</h5>'
    f'<div class="et_pb_toggle_content" style="display: none"><p>{SECOND}</p></div></div>',
    "link with a script": """<h4><a href="#" onclick="toggle('k1');return false">Zeiten</a></h4>"""
    f"""<div id="k1"><p>{FIRST}</p></div><h4><a href="#" onclick="toggle('k2')">Anmeldung</a></h4>"""
    f'<div id="k2" style="display:none"><p>{SECOND}</p></div>',
    "link to a panel": '<p><a aria-expanded="true" href="#a1">Zeiten</a></p>'
    f'<div id="a1"><p>{FIRST}</p></div><p><a aria-expanded="false" href="#a2">Anmeldung</a></p>'
    f'<div id="a2" aria-hidden="true"><p>{SECOND}</p></div>',
    "list of terms": f'<dl class="faq"><dt><button aria-controls="f1" '
    f'aria-expanded="false">Zeiten</button></dt><dd id="f1">'
    f'<p>{FIRST}</p></dd><dt><button aria-controls="f2">Anmeldung</button></dt><dd id="f2" '
    f"hidden><p>{SECOND}</p></dd></dl>",
}


def text_of(inner: str) -> str:
    return read_page(f"<main><h1>Lernladen</h1><p>{PARAGRAPH}</p>{inner}<p>{PARAGRAPH[::-1]}</p></main>").text


@pytest.mark.parametrize("name", PANELS)
def test_every_panel_is_text_under_its_label(name: str) -> None:
    lines = text_of(PANELS[name]).split("\n")
    for label, passage in (("Zeiten", FIRST), ("Anmeldung", SECOND)):
        assert lines[lines.index(passage) - 2].strip("# *") == label
    assert "\n".join(lines).count("Anmeldung") == 1


@pytest.mark.parametrize("name", ACCORDIONS)
def test_controls_of_accordions_are_headings(name: str) -> None:
    lines = text_of(ACCORDIONS[name]).split("\n")
    for label, passage in (("Zeiten", FIRST), ("Anmeldung", SECOND)):
        place = next(number for number, line in enumerate(lines) if line.startswith(passage))
        assert lines[place - 2].startswith(("#", "**"))
        assert lines[place - 2].strip("# *") == label


@pytest.mark.parametrize(
    "hidden",
    [
        f'<div style="display:none"><p>{FIRST}</p></div>',
        f"<div hidden><p>{FIRST}</p></div>",
        f'<p style="color: red; visibility: hidden">{FIRST}</p>',
        f'<div aria-hidden="true"><p>{FIRST}</p></div>',
        f'<div id="m" class="modal tab-pane" style="display:none"><p>{FIRST}</p></div>',
        '<p>Weiter<span class="sr-only"> zur Seite mit allen Sprechstunden der Lernbegleitung</span></p>',
    ],
)
def test_hidden_text_that_nothing_opens_stays_out(hidden: str) -> None:
    assert "Lernbegleitung" not in text_of(hidden)


def test_controls_without_a_meaning_are_no_text() -> None:
    text = text_of(
        f'<p>{FIRST}</p><button aria-expanded="false" aria-controls="rest">Mehr anzeigen</button>'
        f'<div id="rest" hidden><p>{SECOND}</p></div>'
    )
    assert SECOND in text
    assert "Mehr anzeigen" not in text
