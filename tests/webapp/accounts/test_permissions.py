"""Every route stands in the table, and every role meets exactly what the table says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kb.model import SearchQuery
from tests.webapp.desk_site import DeskSite, Visitor
from tests.webapp.small_site import DRAFT, JAHRESFORUM, PENDING, WITHDRAWN
from webapp.accounts.permissions import PERMISSIONS, Need

_ARGUMENTS = {
    "doc_id": JAHRESFORUM.id,
    "name": "juergen",
    "number": 1,
    "session_id": 999,
    "filename": "logo.svg",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> DeskSite:
    return DeskSite(tmp_path_factory.mktemp("desk"), JAHRESFORUM, DRAFT, PENDING, WITHDRAWN)


@pytest.fixture(scope="module")
def visitors(site: DeskSite) -> dict[str, Visitor]:
    disabled = site.signed_in("juergen")
    site.accounts.set_active("juergen", active=False)
    return {
        "nobody": site.client(),
        "disabled": disabled,
        "editor": site.signed_in("oezlem"),
        "admin": site.signed_in("chefin"),
    }


LEVELS = {"nobody": Need.PUBLIC, "disabled": Need.PUBLIC, "editor": Need.EDITOR, "admin": Need.ADMIN}


def routes(site: DeskSite) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an address for every route of the site."""
    adapter = site.app.url_map.bind("localhost")
    for rule in site.app.url_map.iter_rules():
        arguments = {name: _ARGUMENTS[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, adapter.build(rule.endpoint, arguments, method=method)


def test_the_table_names_every_route_and_no_other(site: DeskSite) -> None:
    assert {endpoint for endpoint, _, _ in routes(site)} == set(PERMISSIONS)


@pytest.mark.parametrize("who", list(LEVELS))
def test_every_route_for_every_role(site: DeskSite, visitors: dict[str, Visitor], who: str) -> None:
    wrong = []
    for endpoint, method, address in routes(site):
        if endpoint == "account.logout":
            continue  # would end the session of the test; see test_account
        visitor = visitors[who]
        answer = visitor.get(address) if method == "GET" else visitor.post(address, {})
        to_login = answer.status_code == 401 or "/anmelden" in answer.headers.get("Location", "")
        refused = answer.status_code == 403 or to_login
        allowed = LEVELS[who] >= PERMISSIONS[endpoint]
        # Posts without a token end in 400 where they were let through at all.
        if refused == allowed and not endpoint.startswith("account.login"):
            wrong.append((endpoint, method, answer.status_code))
    assert wrong == []


def test_nothing_unpublished_gets_out_without_a_login(site: DeskSite) -> None:
    visitor = site.client()
    for hidden in (DRAFT, PENDING, WITHDRAWN):
        assert visitor.get(f"/dokument/{hidden.id}").status_code in (404, 410)
    for path in (
        "/",
        "/?q=Gelsenkirchen",
        "/?q=Entwurf",
        "/?place=Gelsenkirchen",
        "/?topic=quartier",
        "/?sort=date",
    ):
        page = visitor.page(path).get_text(" ")
        assert "Entwurf über" not in page
        assert path.startswith(("/?q", "/?place")) or "Gelsenkirchen" not in page
    for typed in ("Entwurf", "Gelsenk", "Stadtteilm"):
        assert visitor.get(f"/vorschlaege?q={typed}").json == {"suggestions": []}
    assert [link["href"] for link in visitor.page(f"/dokument/{JAHRESFORUM.id}").select(".similar a")] == []
    assert visitor.get("/healthz").json["documents"] == 1  # type: ignore[index]
    assert site.backend.search(SearchQuery("")).total == 1
    assert list(site.backend.revisions()) == [JAHRESFORUM.id]


def test_searching_sets_no_cookie(site: DeskSite) -> None:
    for path in (
        "/",
        "/?q=Quartier",
        f"/dokument/{JAHRESFORUM.id}",
        "/healthz",
        "/robots.txt",
        "/vorschlaege?q=Ju",
    ):
        assert "Set-Cookie" not in site.client().get(path).headers
