"""A document as the annotators see it: tokens of title and text, the layout, and how to quote from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from indexer.annotate.text.clean import CleanText, clean, glued_names
from indexer.annotate.text.language import German
from indexer.annotate.text.layout import BlockKind, Layout, read_layout
from indexer.annotate.text.spans import TokenSpan
from kb.model import Document, Evidence

# A sentence is cut here at the latest, so that a table without full stops stays cheap.
_MAX_SENTENCE_TOKENS = 80
_SENTENCE_ENDS = frozenset((".", "!", "?", ":"))


@dataclass(frozen=True)
class Reading:
    """Tokenised once, read by all annotators."""

    document: Document
    title: Doc
    body: Doc
    layout: Layout
    cleaned: CleanText
    # Offsets at which a name ends that the next word is glued to: a sentence ends there too.
    name_ends: frozenset[int] = frozenset()

    @cached_property
    def words(self) -> list[str]:
        """The tokens of the body as text, read by several annotators."""
        return [token.text for token in self.body]

    @cached_property
    def word_count(self) -> int:
        """Words of the running text, for thresholds that grow with length."""
        return sum(1 for word in self.words if word.isalpha())

    def counts(self, span: TokenSpan) -> bool:
        """Whether a span of the body is the document's own words, not navigation."""
        return self.layout.counts(self.body[span.start].idx)

    def kind(self, span: TokenSpan) -> BlockKind:
        """The kind of block in which a span of the body begins."""
        return self.layout.kind_at(self.body[span.start].idx)

    def quote(self, span: TokenSpan, rule: str) -> Evidence:
        """Evidence from the body."""
        last = self.body[span.end - 1]
        start, end = self.body[span.start].idx, last.idx + len(last)
        return self.quote_chars(start, end, rule)

    def quote_chars(self, start: int, end: int, rule: str) -> Evidence:
        """Evidence from the text by code-point offsets; a word broken in the text is quoted as it is broken."""
        end = self.cleaned.whole_end(end)
        return Evidence(start, end, self.document.text[start:end], rule)

    def quote_title(self, span: TokenSpan, rule: str) -> Evidence:
        """Evidence from the title, which has no offsets in the text."""
        return Evidence(0, 0, self.title[span.start : span.end].text, rule)

    def tokens_at(self, start: int, end: int) -> TokenSpan | None:
        """The tokens of the body that cover a span of characters, None where there are none."""
        span = self.body.char_span(start, end, alignment_mode="expand")
        return None if span is None else TokenSpan(span.start, span.end)

    def sentence(self, token: int) -> TokenSpan:
        """The sentence (or line) of the body that holds a token; abbreviations end no sentence."""
        start, end = token, token + 1
        while start > 0 and token - start < _MAX_SENTENCE_TOKENS and not self._ends(start - 1):
            start -= 1
        while end < len(self.body) and end - token < _MAX_SENTENCE_TOKENS and not self._ends(end - 1):
            end += 1
        return TokenSpan(start, end)

    def _ends(self, index: int) -> bool:
        text = self.words[index]
        if text in _SENTENCE_ENDS or (text.isspace() and text.count("\n") > 0):
            return True
        return bool(self.name_ends) and self.body[index].idx + len(text) in self.name_ends


def read(document: Document, language: German) -> Reading:
    """Tokenise a document."""
    cleaned = clean(document.text)
    name_ends = glued_names(cleaned.text)
    return Reading(
        document,
        language.tokens(clean(document.title).text),
        language.tokens(cleaned.text, name_ends),
        read_layout(document.text, document.title),
        cleaned,
        frozenset(name_ends),
    )
