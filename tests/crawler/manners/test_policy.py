"""Who is calling, what robots.txt and directives allow, what belongs to a source, which addresses are safe."""

from __future__ import annotations

import pytest

from crawler.manners.directives import read_directives
from crawler.manners.identity import require_contact, user_agent
from crawler.manners.networks import AddressPolicy, is_loopback_name
from crawler.manners.robots import MAX_CRAWL_DELAY, read_robots
from crawler.manners.scope import Place, Scope
from crawler.sources.source import Source
from kb.errors import ConfigurationError


def _source(**values: object) -> Source:
    fields: dict[str, object] = {
        "id": "stadt",
        "name": "Stadt",
        "label": "Stadt",
        "start_urls": ("https://www.stadt.de/",),
        **values,
    }
    return Source(**fields)  # type: ignore[arg-type]


def test_user_agent_names_service_version_and_contact() -> None:
    assert user_agent("mailto:bildung@stadt.de").endswith("(+mailto:bildung@stadt.de)")
    assert user_agent("").startswith("Fundstelle/")
    assert "(" not in user_agent("  ")


def test_contact_cannot_smuggle_a_header() -> None:
    assert "\n" not in user_agent("a@b.de\r\nX-Evil: 1)")


def test_strangers_are_not_visited_without_a_contact() -> None:
    with pytest.raises(ConfigurationError) as raised:
        require_contact([_source()], "  ")
    assert "www.stadt.de" in str(raised.value)
    assert "KB_CONTACT" in str(raised.value)
    require_contact([_source()], "bildung@stadt.de")


def test_own_machine_needs_no_contact_unless_one_address_leads_elsewhere() -> None:
    at_home = _source(start_urls=("http://127.0.0.1:8001/", "http://localhost/", "http://[::1]:9/"))
    require_contact([at_home], "")
    with pytest.raises(ConfigurationError):
        require_contact([_source(start_urls=at_home.start_urls, feeds=("https://www.stadt.de/feed",))], "")
    with pytest.raises(ConfigurationError):
        require_contact([_source(start_urls=at_home.start_urls, allowed=("https://www.stadt.de/a",))], "")


RULES = b"""\xef\xbb\xbfUser-agent: *
Disallow: /intern/
Disallow: /*.zip$
Allow: /intern/offen/
Crawl-delay: 3

User-agent: fundstelle
Disallow: /nur-fuer-andere
"""


def test_own_group_replaces_the_one_for_all() -> None:
    rules = read_robots(200, RULES)
    assert rules.refusal("https://stadt.de/nur-fuer-andere/a") == "robots.txt erlaubt den Abruf nicht"
    assert rules.refusal("https://stadt.de/intern/a") is None
    assert rules.crawl_delay is None


def test_rules_for_all_hold_with_their_exceptions() -> None:
    rules = read_robots(200, RULES.partition(b"User-agent: fundstelle")[0])
    assert rules.refusal("https://stadt.de/intern/a") is not None
    assert rules.refusal("https://stadt.de/intern/offen/a") is None
    assert rules.refusal("https://stadt.de/archiv.zip") is not None
    assert rules.refusal("https://stadt.de/") is None
    assert rules.crawl_delay == 3.0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 301])
def test_missing_robots_txt_allows_everything(status: int) -> None:
    rules = read_robots(status, b"User-agent: *\nDisallow: /")
    assert rules.refusal("https://stadt.de/a") is None


@pytest.mark.parametrize("status", [500, 502, 503, 599, 429])
def test_unreachable_robots_txt_forbids_everything_whatever_its_body_says(status: int) -> None:
    rules = read_robots(status, b"User-agent: *\nAllow: /")
    assert str(status) in (rules.refusal("https://stadt.de/a") or "")


def test_excessive_crawl_delay_is_capped_and_nonsense_ignored() -> None:
    assert read_robots(200, b"User-agent: *\nCrawl-delay: 86400").crawl_delay == MAX_CRAWL_DELAY
    assert read_robots(200, b"User-agent: *\nCrawl-delay: bald").crawl_delay is None
    assert read_robots(200, b"\xff\xfe\x00<html>").refusal("https://stadt.de/") is None


@pytest.mark.parametrize(
    ("headers", "html", "index", "follow"),
    [
        ([], None, True, True),
        (["noindex"], None, False, True),
        (["NoIndex, NoFollow"], None, False, False),
        (["none"], None, False, False),
        (["googlebot: noindex"], None, True, True),
        (["Fundstelle: noindex"], None, False, True),
        (["noarchive", "nofollow"], None, True, False),
        (["unavailable_after: 25 Jun 2030 15:00:00 GMT"], None, True, True),
        ([], "<meta name='robots' content='noindex'>", False, True),
        ([], "<META NAME=Robots CONTENT='index, NOFOLLOW'>", True, False),
        ([], "<meta content='none' name='fundstelle'>", False, False),
        ([], "<meta name='googlebot' content='noindex'>", True, True),
        ([], "<meta name='description' content='noindex'>", True, True),
        ([], "<p>robots noindex</p>", True, True),
    ],
)
def test_directives_of_header_and_page(headers: list[str], html: str | None, index: bool, follow: bool) -> None:
    directives = read_directives(headers, html)
    assert (directives.index, directives.follow) == (index, follow)


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


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
        *("255.255.255.255", "fe80::1%eth0", "fc00::1", "ff02::1", "::", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
        *("2002:a00:1::", "192.0.2.1", "2001:db8::1", "kein-name", ""),
    ],
)
def test_private_and_reserved_addresses_are_refused_always(address: str) -> None:
    assert AddressPolicy(allow_loopback=True).refusal(address) is not None


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_loopback_only_where_allowed(address: str) -> None:
    assert AddressPolicy().refusal(address) is not None
    assert AddressPolicy(allow_loopback=True).refusal(address) is None


def test_public_addresses_need_a_contact() -> None:
    assert AddressPolicy().refusal("93.184.216.34") is None
    assert AddressPolicy().refusal("2606:2800:220:1::1") is None
    assert "KB_CONTACT" in (AddressPolicy(allow_public=False).refusal("93.184.216.34") or "")


@pytest.mark.parametrize(
    ("name", "is_loopback"),
    [
        ("localhost", True),
        ("demo.localhost.", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("localhost.de", False),
    ],
)
def test_names_of_this_machine(name: str, is_loopback: bool) -> None:
    assert is_loopback_name(name) is is_loopback
