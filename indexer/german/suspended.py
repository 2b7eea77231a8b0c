"""The other half of suspended hyphens, by word lists: -abbrüche of „Schul- und Ausbildungsabbrüche“."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from indexer.german.language_data import word_list

# After these a member ends, whatever follows.
_ENDINGS = re.compile(r"(?:[uü]ngs|heits|keits|schafts|[st]ions|täts|tums|lings|tags|enz|anz)(?=[^\W\d_]{4})")
# What no second member begins with: sounds that no German word begins with, and endings of the first member
# (Schul|ungsabbrüche).
_ONSETS = "[dt]sch|p[fhlr]|[bfgkp][lr]|[dtvw]r|[gk]n|kw|qu|rh|th|ph|zw|chr|chl"
_NO_BEGINNING = re.compile(
    rf"(?!{_ONSETS})[bcdfghjklmnpqrtvwxzß]{{2}}"
    r"|ung(?:en|s)?(?![al])|[hk]eit(?!er)|schaft|tion|isch|lich(?!t)|nis(?!ch)"
    r"|er(?:schaft|in)|er(?=s?[^\W\d_]{0,4}$)|en(?!d[^e]|de$|er|ge|kel|t)"
)
_VOWEL = re.compile("[aeiouyäöü]")
_LEAST_REST = 4
# Heads as short as these (amt, ton, tor) end many words that are no compounds.
_SHORT_HEAD = 4
MAX_READINGS = 2
# Letters by which beginnings and ends of members are known.
_EDGES = (3, 4)
# Two letters that meet in Schmuck|vitrine and Ruder|regatta, but hardly within a word.
_CLASH = re.compile("[bcdfghjklmnpqrstvwxzß]{2}")
_ONSET = re.compile(f"{_ONSETS}|s[ptckm]|[rln][dtgksnmb]|ck|ng|nk|tz|mp|ss|ll|nn|mm|tt|ff|pp|ch|ht|ft|st")
# A prefix before a seam belongs to what follows: Käse|verkostung.
_PREFIXED = re.compile("(?<=[^\\W\\d_]{4})(?:ver|ent|zer|vor|auf|aus|ein|über|unter)$")
_LINKED = re.compile("(?:e[nr]|[^aeiouäöüs]s)$")
_LOOKS_LIKE_A_SEAM = 4


class CompoundHeads:
    """Cuts a compound behind its first member, or before its last one, without knowing any corpus."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        heads, firsts = word_list("compound_heads.txt"), word_list("first_members.txt")
        # The stemmer takes the s of Kurs for an ending, but not that of Kurse.
        self._heads = frozenset(stem(head) for head in heads) | {head for head in heads if head.endswith("s")}
        self._firsts = firsts
        self._particles = word_list("particles.txt")
        self._stem = stem
        self._longest = max(map(len, firsts))
        members = (*heads, *firsts, *self._particles)
        self._begins = frozenset(word[:size] for word in members for size in _EDGES if len(word) >= size)
        self._ends = frozenset(word[-size:] for word in firsts for size in _EDGES)
        self.cuts = lru_cache(maxsize=20_000)(self._cuts)

    def _cuts(self, partner: str, word: str) -> tuple[int, ...]:
        """Where the head of a lower-cased compound may begin, the likeliest first; at most two places.

        ``partner`` is the word with the hyphen: beside a prefix a prefix is cut (``Ein- und Aus|stieg``), and
        nothing else is.
        """
        if partner in self._particles:
            prefix = self._prefix(word)
            if prefix:
                return (prefix,)
        head, first = self._head(word), self._first(word)
        if not head and not first:
            return tuple(self._guessed(word))
        if head and first and head != first and self._is_particle_gap(word[first:head]):
            head = 0
        if first and self._stem(word[first:]) in self._heads:
            head = 0
        return tuple(dict.fromkeys(cut for cut in (first, head) if cut))[:MAX_READINGS]

    def continued(self, word: str) -> tuple[int, ...]:
        """Where the last member may begin (``Berufs|wahl und -orientierung``), the likeliest place first."""
        found = self.cuts("", word)
        deeper = [cut + self._first(word[cut:]) for cut in found[:1]]
        return tuple(dict.fromkeys((*deeper, *found)))[:MAX_READINGS]

    def _prefix(self, word: str) -> int:
        for end in range(min(8, len(word) - _LEAST_REST + 1), 1, -1):
            if word[:end] in self._particles and _begins_word(word[end:]):
                return end
        return 0

    def _head(self, word: str) -> int:
        """The longest known head. At least two letters stand before it (``aus|bildung``), and before a short
        one, which many words end with by chance (``plays|tore``), what first members end with.
        """
        for start in range(2, len(word) - 2):
            if self._stem(word[start:]) in self._heads and (
                len(word) - start > _SHORT_HEAD or self._may_end(word[:start])
            ):
                return start
        return 0

    def _may_end(self, first: str) -> bool:
        return first[-4:] in self._ends or (len(first) > 4 and _LINKED.search(first) is not None)

    def _first(self, word: str) -> int:
        """Behind the longest known first member, or behind an ending that only first members have."""
        ending = _ENDINGS.search(word)
        for end in range(min(self._longest, len(word) - _LEAST_REST), 1, -1):
            if word[:end] in self._firsts and _begins_word(word[end:]):
                return end
        return ending.end() if ending is not None else 0

    def _is_particle_gap(self, between: str) -> bool:
        """``vor`` between Gesundheits and -sorge belongs to the head."""
        return between in self._particles

    def _guessed(self, word: str) -> list[int]:
        """The places that look most like a seam, where no member is known."""
        rated = [
            (self._looks(word[:cut], word[cut:]), cut)
            for cut in range(_LEAST_REST, len(word) - _LEAST_REST + 1)
            if _VOWEL.search(word[:cut]) and _begins_word(word[cut:])
        ]
        best = max(rated, default=(0, 0))[0]
        if best < _LOOKS_LIKE_A_SEAM:
            return []
        cuts = [cut for rate, cut in rated if rate == best]
        prefixes = [_PREFIXED.search(word[:cut]) for cut in cuts]
        moved = (found.start() if found else cut for cut, found in zip(cuts, prefixes, strict=True))
        return list(dict.fromkeys(moved))[:MAX_READINGS]

    def _looks(self, left: str, right: str) -> int:
        """How much two halves look like words: by letters that known members end and begin with, and by
        consonants that meet only where words do.
        """
        rate = 3 if right[:4] in self._begins else 2 if right[:3] in self._begins else 0
        rate += 3 if left[-4:] in self._ends else 2 if left[-3:] in self._ends else 0
        if _LINKED.search(left):
            rate += 1
        if _CLASH.fullmatch(left[-1] + right[0]) and not _ONSET.match(left[-1] + right):
            rate += 2
        return rate


def _begins_word(rest: str) -> bool:
    return _VOWEL.search(rest) is not None and _NO_BEGINNING.match(rest) is None
