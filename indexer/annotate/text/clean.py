"""The text as annotators read it: broken words joined, signs of Markdown blanked, nothing else moved; flags."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
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
# „12\\. März“ at the beginning of a line is no list: its backslash goes, as in every run of letters and signs.
_ESCAPED = re.compile(r"(?<!\S)[^\s\\]*\\\S*")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRONG = "**"
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
    """Join words broken at line ends, by spaces, middle dots and soft hyphens; gender dots stay.

    Backslashes before signs go, and what stood behind them moves up; signs of strong emphasis are blanks.
    """
    spans: list[tuple[int, int]] = []
    if _may_be_broken(text):
        text = _joined(text, _BROKEN, _whole_word, spans)
    if "\\" in text:
        text = _joined(text, _ESCAPED, _unescaped, spans)
    return CleanText(text.replace(_STRONG, "  "), tuple(sorted(spans)))


def _joined(
    text: str,
    pattern: re.Pattern[str],
    whole: Callable[[re.Match[str]], str | None],
    spans: list[tuple[int, int]],
) -> str:
    """The text with each match made ``whole`` and filled up with blanks; ``spans`` gets where."""
    pieces: list[str] = []
    done = 0
    for match in pattern.finditer(text):
        made = whole(match)
        if made is None:
            continue
        pieces += [text[done : match.start()], made, " " * (len(match[0]) - len(made))]
        spans.append(match.span())
        done = match.end()
    return "".join(pieces) + text[done:]


def _whole_word(match: re.Match[str]) -> str | None:
    if match["dotted"] and _GENDER_DOT.search(match[0]):
        return None
    return _JOINTS.sub("", match[0])


def _unescaped(match: re.Match[str]) -> str | None:
    made = _ESCAPE.sub(r"\1", match[0])
    return made if len(made) < len(match[0]) else None


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
