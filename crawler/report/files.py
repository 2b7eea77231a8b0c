"""The reports of past crawls: one JSON file a run, the newest kept, for the site and ``kb crawl --report``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.report.outcomes import PageAction, PageOutcome, SourceTotals
from crawler.report.report import CrawlReport, SourceReport
from kb.errors import ConfigurationError, StorageError
from kb.private import write_privately

# Two months of daily runs.
KEPT_REPORTS = 60
_NAMES = "crawl-*.json"


def save_report(folder: Path, report: CrawlReport, now: datetime | None = None) -> Path:
    """Write a report under its time and drop the oldest beyond ``KEPT_REPORTS``.

    Raises:
        StorageError: the folder cannot be written.
    """
    when = (now or datetime.now(UTC)).astimezone(UTC)
    path = folder / f"crawl-{when:%Y%m%dT%H%M%S%fZ}.json"
    body = {"finished": when.isoformat(timespec="seconds"), **report.to_json()}
    try:
        write_privately(path, (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode())
        for old in sorted(folder.glob(_NAMES))[:-KEPT_REPORTS]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"der Bericht ist nicht zu schreiben ({error.strerror})",
            subject=str(path),
            remedy="Platz und Rechte prüfen; die gelesenen Dokumente sind im Korpus",
        ) from error
    return path


def latest_report(folder: Path) -> tuple[str, CrawlReport]:
    """When the last crawl finished (ISO 8601), and its report.

    Raises:
        ConfigurationError: there is none yet, or the file is damaged.
    """
    paths = sorted(folder.glob(_NAMES)) if folder.is_dir() else []
    if not paths:
        raise ConfigurationError(
            "es gibt noch keinen Bericht", subject=str(folder), remedy="zuerst „kb crawl“ ausführen"
        )
    try:
        data = json.loads(paths[-1].read_bytes())
        sources = tuple(_source(entry) for entry in data["sources"])
        return data["finished"], CrawlReport(sources, data["seconds"], tuple(data["notes"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            "der Bericht ist beschädigt", subject=str(paths[-1]), remedy="die Datei löschen"
        ) from error


def _source(entry: dict[str, object]) -> SourceReport:
    values = {name: entry["bytes" if name == "received" else name] for name in _TOTALS}
    pages = entry["pages"]
    if not isinstance(pages, list):
        raise TypeError("not a report")
    told = {name: _texts(entry.get(name, [])) for name in ("notes", "alarms")}  # earlier versions had no alarms
    totals = SourceTotals(**values, **told)  # type: ignore[arg-type] # what this module wrote
    return SourceReport(totals, tuple(_outcome(page) for page in pages))


def _outcome(page: dict[str, Any]) -> PageOutcome:
    warnings = tuple(page.get("warnings", ()))  # reports of earlier versions have none
    return PageOutcome(
        page["url"],
        PageAction(page["action"]),
        page["reason"],
        page["id"],
        page["instead"],
        warnings=warnings,
    )


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("not a report")
    return tuple(value)


_TOTALS = ("source", "found", "fetched", "received", "seconds")
