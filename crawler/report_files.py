"""Reports of crawls and link checks: JSON files in ``var/state/reports``, found again and told to people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.report import ACTION_LABELS, PageAction
from kb.corpus.atomic import storage_error, write_atomically
from kb.errors import ConfigurationError

# A report of 2,000 pages has half a megabyte; a daily run keeps three months.
KEPT_REPORTS = 100
_STAMP = "%Y%m%dT%H%M%S%fZ"
_SHOWN_HOSTS = 10


def keep_report(folder: Path, kind: str, value: Mapping[str, object]) -> Path:
    """Write ``<kind>-<time>.json`` and drop the oldest beyond 100 of its kind; gives the file.

    Raises:
        StorageError: the folder cannot be written.
    """
    now = datetime.now(UTC)
    path = folder / f"{kind}-{now.strftime(_STAMP)}.json"
    stamped = {"at": now.isoformat(timespec="seconds"), **value}
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(path, json.dumps(stamped, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise storage_error(error, path) from error
    for old in sorted(folder.glob(f"{kind}-*.json"))[:-KEPT_REPORTS]:
        with suppress(OSError):
            old.unlink()
    return path


def latest_report(folder: Path, kind: str) -> dict[str, Any]:
    """The newest report of a kind that can be read.

    Raises:
        ConfigurationError: there is none.
    """
    for path in sorted(folder.glob(f"{kind}-*.json"), reverse=True):
        with suppress(OSError, ValueError):
            value = json.loads(path.read_text("utf-8"))
            if isinstance(value, dict):
                return value
    raise ConfigurationError(
        "es gibt noch keinen Bericht", subject=str(folder), remedy="erst „kb crawl“ aufrufen"
    )


def crawl_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """A crawl's report for people: source by source counts, reasons, and failures by host."""
    yield f"Lauf vom {report.get('at', '?')}, {_decimal(report.get('seconds', 0))} s"
    for source in report.get("sources", ()):
        counts = ", ".join(f"{source.get(action.value, 0)} {label}" for action, label in ACTION_LABELS.items())
        yield (
            f"{source['source']}: {source['found']} Adressen gefunden, {source['fetched']} Abrufe, "
            f"{_decimal(source['bytes'] / 1_000_000)} MB, {_decimal(source['seconds'])} s"
        )
        yield f"  {counts}"
        for action in (PageAction.SKIPPED, PageAction.FAILED):
            for reason, count in source.get("reasons", {}).get(action.value, {}).items():
                yield f"  {ACTION_LABELS[action]}, {count}-mal: {reason}"
        for host, count in _failing_hosts(source):
            yield f"  Fehler bei {host}: {count}"


def _failing_hosts(source: Mapping[str, Any]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for page in source.get("pages", ()):
        if page["action"] == PageAction.FAILED.value:
            host = urlsplit(page["url"]).netloc
            counts[host] = counts.get(host, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN_HOSTS]


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
