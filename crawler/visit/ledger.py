"""The ledger of one visit to a source: what was found, what still waits, and what became of every address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.addressing.traps import Traps
from crawler.addressing.urls import page_key
from crawler.manners.scope import Place, Scope
from crawler.memory.pages import ROUND_RUNS, CrawlMemory, Lead
from crawler.report.outcomes import PageAction, PageOutcome
from crawler.requests.kinds import FEED, PAGE, SITEMAP
from crawler.sources.source import Source
from crawler.visit.canonicals import Canonicals, Verdict


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """Where a visit ends by itself; ``max_total_bytes`` are those of all bodies that it received."""

    max_pages: int = 2_000
    max_total_bytes: int = 2_000_000_000


class Visit:
    """Every distinct address on the source's hosts ends as exactly one outcome, now or in the run that goes on.

    ``send`` is told every outcome together with the number of addresses found so far; ``forgotten`` says why an
    address must not even be asked for.
    """

    def __init__(
        self,
        source: Source,
        memory: CrawlMemory,
        limits: VisitLimits,
        send: Callable[[PageOutcome, int], None],
        forgotten: Callable[[str], str | None] = lambda url: None,
    ) -> None:
        self._source, self._scope = source, Scope(source)
        self._memory, self._limits, self._send = memory, limits, send
        self._forgotten = forgotten
        self._seen: set[str] = set()
        self._waiting: dict[str, str] = {}  # page_key → address that was asked for and has no outcome yet
        self._postponed: dict[str, str] = {}  # page_key → address beyond this run's budget
        self._past = 0
        self._requested = 0
        self._received = 0
        self._canonicals = Canonicals(memory.outcome)
        self._traps = Traps(datetime.now(UTC).year)
        self._notes: list[str] = []
        # Why the visit ends before its time, in German; what is refused for it waits for the next run.
        self.stopped: str | None = None

    @property
    def found(self) -> int:
        """How many distinct addresses this run knows, without those that earlier runs of the round visited."""
        return len(self._seen) - self._past

    @property
    def notes(self) -> tuple[str, ...]:
        """What befell the visit as a whole."""
        notes = list(self._notes)
        if self.stopped:
            notes.append(f"vorzeitig beendet: {self.stopped}; der nächste Lauf macht dort weiter")
        elif self._postponed:
            count = len(self._postponed)
            notes.append(f"{self._budget_reason}: {count} Adressen warten, der nächste Lauf macht dort weiter")
        return tuple(notes)

    @property
    def _budget_reason(self) -> str:
        return f"Höchstzahl von {self._limits.max_pages} Seiten erreicht (max_pages)"

    def note(self, text: str) -> None:
        """Note once what befell the visit as a whole."""
        if text not in self._notes:
            self._notes.append(text)

    def begin(self) -> list[Lead]:
        """What to ask for first: sitemaps and feeds, which name pages without a click; or what waited."""
        if not self._memory.begin():
            with self._memory.at_once():
                leads = [Lead(url, SITEMAP, 1) for url in self._source.sitemaps]
                leads += [Lead(url, FEED) for url in self._source.feeds]
                return self.admit(leads) + self.follow(self._source.start_urls)
        past = self._memory.past()
        self._seen |= {page_key(url) for url in past}
        self._past = len(self._seen)
        if past:
            self._notes.append(f"setzt den letzten Lauf fort, {len(past)} Adressen sind schon besucht")
        return self._go_on()

    def _go_on(self) -> list[Lead]:
        """Tell again what a run that was cut off had done; ask for what waits, as far as the budget goes."""
        done = list(self._memory.outcomes())
        if done:
            self._notes.append(
                f"setzt einen unterbrochenen Lauf fort, {len(done)} Adressen waren schon erledigt"
            )
        self._requested = self._memory.asked(PAGE)
        for outcome in done:
            self._seen.add(page_key(outcome.url))
            self._send(outcome, self.found)
        leads = []
        for lead in self._memory.waiting():
            self._seen.add(page_key(lead.url))
            if lead.kind == PAGE and self._requested >= self._limits.max_pages:
                self._postponed[page_key(lead.url)] = lead.url
                continue
            self._requested += lead.kind == PAGE
            self._waiting[page_key(lead.url)] = lead.url
            leads.append(lead)
        return leads

    def admit(self, leads: Iterable[Lead]) -> list[Lead]:
        """Those of the addresses on the source's hosts that are new; they wait from now on."""
        new = []
        for lead in leads:
            if lead.url in self._scope and page_key(lead.url) not in self._seen:
                self._seen.add(page_key(lead.url))
                self._waiting[page_key(lead.url)] = lead.url
                new.append(lead)
        self._memory.wait_for(new)
        return new

    def follow(self, urls: Iterable[str]) -> list[Lead]:
        """Those of a page's links that are new and in scope; the others get their outcome at once."""
        new: list[Lead] = []
        for url in urls:
            if url not in self._scope or page_key(url) in self._seen:
                continue
            reason = self._refusal(url)
            if reason is not None:
                self._seen.add(page_key(url))
                self.tell(PageOutcome(url, PageAction.SKIPPED, reason))
            elif self._requested >= self._limits.max_pages:
                self._postpone(Lead(url, PAGE))
            else:
                self._requested += 1
                new += self.admit([Lead(url, PAGE)])
        return new

    def _postpone(self, lead: Lead) -> None:
        """Keep an address for the next run: this one has asked for as many as it may."""
        self._seen.add(page_key(lead.url))
        self._postponed[page_key(lead.url)] = lead.url
        self._memory.wait_for([lead])

    def _refusal(self, url: str) -> str | None:
        verdict = self._scope.verdict(url)
        if verdict.place is Place.OUTSIDE:
            return verdict.reason
        if (reason := self._forgotten(url)) is not None:
            return reason
        return self._traps.refusal(url)

    @property
    def received(self) -> int:
        """Bytes of all bodies so far."""
        return self._received

    def receive(self, size: int) -> str | None:
        """Count a body; the reason to end the visit once that was too much."""
        self._received += size
        limit = self._limits.max_total_bytes
        if self._received < limit:
            return None
        amount = f"{limit / 1_000_000:g}".replace(".", ",")
        return f"Höchstmenge von {amount} MB je Quelle und Lauf erreicht (KB_CRAWL_MAX_TOTAL_BYTES)"

    def learn(self, url: str, *, is_document: bool) -> None:
        """Note whether an address was worth its request; an archive of listings, as declared, always is."""
        if self._scope.verdict(url).place is not Place.LISTING:
            self._traps.note(url, is_document=is_document)

    def has_seen(self, url: str) -> bool:
        """Whether an address has been found before."""
        return page_key(url) in self._seen

    def see(self, url: str) -> None:
        """Note an address that was reached over a redirect."""
        self._seen.add(page_key(url))

    def tell(self, outcome: PageOutcome) -> None:
        """An address has its outcome; one that only the run's end or budget refused goes on waiting.

        So does a page that names another address, until ``settle`` knows what that is worth.
        """
        if self._canonicals.hold(outcome):
            self._waiting[page_key(outcome.url)] = outcome.url
            self._memory.wait_for([Lead(outcome.url, PAGE)])
            return
        self._tell(outcome)

    def settle(self) -> list[Lead]:
        """Tell of pages that name another address, when nothing is under way; gives those to be read anyway."""
        again: list[Lead] = []
        if self._waiting.keys() - self._canonicals.waiting:
            return again  # a host rests, and what it was asked for comes later
        for outcome, verdict in self._canonicals.judged(lambda url: page_key(url) in self._postponed):
            if verdict is Verdict.ITSELF:
                self._memory.forget(outcome.url)  # no conditions: what was read then is not kept
                again.append(Lead(outcome.url, PAGE))
            elif verdict is Verdict.LATER:
                self._waiting.pop(page_key(outcome.url), None)
                self._postpone(Lead(outcome.url, PAGE))
            else:
                self._tell(outcome)
        return again

    def _tell(self, outcome: PageOutcome) -> None:
        self._waiting.pop(page_key(outcome.url), None)
        if outcome.reason not in (self.stopped, self._budget_reason):
            self._memory.done(outcome)
        self._send(outcome, self.found)

    def at_once(self) -> AbstractContextManager[None]:
        """What a page led to is kept together with its outcome, or neither."""
        return self._memory.at_once()

    def end(self) -> None:
        """Tell of everything that still waits; it is the next run's if this one was stopped or used up."""
        for url in list(self._waiting.values()):
            self.tell(PageOutcome(url, PageAction.SKIPPED, self.stopped or "ohne Antwort geblieben"))
        for url in self._postponed.values():
            self.tell(PageOutcome(url, PageAction.SKIPPED, self._budget_reason))
        if self.stopped is None and not self._postponed:
            self._memory.finish()
        elif not self._memory.pause():
            self._notes.append(
                f"nach {ROUND_RUNS} Läufen noch nicht durch: der nächste beginnt von vorn; max_pages erhöhen?"
            )
