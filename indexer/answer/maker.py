"""What every backend does around its arrays or dictionaries: correction, snippets, reasons."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Generic, Protocol, TypeVar

from indexer.answer.found import FoundText
from indexer.answer.marks import Marker, wanted_by
from indexer.answer.reasons import reasons
from indexer.answer.snippets import snippet
from indexer.answer.unknown_values import FacetValues, unknown_values
from indexer.german import CompoundSplitter, GermanAnalyzer
from indexer.query.conditions import QueryPlan
from indexer.query.parser import parse_query
from indexer.query.plan import Planner
from indexer.ranking.correction import Lexicon, corrected_text, corrections
from indexer.scoring import as_score
from kb.errors import InvalidQueryError
from kb.failures import contained, logged
from kb.model import IndexEntry, Notice, NoticeKind, Reason, SearchHit, SearchQuery, Tier

_log = logging.getLogger(__name__)


class _Matched(Protocol):
    @property
    def found(self) -> bool:
        """Whether there is any hit."""

    @property
    def found_further(self) -> bool:
        """Whether there is any further document."""


H = TypeVar("H", bound=_Matched)


@dataclass(frozen=True, slots=True)
class Answered(Generic[H]):
    """The plan that was asked in the end, its hits, and what was done to the query on the way.

    ``typed`` maps corrected words, small, to what was typed.
    """

    plan: QueryPlan
    hits: H
    corrected: str | None
    notices: tuple[Notice, ...]
    typed: Mapping[str, str]


def answered_query(
    query: SearchQuery,
    planner: Planner,
    lexicon: Lexicon,
    values: FacetValues,
    ask: Callable[[QueryPlan], H],
) -> Answered[H]:
    """Plan a query, correct unknown words, and ask.

    Raises:
        InvalidQueryError: the query cannot be understood.
    """
    parsed = parse_query(query.text)
    plan = planner.plan(parsed)
    notices: tuple[Notice, ...] = ()
    hits = ask(plan) if plan.bag.addresses else None
    addresses = hits is None or hits.found
    if not addresses:  # no document is there: what its words find may be what was looked for
        hits = None
        plan = planner.plan(parsed, addresses=False)
        notices = (Notice(NoticeKind.RELAXED),)
    corrected = None
    # What has a synonym is a word, whether it stands in a text or not.
    explained = {term for group in plan.bag.synonyms for term in group.replaces}
    unknown = [word for word in plan.words if word.term not in explained]
    changes = corrections(unknown, lexicon) if query.correct else []
    if changes:
        text = corrected_text(query.text, changes)
        try:
            parsed, corrected = parse_query(text), text
            plan, hits = planner.plan(parsed, addresses=addresses), None
        except InvalidQueryError:  # longer than allowed now
            parsed, corrected = parse_query(query.text), None
    hits = ask(plan) if hits is None else hits
    if not (hits.found or hits.found_further):
        loosened = planner.loosened_plan(parsed, addresses=addresses)
        if loosened is not None:
            plan, hits = loosened, ask(loosened)
    if not hits.found:
        notices = (Notice(NoticeKind.RELAXED),) if hits.found_further else ()
    notices = (*plan.notices, *unknown_values(plan.condition, planner.states, values), *notices)
    typed = {change.meant.lower(): change.typed for change in changes} if corrected else {}
    return Answered(plan, hits, corrected, notices, typed)


def tiered(hit: SearchHit, further: bool, missing: tuple[str, ...]) -> SearchHit:
    """The hit with its tier, and the words that it does not hold."""
    return replace(hit, tier=Tier.FURTHER, missing=missing) if further else hit


@dataclass(frozen=True, slots=True)
class AnswerMaker:
    """Makes the hits of one page."""

    plan: QueryPlan
    marker: Marker
    topic_labels: Mapping[str, str]
    around: frozenset[int]
    typed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        plan: QueryPlan,
        similar: Mapping[int, frozenset[str]],
        analyzer: GermanAnalyzer,
        splitter: CompoundSplitter,
        topic_labels: Mapping[str, str],
        around: Iterable[int],
    ) -> AnswerMaker:
        """``similar`` maps numbers of the plan's words to words of the corpus that are like them; ``around``
        are the numbers of those that may stand around texts."""
        marker = Marker(analyzer, splitter, wanted_by(plan, similar))
        return cls(plan, marker, topic_labels, frozenset(around))

    def hits(
        self, found: Sequence[FoundText], totals: Sequence[int], shares: Sequence[Sequence[float]]
    ) -> tuple[SearchHit, ...]:
        """``shares`` has for each document what each word of the plan brings of its score."""
        return tuple(
            _hit(one, total, partial(self._reasons, one, brought))
            for one, total, brought in zip(found, totals, shares, strict=True)
        )

    def _reasons(self, one: FoundText, shares: Sequence[float]) -> tuple[Reason, ...]:
        if not self.marker.wanted:
            return ()
        found = reasons(self.plan, self.marker, one, self.topic_labels, shares, self.around)
        if not self.typed:
            return found
        return tuple(replace(one, corrected=self.typed.get(one.word.lower())) for one in found)


def plain_hits(found: Sequence[FoundText], totals: Sequence[int]) -> tuple[SearchHit, ...]:
    """Documents that no query asked for: beginnings instead of matches."""
    return tuple(_hit(*row) for row in zip(found, totals, strict=True))


def _hit(one: FoundText, total: int, reasons_of: Callable[[], tuple[Reason, ...]] = tuple) -> SearchHit:
    with contained(one.entry.id, partial(logged, _log)):
        return SearchHit(one.entry, as_score(total), snippet(one), reasons_of())
    return SearchHit(one.entry, as_score(total), "")


def bare_hits(entries: Sequence[IndexEntry], totals: Sequence[int]) -> tuple[SearchHit, ...]:
    """Hits without any word about them."""
    return tuple(SearchHit(entry, as_score(total), "") for entry, total in zip(entries, totals, strict=True))
