"""What pictures say: the alternative texts of a page's pictures, as lines of its text.

A picture's text is content where somebody wrote a sentence for those who do not see it; names of files, of
logos and of what a link leads to are not. Only pictures among paragraphs count: those around a text adorn
the page.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

# Shorter ones are „Logo“, „Foto“, a person's name; longer ones are articles, put there for search engines.
_MIN_CHARS = 20
_MAX_CHARS = 400
_MIN_WORDS = 3
_FILE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|tiff?)\b|_|https?:", re.IGNORECASE)
_NO_CONTENT = re.compile(
    r"\b(?:logo|icon|symbol|banner|platzhalter|placeholder|button|header)\b", re.IGNORECASE
)


def write_out_pictures(soup: BeautifulSoup) -> None:
    """Put the alternative text of each picture that has one worth reading where the picture stands."""
    seen: set[str] = set()
    for image in soup.find_all("img", alt=True):
        text = " ".join(str(image["alt"]).split())
        if text in seen or not _is_content(text, image):
            continue
        seen.add(text)
        block = image.find_parent("figure") or image.find_parent("p") or image.find_parent("a") or image
        if block.find_previous_sibling("p") is None and block.find_next_sibling("p") is None:
            continue
        line = soup.new_tag("p")
        line.string = f"Bild: {text}"
        block.insert_after(line)


def _is_content(text: str, image: Tag) -> bool:
    if not _MIN_CHARS <= len(text) <= _MAX_CHARS or len(text.split()) < _MIN_WORDS:
        return False
    if _FILE_NAME.search(text) or _NO_CONTENT.search(text):
        return False
    link = image.find_parent("a")
    if link is not None and not _leads_to_picture(link):
        return False
    figure = image.find_parent("figure")
    beside = figure or image.find_parent(["p", "div", "td", "li"])
    return beside is None or text.casefold() not in " ".join(beside.get_text(" ").split()).casefold()


def _leads_to_picture(link: Tag) -> bool:
    """A larger view of the same picture, rather than another page."""
    return bool(_FILE_NAME.search(str(link.get("href", "")).rsplit("/", 1)[-1]))
