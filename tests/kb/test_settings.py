"""What operators set: read from the environment, options on top, and refused with the variable's name."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import ConfigurationError
from kb.settings import Settings, load_settings


def test_text_becomes_what_the_default_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "CORPUS": "/srv/corpus",
        "PORT": "0",
        "CRAWL_DELAY": "0.5",
        "ALLOW_LOOPBACK": "True",
        "CRAWL_ARCHIVE": "no",
        "PREFER_KINDS": '{"praxisbeispiel": 1}',
        "CONTACT": "",
    }.items():
        monkeypatch.setenv(f"KB_{name}", value)
    settings = load_settings(port=None, workers=3)
    assert settings.corpus == Path("/srv/corpus")
    assert (settings.port, settings.workers, settings.crawl_delay, settings.contact) == (0, 3, 0.5, "")
    assert (settings.allow_loopback, settings.crawl_archive) == (True, False)
    assert settings.prefer_kinds == {"praxisbeispiel": 1.0}
    assert settings.lock_timeout == Settings().lock_timeout == 30.0


def test_options_win(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KB_VAR", "elsewhere")
    assert load_settings(var=tmp_path).cache_dir == tmp_path / "cache"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "65536", "eine ganze Zahl ab 0 bis 65535"),
        ("PORT", "-1", "eine ganze Zahl ab 0 bis 65535"),
        ("PORT", "8000.5", "eine ganze Zahl"),
        ("PORT", "", "eine ganze Zahl"),
        ("CRAWL_TIMEOUT", "0", "eine Zahl über 0"),
        ("CRAWL_TIMEOUT", "nan", "eine Zahl über 0"),
        ("PREFER_RECENT", "1.01", "eine Zahl ab 0 bis 1"),
        ("CRAWL_ARCHIVE", "vielleicht", "true oder false"),
        ("PREFER_KINDS", "{", "JSON"),
        ("PREFER_KINDS", "[1]", "JSON"),
        ("PREFER_KINDS", '{"a": "viel"}', "JSON"),
    ],
)
def test_what_is_not_allowed_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"KB_{name}", value)
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert refused.value.subject == f"KB_{name}"
    assert f"{value!r} ist nicht erlaubt (erwartet: {expected}" in refused.value.problem


def test_options_have_the_same_limits() -> None:
    with pytest.raises(ConfigurationError):
        load_settings(workers=65)


@given(st.integers())
def test_any_number_is_taken_or_refused(number: int) -> None:
    try:
        assert load_settings(proxies=str(number)).proxies == number
        assert 0 <= number <= 5
    except ConfigurationError:
        assert not 0 <= number <= 5


def test_nothing_of_the_settings_changes_and_all_travels() -> None:
    settings = load_settings()
    with pytest.raises(AttributeError):
        settings.port = 1  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(settings)) == settings
    settings.prefer_kinds["a"] = 1.0
    assert load_settings().prefer_kinds == {}
