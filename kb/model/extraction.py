"""What comes in from outside: bytes with a name, and the text that was read from them."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model.dates import Event, PartialDate


@dataclass(frozen=True, slots=True)
class RawContent:
    """The bytes of one file or page.

    ``name`` is the file name or URL, used in messages and to guess the type where the bytes do not
    tell; ``content_type`` is the HTTP header's value, charset included.
    """

    data: bytes
    name: str
    url: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """Main text as Markdown, normalised as ``Document.text`` is, with what the source says about itself.

    ``warnings`` are German sentences without a full stop about what of the source is not in the text.
    """

    title: str
    text: str
    published: PartialDate | None = None
    modified: PartialDate | None = None
    event: Event | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    language: str = "de"
    licence: str | None = None
    canonical_url: str | None = None
    warnings: tuple[str, ...] = ()
