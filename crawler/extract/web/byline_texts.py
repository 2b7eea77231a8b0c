"""Which lines of a page say nothing but who wrote it and when: they are metadata and no text."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from crawler.extract.lines.authors import byline_names, is_author_label, names_beside
from crawler.extract.lines.stamps import is_label
from crawler.extract.web.page_lines import Line
from crawler.extract.web.published import stamp_of
from crawler.extract.web.zones import Zones
from kb.model import PartialDate

_MAX_CHARS = 200
# So much of a line must be names, where nothing says that they are the writers'.
_MOST_OF_A_LINE = 0.6


def byline_texts(
    zones: Zones, authors: Collection[str], dates: Collection[PartialDate | None]
) -> Iterator[str]:
    """The lines by the headline with these authors and dates and nothing else, and their labels."""
    for line in zones.head:
        if line.is_prose or line.is_heading or line.length > _MAX_CHARS:
            continue
        if _is_stamp(line, dates) or _is_byline(line, authors):
            yield line.text
            if is_label(line.label) or is_author_label(line.label):
                yield line.label


def _is_stamp(line: Line, dates: Collection[PartialDate | None]) -> bool:
    stamp = stamp_of(line)
    if stamp is None:
        return False
    told = {stamp.published, stamp.modified, stamp.plain} - {None}
    return bool(told) and told <= set(dates)


def _is_byline(line: Line, authors: Collection[str]) -> bool:
    last_names = {author.split()[-1].casefold() for author in authors}
    names = byline_names(line.text)
    told = names or names_beside(line.text)
    if not told or not all(name.split()[-1].casefold() in last_names for name in told):
        return False
    return bool(names) or sum(map(len, told)) >= _MOST_OF_A_LINE * len(line.text)
