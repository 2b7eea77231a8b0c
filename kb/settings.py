"""All settings, read from the environment here and nowhere else.

Every setting is an environment variable ``KB_<NAME>``; command-line options win over it.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kb.errors import ConfigurationError
from kb.model import YearSpan


class Settings(BaseSettings):
    """What an operator may set; the folders under ``var`` follow from it."""

    model_config = SettingsConfigDict(env_prefix="KB_", frozen=True, extra="ignore")

    corpus: Path = Field(Path("corpus"), description="Ordner des Korpus")
    var: Path = Field(Path("var"), description="Ordner für Zustand (state) und Ableitbares (cache)")
    host: str = Field("127.0.0.1", description="Adresse, an der die Suche lauscht")
    port: int = Field(8000, ge=0, le=65535, description="Port der Suche; 0 nimmt einen freien")
    workers: int = Field(2, ge=1, le=64, description="Zahl der Server-Prozesse")
    database_url: str = Field(
        "", description="Datenbank für Konten und Fassungen; leer: SQLite in var/state; sonst postgresql://…"
    )
    proxies: int = Field(0, ge=0, le=5, description="Zahl der eigenen Webserver (mit TLS) vor der Suche")
    max_text_chars: int = Field(2_000_000, ge=1_000, description="Längster Text eines Dokuments in Zeichen")
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
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "KB_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(
            f"der Wert {first['input']!r} ist nicht erlaubt ({first['msg']})",
            subject=name,
            remedy="Umgebungsvariable oder Option berichtigen",
        ) from error
