"""What one run sees of a source as a whole, so that no single page is believed against all others.

A page that is not what was asked for is no document (``stand_in``: by its words, or by its likeness to the
answer for an invented address). One whose text has been replaced waits (``hold``), and what seems to be gone is
only noted (``depart``). What that means is judged when the run ends, by ``crawler.visit.settling``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from crawler.addressing.urls import page_key, site_of
from crawler.likeness.twins import compare
from crawler.memory.held import HeldAnswer, HeldAnswers
from crawler.page.alarms import Met
from crawler.page.context import FetchedPage, PageContext
from crawler.page.departures import Departure, Move, Sign, is_home, redirect_sign
from crawler.page.invented import InventedAnswer
from crawler.page.stand_ins import Kind, gone_kind, kinds, may_stand_in, read_signs, stand_in
from crawler.page.stored import stored_document
from crawler.page.suspects import REPLACED_BELOW, Suspects, as_text
from crawler.report.outcomes import PageAction, PageOutcome

# Why an address has no outcome yet; nobody is told this.
WAITS = "wartet auf das Ende des Laufs"
ONE_TEXT = "viele Seiten haben plötzlich ein und denselben Text; das Dokument behält seinen"
ONE_TEXT_NEW = "viele Seiten haben plötzlich ein und denselben Text; daraus wird kein Dokument"
_KEEPS = "das Dokument behält seinen Text"
# A document cannot be compared with more than this without taking long; a stand-in is never so long.
_ALIKE_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class _Before:
    """Whether a page has the text of its document, or one in its place; neither where there is no document."""

    is_same: bool = False
    replaces: bool = False


class Watch:
    """The watch over one visit.

    ``invented`` has for a site what it answered to an invented address, ``met`` where stand-ins were, by kind,
    ``left`` the documents whose addresses lead out of the source, ``unread`` those whose pages have no text.
    """

    def __init__(self, context: PageContext, held: HeldAnswers) -> None:
        held.clear()  # what a killed run left: it is asked for again
        self._context = context
        self.suspects = Suspects(held, context.corpus)
        self.invented: dict[str, InventedAnswer | None] = {}
        self.departures: list[Departure] = []
        self.met: dict[str, Met] = defaultdict(Met)
        self.left: set[str] = set()
        self.unread: set[str] = set()
        self._redirects: list[Move] = []
        self._kinds: dict[str, Kind] = {}  # page_key → what was found there instead of a page
        self._repeating: set[str] = set()  # page_key of pages with the one text of an accident
        self._compared: tuple[tuple[str, str, str], _Before] | None = None  # the last page, asked for twice

    # -- while pages are read ----------------------------------------------

    def document_of(self, url: str) -> str | None:
        """The id of this source's document with an address."""
        known = self._context.known.find(url)
        return known[0] if known is not None and known[1] == self._context.source.id else None

    def knows(self, page: FetchedPage) -> bool:
        """Whether there is a document that a page might replace."""
        return any(self.document_of(url) is not None for url in (page.url, *page.via))

    def stand_in(self, page: FetchedPage, title: str, text: str) -> PageOutcome | None:
        """What becomes of a page that stands in for the one that was asked for; None: it is a page."""
        doc_id, before = self.document_of(page.url), self._before(page, title, text)
        accident = None if before.is_same else self.suspects.accident_like(title, text)
        if accident is not None:
            accident.urls.append(page.url)
            self._repeating.add(page_key(page.url))
            return self.one_text(page.url)
        kind, said = self._kind(page, title, text, before)
        if kind is None:
            return None
        self._kinds[page_key(page.url)] = kind
        if doc_id is not None and kind.is_gone:
            self.depart(Departure(page.url, doc_id, Sign.STAND_IN, said, kind))
            return PageOutcome(page.url, PageAction.SKIPPED, WAITS, doc_id)
        met = self.met[kind.name]
        if doc_id is not None:
            met.documents.add(doc_id)
            return PageOutcome(page.url, PageAction.FAILED, f"{said}; {_KEEPS}", doc_id)
        met.others.add(page_key(page.url))
        action = PageAction.SKIPPED if kind.is_common else PageAction.FAILED
        return PageOutcome(page.url, action, f"{said}; daraus wird kein Dokument")

    def entry_stand_in(self, page: FetchedPage, title: str, text: str) -> PageOutcome | None:
        """The same for a start page, which is no document: only its words count."""
        kind = stand_in(read_signs(title, text, page.html)) if may_stand_in(text) else None
        if kind is None:
            return None
        self.met[kind.name].starts.add(page_key(page.url))
        return PageOutcome(page.url, PageAction.FAILED, f"statt der Übersicht kommt {kind.label}")

    def hold(self, page: FetchedPage, title: str, text: str) -> PageOutcome | None:
        """Let a page wait whose text has replaced another one, or is like that of one that waits."""
        if page.html is None:
            return None  # walls and error pages are web pages, and files are large
        before = self._before(page, title, text)
        if before.is_same or not (before.replaces or self.suspects.has_like(title, text)):
            return None
        doc_id = self.document_of(page.url) or self._led_from(page)
        answer = HeldAnswer(page.url, page.via, page.content_type, page.body, title, text, doc_id)
        self.suspects.add(answer)
        return PageOutcome(page.url, PageAction.SKIPPED, WAITS, doc_id)

    def is_other(self, url: str) -> bool:
        """Whether what stood at an address was no page of its own."""
        return page_key(url) in self._kinds or page_key(url) in self._repeating

    def depart(self, departure: Departure) -> None:
        """Note that a document's page seems to be gone."""
        self.departures.append(departure)

    def redirected(self, url: str, target: str) -> bool:
        """Note where the address of a document leads now; False if there is none or it leads to itself."""
        doc_id, target_id = self.document_of(url), self.document_of(target)
        if doc_id is None or doc_id == target_id or not self._context.known.is_first(url):
            return False
        self._redirects.append(Move(url, doc_id, target, target_id))
        return True

    def leaves(self, url: str) -> None:
        """Note that the address of a document leads out of the source."""
        doc_id = self.document_of(url)
        if doc_id is not None and self._context.known.is_first(url):
            self.left.add(doc_id)

    def unreadable(self, url: str) -> None:
        """Note that a page has no text any more, or none that can be read."""
        doc_id = self.document_of(url)
        if doc_id is not None:
            self.unread.add(doc_id)

    def _led_from(self, page: FetchedPage) -> str | None:
        return next((found for url in page.via if (found := self.document_of(url)) is not None), None)

    def _before(self, page: FetchedPage, title: str, text: str) -> _Before:
        asked = (page.url, title, text)
        if self._compared is None or self._compared[0] != asked:
            self._compared = asked, self._compare(page, title, text)
        return self._compared[1]

    def _compare(self, page: FetchedPage, title: str, text: str) -> _Before:
        doc_id = self.document_of(page.url) or self._led_from(page)
        stored = stored_document(self._context.corpus, doc_id) if doc_id is not None else None
        if stored is None:
            return _Before()
        is_same = compare(as_text("neu", title, text), stored.document).similarity >= REPLACED_BELOW
        return _Before(is_same, not is_same)

    def _kind(self, page: FetchedPage, title: str, text: str, before: _Before) -> tuple[Kind | None, str]:
        """What a page is instead of itself, and how that is told; a text that was always there is no wall."""
        if may_stand_in(text):
            kind = stand_in(read_signs(title, text, page.html), replaces=before.replaces)
            if kind is not None and (not before.is_same or kind is gone_kind()):
                return kind, f"statt der Seite kommt {kind.label} (mit Status 200)"
        if before.is_same or is_home(page.url, self._context.source.start_urls):
            return None, ""
        return self._by_likeness(page, text)

    def _by_likeness(self, page: FetchedPage, text: str) -> tuple[Kind | None, str]:
        answer = self.invented.get(site_of(page.url))
        if answer is None or len(text) > _ALIKE_CHARS:
            return None, ""
        if answer.leads_to(page.url):
            said = "unbekannte Adressen werden hierher umgeleitet: eine Fehlerseite (mit Status 200)"
        elif answer.is_like(page.url, text):
            label = answer.kind.label if answer.kind is not None else "eine Fehlerseite"
            said = (
                f"statt der Seite kommt {label}: dasselbe wie unter einer erfundenen Adresse (mit Status 200)"
            )
        else:
            return None, ""
        return answer.kind or gone_kind(), said

    # -- when the run ends -------------------------------------------------

    def sort_redirects(self) -> tuple[list[PageOutcome], list[Move]]:
        """Note the redirects that mean that a page is gone; gives what others end as, and mere moves."""
        outcomes: list[PageOutcome] = []
        moves: list[Move] = []
        for move in self._redirects:
            kind, sign = self._kinds.get(page_key(move.target)), self._sign(move)
            if kind is not None and not kind.is_gone:
                self.met[kind.name].documents.add(move.doc_id)
                said = f"leitet um, und dort steht {kind.label}; {_KEEPS}"
                outcomes.append(PageOutcome(move.url, PageAction.FAILED, said, move.doc_id))
            elif sign is not None:
                self.depart(Departure(move.url, move.doc_id, sign, _REDIRECTS[sign]))
            else:
                moves.append(move)
        self._redirects = []
        return outcomes, moves

    def _sign(self, move: Move) -> Sign | None:
        kind = self._kinds.get(page_key(move.target))
        if kind is not None:
            return Sign.LOGIN if kind is kinds()["login"] else Sign.ERROR_PAGE
        answer = self.invented.get(site_of(move.url))
        is_led = answer is not None and answer.leads_to(move.target)
        starts = self._context.source.start_urls
        return redirect_sign(move.url, move.target, starts, is_where_unknown_leads=is_led)

    def one_text(self, url: str) -> PageOutcome:
        """The outcome of a page whose text stands on many others."""
        doc_id = self.document_of(url)
        if doc_id is None:
            return PageOutcome(url, PageAction.SKIPPED, ONE_TEXT_NEW)
        return PageOutcome(url, PageAction.FAILED, ONE_TEXT, doc_id)


_REDIRECTS = {
    Sign.HOME: "leitet auf die Startseite um",
    Sign.ERROR_PAGE: "leitet auf eine Fehlerseite um",
    Sign.LOGIN: "leitet auf eine Anmeldeseite um",
}
