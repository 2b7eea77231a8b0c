"""The search engine of the product: Whoosh for entries, positions and phrases, arrays for all else."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from indexer.answer.maker import AnswerMaker, answered_query, bare_hits, plain_hits, tiered
from indexer.backends.hidden import HiddenDocuments
from indexer.backends.whoosh_files import SCHEMA_VERSION
from indexer.backends.whoosh_state import Labels, OpenState, open_state
from indexer.german import GermanAnalyzer, Synonyms
from indexer.query.plan import Planner
from indexer.query.states import States
from indexer.ranking.columns import BoolArray
from indexer.ranking.compiling import patient
from indexer.ranking.priors import Priors
from indexer.ranking.shares import shares
from indexer.ranking.similar_documents import similar_plan
from indexer.ranking.snapshot_lexicon import SnapshotLexicon
from indexer.storage.generations import Generations
from indexer.storage.manifest import Versions
from kb.errors import (
    FundstelleError,
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexOutdatedError,
    SearchIndexError,
)
from kb.model import FACETS, IndexEntry, SearchHit, SearchQuery, SearchResults, Sort, Suggestion
from kb.ports import Visibility

if TYPE_CHECKING:
    from indexer.backends.whoosh_session import WhooshSession

# In so many a query's loops take about as long uncompiled as loading them takes.
_FEW_DOCUMENTS = 100_000
# What people ask: words, compounds, a beginning, words side by side.
_USUAL = 'Schule Bildungsberatung beruf* "der Schule"'
# After so many answers that would have shown something hidden, every document is looked at.
_LOOKS = 3
_OTHER_RULES = "Themen, Orte oder ihre Regeln haben sich geändert"


class WhooshBackend:
    """A ``SearchBackend`` over a folder of generations.

    Readers look at the pointer before each search (one ``stat``) and open a new generation when it
    has changed. Thread-safe, and safe for any number of reading processes beside one writer.
    ``annotations_version`` is written into the index; an index with another one is asked to be
    rebuilt, and still searched until then. ``labels`` maps facets to the labels of their ids. ``visibility``
    has the last word on what may be shown.
    """

    def __init__(
        self,
        index_dir: Path,
        analyzer: GermanAnalyzer | None = None,
        *,
        synonyms: Synonyms | None = None,
        labels: Labels | None = None,
        priors: Priors | None = None,
        states: States | None = None,
        annotations_version: str = "",
        lock_timeout: float = 30.0,
        visibility: Visibility | None = None,
    ) -> None:
        self._analyzer = analyzer or GermanAnalyzer()
        self._synonyms = synonyms or Synonyms()
        self._labels: Labels = labels or {}
        self._priors = priors or Priors()
        self._states = states or States()
        self._versions = Versions(SCHEMA_VERSION, self._analyzer.version, annotations_version)
        self._generations = Generations(index_dir, self._versions)
        self._lock_timeout = lock_timeout
        self._opening = Lock()
        self._opened: tuple[tuple[int, int] | None, OpenState] | None = None
        self._hidden = HiddenDocuments(visibility)

    def search(self, query: SearchQuery) -> SearchResults:
        """See ``SearchBackend.search``; nearly always the first answer shows nothing that is hidden."""
        state, hidden = self._state_and_hidden()
        for looks in count(1):
            results = self._search(query, state, hidden)
            places = {hit.entry.id: hit.entry.location for hit in results.hits}
            found = self._hidden.among(places, places.__getitem__)
            if not found:
                break
            if looks == _LOOKS:
                ids = [state.columns.ids[document] for document in np.flatnonzero(state.live).tolist()]
                found |= self._hidden.among(ids, state.location)
            hidden |= found
        return results

    def _search(self, query: SearchQuery, state: OpenState, hidden: frozenset[str]) -> SearchResults:
        started = time.perf_counter()
        planner = Planner(self._analyzer, state.learned.splitter, self._synonyms, self._states)
        asking = state.asking()
        answered = answered_query(query, planner, SnapshotLexicon(state.snapshot), asking, asking.hits)
        hits, plan = state.without(hidden, answered.hits), answered.plan
        masks = state.masks(query.filters)
        matched, further = _all(hits.matched, masks), _all(hits.further, masks)
        numbers = np.flatnonzero(matched)
        total, partly_holding = len(numbers), int(np.count_nonzero(further))
        totals = state.ranked(hits.totals)
        order = state.order(query, totals, unranked=plan.unranked)
        first, last = query.offset, query.offset + query.limit
        documents = state.page(numbers, order, slice(first, last))
        missing: list[tuple[str, ...]] = [()] * len(documents)
        if partly_holding and query.sort is not Sort.DATE and last > total:
            rest = slice(max(0, first - total), last - total)
            partly = state.page(np.flatnonzero(further), order, rest)
            documents = np.concatenate([documents, partly])
            missing += asking.missing(plan, partly)
        scores = totals[documents].tolist()
        if query.explain:
            similar = {n: state.similar.words(word) for n, word in enumerate(plan.words) if word.grams}
            labels = self._labels.get("topic", {})
            around = asking.around(plan)
            maker = AnswerMaker.of(plan, similar, self._analyzer, state.learned.splitter, labels, around)
            brought = shares(asking.search, plan, documents, hits.totals[documents].astype(np.int64))
            found = state.found(documents, maker.marker if maker.marker.wanted else None, plan.words)
            page = replace(maker, typed=answered.typed).hits(found, scores, brought)
        else:
            page = bare_hits(state.entries(documents), scores)
        tiers = hits.further[documents].tolist()
        page = tuple(map(tiered, page, tiers, missing))
        facets = {
            facet: state.columns.facets[facet].counts(
                np.flatnonzero(_all(hits.matched, {n: mask for n, mask in masks.items() if n != facet}))
                if facet in masks
                else numbers
            )
            for facet in (FACETS if query.count else ())
        }
        return SearchResults(
            total,
            page,
            facets,
            (time.perf_counter() - started) * 1000,
            corrected=answered.corrected,
            notices=answered.notices,
            further=partly_holding,
        )

    def search_once(self, query: SearchQuery) -> SearchResults:
        """As ``search``, for a process that asks nothing more: in few documents loops need not be compiled."""
        few = len(self._state().live) <= _FEW_DOCUMENTS
        with patient() if few else nullcontext():
            return self.search(query)

    def prepare(self) -> None:
        """Load what searches need, for processes that are forked then; where there is no index, nothing.

        Each of them opens the index itself: readers of one opened before would share file positions.
        """
        with suppress(FundstelleError):
            self.search(SearchQuery(_USUAL))
        self._opened = None

    def similar(self, doc_id: str, limit: int = 5) -> tuple[SearchHit, ...]:
        """See ``SearchBackend.similar``."""
        state, hidden = self._state_and_hidden()
        number = state.find(doc_id)
        if number is None:
            return ()
        hits = state.hits(similar_plan(state.snapshot, number))
        while True:
            matched = state.without(hidden, hits).matched.copy()
            matched[number] = False
            documents = state.page(np.flatnonzero(matched), hits.totals, slice(0, limit))
            texts = state.found(documents)
            places = {one.entry.id: one.entry.location for one in texts}
            found = self._hidden.among(places, places.__getitem__)
            if not found:
                return plain_hits(texts, hits.totals[documents].tolist())
            hidden |= found

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """See ``SearchBackend.suggest``."""
        state, hidden = self._state_and_hidden()
        while True:
            wider = state.suggester().suggest(text, limit + min(len(hidden), limit))
            shown = tuple(one for one in wider if one.kind != "title" or one.id not in hidden)[:limit]
            titles = [one.id for one in shown if one.kind == "title" and one.id is not None]
            found = self._hidden.among(titles, state.location)
            if not found:
                return shown
            hidden |= found

    def entry(self, doc_id: str) -> IndexEntry | None:
        """See ``SearchBackend.entry``."""
        state = self._state()
        document = state.find(doc_id)
        return None if document is None else state.entry(document)

    def revisions(self) -> Mapping[str, str]:
        """See ``SearchBackend.revisions``."""
        try:
            state = self._state()
        except SearchIndexError:
            return {}
        return state.revisions()

    def needs_rebuild(self) -> str | None:
        """See ``SearchBackend.needs_rebuild``."""
        try:
            found = self._state().annotations_version
        except SearchIndexError as error:
            return error.problem
        if found != self._versions.annotations:
            return _OTHER_RULES
        return None

    def has_drifted(self) -> bool:
        """Whether so much came or went since the last rebuild that one would learn other compounds."""
        try:
            state = self._state()
        except SearchIndexError:
            return False
        return state.learned.has_drifted(state.snapshot.documents)

    def verify(self) -> None:
        """Compare all checksums, for ``kb doctor``; reads every file.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError: names the file and the remedy.
        """
        self._generations.open(lambda generation: generation.verify())

    def ask_again(self) -> None:
        """See ``Generations.ask_again``."""
        self._generations.ask_again()

    def take_word(self) -> bool:
        """See ``Generations.take_word``."""
        return self._generations.take_word()

    def is_free(self) -> bool:
        """Whether nobody writes the index at this moment."""
        try:
            with self._generations.locked(0):
                return True
        except IndexLockedError:
            return False

    @contextmanager
    def writer(self, *, rebuild: bool = False, renew: bool = False) -> Iterator[WhooshSession]:
        """See ``SearchBackend.writer``."""
        from indexer.backends.whoosh_session import WhooshSession

        with self._generations.locked(self._lock_timeout), _few_collections():
            # Under the lock: another process may have written while this one waited.
            base = None if rebuild else self._base(renew=renew)
            session = WhooshSession(self._generations, self._analyzer, base, self._labels)
            try:
                yield session
                session.commit()
            finally:
                session.close()

    def _base(self, *, renew: bool) -> OpenState | None:
        try:
            state = self._state()
            if state.annotations_version != self._versions.annotations:
                # Its entries beside new ones would pass for entries of one version.
                raise IndexOutdatedError(_OTHER_RULES, remedy="`kb index` ausführen (run `kb index`)")
        except IndexMissingError:
            return None
        except (IndexOutdatedError, IndexDamagedError):
            if not renew:
                raise
            return None
        return state

    def _state_and_hidden(self) -> tuple[OpenState, frozenset[str]]:
        state = self._state()
        return state, self._hidden.ids(state.generation.folder.name)

    def _state(self) -> OpenState:
        stamp = self._generations.stamp()
        opened = self._opened
        if opened is not None and stamp is not None and opened[0] == stamp:
            return opened[1]
        with self._opening:
            if self._opened is None or stamp is None or self._opened[0] != stamp:
                before = self._opened[1] if self._opened else None
                self._opened = (
                    stamp,
                    self._generations.open(
                        lambda generation: open_state(
                            generation, before, self._analyzer, self._labels, self._priors
                        )
                    ),
                )
            return self._opened[1]


@contextmanager
def _few_collections() -> Iterator[None]:
    """No search for unused cycles through all that is alive: there are none, and hundreds of thousands of words
    would be looked through again and again, a seventh of the time of a rebuild."""
    before = gc.get_threshold()
    gc.set_threshold(before[0], before[1], 1_000_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _all(matched: BoolArray, masks: Mapping[str, BoolArray]) -> BoolArray:
    for mask in masks.values():
        matched = matched & mask
    return matched
