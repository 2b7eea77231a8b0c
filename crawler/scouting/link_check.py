"""``kb links``: do the addresses in the corpus still lead somewhere? Sources first, then links in the texts."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Lock

from crawler.addressing.urls import fetch_url, host_of
from crawler.report.files import KEPT_REPORTS
from crawler.scouting.fetch import Fetcher
from kb.corpus.atomic import storage_error
from kb.errors import FetchError, InputError
from kb.failures import documents_of, passed_over
from kb.model import Document, Status
from kb.ports import CorpusStore, Progress, no_progress
from kb.private import write_privately

# Hosts that are asked at the same time; each gets one request at a time, with pauses.
_PARALLEL_HOSTS = 8
# A Markdown link's target: parentheses inside come in pairs.
_TARGET = re.compile(r"\]\(<?(https?://(?:[^\s()<>]|\([^\s()<>]*\))+)")
_GONE = frozenset([404, 410])
# Answers that are meant for this program, not for people with a browser.
_NOT_FOR_US = frozenset([401, 403, 405, 406, 429, 451, 999])


class LinkState(StrEnum):
    """What became of an address; the worst come first in reports."""

    GONE = "gone"
    FAILING = "failing"
    MOVED = "moved"
    UNCHECKED = "unchecked"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Place:
    """A document that has an address, as its source or in its text."""

    doc_id: str
    is_source: bool


@dataclass(frozen=True, slots=True)
class LinkResult:
    """One address, why it is judged so (in German), and the documents that have it."""

    url: str
    state: LinkState
    reason: str
    places: tuple[Place, ...]
    target: str | None = None


@dataclass(frozen=True, slots=True)
class LinkReport:
    """All addresses that were judged; ``left_out`` had no turn because of the limit."""

    results: tuple[LinkResult, ...]
    left_out: int = 0

    def count(self, state: LinkState) -> int:
        """How many addresses ended this way."""
        return sum(result.state is state for result in self.results)

    @property
    def is_rotten(self) -> bool:
        """Whether somebody should look."""
        return any(result.state in (LinkState.GONE, LinkState.FAILING) for result in self.results)

    def to_json(self) -> dict[str, object]:
        """Plain values; addresses that are fine are only counted."""
        return {
            **{state.value: self.count(state) for state in LinkState},
            "left_out": self.left_out,
            "links": [
                {
                    "url": one.url,
                    "state": one.state.value,
                    "reason": one.reason,
                    "target": one.target,
                    "documents": [{"id": place.doc_id, "source": place.is_source} for place in one.places],
                }
                for one in self.results
                if one.state is not LinkState.OK
            ],
        }

    def lines(self) -> Iterator[str]:
        """The report for people: counts, then every address that is not fine."""
        yield ", ".join(f"{self.count(state)} {label}" for state, label in _LABELS.items())
        if self.left_out:
            yield f"{self.left_out} nicht geprüft, weil die Höchstzahl erreicht war (--limit)"
        for one in self.results:
            if one.state is LinkState.OK:
                continue
            yield f"{one.url}"
            yield f"  {_LABELS[one.state]}: {one.reason}{f' → {one.target}' if one.target else ''}"
            for place in one.places:
                yield f"    {place.doc_id}{' (Quelle)' if place.is_source else ''}"


_LABELS = {
    LinkState.OK: "erreichbar",
    LinkState.MOVED: "umgezogen",
    LinkState.GONE: "verschwunden",
    LinkState.FAILING: "gestört",
    LinkState.UNCHECKED: "nicht prüfbar",
}


def links_of_corpus(corpus: CorpusStore) -> Mapping[str, tuple[Place, ...]]:
    """Address → where it stands, sources before links; published documents only.

    Withdrawn documents have lost their page already, and drafts are not shown to anybody.
    """
    found: dict[str, dict[Place, None]] = {}
    for stored in documents_of(corpus, passed_over):
        document = stored.document
        if document.status is Status.PUBLISHED:
            for url, is_source in _addresses(document):
                found.setdefault(url, {})[Place(document.id, is_source)] = None
    ordered = sorted(found, key=lambda url: (not any(place.is_source for place in found[url]), url))
    return {url: tuple(found[url]) for url in ordered}


def _addresses(document: Document) -> Iterator[tuple[str, bool]]:
    named = ((url, True) for url in (document.url,) if url)
    written = ((match[1], False) for match in _TARGET.finditer(document.text))
    for url, is_source in (*named, *written):
        try:
            yield fetch_url(url), is_source
        except ValueError:
            continue


def check_links(
    links: Mapping[str, Sequence[Place]],
    make_fetcher: Callable[[], Fetcher],
    limit: int,
    progress: Progress = no_progress,
) -> LinkReport:
    """Ask for up to ``limit`` addresses, several hosts at a time and each host in its own time."""
    chosen = list(links)[:limit]
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in chosen:
        by_host[host_of(url)].append(url)
    done: list[LinkResult] = []
    mutex = Lock()

    def check_host(urls: Iterable[str]) -> None:
        fetcher = make_fetcher()
        for url in urls:
            result = _judge(url, fetcher, tuple(links[url]))
            with mutex:
                done.append(result)
                progress(len(done), len(chosen), url)

    with ThreadPoolExecutor(_PARALLEL_HOSTS, thread_name_prefix="links") as pool:
        for future in [pool.submit(check_host, urls) for urls in by_host.values()]:
            future.result()
    rank = list(LinkState).index
    return LinkReport(
        tuple(sorted(done, key=lambda one: (rank(one.state), one.url))), left_out=len(links) - len(chosen)
    )


def _judge(url: str, fetcher: Fetcher, places: tuple[Place, ...]) -> LinkResult:
    try:
        reached = fetcher.reach(url)
    except FetchError as error:
        is_refused = "robots.txt erlaubt" in error.reason or "KB_" in error.reason
        return LinkResult(url, LinkState.UNCHECKED if is_refused else LinkState.FAILING, error.reason, places)
    except InputError as error:
        return LinkResult(url, LinkState.UNCHECKED, error.reason, places)
    answer = f"der Server antwortet mit Status {reached.status}"
    if reached.status in _GONE:
        return LinkResult(url, LinkState.GONE, answer, places)
    if reached.status in _NOT_FOR_US:
        return LinkResult(url, LinkState.UNCHECKED, answer, places)
    if not 200 <= reached.status < 300:
        return LinkResult(url, LinkState.FAILING, answer, places)
    if reached.moved_for_good:
        return LinkResult(url, LinkState.MOVED, "für immer umgezogen", places, reached.url)
    return LinkResult(url, LinkState.OK, "", places)


def save_link_report(folder: Path, report: LinkReport) -> Path:
    """Keep a report as ``links-<time>.json`` and drop the oldest beyond ``KEPT_REPORTS``.

    Raises:
        StorageError: the folder cannot be written.
    """
    now = datetime.now(UTC)
    path = folder / f"links-{now:%Y%m%dT%H%M%S%fZ}.json"
    body = {"finished": now.isoformat(timespec="seconds"), **report.to_json()}
    try:
        write_privately(path, (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode())
        for old in sorted(folder.glob("links-*.json"))[:-KEPT_REPORTS]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(error, path) from error
    return path
