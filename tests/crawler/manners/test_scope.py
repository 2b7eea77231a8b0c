"""What belongs to a source: documents, listings, and what stays outside."""

from __future__ import annotations

import pytest

from crawler.manners.scope import Place, Scope
from crawler.sources.source import Source


def _source(**values: object) -> Source:
    fields: dict[str, object] = {
        "id": "stadt",
        "name": "Stadt",
        "label": "Stadt",
        "start_urls": ("https://www.stadt.de/",),
        **values,
    }
    return Source(**fields)  # type: ignore[arg-type]


SCOPE = Scope(
    _source(
        start_urls=("https://www.stadt.de/", "https://www.stadt.de/bildung"),
        allowed=("/bildung/", "/übergänge", "https://daten.stadt.de/berichte/*-lang$"),
        listings=("/bildung/seite/", "/bildung/?seite=*"),
        excluded=("/bildung/intern", "/*?print="),
    )
)


@pytest.mark.parametrize(
    ("url", "place", "words"),
    [
        ("https://www.stadt.de/bildung/fachtag", Place.DOCUMENT, ""),
        ("https://www.stadt.de/%C3%BCberg%C3%A4nge/lotsen", Place.DOCUMENT, ""),
        ("https://www.stadt.de/übergänge/lotsen", Place.DOCUMENT, ""),
        ("https://www.stadt.de/bildung/konzept.PDF", Place.DOCUMENT, ""),
        ("https://www.stadt.de/bildung/vortrag-29.11.2018", Place.DOCUMENT, ""),
        ("http://www.stadt.de/bildung/fachtag", Place.DOCUMENT, ""),
        ("https://daten.stadt.de/berichte/2019-lang", Place.DOCUMENT, ""),
        ("https://daten.stadt.de/berichte/2019-langfassung", Place.OUTSIDE, "erlaubten Pfade"),
        ("https://www.stadt.de/berichte/2019-lang", Place.OUTSIDE, "erlaubten Pfade"),
        ("https://www.stadt.de/", Place.LISTING, ""),
        ("https://www.stadt.de/bildung/", Place.LISTING, ""),
        ("https://www.stadt.de/bildung/seite/2", Place.LISTING, ""),
        ("https://www.stadt.de/bildung/?seite=2&utm_source=x", Place.LISTING, ""),
        ("https://www.stadt.de/bildung/intern/plan", Place.OUTSIDE, "excluded"),
        ("https://www.stadt.de/bildung/a?print=1", Place.OUTSIDE, "excluded"),
        ("https://www.stadt.de/bildung/plakat.jpg", Place.OUTSIDE, ".jpg"),
        ("https://www.stadt.de/bildung/archiv.TAR.GZ", Place.OUTSIDE, ".gz"),
        ("https://www.stadt.de/bildung/liste.xlsx", Place.OUTSIDE, ".xlsx"),
        ("https://www.stadt.de/bildung/treff-in-st.georg", Place.DOCUMENT, ""),
        ("https://www.stadt.de/bildung/dr.meyer", Place.DOCUMENT, ""),
        ("https://www.stadt.de/bildung/bericht.cfm?id=1", Place.DOCUMENT, ""),
        ("https://www.stadt.de/bildung/www.verein.de", Place.DOCUMENT, ""),
        ("https://www.stadt.de/bildung/ausgabe-3.2", Place.DOCUMENT, ""),
        ("https://www.stadt.de:8443/bildung/a", Place.OUTSIDE, "anderen Server"),
        ("https://stadt.de.boese.example/bildung/a", Place.OUTSIDE, "anderen Server"),
        ("mailto:amt@stadt.de", Place.OUTSIDE, "keine Webadresse"),
    ],
)
def test_scope_of_a_source(url: str, place: Place, words: str) -> None:
    verdict = SCOPE.verdict(url)
    assert verdict.place is place
    assert words in verdict.reason
    assert bool(verdict.reason) is (place is Place.OUTSIDE)
