"""Which pages of a result list are offered: the first, the last, and those around the current one."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model import SearchQuery
from webapp.search.forms import MAX_PAGE, PAGE_SIZE, page_of
from webapp.search.hits import search_url

_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page number with its address; number 0 stands for pages that are skipped."""

    number: int
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Paging:
    """The page shown, the number of pages, and where one can go from here."""

    current: int
    last: int
    first_hit: int
    last_hit: int
    links: tuple[PageLink, ...]
    previous_url: str | None
    next_url: str | None
    last_url: str

    @property
    def beyond(self) -> bool:
        """Whether the address asks for a page after the last one."""
        return self.current > self.last


def paging(query: SearchQuery, total: int) -> Paging:
    """The pages of an answer of ``total`` hits; an empty answer has one page."""
    last = min(max(1, -(-total // PAGE_SIZE)), MAX_PAGE)
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
        first_hit=query.offset + 1,
        last_hit=min(query.offset + PAGE_SIZE, total),
        links=tuple(links),
        previous_url=search_url(query, page=min(current - 1, last)) if current > 1 else None,
        next_url=search_url(query, page=current + 1) if current < last else None,
        last_url=search_url(query, page=last),
    )
