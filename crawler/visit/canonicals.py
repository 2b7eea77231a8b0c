"""Pages that name another address as the one that counts, until it shows whether that is worth anything.

A page says that its text belongs to another address (``rel=canonical``). It is believed where a document
stands there. Where the address is gone, or leads back, the page itself is taken; also where many pages name one
address, which then is a mistake of their template.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from enum import Enum
from urllib.parse import parse_qsl, urlsplit

from crawler.addressing.urls import canonical_url, page_key
from crawler.manners.robots import FORBIDDEN
from crawler.page.pipeline import ELSEWHERE, TOO_SHORT
from crawler.report.outcomes import PageAction, PageOutcome
from crawler.requests.failures import MOVED

# So many different pages of one canonical address: an article has sections, a print view and a short address.
MANY_PAGES = 3
# Why an address has no document although it answers; what asks not to be kept does so for its copies as well.
_NOTHING_THERE = frozenset([TOO_SHORT, FORBIDDEN])


class Verdict(Enum):
    """What becomes of a page that names another address."""

    ELSEWHERE = "elsewhere"  # the other address counts
    ITSELF = "itself"  # the page is to be read in spite of what it says
    LATER = "later"  # the other address has not been asked for yet


class Canonicals:
    """Pages of one visit that name another address and wait; ``outcome_of`` is what became of an address."""

    def __init__(self, outcome_of: Callable[[str], PageOutcome | None]) -> None:
        self._outcome_of = outcome_of
        self._waiting: dict[str, PageOutcome] = {}
        self._taken: set[str] = set()
        self._named_by: dict[str, set[tuple[str, ...]]] = defaultdict(set)

    def hold(self, outcome: PageOutcome) -> bool:
        """Keep the outcome of a page that names another address, once; False for any other."""
        is_known = page_key(outcome.url) in self._taken
        if outcome.reason != ELSEWHERE or outcome.instead is None or is_known:
            return False
        self._waiting[page_key(outcome.url)] = outcome
        page, canonical = _identity(outcome.url, outcome.instead), _identity(outcome.instead, outcome.instead)
        if page != canonical:
            self._named_by[page_key(outcome.instead)].add(page)
        return True

    @property
    def waiting(self) -> frozenset[str]:
        """The pages (``page_key``) that wait."""
        return frozenset(self._waiting)

    def judged(self, is_postponed: Callable[[str], bool]) -> Iterator[tuple[PageOutcome, Verdict]]:
        """Everything that waits, once nothing else is under way; it waits no longer."""
        waiting, self._waiting = self._waiting, {}
        for key, outcome in waiting.items():
            canonical = outcome.instead or ""
            named_by = self._named_by[page_key(canonical)]
            is_many = len(named_by) >= MANY_PAGES and _identity(outcome.url, canonical) in named_by
            if is_many or self._is_missing(key, canonical, waiting):
                self._taken.add(key)
                yield outcome, Verdict.ITSELF
            else:
                yield outcome, Verdict.LATER if is_postponed(canonical) else Verdict.ELSEWHERE

    def _is_missing(self, page: str, canonical: str, waiting: dict[str, PageOutcome]) -> bool:
        """Whether no document stands behind the address that a page names, be it over redirects."""
        url, seen, has_moved = canonical, {page}, False
        while page_key(url) not in seen:
            seen.add(page_key(url))
            if page_key(url) in self._taken:
                return False
            told = waiting.get(page_key(url)) or self._outcome_of(url)
            if told is None:
                return False  # nobody knows yet
            if told.instead is not None and told.reason in (MOVED, ELSEWHERE):
                url, has_moved = told.instead, True
                continue
            has_document = told.doc_id is not None and told.action is not PageAction.FAILED
            is_empty = told.action is PageAction.FAILED or told.reason in _NOTHING_THERE or has_moved
            return not has_document and is_empty
        return True  # it leads back to where it began


def _identity(url: str, canonical: str) -> tuple[str, ...]:
    """What tells two pages apart where one is named: their paths, and the parameters that the named one has.

    Sorted, paged and printed views have parameters of their own and are the same page.
    """
    names = {name for name, _ in parse_qsl(urlsplit(canonical_url(canonical)).query, keep_blank_values=True)}
    parts = urlsplit(canonical_url(url))
    values = (f"{n}={v}" for n, v in parse_qsl(parts.query, keep_blank_values=True) if n in names)
    return (parts.netloc, parts.path, *values)
