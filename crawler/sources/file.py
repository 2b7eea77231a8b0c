"""How a source's TOML file is read, and what is said about one that cannot be."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, cast

from crawler.addressing.urls import fetch_url
from crawler.extract.input.options import Selectors
from crawler.sources.source import Mining, Source
from kb.errors import ConfigurationError
from kb.model import Display
from kb.rights import is_open

_Choice = TypeVar("_Choice", bound=StrEnum)

_SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TOML_PLACE = re.compile(
    r"^(?P<what>.*?) ?\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$"
)
_ADDRESS_LISTS = ("start_urls", "sitemaps", "feeds")
_PATTERN_LISTS = ("allowed", "listings", "excluded")
# Key in the file → field of the extraction's selectors.
_SELECTOR_KEYS = {"main": "text", "title": "title", "date": "published", "remove": "remove"}


def read_source(path: Path) -> Source:
    """Read one source; its id is the file's name without ``.toml``.

    Raises:
        ConfigurationError: names file, line where possible, and what to write instead.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            "die Datei ist nicht in UTF-8 gespeichert", subject=str(path), remedy="als UTF-8 speichern"
        ) from error
    except OSError as error:
        raise ConfigurationError(
            f"die Datei ist nicht lesbar ({error.strerror})", subject=str(path), remedy="Rechte prüfen"
        ) from error
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _syntax_error(path, error) from error
    return _TableReader(path, text, table).source()


def _syntax_error(path: Path, error: Exception) -> ConfigurationError:
    match = _TOML_PLACE.match(str(error))
    what, line = (match["what"], match["line"]) if match else (str(error), None)
    return ConfigurationError(
        f"kein gültiges TOML ({what})",
        subject=f"{path}, Zeile {line}" if line else str(path),
        remedy='Texte in Anführungszeichen, Listen als ["a", "b"] schreiben',
    )


class _TableReader:
    """Checks one parsed table key by key and says what is wrong in the words of the file."""

    def __init__(self, path: Path, text: str, table: dict[str, object]) -> None:
        self._path, self._text, self._table = path, text, table

    def source(self) -> Source:
        if not _SOURCE_ID.fullmatch(self._path.stem):
            raise self._problem(
                "der Dateiname ist als Kennung nicht verwendbar",
                "Kleinbuchstaben, Ziffern, Punkt, - und _ verwenden",
            )
        allowed = [entry.name for entry in fields(Source) if entry.name != "id"]
        self._refuse_unknown(self._table, allowed)
        addresses = {key: self._addresses(key) for key in _ADDRESS_LISTS}
        if not any(addresses.values()):
            raise self._problem(
                "kein Anfang angegeben", "start_urls, sitemaps oder feeds mit einer Adresse füllen"
            )
        name = self._string("name") or self._path.stem
        source = Source(
            id=self._path.stem,
            name=name,
            label=self._string("label") or name,
            enabled=self._flag("enabled"),
            selectors=self._selectors(),
            publisher=self._string("publisher"),
            licence=self._string("licence"),
            display=self._choice("display", Display) or Display.EXCERPT,
            permission=self._string("permission"),
            tdm=self._choice("tdm", Mining),
            terms=self._terms(),
            terms_checked=self._day("terms_checked"),
            delay=self._number("delay", at_least=0.0),
            max_pages=self._whole_number("max_pages"),
            note=self._string("note") or "",
            **addresses,
            **{key: self._patterns(key) for key in _PATTERN_LISTS},
        )
        self._check_rights(source)
        return source

    def _check_rights(self, source: Source) -> None:
        """What others would have to allow must be written down where it is used."""
        if source.display is Display.FULL and not (source.permission or is_open(source.licence)):
            raise self._problem(
                'display = "full" ohne offene Lizenz und ohne Erlaubnis',
                'eine offene Lizenz als licence = "CC-BY-4.0" oder die schriftliche Erlaubnis als '
                'permission = "von wem, wann, wofür" angeben, sonst display = "excerpt"',
                "display",
            )
        if source.tdm is Mining.PERMITTED and not (source.permission or source.terms):
            raise self._problem(
                'tdm = "permitted" ohne Beleg',
                'die Stelle als terms = "https://…" oder die Erlaubnis als permission = "…" angeben',
                "tdm",
            )

    def _refuse_unknown(self, table: Mapping[str, object], allowed: list[str] | tuple[str, ...]) -> None:
        for key in table:
            if key not in allowed:
                raise self._problem(f"unbekannter Schlüssel „{key}“", f"erlaubt sind {', '.join(allowed)}", key)

    def _string(self, key: str, table: Mapping[str, object] | None = None) -> str | None:
        value = (self._table if table is None else table).get(key)
        if value is not None and not isinstance(value, str):
            raise self._problem(f"„{key}“ ist kein Text", f'{key} = "…" schreiben', key)
        return value.strip() or None if value is not None else None

    def _flag(self, key: str) -> bool:
        value = self._table.get(key, False)
        if not isinstance(value, bool):
            raise self._problem(
                f"„{key}“ ist weder true noch false", f"{key} = true oder {key} = false schreiben", key
            )
        return value

    def _number(self, key: str, *, at_least: float) -> float | None:
        value = self._table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not at_least <= value < 86_400:
            raise self._problem(f"„{key}“ ist keine brauchbare Zahl", f"eine Zahl ab {at_least:g} angeben", key)
        return float(value)

    def _whole_number(self, key: str) -> int | None:
        value = self._table.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            raise self._problem(f"„{key}“ ist keine ganze Zahl ab 1", f"{key} = 500 schreiben", key)
        return value

    def _choice(self, key: str, choices: type[_Choice]) -> _Choice | None:
        value = self._table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or value not in tuple(choices):
            first, second = choices
            raise self._problem(f"„{key}“ ist weder {first} noch {second}", f'{key} = "{first}" schreiben', key)
        return choices(value)

    def _terms(self) -> str | None:
        terms = self._string("terms")
        if terms is not None:
            self._check_address("terms", terms)
        return terms

    def _day(self, key: str) -> date | None:
        value = self._table.get(key)
        if value is not None and type(value) is not date:  # a moment with its time of day is a date too
            raise self._problem(f"„{key}“ ist kein Datum", f"{key} = 2026-03-01 ohne Anführungszeichen", key)
        return value

    def _strings(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self._problem(f"„{key}“ ist keine Liste von Texten", f'{key} = ["…"] schreiben', key)
        return tuple(entry.strip() for entry in cast("list[str]", value))

    def _addresses(self, key: str) -> tuple[str, ...]:
        found = self._strings(key, self._table.get(key, []))
        for address in found:
            self._check_address(key, address)
        return found

    def _check_address(self, key: str, address: str) -> None:
        try:
            fetch_url(address)
        except ValueError as error:
            raise self._problem(
                f"„{address}“ in {key} ist keine Webadresse", "mit https:// oder http:// beginnen", key
            ) from error

    def _patterns(self, key: str) -> tuple[str, ...]:
        found = self._strings(key, self._table.get(key, []))
        for pattern in found:
            if not pattern.startswith("/"):
                self._check_address(key, pattern)
        return found

    def _selectors(self) -> Selectors:
        table = self._table.get("selectors", {})
        if not isinstance(table, dict):
            raise self._problem(
                "„selectors“ ist kein Abschnitt", "[selectors] als eigene Zeile schreiben", "selectors"
            )
        self._refuse_unknown(table, tuple(_SELECTOR_KEYS))
        remove = table.get("remove", [])
        single = {
            field_name: self._string(key, table)
            for key, field_name in _SELECTOR_KEYS.items()
            if key != "remove" and key in table
        }
        try:
            return Selectors(
                remove=self._strings("remove", [remove] if isinstance(remove, str) else remove), **single
            )
        except ConfigurationError as error:
            raise self._problem(error.problem, error.remedy or "berichtigen", "selectors") from error

    def _problem(self, problem: str, remedy: str, key: str | None = None) -> ConfigurationError:
        line = self._line_of(key) if key else None
        subject = f"{self._path}, Zeile {line}" if line else str(self._path)
        return ConfigurationError(problem, subject=subject, remedy=remedy)

    def _line_of(self, key: str) -> int | None:
        pattern = _line_pattern(key)
        return next((n for n, line in enumerate(self._text.splitlines(), 1) if pattern.match(line)), None)


def _line_pattern(key: str) -> re.Pattern[str]:
    """The beginning of a line of TOML that sets a key, or opens its table."""
    return re.compile(rf"\s*(?:\[\s*)?[\"']?{re.escape(key)}\b")
