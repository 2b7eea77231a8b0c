"""Whether a word is a German past-tense form: a list of strong verbs, and the ending of weak ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from indexer.annotate.data.files import read_data

_SHORTEST = 5  # „legte“; shorter words on -te are nouns and adverbs


class PastTense:
    """The word lists of ``data/tense.toml``."""

    def __init__(self) -> None:
        data = read_data("tense.toml")
        self._strong = frozenset(data["preterite"])
        self._other = frozenset(data["not_preterite"])
        self.announcing: frozenset[str] = frozenset(data["announcing"])

    def __call__(self, word: str) -> bool:
        """Test one word form as it stands in running text."""
        if word in self._strong:
            return True
        return (
            len(word) >= _SHORTEST
            and word.endswith(("te", "ten"))
            and word.islower()
            and word not in self._other
        )


_PARTICIPLE = re.compile(r"(?:[a-zäöü]{2,5})?ge[a-zäöüß]{3,}(?:t|en)")
_AUXILIARIES = frozenset({"hat", "haben", "ist", "sind", "Hat", "Haben"})
# The participle closes the clause; so many words may stand between.
_CLAUSE_WORDS = 25


def perfects(words: Sequence[str]) -> int:
    """How many clauses are in the perfect: „haben sich … gemessen“, with the participle before a full stop."""
    count, since = 0, _CLAUSE_WORDS
    for index, word in enumerate(words):
        since = 0 if word in _AUXILIARIES else since + 1
        closes = index + 1 < len(words) and words[index + 1] in (".", ",", "!")
        if since < _CLAUSE_WORDS and closes and _PARTICIPLE.fullmatch(word):
            count += 1
            since = _CLAUSE_WORDS
        if word in (".", "!", "?"):
            since = _CLAUSE_WORDS
    return count


@lru_cache(maxsize=1)
def past_tense() -> PastTense:
    """The test, read once a process."""
    return PastTense()


class Tense(StrEnum):
    """What the verbs of a sentence say of the time of its event."""

    PAST = "past"
    ANNOUNCING = "announcing"


def tense_of(words: Sequence[str]) -> Tense | None:
    """The tense of a sentence by its words: past before announcing, None where no verb says."""
    is_past = past_tense()
    if perfects(words) or any(is_past(word) for word in words):
        return Tense.PAST
    return Tense.ANNOUNCING if any(word in is_past.announcing for word in words) else None
