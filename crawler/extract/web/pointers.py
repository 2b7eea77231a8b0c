"""What points to other texts within a text: „Auch interessant“ and what stands below, titles of articles."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extract.input.markup import Element, drop
from crawler.extract.web.files import leads_to_file
from crawler.extract.web.measure import HEADINGS, Block, Measures
from crawler.extract.web.phrases import names_pointers

# A part with so much of the place's text is not a pointer, whatever its heading says.
_MOST_OF_PLACE = 0.6
# Titles of articles are this long; names of pages, persons and offices are shorter.
_TITLE_CHARS = 20
_LINKED_SHARE = 0.55
# Lists of links are the text of some pages; where there is so much other text, they point elsewhere.
_ENOUGH_CHARS, _MUCH_CHARS = 500, 1_200
_MOST_OF_TEXT = 0.3
_FEW_CHARS = 250
# Of a section that points elsewhere, so much is linked.
_POINTING_SHARE = 0.3


def cut_pointers(room: Element, measures: Measures) -> None:
    """Drop sections whose heading says that they point elsewhere, and lists of titles of other articles."""
    _cut_named(room, measures)
    _cut_lists(room, measures)
    _cut_rims(room, measures)


def _cut_named(room: Element, measures: Measures) -> None:
    most = _MOST_OF_PLACE * measures.letters[room]
    inside = set(room.iter())
    for one, block in measures.blocks.items():
        if one not in inside or not measures.is_leaf(one) or not names_pointers(block.text):
            continue
        section = one
        for above in one.iterancestors():
            if above is room or measures.letters[above] > most or not _begins(above, section, measures):
                break
            if _is_text(above, measures):
                break
            section = above
        if section is not one or one.tag not in HEADINGS:
            drop(section)
            continue
        below = list(_below(one, measures))
        if below:
            for part in (one, *below):
                drop(part)


def _below(heading: Element, measures: Measures) -> Iterator[Element]:
    """What stands between a heading and the next one, or the next sentence of the text."""
    for one in heading.itersiblings():
        block = measures.blocks.get(one)
        if one.tag in HEADINGS or (block is not None and _is_said(block)):
            return
        if measures.known[one] > _MOST_OF_TEXT * measures.letters[one] and measures.sentences[one] > 1:
            return
        if isinstance(one.tag, str):
            yield one


def _is_text(above: Element, measures: Measures) -> bool:
    """Whether most of an element is known text with few links: the text stands behind the pointer."""
    letters = measures.letters[above]
    return measures.known[above] > letters / 2 and measures.linked[above] < _POINTING_SHARE * letters


def _begins(above: Element, part: Element, measures: Measures) -> bool:
    """Whether the text of an element begins with this part of it."""
    if above in measures.blocks:
        return False
    return not any(measures.letters.get(one, 0) for one in part.itersiblings(preceding=True))


def _cut_lists(room: Element, measures: Measures) -> None:
    free = measures.letters[room] - measures.linked[room]
    if free < _ENOUGH_CHARS:
        return
    for listing in list(room.iter("ul")):
        letters = measures.letters[listing]
        if letters > _MOST_OF_TEXT * free or not _are_titles(listing, measures):
            continue
        if (_are_labelled(listing) or free > _MUCH_CHARS) and not is_introduced(listing, measures):
            drop(listing)


def _cut_rims(room: Element, measures: Measures) -> None:
    """Drop what is hardly more than links before the first sentence of the text and behind the last."""
    every = [one for one in room.iter() if one in measures.blocks]
    said = [number for number, one in enumerate(every) if _is_said(measures.blocks[one])]
    if not said or measures.letters[room] - measures.linked[room] < _FEW_CHARS:
        return
    for one in every[: said[0]] + every[said[-1] + 1 :]:
        block = measures.blocks[one]
        if one.tag in HEADINGS or not measures.is_leaf(one) or block.linked < _LINKED_SHARE * len(block.text):
            continue
        links = [link for link in one.iter("a") if link.get("href")]
        if not links or not all(_leads_elsewhere(link) for link in links):
            continue
        place = next(one.iterancestors("ul", "ol", "dl", "table"), one)
        if not is_introduced(place, measures):
            drop(one)


def _is_said(block: Block) -> bool:
    return block.is_sentence and block.linked < _LINKED_SHARE * len(block.text)


def _leads_elsewhere(link: Element) -> bool:
    """To another page rather than to a file, a mailbox, a telephone or a place of the same page."""
    href = (link.get("href") or "").strip().lower()
    return not href.startswith(("mailto:", "tel:", "#")) and not leads_to_file(link)


def _are_titles(listing: Element, measures: Measures) -> bool:
    items = [one for one in listing if one.tag == "li"]
    return len(items) > 1 and all(_is_title(item, measures) for item in items)


def _are_labelled(listing: Element) -> bool:
    """„**Demenz:** Ab wann Lücken …“: newspapers set the field in bold before the title of an article."""
    items = [one for one in listing if one.tag == "li"]
    return bool(items) and all(
        next(item.iter("b", "strong", "a"), item).tag in ("b", "strong") for item in items
    )


def _is_title(item: Element, measures: Measures) -> bool:
    linked = measures.linked[item]
    if linked < _TITLE_CHARS or linked < _LINKED_SHARE * measures.letters[item]:
        return False
    return not any(leads_to_file(link) for link in item.iter("a"))


def _before(listing: Element, measures: Measures) -> Element | None:
    """The block before a list, where one stands directly before it or its frame."""
    place = listing
    for _ in range(3):
        for one in place.itersiblings(preceding=True):
            if measures.letters.get(one, 0):
                return one
        place = place.getparent()
        if place is None:
            return None
    return None


def is_introduced(listing: Element, measures: Measures) -> bool:
    """Whether the text itself leads to a list of links: by a heading of its own or a colon."""
    before = _before(listing, measures)
    if before is None or (before.tag in HEADINGS and _are_labelled(listing)):
        return False
    block = measures.blocks.get(before)
    text = block.text if block is not None else ""
    if names_pointers(text):
        return False
    return before.tag in HEADINGS or (":" in text[-4:] and not text[-1].isalnum())
