"""Measures the annotators on labelled documents: topics, kinds, places and their roles, event dates, cards."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from indexer.evaluation.agreement import Agreement, agreement
from indexer.evaluation.cards import Quotations, compare_cards, labelled_quotations, overall, quotations
from kb.errors import FundstelleError, UnreadableInputError
from kb.failures import contained
from kb.model import Annotations, Document, Event, PartialDate, normalise_line, normalise_text


@dataclass(frozen=True, slots=True)
class Conclusions:
    """What is compared: ids, names and dates without their evidence."""

    topics: frozenset[str]
    doc_type: str | None
    places: frozenset[str]
    event: str | None
    roles: Mapping[str, str | None] = field(default_factory=dict)
    # None: the label does not judge cards.
    card: Quotations | None = None


@dataclass(frozen=True, slots=True)
class AnnotationReport:
    """Figures between 0 and 1; ``confusion`` counts (labelled kind, concluded kind).

    ``events_right`` is the share of the stated events that were found with the very same days;
    ``events_wrong`` the share of wrong ones among the events that the annotators claim. ``roles_right`` is
    judged where the place was found and the label names its role; ``card`` by field where labels judge cards.
    """

    documents: int
    topics: Mapping[str, Agreement]
    kinds_accuracy: float
    confusion: Mapping[tuple[str | None, str | None], int]
    places: Agreement
    events_stated: int
    events_right: float
    events_wrong: float
    roles_judged: int = 0
    roles_right: float = 1.0
    card: Mapping[str, Agreement] = field(default_factory=dict)
    differences: tuple[str, ...] = field(default=())
    failures: tuple[FundstelleError, ...] = ()

    @property
    def topics_f1(self) -> float:
        """The mean of the topics' F1; topics that no label names are not judged."""
        return fmean(one.f1 for one in self.topics.values()) if self.topics else 1.0

    @property
    def card_fields(self) -> Agreement:
        """All fields of the practice cards together."""
        return overall(self.card)


def evaluate_annotations(folder: Path, annotate: Callable[[Document], Annotations]) -> AnnotationReport:
    """Annotate ``docs.jsonl`` of a folder and compare with its ``labels.jsonl``.

    A document that makes the annotators fail is named in the report and not judged.

    Raises:
        UnreadableInputError: a file is missing, a line of it is wrong, or an id has no label; named.
    """
    pairs: dict[str, tuple[Conclusions, Conclusions]] = {}
    failures: list[FundstelleError] = []
    for document, wanted in read_labelled(folder):
        with contained(document.id, failures.append):
            pairs[document.id] = wanted, conclusions(annotate(document))
    if not pairs:
        raise UnreadableInputError(
            f"es gibt keine Dokumente{f', die sich lesen lassen ({failures[0]})' if failures else ''}",
            subject=str(folder / "docs.jsonl"),
        )
    return replace(compare(pairs), failures=tuple(failures))


def read_labelled(folder: Path) -> Iterator[tuple[Document, Conclusions]]:
    """The documents of a folder, each with what its labels claim.

    A line of ``labels.jsonl`` has the shape of ``kb annotate``, with or without evidence.

    Raises:
        UnreadableInputError: a file is missing, a line of it is wrong, or an id has no label; named.
    """
    labels = {str(line["id"]): line for line in _lines(folder / "labels.jsonl")}
    for number, line in enumerate(_lines(folder / "docs.jsonl"), start=1):
        document = _document(line, f"{folder / 'docs.jsonl'}:{number}")
        if document.id not in labels:
            raise UnreadableInputError(
                f"zu „{document.id}“ steht nichts in labels.jsonl", subject=str(folder / "docs.jsonl")
            )
        yield document, _wanted(labels[document.id], document.text, str(folder / "labels.jsonl"))


def conclusions(found: Annotations) -> Conclusions:
    """What annotations claim, without evidence."""
    return Conclusions(
        frozenset(tag.id for tag in found.topics),
        found.doc_type.id if found.doc_type is not None else None,
        frozenset(tag.name for tag in found.places),
        event_text(found.event.event) if found.event else None,
        {tag.name: tag.role for tag in found.places},
        quotations(found.card),
    )


def event_text(event: Event) -> str:
    """``START`` or ``START/END``."""
    return f"{event.start}/{event.end}" if event.end else str(event.start)


def compare(pairs: Mapping[str, tuple[Conclusions, Conclusions]]) -> AnnotationReport:
    """Count agreement over documents: id → (labelled, concluded)."""
    wanted, found = [pair[0] for pair in pairs.values()], [pair[1] for pair in pairs.values()]
    topics = {
        topic: agreement((one.topics & {topic} for one in wanted), (one.topics & {topic} for one in found))
        for topic in sorted({topic for one in wanted for topic in one.topics})
    }
    stated = sum(1 for one in wanted if one.event)
    claimed = sum(1 for one in found if one.event)
    right = sum(1 for one, other in pairs.values() if one.event and one.event == other.event)
    roles = [found == role for one, other in pairs.values() for role, found in _roles(one, other)]
    return AnnotationReport(
        documents=len(pairs),
        topics=topics,
        kinds_accuracy=fmean(one.doc_type == other.doc_type for one, other in pairs.values()),
        confusion=Counter((one.doc_type, other.doc_type) for one, other in pairs.values()),
        places=agreement((one.places for one in wanted), (one.places for one in found)),
        events_stated=stated,
        events_right=right / stated if stated else 1.0,
        events_wrong=(claimed - right) / claimed if claimed else 0.0,
        roles_judged=len(roles),
        roles_right=fmean(roles) if roles else 1.0,
        card=_cards(pairs.values()),
        differences=tuple(
            line for doc_id, (one, other) in pairs.items() for line in _differences(doc_id, one, other)
        ),
    )


def _roles(wanted: Conclusions, found: Conclusions) -> Iterator[tuple[str, str | None]]:
    """Labelled and concluded roles of the places that were found."""
    for name, role in wanted.roles.items():
        if role is not None and name in found.places:
            yield role, found.roles.get(name)


def _cards(pairs: Collection[tuple[Conclusions, Conclusions]]) -> dict[str, Agreement]:
    """Where any label of the set has a card, documents without one should get none."""
    if all(wanted.card is None for wanted, _ in pairs):
        return {}
    return compare_cards((wanted.card or (), found.card or ()) for wanted, found in pairs)


def _differences(doc_id: str, wanted: Conclusions, found: Conclusions) -> Iterator[str]:
    if wanted.doc_type != found.doc_type:
        yield f"{doc_id} Art: {wanted.doc_type} → {found.doc_type}"
    for name, one, other in (("Thema", wanted.topics, found.topics), ("Ort", wanted.places, found.places)):
        yield from (f"{doc_id} {name} fehlt: {value}" for value in sorted(one - other))
        yield from (f"{doc_id} {name} zu viel: {value}" for value in sorted(other - one))
    if wanted.event != found.event:
        yield f"{doc_id} Termin: {wanted.event} → {found.event}"


def _wanted(line: Mapping[str, Any], text: str, where: str) -> Conclusions:
    try:
        event = line.get("event")
        kind = line["doc_type"]
        return Conclusions(
            frozenset(_name(topic, "id") for topic in line.get("topics") or ()),
            None if kind is None else _name(kind, "id"),
            frozenset(_name(place, "name") for place in line.get("places") or ()),
            None if event is None else _event_of(event),
            {_name(place, "name"): _role(place) for place in line.get("places") or ()},
            labelled_quotations(line["card"], text) if "card" in line else None,
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnreadableInputError(
            f"die Zeile zu „{line.get('id')}“ hat nicht die Form von `kb annotate` ({error})", subject=where
        ) from error


def _name(value: str | Mapping[str, str], key: str) -> str:
    return value if isinstance(value, str) else value[key]


def _role(place: str | Mapping[str, str]) -> str | None:
    return None if isinstance(place, str) else place.get("role")


def _event_of(event: str | Mapping[str, str | None]) -> str:
    if isinstance(event, str):
        return event
    return f"{event['start']}/{event['end']}" if event.get("end") else str(event["start"])


def _document(line: Mapping[str, Any], where: str) -> Document:
    try:
        text = normalise_text(str(line["text"]))
        title = normalise_line(str(line.get("title") or "")) or normalise_line(text)[:80]
        published = line.get("published")
        return Document(
            id=str(line["id"]),
            title=title,
            text=text,
            language=str(line.get("language") or "de"),
            publisher=line.get("publisher"),
            published=PartialDate.parse(published) if published else None,
        )
    except (KeyError, TypeError, ValueError, FundstelleError) as error:
        raise UnreadableInputError(f"die Zeile ist kein Dokument ({error})", subject=where) from error


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise UnreadableInputError("die Datei fehlt", subject=str(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInputError("die Datei ist nicht als UTF-8 lesbar", subject=str(path)) from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            if not isinstance(found, dict) or "id" not in found:
                raise ValueError("kein Objekt mit id")
        except (ValueError, RecursionError) as error:
            raise UnreadableInputError(
                f"die Zeile ist kein JSON-Objekt mit id ({error})", subject=f"{path}:{number}"
            ) from error
        yield found
