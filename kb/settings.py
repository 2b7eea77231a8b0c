"""All settings, read from the environment here and nowhere else.

Every setting is an environment variable ``KB_<NAME>``; command-line options win over it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from kb.errors import ConfigurationError
from kb.model import YearSpan

# Every command begins here: pydantic reads settings as well, but takes as long to load as all of a search.


def Field(  # noqa: N802  # stands where a declaration stands
    default: Any,
    *,
    description: str,
    ge: float | None = None,
    le: float | None = None,
    gt: float | None = None,
) -> Any:
    """A setting: what it is, in German, and the least and largest value (``gt`` itself is too small).

    The type of the default says how text is read.
    """
    about = {"description": description, "ge": ge, "le": le, "gt": gt}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True)
class Settings:
    """What an operator may set; the folders under ``var`` follow from it."""

    corpus: Path = Field(Path("corpus"), description="Ordner des Korpus")
    var: Path = Field(Path("var"), description="Ordner für Zustand (state) und Ableitbares (cache)")
    host: str = Field("127.0.0.1", description="Adresse, an der die Suche lauscht")
    public_url: str = Field(
        "",
        description="Öffentliche Adresse, etwa https://suche.example.de; leer: nur auf diesem Rechner",
    )
    hosts: str = Field("", description="Weitere Namen, unter denen die Website antwortet, durch Komma getrennt")
    hsts_seconds: int = Field(
        0, ge=0, description="So lange sollen Browser nur mit TLS fragen (HSTS), in Sekunden; 0: nichts sagen"
    )
    port: int = Field(8000, ge=0, le=65535, description="Port der Suche; 0 nimmt einen freien")
    workers: int = Field(2, ge=1, le=64, description="Zahl der Server-Prozesse")
    database_url: str = Field(
        "", description="Datenbank für Konten und Fassungen; leer: SQLite in var/state; sonst postgresql://…"
    )
    counters_url: str = Field(
        "",
        description="Wo falsche Passwörter gezählt werden; leer: in der Datenbank; sonst valkey:// oder redis://",
    )
    proxies: int = Field(0, ge=0, le=5, description="Zahl der eigenen Webserver (mit TLS) vor der Suche")
    max_text_chars: int = Field(2_000_000, ge=1_000, description="Längster Text eines Dokuments in Zeichen")
    annotated_chars: int = Field(
        500_000,
        ge=1_000,
        description="Vom Anfang eines Textes nach Themen, Art, Orten und Terminen gelesen, in Zeichen",
    )
    max_file_bytes: int = Field(50_000_000, ge=1_000, description="Größte Datei, die gelesen wird, in Byte")
    first_year: int = Field(
        1500, ge=1, le=1990, description="Frühere Jahreszahlen gelten in Angaben nicht als Datum"
    )
    last_year: int = Field(
        2100, ge=2030, le=9999, description="Spätere Jahreszahlen gelten in Angaben nicht als Datum"
    )
    contact: str = Field(
        "",
        description="Kontakt (URL oder E-Mail) im User-Agent; vor dem ersten echten Crawl setzen",
    )
    allow_loopback: bool = Field(
        False, description="Crawler darf Adressen auf diesem Rechner abrufen (Demo, Tests)"
    )
    crawl_max_pages: int = Field(2_000, ge=1, description="Höchstzahl der Seiten je Quelle und Lauf")
    crawl_delay: float = Field(1.0, ge=0, description="Mindestabstand zweier Abrufe bei einem Host in Sekunden")
    crawl_timeout: float = Field(30.0, gt=0, description="Zeitgrenze für einen Abruf in Sekunden")
    fetch_max_seconds: float = Field(
        120.0,
        gt=0,
        description="Zeitgrenze für eine einzelne Adresse (extract, source, links) mit allem, wohin sie führt",
    )
    crawl_max_total_bytes: int = Field(
        2_000_000_000, ge=1_000, description="Höchstmenge je Quelle und Lauf in Byte"
    )
    crawl_max_seconds: float = Field(
        21_600.0, gt=0, description="Laufzeit eines Crawls in Sekunden; danach endet er geordnet"
    )
    crawl_archive: bool = Field(
        True, description="Abgerufene Originale als WARC unter var/state/archive aufheben"
    )
    prefer_recent: float = Field(
        0.0, ge=0, le=1, description="Neuere Dokumente höher: Aufschlag für das neueste Jahr, 0.2 = ein Fünftel"
    )
    prefer_kinds: dict[str, float] = Field(
        {}, description='Arten höher: als JSON, etwa {"praxisbeispiel": 0.2}'
    )
    lock_timeout: float = Field(30.0, ge=0, description="So lange wartet ein zweiter Schreiber, in Sekunden")

    @property
    def years(self) -> YearSpan:
        """The years in which a date of a document or a page is believed."""
        return YearSpan(self.first_year, self.last_year)

    @property
    def state_dir(self) -> Path:
        """The record: cannot be recomputed, is backed up."""
        return self.var / "state"

    @property
    def cache_dir(self) -> Path:
        """Derived data: may be deleted at any time."""
        return self.var / "cache"

    @property
    def index_dir(self) -> Path:
        """The generations of the search index."""
        return self.cache_dir / "index"

    @property
    def learned_file(self) -> Path:
        """What ``kb learn`` learnt of topics; derived from the corpus, and learnt again at will."""
        return self.cache_dir / "learned_topics.json"

    @property
    def failures_file(self) -> Path:
        """Which documents failed in which step; derived, written anew by each run."""
        return self.cache_dir / "failures.json"

    @property
    def words_file(self) -> Path:
        """The words of the corpus, counted by `kb index`; derived."""
        return self.cache_dir / "words.tsv"


def load_settings(**overrides: object) -> Settings:
    """Environment first, overrides (command-line options) on top; ``None`` overrides nothing.

    Raises:
        ConfigurationError: names the setting and what is wrong with it.
    """
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        variable = f"KB_{setting.name.upper()}"
        given = overrides.get(setting.name)
        if given is None:
            given = os.environ.get(variable)
        if given is not None:
            default = getattr(_DEFAULTS, setting.name)
            values[setting.name] = _value(given, type(default), setting.metadata, variable)
    return Settings(**values)


def _value(given: object, kind: type, about: Mapping[str, Any], variable: str) -> object:
    read, expected = _READERS.get(kind, (Path, "ein Pfad"))
    limits = [f"{word} {about[name]}" for name, word in _LIMITS.items() if about[name] is not None]
    try:
        value: Any = read(given) if isinstance(given, str) else given
        low, above, high = (about[name] for name in _LIMITS)
        if (
            (low is not None and not value >= low)
            or (above is not None and not value > above)
            or (high is not None and not value <= high)
        ):
            raise ValueError("out of bounds")
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"der Wert {given!r} ist nicht erlaubt (erwartet: {' '.join([expected, *limits])})",
            subject=variable,
            remedy="Umgebungsvariable oder Option berichtigen",
        ) from error
    return value


def _truth(text: str) -> bool:
    small = text.lower()
    if small not in _TRUE + _FALSE:
        raise ValueError("neither true nor false")
    return small in _TRUE


def _numbers(text: str) -> dict[str, float]:
    return {name: float(number) for name, number in json.loads(text).items()}


_READERS: dict[type, tuple[Callable[[str], object], str]] = {
    str: (str, "Text"),
    bool: (_truth, "true oder false"),
    int: (int, "eine ganze Zahl"),
    float: (float, "eine Zahl"),
    dict: (_numbers, 'JSON mit Zahlen, etwa {"praxisbeispiel": 0.2}'),
}
_TRUE, _FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
_LIMITS = {"ge": "ab", "gt": "über", "le": "bis"}
_DEFAULTS = Settings()
