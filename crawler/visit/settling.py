"""The end of a run: what waited is judged beside everything else that the run has seen, and told.

Nothing of it has an outcome before, so that a run that is killed asks for it again; nothing is written before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from crawler.addressing.urls import page_key
from crawler.memory.held import HeldAnswer
from crawler.memory.pages import CrawlMemory, Lead, PageMemory
from crawler.page import alarms
from crawler.page.context import FetchedPage, PageContext
from crawler.page.departures import Departure, believed
from crawler.page.stored import stored_document
from crawler.page.suspects import Group
from crawler.page.watch import Watch
from crawler.report.outcomes import PageAction, PageOutcome
from crawler.requests.failures import MOVED
from crawler.requests.kinds import PAGE
from crawler.visit.absence import Beside, gone
from crawler.visit.ledger import Visit
from kb.model import Status

HAS_DOCUMENT = frozenset([PageAction.ADDED, PageAction.UPDATED, PageAction.UNCHANGED])
# Past its time a run may go on for so long to tell of what waited; the rest is the next run's.
_SECONDS_PAST = 10.0
_NOBODY_ELSE = "; das Dokument bleibt, denn keine andere Seite des Servers antwortet wie sonst"
_TOO_MANY = "; das Dokument bleibt, denn zugleich sind viele andere Seiten der Quelle betroffen"


class Settling:
    """Judges what waits; ``process`` makes a document of a page that waited, ``beside`` runs slow work."""

    def __init__(
        self,
        context: PageContext,
        memory: CrawlMemory,
        visit: Visit,
        process: Callable[[FetchedPage], Awaitable[PageOutcome]],
        beside: Beside,
    ) -> None:
        self.watch = Watch(context, memory.held)
        self._context, self._memory, self._visit = context, memory, visit
        self._process, self._beside = process, beside
        # Of pages that wait: what lets them be asked for on condition next time, and where they led.
        self._kept: dict[str, tuple[str | None, str | None, tuple[Lead, ...]]] = {}
        self._accidents: list[Group] = []
        self._sound: set[str] = set()

    def expect(self, url: str, validators: tuple[str | None, str | None], links: Iterable[str]) -> None:
        """Keep what is to be known of a page that waits, should it be believed."""
        if any(validators):
            leads = tuple(Lead(link, PAGE) for link in links if link in self._context.scope)
            self._kept[page_key(url)] = (*validators, leads)

    async def let_go(self) -> None:
        """Tell of the oldest pages that wait, if too many do."""
        if self.watch.suspects.are_many:
            await self._judge_texts(None, float("inf"))

    async def end(self, deadline: float) -> tuple[str, ...]:
        """Tell of everything that waits; gives the alarms. ``deadline`` is a time of the event loop."""
        outcomes, moves = self.watch.sort_redirects()
        self._tell(*outcomes)
        self._sound |= {one.url for one in self._memory.outcomes() if self._is_sound(one)}
        led: dict[str, set[str]] = {}
        for move in moves:
            led.setdefault(page_key(move.target), set()).add(move.doc_id)
        await self._judge_texts(led, deadline + _SECONDS_PAST)
        for move in moves:
            with self._visit.at_once():
                self._memory.is_there(move.url)
                self._visit.tell(PageOutcome(move.url, PageAction.SKIPPED, MOVED, instead=move.target))
        doubted = await self._judge_departures()
        sound = len(self._sound)
        own = sum(one.action in HAS_DOCUMENT for one in self._memory.outcomes())
        moved = [move for move in moves if self._is_published(move.doc_id)]
        return (
            *alarms.accidents(self._accidents),
            *alarms.walls(self.watch.met, doubted, own),
            *alarms.departures(doubted),
            *alarms.gathered(self._context.corpus, moved, sound),
            *alarms.leaving(sum(map(self._is_published, self.watch.left)), sound),
            *alarms.unread(sum(map(self._is_published, self.watch.unread)), sound),
        )

    async def _judge_departures(self) -> list[Departure]:
        """Count what is gone as for 404; gives what is not believed. What is withdrawn affects nothing more."""
        lately = [one for one in self.watch.departures if self._is_published(one.doc_id)]
        departed, doubted = believed(lately, self._sound)
        for departure in (*departed, *(one for one in self.watch.departures if one not in lately)):
            page, told = (departure.doc_id, departure.url), (departure.said, departure.said)
            outcome, _ = await gone(self._context, self._memory, self._beside, page, told)
            self._tell(outcome)
        self._tell(*(self._doubt(one) for one in doubted))
        return doubted

    def _is_published(self, doc_id: str) -> bool:
        stored = stored_document(self._context.corpus, doc_id)
        return stored is not None and stored.document.status is Status.PUBLISHED

    async def _judge_texts(self, led: dict[str, set[str]] | None, deadline: float) -> None:
        suspects = self.watch.suspects
        caught, free = await self._beside(suspects.judged, None if led is None else len(self._sound), led or {})
        for url, group in caught:
            self._kept.pop(page_key(url), None)
            suspects.take(url)
            self._tell(self.watch.one_text(url))
            if group not in self._accidents:
                self._accidents.append(group)
        for url in free:
            if asyncio.get_running_loop().time() >= deadline:
                return  # without outcomes they go on waiting, for the next run
            answer = suspects.take(url)
            if answer is not None:
                await self._believe(answer)

    async def _believe(self, answer: HeldAnswer) -> None:
        """Make of a page that waited what it would have become at once."""
        page = FetchedPage(answer.url, answer.body, answer.content_type, via=answer.via)
        outcome = await self._process(page)
        kept = self._kept.pop(page_key(answer.url), None)
        if self._is_sound(outcome):
            self._sound.add(outcome.url)
        with self._visit.at_once():
            self._visit.tell(outcome)
            self._memory.is_there(answer.via[0] if answer.via else answer.url)
            if kept is not None and outcome.action is not PageAction.FAILED:
                etag, modified, leads = kept
                self._memory.keep(PageMemory(etag, modified, outcome, leads))

    def _is_sound(self, outcome: PageOutcome) -> bool:
        """Whether a document from before this run was met with a text of its own."""
        is_old = outcome.action in (PageAction.UPDATED, PageAction.UNCHANGED)
        return is_old and outcome.doc_id is not None and outcome.instead is None

    def _doubt(self, departure: Departure) -> PageOutcome:
        reason = departure.said + (_TOO_MANY if self._sound else _NOBODY_ELSE)
        return PageOutcome(departure.url, PageAction.FAILED, reason, departure.doc_id)

    def _tell(self, *outcomes: PageOutcome) -> None:
        for outcome in outcomes:
            self._visit.tell(outcome)
