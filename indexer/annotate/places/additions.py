"""What the addition to a name says: „Halle (Westf.)“ is not on the Saale, „Altdorf b. Nürnberg“ no city."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.annotate.places import spelling
from indexer.annotate.places.rows import LARGE, Place
from indexer.annotate.text.tokens import Tokens

# „bei Berlin“ is no farther away than this, in kilometres; „bei Kirn“ is nearer.
NEAR_LARGE_KM, NEAR_KM = 40.0, 15.0
# The land of an addition tells namesakes apart where it lies in few states.
_FEW_STATES = 2
# A town of this size is meant where it lies in one of more states; of several there one so many times larger.
_KNOWN, _TIMES = 15_000, 10
_KM_A_DEGREE = 111.2
_OPENS = re.compile(r"[(/]|(?:am|an|auf|bei|beim|im|in|ob|vor|unter|[abivour])\b")
_DISTRICT = re.compile(r"(?:Landkreis|Kreis|Lkr\.|Lk\.?|LK|Kr\.) (?=\w)")
_ASSOCIATION = re.compile(r"(?:Amt|Samtgemeinde|Verbandsgemeinde|VG|Verwaltungsgemeinschaft) (?=\w)")
_BRACKETED = re.compile(r" ?\(([^()\n]{2,40})\)")
_SLASHED = re.compile(r" ?/ ?([A-ZÄÖÜ][\w.-]{1,30})")
_CUT = r"(?:a|b|i|v|o|u|r)\. ?(?:(?:d|H)\. ?)?|b "
_SPELT = "am|an der|an dem|auf der|auf|bei|beim|im|in der|in|ob der|vor der|unter"
_FOLLOWING = re.compile(
    rf" (?P<preposition>(?:{_CUT})|(?:{_SPELT}) )(?P<words>[A-ZÄÖÜ][\w-]*\.?(?:[ ][A-ZÄÖÜ][\w-]+\.?)?)"
)


@dataclass(frozen=True, slots=True)
class Addition:
    """Where an addition ends (a token, exclusive); ``place`` is None where no known place bears it."""

    end: int
    place: Place | None


class Additions:
    """Knows which additions there are, and which of several places of one name bears one."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._bases: dict[str, list[tuple[Place, tuple[frozenset[str], ...]]]] = {}
        self._named: dict[str, list[Place]] = {}
        self._states: dict[str, str] = {}
        self._districts: dict[str, Place] = {}
        words: set[str] = set()
        for place in places:
            if place.kind == "state":
                self._states |= {spelling.plain(name): place.state for name in (place.name, *place.aliases)}
            elif place.kind == "part":
                continue
            elif place.kind == "district":
                for name in (place.name, *place.aliases):
                    self._districts.setdefault(spelling.plain(_DISTRICT.sub("", name)), place)
            else:
                spelt = [spelling.spell(name) for name in (place.name, *place.aliases)]
                borne = tuple({one.words for one in spelt if one.words})
                for base in {one.base for one in spelt}:
                    self._bases.setdefault(base, []).append((place, borne))
                for one in spelt:
                    words |= one.words
                self._named.setdefault(spelling.plain(place.name), []).append(place)
        self._words = frozenset(words)

    def after(self, tokens: Tokens, name: str, end: int) -> Addition | None:
        """The addition behind a name that ends before the token ``end``; None where there is none."""
        if end >= len(tokens) or not _OPENS.match(tokens.words[end]) or spelling.spell(name).words:
            return None
        begin = tokens.end(end - 1)
        found = _BRACKETED.match(tokens.text, begin) or _SLASHED.match(tokens.text, begin)
        if found is not None:
            return self._bracketed(tokens, name, found, end)
        found = _FOLLOWING.match(tokens.text, begin)
        return self._following(tokens, name, found, end) if found is not None else None

    def _bracketed(self, tokens: Tokens, name: str, found: re.Match[str], end: int) -> Addition | None:
        if _ASSOCIATION.match(found[1]):
            return Addition(_token_from(tokens, end, found.end()), None)
        if _DISTRICT.match(found[1]):
            district = self._districts.get(spelling.plain(_DISTRICT.sub("", found[1])))
            return Addition(_token_from(tokens, end, found.end()), self._in_district(name, district))
        words = spelling.addition_words(found[1])
        if not words or not self._is_known(words, spelling.plain(found[1])):
            return None
        place = self._bearer(name, words, near=None)
        if place is None and not self._is_addition(words):
            return None  # „in Hamburg (Altona)“, „Partner aus Gera (Jena)“
        return Addition(_token_from(tokens, end, found.end()), place)

    def _following(self, tokens: Tokens, name: str, found: re.Match[str], end: int) -> Addition | None:
        preposition = found["preposition"].strip().split(".")[0].split(" ")[0]
        near = preposition in spelling.words().near
        for wanted in dict.fromkeys((found["words"], found["words"].split(" ")[0])):
            words = spelling.addition_words(wanted)
            others = self._named.get(spelling.plain(wanted), []) if near else []
            cut = found["preposition"].rstrip(" ").endswith(".")
            known = bool(words) and (cut or spelling.is_region(words) or self._is_state(wanted))
            if not others and not known and not (words and self._borne_by(name, words)):
                continue
            place = self._bearer(name, words, near=max(others, key=_population, default=None))
            return Addition(_token_from(tokens, end, found.start("words") + len(wanted)), place)
        return None

    def _in_district(self, name: str, district: Place | None) -> Place | None:
        key = district.ags if district is not None and district.ags else "-"
        there = [place for place in self._called(name) if (place.ags or "").startswith(key)]
        return there[0] if len(there) == 1 else None

    def _called(self, name: str) -> list[Place]:
        return [place for place, _ in self._bases.get(spelling.base_key(name), ())]

    def _is_state(self, written: str) -> bool:
        return spelling.plain(written) in self._states

    def _is_known(self, words: frozenset[str], written: str) -> bool:
        return self._is_addition(words) or self._is_state(written) or written in self._named

    def _is_addition(self, words: frozenset[str]) -> bool:
        return spelling.is_region(words) or all(
            word in self._words or word.endswith(".") or self._is_state(word) for word in words
        )

    def _borne_by(self, name: str, words: frozenset[str]) -> list[Place]:
        return [
            place
            for place, borne in self._bases.get(spelling.base_key(name), ())
            if any(spelling.alike(words, one) for one in borne)
        ]

    def _bearer(self, name: str, words: frozenset[str], near: Place | None) -> Place | None:
        """The place that bears the addition, or the only one of its name where the addition says."""
        bearers = self._borne_by(name, words)
        if len(bearers) == 1:
            return bearers[0]
        candidates = bearers or [
            place
            for place in self._called(name)
            if not (own := spelling.spell(place.name).words) or spelling.alike(own, words)
        ]
        if near is not None:
            limit = NEAR_LARGE_KM if near.population >= LARGE else NEAR_KM
            around = [place for place in candidates if place is not near and _distance(place, near) <= limit]
            return around[0] if len(around) == 1 else None
        states = {self._states[word] for word in words if word in self._states} or spelling.states_of(words)
        if states is None:
            return None
        there = sorted((one for one in candidates if one.state in states), key=lambda one: -one.population)
        if not there or (len(there) > 1 and there[0].population < _TIMES * max(1, there[1].population)):
            return None
        sure = len(states) <= _FEW_STATES or len(candidates) == 1 or there[0].population >= _KNOWN
        return there[0] if sure else None


def _population(place: Place) -> int:
    return place.population


def _distance(one: Place, other: Place) -> float:
    """Kilometres between two places, over a plane; infinite where a position is unknown."""
    if one.position is None or other.position is None:
        return math.inf
    north = (one.position[0] - other.position[0]) * _KM_A_DEGREE
    east = (one.position[1] - other.position[1]) * _KM_A_DEGREE * math.cos(math.radians(one.position[0]))
    return math.hypot(north, east)


def _token_from(tokens: Tokens, first: int, offset: int) -> int:
    """The number of the first token, from ``first`` on, that begins at an offset or behind it."""
    while first < len(tokens) and tokens.starts[first] < offset:
        first += 1
    return first
