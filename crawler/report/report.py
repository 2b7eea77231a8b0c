"""What became of every page of a crawl: counted for machines, told in German for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crawler.report.outcomes import PageAction, PageOutcome, SourceTotals


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source's part of a crawl; ``outcomes`` holds every address once."""

    totals: SourceTotals
    outcomes: tuple[PageOutcome, ...] = ()

    @property
    def source(self) -> str:
        """The source's id."""
        return self.totals.source

    def count(self, action: PageAction) -> int:
        """How many addresses ended this way."""
        return sum(outcome.action is action for outcome in self.outcomes)

    def reasons(self, action: PageAction) -> Mapping[str, int]:
        """Reason → count, most frequent first, ties in alphabetical order."""
        counted = Counter(outcome.reason for outcome in self.outcomes if outcome.action is action)
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def to_json(self) -> dict[str, object]:
        """Plain values for a JSON file; the pages come last."""
        totals = self.totals
        return {
            "source": totals.source,
            "found": totals.found,
            "fetched": totals.fetched,
            "bytes": totals.received,
            "seconds": round(totals.seconds, 2),
            "notes": list(totals.notes),
            "alarms": list(totals.alarms),
            **{action.value: self.count(action) for action in PageAction},
            "reasons": {
                action.value: dict(self.reasons(action)) for action in PageAction if self.count(action)
            },
            "pages": [
                {
                    "url": page.url,
                    "action": page.action.value,
                    "reason": page.reason,
                    "id": page.doc_id,
                    "instead": page.instead,
                    "warnings": list(page.warnings),
                }
                for page in self.outcomes
            ],
        }

    def lines(self) -> list[str]:
        """A summary for people: counts in a line, then what is missing, skips and failures with reasons."""
        counts = ", ".join(f"{self.count(action)} {label}" for action, label in _LABELS.items())
        totals = self.totals
        lines = [
            f"{totals.source}: {totals.found} Adressen gefunden, {totals.fetched} Abrufe, "
            f"{_amount(totals.received)}, {_decimal(round(totals.seconds, 2))} s",
            f"  {counts}",
            *(f"  Achtung: {alarm}" for alarm in totals.alarms),
            *(f"  Hinweis: {note}" for note in totals.notes),
            *(f"  Hinweis: {page.url}: {warning}" for page in self.outcomes for warning in page.warnings),
        ]
        for action, heading in ((PageAction.SKIPPED, "übergangen"), (PageAction.FAILED, "Fehler")):
            lines += [f"  {heading}, {count}-mal: {reason}" for reason, count in self.reasons(action).items()]
        return lines


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """A whole crawl, source by source in the order of the job."""

    sources: tuple[SourceReport, ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    def count(self, action: PageAction) -> int:
        """How many addresses ended this way, over all sources."""
        return sum(source.count(action) for source in self.sources)

    @property
    def changed(self) -> int:
        """How many documents were written."""
        written = (PageAction.ADDED, PageAction.UPDATED, PageAction.WITHDRAWN)
        return sum(self.count(action) for action in written)

    def to_json(self) -> dict[str, object]:
        """Plain values for a JSON file."""
        return {
            "seconds": round(self.seconds, 2),
            "notes": list(self.notes),
            **{action.value: self.count(action) for action in PageAction},
            "sources": [source.to_json() for source in self.sources],
        }

    def lines(self) -> list[str]:
        """A summary for people, source by source."""
        notes = [f"Hinweis: {note}" for note in self.notes]
        return [line for source in self.sources for line in source.lines()] + notes


@dataclass(slots=True)
class ReportBuilder:
    """Collects what a running crawl sends; sources that never started are reported with nothing."""

    names: Iterable[str]
    _outcomes: dict[str, list[PageOutcome]] = field(default_factory=dict, init=False)
    _totals: dict[str, SourceTotals] = field(default_factory=dict, init=False)
    _notes: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        for name in self.names:
            self._outcomes[name] = []
            self._totals[name] = SourceTotals(name)

    def add(self, source: str, outcome: PageOutcome) -> None:
        """Note what became of one address."""
        self._outcomes[source].append(outcome)

    def finish(self, totals: SourceTotals) -> None:
        """Note the engine's counts of a source that has ended."""
        self._totals[totals.source] = totals

    def note(self, text: str) -> None:
        """Note what befell the whole crawl."""
        self._notes.append(text)

    @property
    def pages(self) -> int:
        """How many outcomes have come in so far."""
        return sum(len(outcomes) for outcomes in self._outcomes.values())

    def report(self, *, seconds: float) -> CrawlReport:
        """Everything so far; the pages of a source in the order of their addresses."""
        return CrawlReport(
            tuple(
                SourceReport(totals, tuple(sorted(self._outcomes[name], key=lambda page: page.url)))
                for name, totals in self._totals.items()
            ),
            seconds,
            tuple(self._notes),
        )


_LABELS = {
    PageAction.ADDED: "neu",
    PageAction.UPDATED: "geändert",
    PageAction.UNCHANGED: "unverändert",
    PageAction.WITHDRAWN: "zurückgezogen",
    PageAction.SKIPPED: "übergangen",
    PageAction.FAILED: "fehlgeschlagen",
}


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def _amount(size: int) -> str:
    """Bytes for people, in decimal units."""
    for limit, unit in ((1_000_000, "MB"), (1_000, "kB")):
        if size >= limit:
            return f"{_decimal(size / limit)} {unit}"
    return f"{size} Byte"
