"""From printed characters to the words that a reader sees: ligatures, letter-spacing, bullets. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from crawler.extract.printed.accents import with_accents
from crawler.extract.printed.glyphs import Glyph, Row, is_apart
from crawler.extract.printed.known import marks

_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st",
    "\ufb06": "st", "\uf000": "ff", "\uf001": "fi", "\uf002": "fl", "\x0b": "ff", "\x0c": "fi", "\x0e": "ffi",
    "\x0f": "ffl", "\x1b": "ff", "\x1c": "fi", "\x1d": "fl", "\x1e": "ffi", "\x1f": "ffl",
}  # fmt: skip
# In em, the size of the font.
_TRACKED = 0.12
_WORD_GAP = 0.14
_WIDEST_TRACKING = 0.9
_CRAMPED = 0.35  # an initial stands nearer to its word than this
_INITIAL = 1.3  # and is so many times larger
_FEWEST_LETTERS = 4


def words_of_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows of a page with their letters whole and blanks where words end."""
    return [_with_initial(_untracked(_spelt(row))) for row in with_accents(rows)]


def text_of(row: Row) -> str:
    """The row as text."""
    return "".join(f" {glyph.text}" if glyph.spaced else glyph.text for glyph in row)


def size_of(row: Row) -> float:
    """The size that most of its characters have."""
    return Counter(glyph.face.size for glyph in row).most_common(1)[0][0]


def weight_of(row: Row) -> int:
    """The weight of nearly all its letters; the lightest where it has several."""
    weights = Counter(glyph.face.weight for glyph in row if glyph.text.isalnum())
    if not weights:
        return row[0].face.weight
    weight, count = weights.most_common(1)[0]
    return weight if count >= 0.9 * weights.total() else min(weights)


def _spelt(row: Row) -> Row:
    """Ligatures as their letters; the blank that some programs see behind them goes."""
    if not any(glyph.text in _LIGATURES for glyph in row):
        return row
    result: list[Glyph] = []
    for index, glyph in enumerate(row):
        before = row[index - 1] if index else None
        if glyph.text < " " and not _is_within_a_word(row, index):
            continue
        joined = glyph.spaced and before is not None and not is_apart(before, glyph)
        if joined and before is not None and _LIGATURES.keys() & {before.text, glyph.text}:
            glyph = glyph._replace(spaced=False)
        result.append(glyph._replace(text=_LIGATURES.get(glyph.text, glyph.text)))
    return tuple(result) or row[:1]


def _is_within_a_word(row: Row, index: int) -> bool:
    """Whether a control character has letters close beside it: only then it may be a ligature of TeX."""
    beside = (*row[max(0, index - 1) : index], *row[index + 1 : index + 2])
    return any(one.text.isalpha() and not is_apart(one, row[index]) for one in beside)


def _untracked(row: Row) -> Row:
    """Words whose letters are set apart are words again: „J a h r e s b e r i c h t“."""
    if not any(glyph.spaced for glyph in row):
        return row
    result = list(row)
    for start, end in _tracked_runs(row):
        gaps = [_gap(row, index) for index in range(start + 1, end)]
        usual = median(gaps)
        if not usual <= _WIDEST_TRACKING * size_of(row[start:end]):
            continue
        limit = usual + max(_WORD_GAP * row[start].face.size, 0.35 * usual)
        for index, gap in enumerate(gaps, start + 1):
            result[index] = row[index]._replace(spaced=gap > limit)
    return tuple(result)


def _gap(row: Row, index: int) -> float:
    return row[index].left - row[index - 1].right


def _tracked_runs(row: Row) -> Iterator[tuple[int, int]]:
    """Where a run of single letters begins and ends; words of two letters may be among many single ones."""
    starts = [0, *(index for index, glyph in enumerate(row) if glyph.spaced), len(row)]
    tokens = list(pairwise(starts))
    if len(tokens) >= 2 * _FEWEST_LETTERS and _is_all_tracked(row, len(tokens)):
        yield 0, len(row)
        return
    run: list[tuple[int, int]] = []
    for token in [*tokens, None]:
        if token is not None and token[1] - token[0] == 1 and row[token[0]].text.isalnum():
            run.append(token)
            continue
        if len(run) >= _FEWEST_LETTERS and _is_word([row[start].text for start, _ in run]):
            yield run[0][0], run[-1][1]
        run = []


def _is_all_tracked(row: Row, tokens: int) -> bool:
    letters = [glyph.text for glyph in row if glyph.text.isalpha()]
    return len(row) <= 1.7 * tokens and len(letters) >= 0.6 * len(row) and _is_word(letters)


def _is_word(letters: Sequence[str]) -> bool:
    """Whether single letters can be a word: not „A B C D“, not the crosses of a table, not initials."""
    folded = [letter.casefold() for letter in letters if letter.isalpha()]
    if len(folded) < _FEWEST_LETTERS or len(set(folded)) < 3 or folded == sorted(folded):
        return False
    return any(letter in "aeiouyäöü" for letter in folded)


def _with_initial(row: Row) -> Row:
    """A larger first letter belongs to the word beside it, however wide it is."""
    if len(row) < 3 or not row[1].spaced or not row[0].text.isalpha():
        return row
    first, second = row[0], row[1]
    if first.face.size < _INITIAL * second.face.size or not second.text.islower():
        return row
    return (
        (first, second._replace(spaced=False), *row[2:]) if _gap(row, 1) < _CRAMPED * first.face.size else row
    )


def with_plain_bullet(row: Row) -> Row:
    """A first sign of a font of signs as the bullet that it shows; „o“ of another font than the text, too."""
    if len(row) < 2 or not (row[1].spaced or _gap(row, 1) > 0.3 * row[1].face.size):
        return row
    first, second = row[0], row[1]
    is_sign = first.face.is_symbol or "\ue000" <= first.text <= "\uf8ff"
    is_typed = first.text == "o" and first.face.font != second.face.font
    if not is_sign and not is_typed and first.text not in marks().bullets:
        return row
    text = first.text if first.text in marks().bullets else "\u25e6" if is_typed else _sign(first.text)
    return (first._replace(text=text), second._replace(spaced=True), *row[2:])


def _sign(text: str) -> str:
    """The usual bullet for that of Symbol and Wingdings (U+F0B7, U+F0A7), an arrow for the others."""
    return "\u2022" if text in "\uf0b7\uf0a7\u00b7\u00a7\uf06e\uf06c" else "\u27a2"


def is_sign_alone(text: str) -> bool:
    """Whether a row is nothing but a bullet."""
    stripped = text.strip()
    return len(stripped) == 1 and (stripped in marks().bullets or "\ue000" <= stripped <= "\uf8ff")


def squeezed_leaders(text: str) -> str:
    """The text without rows of dots or lines, which lead to something or wait to be filled."""
    if not _LEADER.search(text):
        return text.strip()

    def instead(match: re.Match[str]) -> str:
        is_unfinished = match.end() == len(text) and text[: match.start()][-1:].isalnum()
        return "…" if is_unfinished else " "

    return " ".join(_LEADER.sub(instead, text).split())


_LEADER = re.compile(r"(?:[.·…‥_] ?){4,}")
