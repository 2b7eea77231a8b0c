"""From printed characters to the words that a reader sees: accents, ligatures, letter-spacing. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from crawler.extract.printed.glyphs import Glyph, Row
from crawler.extract.printed.known import marks

# Accents that are set as characters of their own, and what combines with the letter in their place.
_ACCENTS = {
    "\u00a8": "\u0308", "\u0308": "\u0308", "\u00b4": "\u0301", "\u0301": "\u0301", "`": "\u0300",
    "\u0300": "\u0300", "^": "\u0302", "\u02c6": "\u0302", "\u0302": "\u0302", "~": "\u0303",
    "\u02dc": "\u0303",
    "\u0303": "\u0303", "\u02c7": "\u030c", "\u030c": "\u030c", "\u02da": "\u030a", "\u00b0": "\u030a",
    "\u030a": "\u030a", "\u00b8": "\u0327", "\u0327": "\u0327", "\u02d8": "\u0306", "\u02d9": "\u0307",
    "\u02dd": "\u030b", "\u02db": "\u0328", '"': "\u0308",
}  # fmt: skip
# Of these one is known to be an accent wherever it stands.
_LOOSE = frozenset("\u00a8\u00b4\u02c7\u02da\u00b8\u02d8\u02dd")
_ROWS_AROUND = 2
_DOTLESS = {"\u0131": "i", "\u0237": "j"}
_UMLAUTS = frozenset("aouAOU")
_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st",
    "\ufb06": "st", "\uf000": "ff", "\uf001": "fi", "\uf002": "fl", "\x0b": "ff", "\x0c": "fi", "\x0e": "ffi",
    "\x0f": "ffl", "\x1b": "ff", "\x1c": "fi", "\x1d": "fl", "\x1e": "ffi", "\x1f": "ffl",
}  # fmt: skip
# In em, the size of the font.
_NO_GAP = 0.12
_TRACKED = 0.12
_WORD_GAP = 0.14
_WIDEST_TRACKING = 0.9
_CRAMPED = 0.35  # an initial stands nearer to its word than this
_INITIAL = 1.3  # and is so many times larger
_FEWEST_LETTERS = 4


def words_of_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows of a page with their letters whole and blanks where words end."""
    return [_with_initial(_untracked(_spelt(_accented(row)))) for row in _with_their_accents(rows)]


def _with_their_accents(rows: Sequence[Row]) -> list[Row]:
    """Accents that PDFium tells at the end of a row, or as a row, before the letter they stand over.

    TeX draws them so, and those of capitals higher than the row.
    """
    if not any(glyph.text in _LOOSE for row in rows for glyph in row):
        return list(rows)
    kept: list[list[Glyph]] = [list(row) for row in rows]
    for index, row in enumerate(rows):
        for at, accent in enumerate(row):
            if accent.text not in _LOOSE or any(
                _composed(base, accent) and _stands_over(accent, base)
                for base in (*row[max(0, at - 1) : at], *row[at + 1 : at + 2])
            ):
                continue
            place = _letter_below(kept, index, accent)
            if place is not None:
                line, letter = place
                kept[index].remove(accent)
                found = kept[line].index(letter)
                kept[line][found : found + 1] = [
                    accent._replace(spaced=letter.spaced),
                    letter._replace(spaced=False),
                ]
    return [tuple(row) for row in kept if row]


def _letter_below(rows: Sequence[Sequence[Glyph]], index: int, accent: Glyph) -> tuple[int, Glyph] | None:
    for line in sorted(
        range(max(0, index - _ROWS_AROUND), min(len(rows), index + _ROWS_AROUND + 1)),
        key=lambda one: abs(one - index),
    ):
        for letter in rows[line]:
            rise = accent.bottom - letter.bottom
            if (
                _composed(letter, accent)
                and _stands_over(accent, letter)
                and -0.2 <= rise / max(letter.face.size, 1.0) <= 0.6
            ):
                return line, letter
    return None


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


def _accented(row: Row) -> Row:
    """Accents that are printed over a letter, before or after it, become one with it: „u¨“, „¨u“ → „ü“."""
    if not any(glyph.text in _ACCENTS for glyph in row):
        return row
    result: list[Glyph] = []
    taken = -1
    for index, glyph in enumerate(row):
        if index == taken:
            continue
        if glyph.text not in _ACCENTS:
            result.append(glyph)
            continue
        after = row[index + 1] if index + 1 < len(row) else None
        before = result[-1] if result else None
        choices = [base for base in (before, after) if base is not None and _composed(base, glyph)]
        if len(choices) == 2:
            choices.sort(key=lambda base: abs(_middle(base) - _middle(glyph)))
        base = next((base for base in choices if _stands_over(glyph, base)), None)
        if base is None and glyph.text == "\u00a8":
            base = next(
                (base for base in choices if base.text in _UMLAUTS and not _is_apart(glyph, base)), None
            )
        if base is None:
            result.append(glyph)
            continue
        spaced = base.spaced if base is before else glyph.spaced
        whole = base._replace(text=_composed(base, glyph), spaced=spaced)
        if base is before:
            result[-1] = whole
            if after is not None and after.spaced and not _is_apart(base, after):
                row = (*row[: index + 1], after._replace(spaced=False), *row[index + 2 :])
        else:
            taken = index + 1
            result.append(whole)
    return tuple(result)


def _composed(base: Glyph, accent: Glyph) -> str:
    """The letter with the accent as one character; nothing where there is none."""
    letter = _DOTLESS.get(base.text, base.text)
    whole = unicodedata.normalize("NFC", letter + _ACCENTS[accent.text])
    return whole if len(whole) == 1 and letter.isalpha() else ""


def _stands_over(accent: Glyph, base: Glyph) -> bool:
    slack = 0.1 * (base.right - base.left)
    return base.right > base.left and base.left - slack <= _middle(accent) <= base.right + slack


def _is_apart(one: Glyph, other: Glyph) -> bool:
    first, second = sorted((one, other), key=lambda glyph: glyph.left)
    return second.left - first.right > _NO_GAP * max(one.face.size, 1.0)


def _middle(glyph: Glyph) -> float:
    return (glyph.left + glyph.right) / 2


def _spelt(row: Row) -> Row:
    """Ligatures as their letters; the blank that some programs see behind them goes."""
    if not any(glyph.text in _LIGATURES for glyph in row):
        return row
    result: list[Glyph] = []
    for index, glyph in enumerate(row):
        before = row[index - 1] if index else None
        joined = glyph.spaced and before is not None and not _is_apart(before, glyph)
        if joined and before is not None and _LIGATURES.keys() & {before.text, glyph.text}:
            glyph = glyph._replace(spaced=False)
        result.append(glyph._replace(text=_LIGATURES.get(glyph.text, glyph.text)))
    return tuple(result)


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
        if token is not None and token[1] - token[0] == 1 and row[token[0]].text.isalpha():
            run.append(token)
            continue
        if len(run) >= _FEWEST_LETTERS and _is_word([row[start].text for start, _ in run]):
            yield run[0][0], run[-1][1]
        run = []


def _is_all_tracked(row: Row, tokens: int) -> bool:
    letters = [glyph.text for glyph in row if glyph.text.isalpha()]
    return len(row) <= 1.7 * tokens and len(letters) >= 0.8 * len(row) and _is_word(letters)


def _is_word(letters: Sequence[str]) -> bool:
    """Whether single letters can be a word: not „A B C D“, not the crosses of a table, not initials."""
    folded = [letter.casefold() for letter in letters]
    if len(set(folded)) < 3 or folded == sorted(folded):
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
    return _LEADER.sub(lambda match: "…" if match["word"] and match.end() == len(text) else " ", text).strip()


_LEADER = re.compile(r"(?P<word>(?<=\w))?(?:[.·…‥_] ?){4,}")
