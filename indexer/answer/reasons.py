"""Why a document is a hit: what of the query stands in it, where, and how much it counts."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from indexer.answer.around import around_reason
from indexer.answer.found import FoundText
from indexer.answer.marks import Mark, Marker, Place, phrases, strength
from indexer.query.conditions import QueryPlan
from kb.model import Match, Reason, Where

_INSIDE = re.compile(r"[\w\u00ad*:_·/-]")


def reasons(
    plan: QueryPlan,
    marker: Marker,
    found: FoundText,
    labels: Mapping[str, str],
    shares: Sequence[float],
    around: Container[int],
) -> tuple[Reason, ...]:
    """The strongest reason for each word of the query, in the order typed.

    ``labels`` are those of the topics; ``shares`` has for each word, phrase and prefix of the plan the
    part of the score that it brings, and last that of an address. What stands around the text is a reason
    for a word only where the text gives none; ``around`` has the numbers of the words that may stand there.
    """
    best: dict[int, tuple[tuple[int, int], Reason]] = {}
    for rank, (where, text, places) in enumerate(_texts(found, marker, labels)):
        seen: set[Mark] = set()
        for place in places:
            mark = place.mark
            if mark in seen:  # the first place of a mark is as good as any
                continue
            seen.add(mark)
            number, key = mark.query, (strength(mark.match), rank)
            if number in best and best[number][0] <= key:
                continue
            share = shares[number] if number < len(shares) else 0.0
            if not share:  # a word that brings nothing is no reason
                continue
            best[number] = (key, Reason(_typed(plan, number), _whole(text, place), mark.match, where, share))
    stated = {number: reason for number, (_, reason) in best.items()}
    for number, word in enumerate(plan.words):
        if number not in stated and number in around and number < len(shares) and shares[number]:
            reason = around_reason(word, marker.analyzer, found.entry, shares[number])
            if reason is not None:
                stated[number] = reason
    ordered = [stated[number] for number in sorted(stated)]
    url = found.entry.url
    if plan.bag.addresses and shares and shares[-1] and url:
        ordered.append(Reason(url, url, Match.WORD, Where.ADDRESS, shares[-1]))
    return tuple(ordered)


def _texts(
    found: FoundText, marker: Marker, labels: Mapping[str, str]
) -> Iterator[tuple[Where, str, Sequence[Place]]]:
    yield Where.TITLE, found.entry.title, found.in_title
    yield Where.TEXT, found.entry.text, found.in_text
    for topic in found.entry.topics:
        label = labels.get(topic, "")
        yield Where.TOPIC, label, marker.places(label)


def _typed(plan: QueryPlan, number: int) -> str:
    if number < len(plan.words):
        return plan.words[number].typed
    prefix = number - len(plan.words) - 1
    if prefix >= 0:
        return f"{plan.bag.prefixes[prefix]}*"
    return " ".join(phrase.typed for phrase in phrases(plan.condition))


def _whole(text: str, place: Place) -> str:
    """The whole written word around a place, which may be one member of a compound."""
    start, end = place.start, place.end
    if place.mark.match is Match.PART:
        while start and _INSIDE.match(text[start - 1]):
            start -= 1
        while end < len(text) and _INSIDE.match(text[end]):
            end += 1
    return text[start:end].replace("\u00ad", "").strip("*:_·/-")
