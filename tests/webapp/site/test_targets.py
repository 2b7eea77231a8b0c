"""Whatever is asked for, a visitor is sent to a page of this site, and to nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask, redirect, request
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webapp.desk_site import DeskSite
from tests.webapp.small_site import JAHRESFORUM, NO_YEAR
from webapp.site.targets import own_address, page_at, safe_target

HERE = "https://fundstelle.example"
# What addresses are made of, and what browsers leave out or read as something else.
_marks = st.text(st.sampled_from("/\\:@?#.%&;= \t\r\n\x00\x0b\x7f\u2028ah1"), max_size=8)
_any = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_texts = st.tuples(st.sampled_from(["", "/", "/dokument/", "/?", "/redaktion/#"]), _marks, _any).map("".join)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = DeskSite(tmp_path_factory.mktemp("desk"), JAHRESFORUM, NO_YEAR).app
    with app.test_request_context("/anmelden", base_url=HERE):
        yield app


def as_a_browser_reads(address: str) -> str:
    """The address that a browser goes to (WHATWG URL): it trims, drops line ends, and turns backslashes."""
    seen = re.sub(r"[\t\r\n]", "", address.strip("".join(map(chr, range(33))))).replace("\\", "/")
    return urljoin(f"{HERE}/anmelden", seen)


@given(_texts)
@settings(max_examples=500)
def test_nobody_leaves_the_site(app: Flask, target: str) -> None:
    safe = safe_target(target)
    sent = redirect(safe).get_wsgi_headers(request.environ)["Location"]
    for address in (safe, sent):
        final = urlsplit(as_a_browser_reads(address))
        assert (final.scheme, final.netloc) == ("https", "fundstelle.example")
        assert re.fullmatch(r"/([!-\[\]-~][!-\[\]-~]*)?", address), "one line of plain characters"
        assert not address.startswith("//")
    assert safe_target(safe) == safe


@given(_texts)
def test_what_names_another_host_or_a_scheme_becomes_the_desk(app: Flask, rest: str) -> None:
    for start in ("https://anderswo.example/", "//anderswo.example/", "mailto:", "redaktion", ""):
        assert safe_target(start + rest.lstrip("/") if start else None) == "/redaktion/"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda one: "//" not in one))
def test_a_page_is_come_back_to_as_it_was_asked_for(app: Flask, name: str) -> None:
    name = name.strip("/") or "x"
    if name in (".", "..") or "/./" in f"/{name}/" or "/../" in f"/{name}/":
        return  # means another page to every client
    asked = app.url_for("editor.edit_form", doc_id=name, von="quelle & mehr")
    with app.test_request_context(urlsplit(asked)._replace(scheme="", netloc="").geturl(), base_url=HERE):
        address = own_address()
        assert safe_target(address) == address
        found = page_at(address)
        assert found == ("editor.edit_form", {"doc_id": name})
        assert page_at(address, method="POST") == ("editor.edit", {"doc_id": name})


def test_no_page_is_no_page(app: Flask) -> None:
    for target in ("/gibt/es/nicht", "/abmelden", "/redaktion", "/[", "/x" * 5000):
        assert page_at(target) is None
        assert safe_target(target) == "/redaktion/"


@pytest.mark.parametrize("more", ["abschnitt", "zwei\nZeilen", "mit Leerzeichen", "Übergänge", "a#b"])
def test_the_place_on_the_page_to_return_to_is_one_line(tmp_path: Path, more: str) -> None:
    site = DeskSite(tmp_path, JAHRESFORUM)
    editor = site.signed_in()
    path = f"/redaktion/entscheiden/{JAHRESFORUM.id}"
    answer = editor.send(path, {"art": "topic", "weiter": more}, token_from="/redaktion/neu")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"/redaktion/pruefen/{JAHRESFORUM.id}#")
