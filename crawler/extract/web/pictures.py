"""What pictures say: the alternative texts of a page's pictures, as lines of its text.

A picture's text is content where somebody wrote a sentence for those who do not see it; names of files, of
logos and of what a link leads to are not. Only pictures among paragraphs count: those around a text adorn
the page.
"""

from __future__ import annotations

import re

from crawler.extract.input.markup import Element

# Shorter ones are „Logo“, „Foto“, a person's name; longer ones are articles, put there for search engines.
_MIN_CHARS = 20
_MAX_CHARS = 400
_MIN_WORDS = 3
_FILE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|tiff?)\b|_|https?:", re.IGNORECASE)
_NO_CONTENT = re.compile(
    r"\b(?:logo|icon|symbol|banner|platzhalter|placeholder|button|header)\b", re.IGNORECASE
)


def write_out_pictures(root: Element) -> None:
    """Put the alternative text of each picture that has one worth reading where the picture stands."""
    seen: set[str] = set()
    among: dict[Element, bool] = {}  # whether paragraphs stand beside the children of an element
    for image in list(root.iter("img")):
        text = " ".join((image.get("alt") or "").split())
        if text in seen or not _is_content(text, image):
            continue
        seen.add(text)
        found = (_around(image, tag) for tag in ("figure", "p", "a"))
        block = next((one for one in found if one is not None), image)
        parent = block.getparent()
        if parent not in among:
            among[parent] = any(one.tag == "p" for one in parent)
        if not among[parent]:
            continue
        line = block.makeelement("p")
        line.text = f"Bild: {text}"
        line.tail, block.tail = block.tail, None
        block.addnext(line)


def _around(image: Element, *tags: str) -> Element | None:
    return next(image.iterancestors(*tags), None)


def _is_content(text: str, image: Element) -> bool:
    if not _MIN_CHARS <= len(text) <= _MAX_CHARS or len(text.split()) < _MIN_WORDS:
        return False
    if _FILE_NAME.search(text) or _NO_CONTENT.search(text):
        return False
    link = _around(image, "a")
    if link is not None and not _leads_to_picture(link):
        return False
    beside = _around(image, "figure")
    if beside is None:
        beside = _around(image, "p", "div", "td", "li")
    return beside is None or text.casefold() not in " ".join("".join(beside.itertext()).split()).casefold()


def _leads_to_picture(link: Element) -> bool:
    """A larger view of the same picture, rather than another page."""
    return bool(_FILE_NAME.search((link.get("href") or "").rsplit("/", 1)[-1]))
