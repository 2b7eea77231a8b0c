"""What a note is: so short that it tells everything once."""

from __future__ import annotations

import re

# A note has so many words and sentences at most, in one paragraph.
_NOTE_CHARS = 1_000
_NOTE_WORDS = 80
_NOTE_SENTENCES = 3
# Not that of an abbreviation: „Resonanz gut, Alteingesess. u. Neue“.
_SENTENCE_END = re.compile(r"(?<=\w{4})[.!?](?=\s+[^\W\d_a-zäöüß]|\s*$)")


def is_note(text: str) -> bool:
    """Whether a text is one to three sentences: they name a thing once where a page comes back to it."""
    text = text.strip()
    return (
        len(text) <= _NOTE_CHARS
        and "\n" not in text
        and len(text.split()) <= _NOTE_WORDS
        and len(_SENTENCE_END.findall(text)) <= _NOTE_SENTENCES
    )
