"""Whether a word is a German past-tense form: a list of strong verbs, and the ending of weak ones."""

from __future__ import annotations

from functools import lru_cache

from indexer.annotate.cues import read_data

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


@lru_cache(maxsize=1)
def past_tense() -> PastTense:
    """The test, read once a process."""
    return PastTense()
