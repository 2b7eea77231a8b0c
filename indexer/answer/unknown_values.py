"""Says which value after ``thema:``, ``typ:``, ``quelle:`` or ``ort:`` does not exist, and which like it do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from rapidfuzz.distance import OSA

from indexer.german import fold
from indexer.query.conditions import All, Any, Condition, Facet
from indexer.query.plan import matching_keys
from indexer.query.states import States, state_key
from kb.model import UNDECIDED, Notice, NoticeKind

# Values that are named.
_MOST = 5
# Of places only those are named that differ in a third of their letters at most: there are thousands.
_ALIKE = 3
_LONGEST = 60


class FacetValues(Protocol):
    """What the documents of an index have as facets."""

    def holds_facet(self, condition: Facet) -> bool:
        """Whether any document has such a value."""

    def values(self, facet: str) -> Mapping[str, str]:
        """Every value of a facet that a document has, or that has a label: id → label."""


def unknown_values(condition: Condition, states: States, values: FacetValues) -> tuple[Notice, ...]:
    """A notice for each value that exists nowhere; the nearest that do first."""
    found: dict[Notice, None] = {}
    for facet in _facets(condition):
        if values.holds_facet(facet):
            continue
        known = {key: label for key, label in values.values(facet.facet).items() if key != UNDECIDED}
        if not matching_keys(facet.value, tuple(known), known):
            named = set(known.values()) | _named_states(facet, states, values)
            choices = _nearest(facet.value, {label: _forms(key, label) for key, label in known.items()} | {
                name: _forms(name, name) for name in named
            }, alike=facet.facet == "place")  # fmt: skip
            found[Notice(NoticeKind.UNKNOWN_VALUE, facet.typed[:_LONGEST], facet.facet, choices)] = None
    return tuple(found)


def _facets(condition: Condition) -> Iterator[Facet]:
    match condition:
        case Facet():
            yield condition
        case Any(conditions):
            for one in conditions:
                yield from _facets(one)
        case All(conditions, excluded):
            for one in (*conditions, *excluded):
                yield from _facets(one)


def _named_states(facet: Facet, states: States, values: FacetValues) -> set[str]:
    """The states of documents, which ``ort:`` understands too."""
    if facet.facet != "place":
        return set()
    names = {name.state for name in states.names.values()}
    return {name for name in names if values.holds_facet(Facet("place", "", state_key(name)))}


def _forms(key: str, label: str) -> tuple[str, ...]:
    """What a typed value is compared with: id, label, and the label's words."""
    folded = fold(label.lower())
    return (fold(key.lower()), folded, *(word for word in folded.split() if len(word) > _ALIKE))


def _nearest(value: str, forms: Mapping[str, tuple[str, ...]], *, alike: bool) -> tuple[str, ...]:
    ranked = sorted((min(_distance(value, form) for form in found), name) for name, found in forms.items())
    return tuple(name for (distance, _), name in ranked if not alike or distance * _ALIKE <= len(value))[:_MOST]


def _distance(value: str, form: str) -> tuple[int, int]:
    """A beginning is as near as a letter; then the letters that differ, also of the beginning alone."""
    whole = OSA.distance(value, form)
    if value and form.startswith(value):
        return min(whole, 1), whole
    return min(whole, OSA.distance(value, form[: len(value)]) + 1), whole
