"""What styles of office programs are called (``data/office_styles.toml``): titles, headings, directories."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FILE = files("crawler.extract.data") / "office_styles.toml"
_LEVEL = re.compile(r"[ _]?(\d{1,2})$")
MAX_LEVEL = 6


@dataclass(frozen=True, slots=True)
class StyleNames:
    """The lists of the data file, case folded; fields and galleries as they are written."""

    titles: frozenset[str]
    headings: frozenset[str]
    quotes: frozenset[str]
    directories: frozenset[str]
    directory_titles: frozenset[str]
    hints: frozenset[str]
    galleries: frozenset[str]
    fields: frozenset[str]


@cache
def style_names() -> StyleNames:
    """All of them, read once."""
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    return StyleNames(**{name: frozenset(map(str.casefold, entries)) for name, entries in tables.items()})


def tag_of_style(name: str) -> str | None:
    """The element of a page that a style of paragraphs means (``h1`` … ``h6``, ``blockquote``), if any."""
    known, folded = style_names(), _plain(name)
    if folded in known.titles:
        return "h1"
    if folded in known.quotes:
        return "blockquote"
    level = _LEVEL.search(folded)
    if level and 1 <= int(level[1]) <= MAX_LEVEL and folded[: level.start()] in known.headings:
        return f"h{int(level[1])}"
    return None


def is_directory_style(name: str) -> bool:
    """Whether a style is that of the lines of a table of contents or the like, or of the title above it."""
    folded = _plain(name)
    return not style_names().directories.isdisjoint({folded, _LEVEL.sub("", folded)})


def _plain(name: str) -> str:
    """``Heading_20_1``, as OpenDocument writes a blank in a name, is ``heading 1``."""
    return name.replace("_20_", " ").strip().casefold()
