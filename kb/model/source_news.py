"""What a source says of a document beside what editors made of it, field by field, and who has the last word.

An editor's wording of a detail is noted with what the source said there (``Document.edited``), the text with
the hash of the source's (``Document.source_hash``). So a source that goes on saying the same is no news, and
one that changes is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kb.model.document import Document, Status, text_hash

# What is news where it differs, beside the text. The day of the last change is none: many systems set it to
# today; nor is the address, of which a document may have several.
NEWS_FIELDS = ("title", "publisher", "authors", "language", "published", "event", "licence")
# What an editor may word.
WORDED_FIELDS = (*NEWS_FIELDS, "modified", "url")


@dataclass(frozen=True, slots=True)
class SourceNews:
    """What a source said at ``seen_at`` of a document on which editors decided; waits for one of them.

    ``document`` has the id of the stored one, and no decisions.
    """

    document: Document
    seen_at: datetime

    @property
    def digest(self) -> str:
        """The same for the same text and details, whenever and at whichever address they were seen."""
        said = [text_hash(self.document.text), *(stated(self.document, name) for name in NEWS_FIELDS)]
        return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]


def stated(document: Document, name: str) -> str:
    """A detail in one line, as ``Document.edited`` keeps it; empty where the document does not tell."""
    value = getattr(document, name)
    if name == "authors":
        return "; ".join(document.authors)
    if name == "event" and document.event is not None:
        event = document.event
        return f"{event.start}/{event.end}" if event.end is not None else str(event.start)
    return "" if value is None else str(value)


def is_edited(new: Document, old: Document) -> bool:
    """Whether the text of ``old`` is an editor's; where no hash tells, it is if the source has another."""
    if old.source_hash is None:
        return old.text != new.text
    return text_hash(old.text) != old.source_hash


def is_held(new: Document, old: Document) -> bool:
    """Whether editors hold a document back (draft, in review, withdrawn) that the source offers."""
    return new.status is Status.PUBLISHED and old.status is not Status.PUBLISHED


def is_the_editors(name: str, new: Document, old: Document) -> bool:
    """Whether a field of ``old`` is not the source's to change; an edited text and its title go together."""
    if is_held(new, old) or name in old.edited:
        return True
    return name in ("text", "title") and is_edited(new, old)


def news(new: Document, old: Document) -> tuple[str, ...]:
    """Fields in which the source says what ``old`` neither says nor has been weighed against by an editor."""
    found = ["text"] if new.text != old.text and _text_changed(new, old) else []
    for name in NEWS_FIELDS:
        said = stated(new, name)
        if said and said not in (stated(old, name), old.edited.get(name)):
            found.append(name)
    return tuple(found)


def _text_changed(new: Document, old: Document) -> bool:
    """Also where ``new`` is itself an edited version (a file from another corpus): two editors, two texts."""
    source_hash = new.source_hash or text_hash(new.text)
    return source_hash != old.source_hash or source_hash != text_hash(new.text)


def with_marks(before: Document, after: Document) -> Document:
    """``after`` with a note of every detail that an editor worded otherwise than ``before``.

    A detail that is the source's again loses its note; an address that was replaced stays known.
    """
    edited = dict(before.edited)
    for name in WORDED_FIELDS:
        if stated(after, name) == stated(before, name):
            continue
        if stated(after, name) == edited.setdefault(name, stated(before, name)):
            del edited[name]
    replaced = [before.url] if before.url and after.url != before.url else []
    known = dict.fromkeys((*after.other_urls, *replaced))
    return replace(after, edited=edited, other_urls=tuple(url for url in known if url != after.url))


def weighed(document: Document, source: Document) -> Document:
    """The document with a note that an editor has seen what the source says and wants it as it is."""
    edited = {name: base for name, base in document.edited.items() if name not in NEWS_FIELDS}
    for name in NEWS_FIELDS:
        said = stated(source, name)
        if said and said != stated(document, name):
            edited[name] = said
        elif not said and name in document.edited:
            edited[name] = document.edited[name]
    return replace(document, source_hash=source.source_hash or text_hash(source.text), edited=edited)


def taken_over(document: Document, source: Document) -> Document:
    """The document with the source's text and details; decisions, state and what it does not tell stay."""
    said: dict[str, Any] = {name: getattr(source, name) for name in NEWS_FIELDS if stated(source, name)}
    return weighed(replace(document, text=source.text, **said), source)


def marks_after(new: Document, old: Document) -> Mapping[str, str]:
    """The notes of a document after the source was heard again: where both say the same, none is needed."""
    both = {**new.edited, **old.edited}
    return {
        name: base
        for name, base in both.items()
        if name in new.edited or name == "url" or stated(new, name) != stated(old, name)
    }
