"""Which browser on which device, roughly: enough to recognise one's own, too little to follow anybody."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("devices.tsv")


def device_name(user_agent: str) -> str:
    """``Firefox unter Linux``, or what of it is known."""
    browser = _first("browser", user_agent) or "Unbekannter Browser"
    system = _first("system", user_agent)
    return f"{browser} unter {system}" if system else browser


def _first(kind: str, user_agent: str) -> str:
    return next((name for mark, name in _marks()[kind] if mark in user_agent), "")


@cache
def _marks() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {"browser": [], "system": []}
    for line in _TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, mark, name = line.split("\t")
            found[kind].append((mark, name))
    return found
