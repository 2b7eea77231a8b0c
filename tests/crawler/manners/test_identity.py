"""Who is calling: the robot's name and its contact."""

from __future__ import annotations

import pytest

from crawler.manners.identity import require_contact, user_agent
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
