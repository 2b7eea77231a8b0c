"""Whether a word is a German past-tense form: a list of strong verbs, and the ending of weak ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache
from itertools import zip_longest

from indexer.annotate.data.files import read_data

_SHORTEST = 5  # „legte“; shorter words on -te are nouns and adverbs


@lru_cache(maxsize=100_000)
def is_past(word: str) -> bool:
    """Test one word form as it stands in running text."""
    if word in _words("preterite"):
        return True
    return (
        len(word) >= _SHORTEST
        and word.endswith(("te", "ten"))
        and word.islower()
        and word not in _words("not_preterite")
    )


@cache
def _words(name: str) -> frozenset[str]:
    """A list of ``data/tense.toml``."""
    return frozenset(read_data("tense.toml")[name])


_PARTICIPLE = re.compile(r"(?:[a-zäöü]{2,5})?ge[a-zäöüß]{3,}(?:t|en)")
_AUXILIARIES = frozenset({"hat", "haben", "ist", "sind", "Hat", "Haben"})
_SENTENCE_ENDS = frozenset(".!?")
_CLAUSE_ENDS = frozenset(".,!")
# The participle closes the clause; so many words may stand between.
_CLAUSE_WORDS = 25


def perfects(words: Sequence[str]) -> int:
    """How many clauses are in the perfect: „haben sich … gemessen“, with the participle before a full stop."""
    count = 0
    last = len(words) - 1
    auxiliaries = [index for index, word in enumerate(words) if word in _AUXILIARIES]
    for auxiliary, following in zip_longest(auxiliaries, auxiliaries[1:], fillvalue=last):
        for index in range(auxiliary + 1, min(auxiliary + _CLAUSE_WORDS, following)):
            word = words[index]
            if word in _SENTENCE_ENDS:
                break
            if words[index + 1] in _CLAUSE_ENDS and _PARTICIPLE.fullmatch(word):
                count += 1
                break
    return count


class Tense(StrEnum):
    """What the verbs of a sentence say of the time of its event."""

    PAST = "past"
    ANNOUNCING = "announcing"


def tense_of(words: Sequence[str]) -> Tense | None:
    """The tense of a sentence by its words: past before announcing, None where no verb says."""
    if any(map(is_past, words)) or perfects(words):
        return Tense.PAST
    return Tense.ANNOUNCING if not _words("announcing").isdisjoint(words) else None
