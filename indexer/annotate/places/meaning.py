"""Whether a name in a text means a place, and which of several places of one name."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import IntEnum

from indexer.annotate.places.gazetteer import NameSpan
from indexer.annotate.places.rows import Place

LARGE = 100_000  # inhabitants from which a name alone is enough, if it is no word
MEDIUM = 20_000  # from which a name needs a preposition, a title or a second mention
# A place of many times the population of its namesakes is meant where nothing speaks for another.
DOMINANCE = 10
ADDRESS = "Anschrift"
ELSEWHERE = "Ort von anderem"
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


def choose(places: tuple[Place, ...], sure: Set[Place]) -> Place | None:
    """Which of several places of one name: one named in full, the only one in a named state, a dominant one."""
    if len(places) == 1:
        return places[0]
    named = [place for place in places if place in sure]
    if len(named) == 1:
        return named[0]
    states = {place.state for place in sure}
    whole = [place for place in places if place.kind != "part"]
    if len(whole) == 1 and whole[0].population >= LARGE:
        return whole[0]
    ranked = sorted(whole or places, key=lambda place: -place.population)
    ranked = sorted(places, key=lambda place: -place.population) if len(ranked) == 1 else ranked
    here = [place for place in ranked if place.state in states and place.kind != "part"]
    dominant = ranked[0].population >= DOMINANCE * max(1, ranked[1].population)
    if dominant and ranked[0].population >= MEDIUM:
        return ranked[0]
    if len(here) == 1 or (here and here[0].population >= DOMINANCE * max(1, here[1].population)):
        return here[0]
    return None


def any_of(places: tuple[Place, ...], group: Sequence[Mention]) -> Place | None:
    """One of several that a tag would not tell apart (two Rain in Bavaria), where it is certainly a place."""
    certain = any(mention.strength >= Strength.EXPLICIT for mention in group) or _is_repeated(group)
    one_tag = len({(place.name, place.state, place.ags) for place in places}) == 1
    return max(places, key=lambda place: place.population) if certain and one_tag else None


def is_meant(place: Place, group: Sequence[Mention]) -> bool:
    """Whether these mentions are enough for this place."""
    best = max(mention.strength for mention in group)
    if place.kind in ("state", "district"):
        return not place.is_word or best >= Strength.WEAK
    is_word = place.is_word and not any(" " in mention.span.form for mention in group)  # „Bad Boll“ is none
    if "stadtnah" in place.flags or (is_word and place.population < MEDIUM):
        return best >= Strength.EXPLICIT or _is_repeated(group)
    if is_word:
        return best >= Strength.LOCATIVE or (
            best >= Strength.WEAK and any(mention.span.naming.adjective for mention in group)
        )
    if place.population >= LARGE:
        return best >= Strength.BARE
    if place.population >= MEDIUM:
        return best >= Strength.WEAK or len(group) > 1 or any(mention.in_title for mention in group)
    return best >= Strength.LOCATIVE


def _is_repeated(group: Sequence[Mention]) -> bool:
    """„Die Vorlesepaten von Rain“ in the title, „in Rain“ in the text: no word is a place twice by chance."""
    placed = [mention for mention in group if mention.strength >= Strength.WEAK]
    return (
        len(placed) > 1
        and any(mention.in_title for mention in placed)
        and any(mention.strength >= Strength.LOCATIVE for mention in placed)
    )
