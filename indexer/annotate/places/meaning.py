"""Whether a name in a text means a place, and which of several places of one name."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import IntEnum

from indexer.annotate.places.gazetteer import NameSpan
from indexer.annotate.places.rows import DOMINANCE, LARGE, Place

MEDIUM = 20_000  # from which a name needs a preposition, a title or a second mention
# Where the text says nothing else, so many times are enough for a town that is known beyond its surroundings.
_FOREMOST, _KNOWN = 4, 15_000
_CLEARLY = 2
# In one state a town of this size is meant rather than a place of a third of its inhabitants.
_TOWN, _TOWN_TIMES = 8_000, 3
ADDRESS = "Anschrift"
ELSEWHERE = "Ort von anderem"
AWAY = "nicht hier"
PART = "Ortsteil"


class Strength(IntEnum):
    """How much the words around a name speak for a place."""

    NONE = 0
    BARE = 1
    WEAK = 2
    LOCATIVE = 3
    EXPLICIT = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A name with the strength of its surroundings."""

    span: NameSpan
    strength: Strength
    rule: str
    in_title: bool = False


def choose(form: str, places: tuple[Place, ...], sure: Set[Place], states: Set[str]) -> Place | None:
    """Which of several places of one name: one named in full, the only one in a named state, a dominant one.

    ``form`` is the name as the text has it, ``sure`` are the places that are certainly meant, ``states`` those
    in which they lie.
    """
    if len(places) == 1:
        return places[0]
    named = [place for place in places if place in sure]
    if len(named) == 1:
        return named[0]
    whole = [place for place in places if place.kind != "part"]
    cities = {place.name for place in sure}
    beside = [place for place in places if place.kind == "part" and place.part_of in cities]
    largest_part = max((place.population for place in places if place.kind == "part"), default=0)
    if len(whole) == 1 and (whole[0].population >= LARGE or whole[0].population >= _CLEARLY * largest_part):
        return whole[0]
    if len(beside) == 1 and all(place.population < _CLEARLY * beside[0].population for place in whole):
        return beside[0]
    ranked = sorted(whole if len(whole) > 1 else places, key=lambda place: -place.population)
    if ranked[0].population >= MEDIUM and _outweighs(ranked, DOMINANCE):
        return ranked[0]
    here = [place for place in ranked if place.state in states and place.kind != "part"]
    if len(here) == 1 or (here and _outweighs(here, DOMINANCE)):
        parts = (place for place in places if place.kind == "part" and place.state in states)
        return None if any(place.population > here[0].population for place in parts) else here[0]
    return _foremost(form, ranked, largest_part)


def _foremost(form: str, ranked: Sequence[Place], largest_part: int) -> Place | None:
    """The town that a name alone means: much larger than its namesakes, or the only one so called in full."""
    first = ranked[0]
    if first.kind == "part" or first.population < _KNOWN or first.population < _CLEARLY * largest_part:
        return None
    in_full = [place for place in ranked if place.name == form]
    called = len(in_full) == 1 and in_full[0] is first and _outweighs(ranked, _CLEARLY)
    return first if called or _outweighs(ranked, _FOREMOST) else None


def _outweighs(ranked: Sequence[Place], times: int) -> bool:
    """Whether the first has so many times the inhabitants of the second."""
    return ranked[0].population >= times * max(1, ranked[1].population)


def any_of(places: tuple[Place, ...], group: Sequence[Mention]) -> Place | None:
    """The town among villages of its state (two Rain in Bavaria), where it is certainly a place."""
    certain = any(mention.strength >= Strength.EXPLICIT for mention in group) or _is_repeated(group)
    first, *_ = ranked = sorted(places, key=lambda place: -place.population)
    one_state = len({(place.name, place.state) for place in places}) == 1
    is_town = first.kind != "part" and first.population >= _TOWN and _outweighs(ranked, _TOWN_TIMES)
    return first if certain and one_state and is_town else None


def is_meant(place: Place, group: Sequence[Mention], *, note: bool = False) -> bool:
    """Whether these mentions are enough for this place; a note says „Unna, 18.1.“ and nothing more."""
    best = max(mention.strength for mention in group)
    if place.kind in ("state", "district"):
        return not place.is_word or best >= Strength.WEAK
    is_word = place.is_word and not _has_blank(group)  # „Bad Boll“ is none
    if "stadtnah" in place.flags or (is_word and place.population < MEDIUM):
        return best >= Strength.EXPLICIT or _is_repeated(group)
    if is_word:
        return best >= Strength.LOCATIVE or (
            best >= Strength.WEAK and any(mention.span.naming.adjective for mention in group)
        )
    if place.population >= (MEDIUM if note else LARGE) or (note and _has_blank(group)):
        return best >= Strength.BARE
    if place.population >= MEDIUM:
        return best >= Strength.WEAK or len(group) > 1 or any(mention.in_title for mention in group)
    return best >= Strength.LOCATIVE


def _has_blank(group: Sequence[Mention]) -> bool:
    """„Furth im Wald“, „Bad Berka“: no other word is spelt so."""
    return any(" " in mention.span.form for mention in group)


def _is_repeated(group: Sequence[Mention]) -> bool:
    """„Die Vorlesepaten von Rain“ in the title, „in Rain“ in the text: no word is a place twice by chance."""
    placed = [mention for mention in group if mention.strength >= Strength.WEAK]
    return (
        len(placed) > 1
        and any(mention.in_title for mention in placed)
        and any(mention.strength >= Strength.LOCATIVE for mention in placed)
    )
