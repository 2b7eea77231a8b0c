"""The words that dates are made of, from ``data/dates.toml``, and the patterns that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.annotate.data.files import read_data

DATA = read_data("dates.toml")
# Month names and abbreviations as texts write them → 1 to 12.
MONTHS: dict[str, int] = {name: int(number) for number, names in DATA["months"].items() for name in names}
# Weekdays as datetime counts them; Sonnabend is Samstag.
WEEKDAYS: dict[str, int] = DATA["weekdays"]
YEAR = r"(?:(?:19|20)\d\d)"
# In any case and without their full stop.
_MONTH_OF = {name.rstrip(".").casefold(): number for name, number in MONTHS.items()}


def any_of(words: Iterable[str]) -> str:
    """A pattern of one of some words, the longest first; what ends with a letter ends there."""
    return f"(?:{'|'.join(map(_as_pattern, sorted(words, key=lambda word: (-len(word), word))))})"


def _as_pattern(word: str) -> str:
    pattern = r"\s{1,3}".join(map(re.escape, word.split()))
    return pattern + (r"(?!\w)" if word[-1].isalpha() else "")


def month_number(name: str) -> int:
    """1 to 12 of a name or its abbreviation, in any case; „des 9. Novembers“."""
    plain = name.rstrip(".").casefold()
    return _MONTH_OF[plain if plain in _MONTH_OF else plain.removesuffix("s")]


# „So.“ is Sonntag, although Sonnabend begins so too.
_SHORT_WEEKDAYS = {day[:2]: number for day, number in sorted(WEEKDAYS.items(), key=lambda item: item[1])}


def weekday_number(name: str) -> int | None:
    """Of a whole name or its two-letter abbreviation."""
    plain = name.lower().rstrip(".")
    if plain in _SHORT_WEEKDAYS:
        return _SHORT_WEEKDAYS[plain]
    return next((number for day, number in WEEKDAYS.items() if plain.startswith(day)), None)
