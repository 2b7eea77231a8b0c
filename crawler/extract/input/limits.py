"""The limits of every input, in the words that name them and their setting."""

from __future__ import annotations

from kb.errors import InputTooLargeError

# Start and end tags of a page. 100,000 elements take 20 seconds to read; the largest of 111 pages of the test
# set of trafilatura 0.8.2 has 9,207 tags.
MAX_TAGS = 300_000


def text_too_long(length: int, limit: int, name: str) -> InputTooLargeError:
    """The error for a text beyond ``KB_MAX_TEXT_CHARS``; lengths in characters."""
    return InputTooLargeError(
        f"der Text hat {length} Zeichen, erlaubt sind {limit}",
        subject=name,
        remedy="aufteilen oder KB_MAX_TEXT_CHARS erhöhen",
    )


def file_too_large(size: int, limit: int, name: str) -> InputTooLargeError:
    """The error for a file beyond ``KB_MAX_FILE_BYTES``; sizes in bytes."""
    return InputTooLargeError(
        f"die Datei hat {size} Byte, erlaubt sind {limit}",
        subject=name,
        remedy="aufteilen oder KB_MAX_FILE_BYTES erhöhen",
    )


def has_too_many_tags(markup: str) -> bool:
    """Whether a page has more elements than anything of ours reads in good time."""
    return markup.count("<") > MAX_TAGS
