"""A document as the annotators see it: tokens of title and text, the layout, and how to quote from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from indexer.annotate.text.clean import CleanText, clean, glued_names
from indexer.annotate.text.language import German
from indexer.annotate.text.layout import BlockKind, Layout, read_layout
from indexer.annotate.text.notes import is_note
from indexer.annotate.text.spans import TokenSpan
from indexer.annotate.text.tokens import Tokens
from kb.model import Document, Evidence
from kb.running_text import running_text


@dataclass(frozen=True)
class Reading:
    """Tokenised once, read by all annotators."""

    document: Document
    title: Tokens
    body: Tokens
    layout: Layout
    cleaned: CleanText
    # Where the event was, as far as the source states it as data.
    venue: Tokens | None = None

    @property
    def text(self) -> str:
        """The text as annotators read it: offsets are those of the document's."""
        return self.cleaned.text

    @property
    def words(self) -> Sequence[str]:
        """The tokens of the body as text."""
        return self.body.words

    @cached_property
    def word_count(self) -> int:
        """Words of the running text, for thresholds that grow with length."""
        return sum(map(str.isalpha, self.words))

    @cached_property
    def is_note(self) -> bool:
        """Whether the text is one to three sentences."""
        return is_note(self.document.text)

    def counts(self, span: TokenSpan) -> bool:
        """Whether a span of the body is the document's own words, not navigation."""
        return self.layout.counts(self.body.starts[span.start])

    def kind(self, span: TokenSpan) -> BlockKind:
        """The kind of block in which a span of the body begins."""
        return self.layout.kind_at(self.body.starts[span.start])

    def quote(self, span: TokenSpan, rule: str) -> Evidence:
        """Evidence from the body."""
        return self.quote_chars(self.body.starts[span.start], self.body.end(span.end - 1), rule)

    def quote_chars(self, start: int, end: int, rule: str) -> Evidence:
        """Evidence from the text by code-point offsets, quoted without the signs of Markdown.

        A word broken in the text is quoted as it is broken.
        """
        end = self.cleaned.whole_end(end)
        return Evidence(start, end, running_text(self.document.text[start:end]), rule)

    def quote_title(self, span: TokenSpan, rule: str) -> Evidence:
        """Evidence from the title, which has no offsets in the text."""
        return Evidence(0, 0, self.title.between(span.start, span.end), rule)

    def tokens_at(self, start: int, end: int) -> TokenSpan | None:
        """The tokens of the body that cover a span of characters, None where there are none."""
        return self.body.covering(start, end)

    def sentence(self, token: int) -> TokenSpan:
        """The sentence (or line) of the body that holds a token."""
        return self.body.sentence(token)


def read(document: Document, language: German) -> Reading:
    """Tokenise a document."""
    cleaned = clean(document.text)
    return Reading(
        document,
        language.tokens(clean(document.title).text),
        language.tokens(cleaned.text, glued_names(cleaned.text)),
        read_layout(document.text, document.title),
        cleaned,
        language.tokens(clean(document.event.place).text) if document.event and document.event.place else None,
    )
