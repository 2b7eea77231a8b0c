"""Pages of one run whose text was replaced by an unlike one: a relaunch, or one text in place of all?

That a maintenance page stands on many addresses shows only when the second or third of them has been read. So a
page with a new, unlike text waits, on the disk, until the run ends or until so many wait that the oldest must
have met their like by now. Then pages that became one text, though their documents had several, are an accident
of the source; all others are what the source says now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crawler.addressing.urls import page_key
from crawler.likeness.twins import ALIKE_SIMILARITY, Twin, Twins, compare
from crawler.memory.held import HeldAnswer, HeldAnswers
from crawler.page.stored import stored_document
from kb.model import Document, normalise_line, normalise_text, text_hash
from kb.ports import CorpusStore

# A text that has so little of the old one has replaced it; working on a text leaves more of it.
REPLACED_BELOW = 0.5
# So many documents with one text are an accident in a source of any size; two may have been made one by people,
# unless the source has hardly more.
_MANY = 3
_FEW_SHARE = 0.5
# How many pages wait at most, and how many of them must have found their like when that is reached.
MOST_WAITING = 200
_OLD_ENOUGH = 100
# Of a group so many are compared.
_COMPARED = 8
_MARGIN = 0.1


@dataclass(slots=True)
class Group:
    """Pages of this run that have one text; ``title`` is that of the first."""

    title: str
    urls: list[str] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)
    is_accident: bool = False
    judge_at: int = _MANY


class Suspects:
    """The pages that wait, by the texts that they have now."""

    def __init__(self, held: HeldAnswers, corpus: CorpusStore) -> None:
        self._held, self._corpus = held, corpus
        self._twins = Twins(self._text_of)
        self._urls: dict[str, str] = {}  # id among the twins → address
        self._groups: dict[str, Group] = {}  # page_key → the group that the page belongs to
        self._waiting: dict[str, str] = {}  # page_key → address, oldest first
        self._samples: dict[
            str, Document
        ] = {}  # one text of each accident, kept after its pages have been told

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def are_many(self) -> bool:
        """Whether it is time to let go of the oldest."""
        return len(self._waiting) >= MOST_WAITING

    def accident_like(self, title: str, text: str) -> Group | None:
        """The accident of this run that a text belongs to, as far as one is known already."""
        new = _without_numbers("neu", title, text)
        return next(
            (
                self._groups[key]
                for key, sample in self._samples.items()
                if compare(new, sample).similarity >= ALIKE_SIMILARITY
            ),
            None,
        )

    def has_like(self, title: str, text: str) -> bool:
        """Whether a page with this text waits."""
        return bool(self._waiting) and any(
            True for _ in self._twins.alike(_without_numbers("neu", title, text))
        )

    def add(self, answer: HeldAnswer) -> None:
        """Let a page wait."""
        key = page_key(answer.url)
        self._held.put(answer)
        new = _without_numbers(f"seite-{len(self._urls)}", answer.title, answer.text)
        group = Group(new.title)
        for twin in self._twins.alike(new):
            group = self._joined(group, self._groups[page_key(self._urls[twin.doc_id])])
        group.urls.append(answer.url)
        group.documents |= {answer.doc_id} if answer.doc_id is not None else set()
        self._groups[key], self._waiting[key] = group, answer.url
        self._urls[new.id] = answer.url
        self._twins.add(new)
        if not group.is_accident and len(group.documents) >= group.judge_at:
            self._judge(group, _MANY)
            group.judge_at *= 2  # so that many pages of one form are not all compared again for each of them

    def _joined(self, one: Group, other: Group) -> Group:
        if one is other:
            return one
        one.urls[:0] = other.urls
        one.documents |= other.documents
        one.is_accident |= other.is_accident
        one.judge_at = max(one.judge_at, other.judge_at)
        one.title = other.title
        for url in other.urls:
            self._groups[page_key(url)] = one
        return one

    def judged(
        self, others: int | None, moved: Mapping[str, Collection[str]]
    ) -> tuple[list[tuple[str, Group]], list[str]]:
        """The addresses of accidents with their groups, and those that may be let go.

        ``others`` are the documents with a text of their own that the run has met besides, None while it goes
        on: then only the oldest are let go. ``moved`` has for an address (``page_key``) the documents whose
        addresses lead there.
        """
        for group in {id(group): group for group in map(self._groups.__getitem__, self._waiting)}.values():
            for url in group.urls:
                group.documents |= set(moved.get(page_key(url), ()))
            few = others is not None and len(group.documents) >= _FEW_SHARE * (others + self._documents())
            if not group.is_accident and len(group.documents) >= (2 if few else _MANY):
                self._judge(group, 2 if few else _MANY)
        keys = list(self._waiting)
        caught = [key for key in keys if self._groups[key].is_accident]
        free = [key for key in keys if not self._groups[key].is_accident]
        if others is None:
            free = free[: max(0, len(free) - (MOST_WAITING - _OLD_ENOUGH))]
        return [(self._waiting[key], self._groups[key]) for key in caught], [self._waiting[key] for key in free]

    def take(self, url: str) -> HeldAnswer | None:
        """A page that no longer waits."""
        answer = self._held.find(url)
        self._held.drop(url)
        self._waiting.pop(page_key(url), None)
        return answer

    def _documents(self) -> int:
        return len({one for key in self._waiting for one in self._groups[key].documents})

    def _judge(self, group: Group, needed: int) -> None:
        """Say whether a group is an accident: its documents had texts that were less alike than those now."""
        answers = [one for url in group.urls[:_COMPARED] if (one := self._held.find(url)) is not None]
        ids = sorted(group.documents)[:_COMPARED]
        known = [stored.document for one in ids if (stored := stored_document(self._corpus, one)) is not None]
        old = [_without_numbers(one.id, one.title, one.text) for one in known]
        if not answers or not old:
            return
        first, *others = (_without_numbers("neu", one.title, one.text) for one in answers)
        now = min((compare(one, first).similarity for one in others), default=1.0)
        parted = [one for one in old[1:] if _were_two(compare(one, old[0]), now)]
        group.is_accident = 1 + len(parted) >= needed
        if group.is_accident:
            self._samples[page_key(answers[0].url)] = first

    def _text_of(self, text_id: str) -> Document | None:
        answer = self._held.find(self._urls[text_id])
        return _without_numbers(text_id, answer.title, answer.text) if answer is not None else None


def _were_two(then: Twin, now: float) -> bool:
    """Whether documents were less alike than their pages are now: two forms filled in differently stay two."""
    return then.similarity < now - _MARGIN or (then.similarity < now == 1 and not then.is_same)


def _without_numbers(doc_id: str, title: str, text: str) -> Document:
    """A text without its numbers: those of an incident, and the hour, differ from address to address."""
    words = " ".join(word for word in text.split() if not any(map(str.isdigit, word)))
    return as_text(doc_id, title, words)


def as_text(doc_id: str, title: str, text: str) -> Document:
    """A text that is only compared with others."""
    return Document(
        doc_id, normalise_line(title) or "ohne Titel", normalise_text(text), source_hash=text_hash(text)
    )
