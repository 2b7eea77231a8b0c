"""The style sheet: enough contrast in light and dark (WCAG 2.2 AA), nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webapp.app

CSS = (Path(webapp.app.__file__).parent / "static" / "fundstelle.css").read_text(encoding="utf-8")
_ROOTS = re.findall(r":root \{(.*?)\}", CSS, flags=re.DOTALL)
TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "card"), ("ink", "shade"), ("soft", "paper"), ("soft", "card"), ("soft", "shade"),
    ("link", "paper"), ("link", "card"), ("link", "shade"), ("link-hover", "paper"), ("on-fill", "fill"),
    ("on-fill", "link-hover"), ("on-chip", "chip"), ("on-mark", "mark"), ("on-notice", "notice"),
]  # fmt: skip
BORDER_PAIRS = [
    ("control", "paper"),
    ("control", "card"),
    ("focus", "paper"),
    ("focus", "card"),
    ("fill", "paper"),
]


def colours(scheme: str) -> dict[str, str]:
    block = _ROOTS[{"light": 0, "dark": 1}[scheme]]
    return {
        name: value + value[1:] * (len(value) == 4) for name, value in re.findall(r"--([\w-]+): (#\w+)", block)
    }


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(scheme: str) -> None:
    known = colours(scheme)
    low = {pair: ratio for pair in TEXT_PAIRS if (ratio := contrast(known[pair[0]], known[pair[1]])) < 4.5}
    assert low == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_and_focus_can_be_seen(scheme: str) -> None:
    known = colours(scheme)
    low = {pair: ratio for pair in BORDER_PAIRS if (ratio := contrast(known[pair[0]], known[pair[1]])) < 3}
    assert low == {}


def test_both_schemes_have_the_same_colours() -> None:
    assert colours("light").keys() == colours("dark").keys()


def test_nothing_from_elsewhere() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "!important" not in CSS
