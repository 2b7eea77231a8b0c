"""Rules for single words: gender forms to one base form, abbreviations to words."""

from __future__ import annotations

import re

from indexer.german.language_data import Abbreviations, FeminineForms, Replacements
from indexer.german.surface import DOTS

# base, sign, ending, rest: Schüler*innenvertretung → Schüler, *, innen, vertretung
_SIGNED = re.compile(rf"(?P<base>[^\W_]+?)(?:[*:_/{DOTS}]-?|\(-?)[iI]n(?:nen\)?|\)nen|\)?)(?P<rest>[^\W_]*)$")
_INNER_CAPITAL = re.compile(r"(?P<base>[^\W\d_]{0,80}[a-zäöüß])In(?:nen(?P<rest>[^\W\d_]{0,80})|(?P<single>))$")
_STAR = re.compile(r"[*]")


class WordForms:
    """Brings one word (no hyphens inside, case kept) to the lower-cased form that is stemmed."""

    def __init__(self, feminine: FeminineForms, abbreviations: Abbreviations, plurals: Replacements) -> None:
        self._feminine = feminine
        self._abbreviations = abbreviations.replacements
        self._plurals = plurals

    def base(self, word: str) -> str:
        """``Koordinator*innen``, ``KoordinatorInnen`` → ``koordinator``; ``Str`` → ``straße``."""
        signed = _SIGNED.match(word)
        if signed is not None:
            return _masculine(signed["base"].lower()) + signed["rest"].lower()
        word = _STAR.sub("", word)
        inner = _INNER_CAPITAL.match(word)
        if inner is not None and self._is_person(inner, word.lower()):
            return _masculine(inner["base"].lower()) + (inner["rest"] or "").lower()
        lowered = self._without_feminine(word.lower())
        return self.expanded(self._plurals.apply(lowered))

    def expanded(self, lowered: str) -> str:
        """An unambiguous abbreviation as its word, anything else as it is."""
        return self._abbreviations.apply(lowered)

    def _is_person(self, inner: re.Match[str], lowered: str) -> bool:
        if lowered in self._feminine.kept:
            return False
        return inner["single"] is None or lowered.endswith(self._feminine.endings)

    def _without_feminine(self, lowered: str) -> str:
        plural = lowered.endswith("innen")
        singular = lowered[:-3] if plural else lowered
        rules = self._feminine
        if not singular.endswith("in") or (len(lowered) < 6 and lowered not in rules.endings):
            return lowered
        if lowered in rules.kept or lowered.endswith(rules.kept_endings):
            return lowered
        if plural or singular.endswith(rules.endings):
            return _masculine(singular[:-2])
        return lowered


def _masculine(base: str) -> str:
    """What is left of ``Lots:innen`` would lose its s to the stemmer as if it were a plural; Lotse keeps it."""
    return f"{base}e" if base.endswith("s") else base
