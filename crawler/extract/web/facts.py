"""Boxes of facts that belong to a text, wherever they stand: „Auf einen Blick“, „Steckbrief“."""

from __future__ import annotations

from crawler.extract.input.markup import Element
from crawler.extract.web.phrases import names_facts
from crawler.extract.web.signs import signs

# So many elements are looked at for the first words of a box.
_MOST_ELEMENTS = 12


def is_fact_box(box: Element) -> bool:
    """Whether an element bears the name of such a box or begins with the heading of one."""
    return signs("facts").fit(box) or names_facts(_first_words(box))


def _first_words(box: Element) -> str:
    for number, one in enumerate(box.iter()):
        if number > _MOST_ELEMENTS:
            break
        if isinstance(one.tag, str) and one.text and one.text.strip():
            return " ".join(one.text.split())
    return ""
