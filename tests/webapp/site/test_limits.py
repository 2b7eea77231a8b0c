"""What anybody may send is little, and is counted before it is taken apart."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import TestResponse

from kb.model import FACETS
from tests.webapp.desk_site import DeskSite
from tests.webapp.pages import faults
from tests.webapp.small_site import JAHRESFORUM, site_services
from webapp import create_app
from webapp.site.limits import MAX_ARGUMENTS, MAX_FORM_BYTES, MAX_FORM_FIELDS, CountingParser, largest_body

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> DeskSite:
    return DeskSite(tmp_path_factory.mktemp("desk"), JAHRESFORUM)


def sent(site: DeskSite, path: str, body: bytes, kind: str = FORM) -> TestResponse:
    client = site.app.test_client()
    return client.post(path, data=body, content_type=kind, base_url="http://localhost")


@pytest.mark.parametrize("path", ["/anmelden", "/redaktion/neu", "/redaktion/hochladen", "/abmelden"])
def test_many_fields_of_anybody_are_refused_or_left_unread(site: DeskSite, path: str) -> None:
    body = urlencode({f"feld{number}": "x" for number in range(MAX_FORM_FIELDS + 1)}).encode()
    answer = sent(site, path, body)
    assert answer.status_code == (413 if path == "/anmelden" else 401)
    assert "feld1" not in answer.text
    assert faults(answer.text) == []


@pytest.mark.parametrize("path", ["/anmelden", "/redaktion/neu", "/redaktion/hochladen"])
def test_much_of_anybody_is_refused_or_left_unread(site: DeskSite, path: str) -> None:
    for kind in (FORM, "multipart/form-data; boundary=grenze"):
        answer = sent(site, path, b"text=" + b"x" * MAX_FORM_BYTES, kind)
        assert answer.status_code == (413 if path == "/anmelden" else 401)
        assert len(answer.data) < 10_000


def test_many_parts_are_refused_as_many_fields_are(site: DeskSite) -> None:
    part = b'--grenze\r\nContent-Disposition: form-data; name="feld%d"\r\n\r\nx\r\n'
    body = b"".join(part % number for number in range(MAX_FORM_FIELDS + 1)) + b"--grenze--\r\n"
    assert sent(site, "/anmelden", body, "multipart/form-data; boundary=grenze").status_code == 413


def test_the_page_says_how_much_goes(site: DeskSite) -> None:
    answer = sent(site, "/anmelden", b"&" * MAX_FORM_FIELDS)
    assert "höchstens 200 Felder und 1 MB" in answer.text


def test_fields_are_counted_before_any_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **options: object) -> None:
        pytest.fail("was taken apart")

    monkeypatch.setattr("werkzeug.formparser.parse_qsl", never)
    with pytest.raises(RequestEntityTooLarge):
        CountingParser(max_form_parts=10).parse(io.BytesIO(b"a=1&" * 10), FORM, None)


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=30), st.integers(1, 30))
def test_a_form_is_read_whole_or_not_at_all(fields: list[tuple[str, str]], limit: int) -> None:
    body = urlencode(fields).encode()
    try:
        _, form, _ = CountingParser(max_form_parts=limit).parse(io.BytesIO(body), FORM, len(body))
    except RequestEntityTooLarge:
        assert len(fields) > limit
    else:
        assert list(form.items(multi=True)) == fields or sorted(form.items(multi=True)) == sorted(fields)
        assert len(fields) <= limit or not fields


def test_an_editor_may_send_a_file_and_still_only_so_many_fields(site: DeskSite) -> None:
    editor = site.signed_in()
    many = {f"feld{number}": "x" for number in range(MAX_FORM_FIELDS + 1)}
    assert editor.post("/redaktion/hochladen", many).status_code == 413
    assert editor.post("/redaktion/neu", many).status_code == 413
    assert editor.post("/konto", {"passwort_alt": "x" * (MAX_FORM_BYTES + 1)}).status_code == 413


@pytest.mark.parametrize("path", ["/", "/vorschlaege", "/anmelden", "/dokument/jahresforum-dortmund"])
def test_an_address_has_not_endlessly_many_arguments(site: DeskSite, path: str) -> None:
    client = site.app.test_client()
    few, many = "&".join("a" * (MAX_ARGUMENTS - 1)), "&".join("a" * (MAX_ARGUMENTS + 1))
    assert client.get(f"{path}?{few}", base_url="http://localhost").status_code == 200
    answer = client.get(f"{path}?{many}", base_url="http://localhost")
    assert answer.status_code == 414
    if path != "/vorschlaege":
        assert "höchstens 100 Angaben" in answer.text
        assert faults(answer.text) == []


def test_a_server_takes_in_much_of_those_alone_who_have_been_signed_in(site: DeskSite) -> None:
    host = {"HOST": "localhost"}
    cookie = f"fundstelle={site.signed_in().cookie('fundstelle')}"
    assert largest_body(site.app, {**host, "COOKIE": cookie}) > MAX_FORM_BYTES + 1_000_000 - 1
    for headers in ({}, host, {**host, "COOKIE": "fundstelle=abc"}, {**host, "COOKIE": cookie[:-2]}):
        assert largest_body(site.app, headers) == MAX_FORM_BYTES
    fresh = site.client()
    fresh.get("/anmelden")
    before = {**host, "COOKIE": f"fundstelle={fresh.cookie('fundstelle')}"}
    assert largest_body(site.app, before) == MAX_FORM_BYTES
    assert largest_body(create_app(site_services()), host) == MAX_FORM_BYTES


def test_too_many_filters_are_said_and_the_page_stays_small(client: FlaskClient) -> None:
    for query in (
        {"topic": [f"thema-{number}" for number in range(21)]},
        {facet: [f"wert-{number}" for number in range(10)] for facet in FACETS},
    ):
        answer = client.get("/?" + urlencode(query, doseq=True))
        assert answer.status_code == 400
        assert "So viele Filter auf einmal gehen nicht" in answer.text
        assert "höchstens 20 Werte je Filter und 40 zusammen" in answer.text
        assert faults(answer.text) == []
        assert len(answer.data) < 100_000


def test_as_many_filters_as_are_allowed_are_applied(client: FlaskClient) -> None:
    query = {facet: [f"wert-{number}" for number in range(8)] for facet in FACETS}
    answer = client.get("/?q=quartier&" + urlencode(query, doseq=True))
    assert answer.status_code == 200
    assert len(answer.data) < 500_000
