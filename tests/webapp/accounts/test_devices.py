"""Browsers and devices are named roughly, by a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.accounts.devices import device_name

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
GECKO = "Gecko/20100101 Firefox/140.0"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) {GECKO}", "Firefox unter Linux"),
        (f"Mozilla/5.0 (Android 15; Mobile; rv:140.0) {GECKO}", "Firefox unter Android"),
        (f"{WINDOWS} {BLINK}", "Chrome unter Windows"),
        (f"{WINDOWS} {BLINK} Edg/141.0.0.0", "Edge unter Windows"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {BLINK}", "Chrome unter Android"),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {WEBKIT} Safari/604",
            "Safari unter iPhone",
        ),
        (f"Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) {WEBKIT} CriOS/141 Safari/604.1", "Chrome unter iPad"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Safari/605", "Safari unter macOS"),
        ("Wget/1.21", "Unbekannter Browser"),
        ("", "Unbekannter Browser"),
    ],
)
def test_names(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


@given(st.text())
def test_nothing_of_what_is_sent_is_kept(user_agent: str) -> None:
    assert 3 < len(device_name(f"{user_agent} Firefox/")) < 40
