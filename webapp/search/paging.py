"""Which pages of an answer are offered: the first, the last, and those around the current one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kb.model import SearchQuery, SearchResults, Sort
from webapp.search.forms import MAX_PAGE, PAGE_SIZE, page_of
from webapp.search.hits import search_url

_NEIGHBOURS = 2
# The heading above the further documents.
FURTHER_ID = "weitere"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page number with its address; number 0 stands for pages that are skipped."""

    number: int
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Paging:
    """The page shown, the number of pages, and where one can go from here.

    ``listed`` counts the documents that the pages run through. ``further_url`` leads to the first that is no
    hit, whatever page and order it stands in; None where all are hits.
    """

    current: int
    last: int
    listed: int
    first_shown: int
    last_shown: int
    links: tuple[PageLink, ...]
    previous_url: str | None
    next_url: str | None
    last_url: str
    further_url: str | None

    @property
    def beyond(self) -> bool:
        """Whether the address asks for a page after the last one."""
        return self.current > self.last


def paging(query: SearchQuery, results: SearchResults) -> Paging:
    """The pages of an answer, through its hits and then its further documents; an empty one has one page."""
    listed = results.total + (results.further if query.sort is not Sort.DATE else 0)
    last = min(max(1, -(-listed // PAGE_SIZE)), MAX_PAGE)
    current = page_of(query)
    wanted = {1, last, *range(current - _NEIGHBOURS, current + _NEIGHBOURS + 1)}
    numbers = sorted(number for number in wanted if 1 <= number <= last)
    links: list[PageLink] = []
    for number in numbers:
        if links and number > links[-1].number + 1:
            links.append(PageLink(0, ""))
        links.append(PageLink(number, search_url(query, page=number), current=number == current))
    return Paging(
        current=current,
        last=last,
        listed=listed,
        first_shown=query.offset + 1,
        last_shown=min(query.offset + PAGE_SIZE, listed),
        links=tuple(links),
        previous_url=search_url(query, page=min(current - 1, last)) if current > 1 else None,
        next_url=search_url(query, page=current + 1) if current < last else None,
        last_url=search_url(query, page=last),
        further_url=_further_url(query, results),
    )


def _further_url(query: SearchQuery, results: SearchResults) -> str | None:
    if not results.further:
        return None
    ranked = replace(query, sort=Sort.RELEVANCE) if query.sort is Sort.DATE else query
    page = min(results.total // PAGE_SIZE + 1, MAX_PAGE)
    return f"{search_url(ranked, page=page)}#{FURTHER_ID}"
