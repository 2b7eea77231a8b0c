"""The text as annotators read it: broken words joined without moving anything else, oddities flagged."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.annotate.data.files import read_data, read_lines

# „Vor-⏎leser“ but not „Vor-⏎und Nachteile“; „I n k l u s i o n“; „Inklusions·tag“; soft hyphens.
_BROKEN = re.compile(
    r"(?P<hyphen>(?<![^\W\d_])[^\W\d_]{2,60}-[ \t]?\n[ \t]{0,4}(?!(?:und|oder|bzw|sowie|bis)\b)[a-zäöüß]{2,})"
    r"|(?P<spaced>(?<!\S)[^\W\d_](?: [^\W\d_](?!\S)){4,})"
    r"|(?P<dotted>(?<![^\W\d_])[^\W\d_]{1,60}(?:[·\u00ad][^\W\d_]+)+)"
)
# „Georg HuberDie Amtsleiterin“: a name and the next word; but not „KollegInnen“ and „MacDonald“.
_GLUED = re.compile(
    r"(?:(?<![\w-])|(?<=[a-zäöüß]))(?P<first>[A-ZÄÖÜ][^\W\d_]{1,30})(?:-[^\W\d_]{2,30})? "
    r"[A-ZÄÖÜ][a-zäöüß]{2,30}(?:-[A-ZÄÖÜ][a-zäöüß]{2,30})?"
    r"(?=[A-ZÄÖÜ](?!nnen?\b|n\b)[a-zäöüß]+)"
)
_GENDER_DOT = re.compile(r"·(?:in|innen|r|n|e|er|en)$")
_JOINTS = re.compile(r"-[ \t]?\n[ \t]*|[ ·\u00ad]")
_WRITTEN_JOINTS = ("-\n", "- \n", "-\t\n", "·", "\u00ad")
_SPACED = re.compile(r" [^\W\d_] [^\W\d_] [^\W\d_] ")
_NO_BLANK = re.compile(r"[a-zäöüß][A-ZÄÖÜ][a-zäöüß]")
_ODD_WORDS = 3
NO_UMLAUTS = "ohne-umlaute"


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text of the same length in which broken words are whole, then blanks; ``joined`` are their spans."""

    text: str
    joined: tuple[tuple[int, int], ...]

    def whole_end(self, end: int) -> int:
        """Where a span that ends at ``end`` ends in the original: a broken word is quoted whole."""
        index = bisect_right(self.joined, (end, -1)) - 1
        if index >= 0 and self.joined[index][0] < end <= self.joined[index][1]:
            return self.joined[index][1]
        return end


def _may_be_broken(text: str) -> bool:
    """What every broken word has: hardly a text has it, and to look for the words themselves takes long."""
    return any(joint in text for joint in _WRITTEN_JOINTS) or _SPACED.search(text) is not None


def clean(text: str) -> CleanText:
    """Join words broken at line ends, by spaces, middle dots and soft hyphens; gender dots stay."""
    if not _may_be_broken(text):
        return CleanText(text, ())
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    done = 0
    for match in _BROKEN.finditer(text):
        if match["dotted"] and _GENDER_DOT.search(match[0]):
            continue
        whole = _JOINTS.sub("", match[0])
        pieces += [text[done : match.start()], whole, " " * (len(match[0]) - len(whole))]
        spans.append(match.span())
        done = match.end()
    if not spans:
        return CleanText(text, ())
    return CleanText("".join(pieces) + text[done:], tuple(spans))


def glued_names(text: str) -> tuple[int, ...]:
    """Offsets at which a person's name ends and the next word begins without a blank between them.

    A first name of ``data/first_names.txt`` must precede: „der DigitalPakt“ and „StädteRegion“ are whole.
    """
    if _NO_BLANK.search(text) is None:
        return ()
    known = _first_names()
    return tuple(match.end() for match in _GLUED.finditer(text) if match["first"] in known)


def flags(text: str, words: Sequence[str]) -> tuple[str, ...]:
    """What an editor should know of the text: umlauts that a PDF lost are told, not repaired."""
    odd = _odd_words()
    lost = sum(map(odd.__contains__, words))
    return (NO_UMLAUTS,) if lost >= _ODD_WORDS and not re.search("[äöüÄÖÜ]", text) else ()


@lru_cache(maxsize=1)
def _first_names() -> frozenset[str]:
    return frozenset(name for line in read_lines("first_names.txt") for name in line.split())


@lru_cache(maxsize=1)
def _odd_words() -> frozenset[str]:
    data = read_data("languages.toml")["without_umlauts"]
    return frozenset(data["words"]) - frozenset(data["not_counted"])
