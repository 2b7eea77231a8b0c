"""Which parts of a page are its text: where it stands, and what of that place is like text.

An extractor (trafilatura) says which blocks are text, a page's own names say where its text stands, and neither
is believed alone: an extractor loses tables, boxes, captions, lists of files and whole panels, a name holds
teasers. So the place is chosen by both, and within it a part without any known block stays where it is like
text.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from crawler.extract.input.markup import Element, drop
from crawler.extract.markdown import is_data_table
from crawler.extract.web.facts import is_fact_box
from crawler.extract.web.files import has_files
from crawler.extract.web.measure import HEADINGS, Measures
from crawler.extract.web.pointers import cut_pointers, is_introduced
from crawler.extract.web.repeats import drop_repeats
from crawler.extract.web.signs import signs

# The innermost element with so much of the known text is the core; a named place must have so much of it.
_CORE_SHARE = 0.85
_COLUMN_SHARE = 0.6
_NAMED_SHARE = 0.5
# So little known text says nothing about where the text is.
_FEW_CHARS = 140
_MOST_LINKED = 0.5
_LISTS = frozenset({"ul", "ol", "dl", "table", "blockquote", "figure"})
_CAPTION_CHARS = 600
# A part with so much of the place's text is not judged as a whole.
_MOST_OF_PLACE = 0.6


class Selection:
    """The chosen place of a page, and the pruning of it to the text."""

    def __init__(
        self, root: Element, measures: Measures, named: Sequence[Element], headline: Element | None
    ) -> None:
        self._m = measures
        self._above_headline = {*headline.iterancestors()} if headline is not None else set()
        self._all = measures.known[root]
        self._order = {one: number for number, one in enumerate(measures.elements)}
        self.core = self._find_core(root)
        self.room = self._find_room(named)
        self._core_parts = set(self.core.iter()) if self._all else set(self.room.iter())
        known = [
            self._order[one]
            for one in self._core_parts
            if one in measures.blocks and measures.blocks[one].is_known
        ]
        self._first, self._last = (min(known), max(known)) if known else (0, len(self._order))

    def _find_core(self, root: Element) -> Element:
        """The innermost element that has nearly all of the known text."""
        core = root
        while self._all:
            inner = next((one for one in core if self._holds_core(one)), None)
            if inner is None:
                break
            core = inner
        return core

    def _holds_core(self, part: Element) -> bool:
        if self._m.is_leaf(part) or part.tag in _LISTS - {"table"}:
            return False
        share = _COLUMN_SHARE if part.tag == "td" else _CORE_SHARE
        return self._m.known.get(part, 0) >= share * self._all

    def _find_room(self, named: Sequence[Element]) -> Element:
        around = {self.core, *self.core.iterancestors()}
        outer = [one for one in named if one in around]
        if outer:
            headed = [one for one in outer if one in self._above_headline]
            return min(headed or outer, key=lambda one: self._m.letters[one])
        if named and self._all < _FEW_CHARS:
            return named[0]
        # What stands outside of a place that has the text's name and most of the text is seldom text.
        inner = [one for one in named if self._m.known[one] >= _NAMED_SHARE * self._all]
        if inner:
            return max(inner, key=lambda one: self._m.letters[one])
        above = next(
            (one for one in (self.core, *self.core.iterancestors()) if one in self._above_headline), None
        )
        return above if above is not None and above.tag not in ("html", "body") else self.core

    def prune(self) -> Element:
        """Take out of the place what is not like text; its element."""
        cut_pointers(self.room, self._m)
        self._prune(self.room)
        drop_repeats(self.room, self._m)
        self._drop_bare_headings()
        return self.room

    def _prune(self, element: Element) -> None:
        waiting = [element]
        while waiting:
            for child in list(waiting.pop()):
                if not isinstance(child.tag, str) or not self._m.letters.get(child):
                    continue
                known = self._m.known[child]
                if not known:
                    is_judged = self._m.letters[child] == self._m.letters[child.getparent()]
                    if not is_judged and not self._is_like_text(child):
                        drop(child)
                    elif self._m.sentences[child] and child.tag not in ("ul", "ol", "table", "dl", "p"):
                        waiting.append(child)
                elif known < self._m.letters[child] and not _is_whole(child):
                    waiting.append(child)

    def _is_like_text(self, part: Element) -> bool:
        """Whether a part in which the extractor saw no text is text all the same."""
        letters, linked, sentences = self._m.letters[part], self._m.linked[part], self._m.sentences[part]
        inside = part in self._core_parts
        is_before, is_after = self._order[part] < self._first, self._order[part] > self._last
        if part.tag in HEADINGS:
            return inside or not is_after
        if part.tag in ("footer", "form"):
            return False
        if linked > _MOST_LINKED * letters:
            return has_files(part) or (inside and part.tag in _LISTS and is_introduced(part, self._m))
        is_fact = is_fact_box(part)
        if part.tag == "aside" and not is_fact and not (inside and sentences and linked < 0.2 * letters):
            return False
        if inside and not is_after:
            return True
        if is_fact or has_files(part) or any(True for _ in part.iter("dl", "table")):
            return True
        if _is_caption(part, letters):
            return True
        if is_before:
            return sentences > 0 or part.tag == "p"
        if inside and ((part.tag in _LISTS and linked < 0.3 * letters) or (part.tag == "p" and not linked)):
            return True
        return sentences > (0 if inside else 1) and linked < 0.3 * letters

    def _drop_bare_headings(self) -> None:
        """Headings below which nothing is left, at the end or before another that is not below them."""
        blocks = [one for one in self.room.iter() if one in self._m.blocks]
        following: Element | None = None
        for one in reversed(blocks):
            block = self._m.blocks[one]
            is_weak = following is None or not block.is_known or block.linked > _MOST_LINKED * len(block.text)
            is_bare = one.tag in HEADINGS and one.tag != "h1" and is_weak
            if is_bare and (following is None or (following.tag in HEADINGS and following.tag <= one.tag)):
                drop(one)
                continue
            following = one


def _is_caption(part: Element, letters: int) -> bool:
    """Whether a part says what a picture shows."""
    if letters > _CAPTION_CHARS or any(True for _ in part.iter(*HEADINGS)):
        return False
    captioned = any(one.tag == "figcaption" or signs("captions").fit(one) for one in part.iter(etree.Element))
    return captioned or any(True for _ in part.iter("img"))


def _is_whole(part: Element) -> bool:
    """Whether a part stays or goes as a whole: a list, a table of data."""
    if part.tag == "table" and not is_data_table(part):
        return False
    return part.tag in _LISTS and not any(True for _ in part.iterdescendants("table", "h1", "h2", "h3"))
