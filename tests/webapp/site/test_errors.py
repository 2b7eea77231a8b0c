"""Every error has a status and a German page; every answer has the headers that protect its reader."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from kb import errors
from kb.errors import FundstelleError, IndexDamagedError, IndexMissingError, IndexOutdatedError
from kb.model import SearchQuery, SearchResults
from tests.webapp import small_site as site
from tests.webapp.pages import faults, soup, texts
from webapp import create_app
from webapp.site.errors import STATUS, status_of


def every_error() -> list[type[FundstelleError]]:
    return [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, FundstelleError)
    ]


def test_every_error_of_the_tree_has_a_status_of_its_branch() -> None:
    for kind in every_error():
        assert 400 <= status_of(kind("x")) < 600
        branch = kind.__mro__[-4] if len(kind.__mro__) > 4 else kind
        assert branch in STATUS, f"{branch.__name__} falls through to the root of the tree"


@pytest.mark.parametrize("kind", [IndexMissingError, IndexOutdatedError, IndexDamagedError])
def test_without_a_usable_index_the_page_names_the_remedy(kind: type[FundstelleError]) -> None:
    error = kind("der Suchindex fehlt", subject="/srv/geheim/index", remedy="`kb index` ausführen")
    client = create_app(site.site_services(backend=site.WordEngine(broken=error))).test_client()
    answer = client.get("/?q=x")
    assert answer.status_code == 503
    assert "der Suchindex fehlt – `kb index` ausführen" in answer.text
    assert "geheim" not in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert faults(answer.text) == []

    health = client.get("/healthz")
    assert health.status_code == 503
    assert json.loads(health.data) == {
        "status": "error",
        "reason": "der Suchindex fehlt – `kb index` ausführen",
    }
    completions = client.get("/vorschlaege?q=x")
    assert (completions.status_code, completions.mimetype) == (503, "application/json")
    assert "geheim" not in completions.text
    assert "max-age" not in completions.headers["Cache-Control"]


def test_health_counts_what_can_be_found(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert json.loads(answer.data) == {"status": "ok", "documents": 40, "version": "0.1.0"}
    assert answer.headers["Cache-Control"] == "no-cache"


def test_health_speaks_json_about_wrong_methods_too(client: FlaskClient) -> None:
    answer = client.post("/healthz")
    assert (answer.status_code, answer.mimetype) == (405, "application/json")


def test_unknown_pages(client: FlaskClient) -> None:
    page = soup(client, "/gibt/es/nicht", status=404)
    assert texts(page, "h1") == ["Diese Seite gibt es nicht"]
    assert page.select_one("form input[name=q]") is not None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(client: FlaskClient, method: str) -> None:
    answer = client.open("/", method=method, data={"q": "x"})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "lässt sich nur ansehen" in answer.text


def test_an_unforeseen_error_is_a_page_without_details(caplog: pytest.LogCaptureFixture) -> None:
    class Crashing(site.WordEngine):
        def search(self, query: SearchQuery) -> SearchResults:
            raise ZeroDivisionError("/srv/geheim")

    app = create_app(site.site_services(backend=Crashing()))
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "Der Fehler liegt bei uns" in answer.text
    assert "geheim" not in answer.text
    assert faults(answer.text) == []
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?q=%22",
        "/dokument/jahresforum-dortmund",
        "/nichts",
        "/healthz",
        "/robots.txt",
        "/static/fundstelle.css",
    ],
)
def test_protecting_headers_on_every_answer(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy  # our own file, nothing inline, nothing from elsewhere
    assert "connect-src 'self';" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in answer.headers
    answer.close()  # of a static file


def test_robots_may_read_documents_but_not_every_combination_of_filters(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    rules = answer.text.splitlines()
    assert "Disallow: /?" in rules
    assert "Disallow: /vorschlaege" in rules
    assert "Disallow: /" not in rules
