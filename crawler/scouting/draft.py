"""``kb source add``, second part: a source file drafted from what a look at the website found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from crawler.addressing.urls import site_of
from crawler.scouting.survey import Survey
from crawler.sources.file import read_source
from kb.errors import ConfigurationError, StorageError
from kb.model import normalise_line

_SHOWN_SECTIONS = 8
_FALLBACK_PAGES = 500
# Seconds between two requests, until somebody who knows the website says otherwise.
_DELAY = 2.0


def draft(found: Survey, today: date) -> str:
    """The text of a source file for people to check; switched off until they have."""
    sections = [f"#   {path:<40} {count}" for path, count in found.sections[:_SHOWN_SECTIONS]]
    pages = max(_FALLBACK_PAGES, len(found.addresses))
    lines = [
        f"# Entwurf vom {today.isoformat()}; die Schlüssel sind in demo.toml erklärt.",
        "# Vor dem Einschalten: Nutzungsbedingungen, Impressum und robots.txt der Website prüfen, im Zweifel",
        "# beim Betreiber fragen, das Ergebnis unter „note“ festhalten, KB_CONTACT setzen.",
        *(f"# Hinweis: {normalise_line(remark)}" for remark in found.remarks),
        f"name = {_text(found.name)}",
        f"label = {_text(found.name[:40].strip())}",
        "enabled = false",
        f"start_urls = {_list([found.url])}",
        f"sitemaps = {_list(found.sitemaps)}",
        f"feeds = {_list(found.feeds)}",
        *(
            ["# Gefundene Bereiche und die Zahl ihrer Adressen, um „allowed“ enger zu fassen:"]
            if sections
            else []
        ),
        *sections,
        f"allowed = {_list([f'{site_of(found.url)}/'])}",
        f"excluded = {_list(_unwanted(found.addresses))}",
        *([f"publisher = {_text(found.publisher)}"] if found.publisher else []),
        *([f"licence = {_text(found.licence)}"] if found.licence else []),
        "# Erlaubnis und Nutzungsbedingungen: permission, tdm, terms, terms_checked (erklärt in demo.toml).",
        'display = "excerpt"',
        f"delay = {_number(max(found.crawl_delay or 0.0, _DELAY))}",
        f"max_pages = {pages}",
        'note = "Nutzungsbedingungen noch nicht geprüft."',
    ]
    return "\n".join(lines) + "\n"


def write_draft(folder: Path, name: str, text: str) -> Path:
    """Write a source file that is not there yet, and read it back.

    Raises:
        ConfigurationError: there is one of this name, or the name cannot be an id.
        StorageError: the folder cannot be written.
    """
    path = folder / f"{Path(name).name}.toml"
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise ConfigurationError(
            "diese Quelle gibt es schon", subject=str(path), remedy="mit --name eine andere Kennung angeben"
        ) from error
    except OSError as error:
        raise StorageError(
            f"nicht beschreibbar ({error.strerror})", subject=str(path), remedy="Platz und Rechte prüfen"
        ) from error
    try:
        read_source(path)
    except ConfigurationError:
        with suppress(OSError):
            path.unlink()
        raise
    return path


def _unwanted(addresses: Sequence[str]) -> list[str]:
    """The usual exceptions of which the website has any; those with a query always."""
    targets = [urlsplit(address).path.lower() for address in addresses]
    return [
        path for path in _unwanted_paths() if "?" in path or any(target.startswith(path) for target in targets)
    ]


@cache
def _unwanted_paths() -> tuple[str, ...]:
    text = files("crawler.scouting").joinpath("data", "unwanted_paths.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _text(value: str) -> str:
    """A TOML basic string: JSON's escapes are a subset of its own."""
    return json.dumps(normalise_line(value), ensure_ascii=False)


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"


def _number(value: float) -> str:
    return f"{value:g}"
