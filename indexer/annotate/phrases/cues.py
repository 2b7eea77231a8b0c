"""Cue phrases from a data file, found in one pass and counted with diminishing return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indexer.annotate.data.files import read_data
from indexer.annotate.phrases.matching import PatternIndex, PatternSet
from indexer.annotate.text.layout import BlockKind
from indexer.annotate.text.reading import Reading
from indexer.annotate.text.spans import TokenSpan
from kb.errors import ConfigurationError
from kb.model import Evidence

# Of the hits of one cue, this many are shown.
_SHOWN = 3
HEADING_FACTOR = 1.5


@dataclass(frozen=True, slots=True)
class Cue:
    """Phrases that belong together; ``label`` says what they are meant for."""

    label: str
    name: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CueHit:
    """One cue in one document: the points of its hits in the text, and where it stands, title included."""

    cue: Cue
    points: float
    spans: tuple[TokenSpan, ...]
    evidence: tuple[Evidence, ...]


class CueSet:
    """The ``[[cue]]`` tables of one data file, compiled."""

    def __init__(self, name: str, patterns: PatternIndex) -> None:
        cues = [_read_cue(table, name) for table in read_data(name)["cue"]]
        self._cues = {str(index): cue for index, cue in enumerate(cues)}
        self._patterns = PatternSet(patterns)
        for key, cue in self._cues.items():
            for pattern in cue.patterns:
                self._patterns.add(key, pattern)

    def hits(self, reading: Reading) -> list[CueHit]:
        """Every cue that occurs in the document's own words; the n-th hit counts 1/n."""
        title, body = self._patterns.find(reading.title), self._patterns.find(reading.body)
        hits = []
        for key, cue in self._cues.items():
            if key not in title and key not in body:  # as for most cues
                continue
            titles = title.get(key, [])[:1]
            spans = [span for span in body.get(key, []) if reading.counts(span)]
            weights = sorted((_weight(reading, span) for span in spans), reverse=True)
            points = sum(weight / rank for rank, weight in enumerate(weights, 1))
            if titles or spans:
                evidence = [reading.quote_title(span, cue.name) for span in titles]
                evidence += [reading.quote(span, cue.name) for span in spans[:_SHOWN]]
                hits.append(CueHit(cue, points, tuple(spans), tuple(evidence)))
        return hits


def _weight(reading: Reading, span: TokenSpan) -> float:
    return HEADING_FACTOR if reading.kind(span) is BlockKind.HEADING else 1.0


def _read_cue(table: dict[str, Any], file: str) -> Cue:
    try:
        return Cue(str(table["label"]), str(table["name"]), tuple(table["patterns"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"ein [[cue]] ist unvollständig ({error})",
            subject=f"indexer/annotate/data/{file}",
            remedy="label, name und patterns angeben",
        ) from error
