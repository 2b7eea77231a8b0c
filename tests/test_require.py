"""Missing tools are skipped with a reason, unless somebody demanded them."""

from __future__ import annotations

import pytest

from tests.conftest import require


def test_an_available_tool_lets_the_test_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_REQUIRE", "browser")
    require("browser", available=True, reason="")


def test_a_missing_tool_skips_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KB_REQUIRE", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no postgres here"):
        require("postgres", available=False, reason="no postgres here")


def test_a_demanded_tool_fails_and_others_still_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_REQUIRE", "postgres, browser")
    with pytest.raises(pytest.fail.Exception, match="KB_REQUIRE=browser: no chromium here"):
        require("browser", available=False, reason="no chromium here")
    with pytest.raises(pytest.skip.Exception):
        require("redis", available=False, reason="no redis here")
