"""``KB_COUNTERS_URL``: where wrong passwords are counted."""

from __future__ import annotations

import pytest

from kb.errors import ConfigurationError
from kb.settings import load_settings
from kb.wiring.site import _counters
from webapp.site.services import Counters

IN_RECORD = Counters("fundstelle-record://", {"database": object()})


def test_without_a_setting_the_record_counts() -> None:
    assert _counters(load_settings(), IN_RECORD) is IN_RECORD


def test_another_storage_of_limits_is_taken_by_its_address() -> None:
    assert _counters(load_settings(counters_url="memory://"), IN_RECORD) == Counters("memory://")


@pytest.mark.parametrize("url", ["kein Zähler", "oracle://host:1", "valkey://host:keinport"])
def test_what_cannot_count_is_said_at_the_start(url: str) -> None:
    with pytest.raises(ConfigurationError, match="damit lässt sich nicht zählen") as caught:
        _counters(load_settings(counters_url=url), IN_RECORD)
    assert caught.value.subject == "KB_COUNTERS_URL"
    assert "valkey://" in (caught.value.remedy or "")
