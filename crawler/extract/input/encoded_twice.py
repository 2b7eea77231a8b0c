"""UTF-8 that was read as Windows-1252 and written as UTF-8 again: „BildungsbÃ¼ro“ for „Bildungsbüro“.

Repaired is only what nobody writes on purpose: letters within words, and marks beside them on the same page.
"""

from __future__ import annotations

import re

# What the 64 bytes that continue a character of UTF-8 look like in Windows-1252, holes as control characters.
_CONTINUED = "".join(
    bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
    for byte in range(0x80, 0xC0)
)
_BYTES = {letter: 0x80 + number for number, letter in enumerate(_CONTINUED)}
_AFTER = f"[{re.escape(_CONTINUED)}]"
# Lead bytes C2 to C5 (Latin letters and signs) and E2 (dashes, quotation marks, the euro).
_TWICE = re.compile(rf"[ÂÃÄÅ]{_AFTER}|â{_AFTER}{_AFTER}")
# A mark alone may be meant („Ã¼“ in a text on encodings); inside of words it is not.
_FEW = 3


def repaired(text: str) -> str:
    """The text with its umlauts, where it was encoded twice beyond doubt; else as it is.

    A page may have both: templates written well around a text that a database spoilt. So each place counts
    for itself, once at least one stands within a word.
    """
    if "Ã" not in text and "â€" not in text and "Â" not in text:
        return text
    found = [match for match in _TWICE.finditer(text) if _single(match[0]) is not None]
    sure = sum(_is_in_word(text, match) for match in found)
    if not sure and len(found) < _FEW:
        return text
    if not sure and not all(match[0].startswith(("â", "Â")) for match in found):
        return text
    return _TWICE.sub(lambda match: _single(match[0]) or match[0], text)


def doubtful(text: str) -> tuple[str, ...]:
    """What may have been encoded twice and was left as it is, as a warning for people; else nothing."""
    found = next((match[0] for match in _TWICE.finditer(text) if _single(match[0]) is not None), None)
    if found is None:
        return ()
    return (f"einzelne Zeichen sind vielleicht doppelt kodiert („{found}“ für „{_single(found)}“)",)


def _single(piece: str) -> str | None:
    """The one character that these stand for; None where they stand for none."""
    lead = ord(piece[0])
    try:
        letter = bytes([lead, *(_BYTES[one] for one in piece[1:])]).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
    return letter if letter.isprintable() or letter in "\u00a0\u00ad\u200b\u2028" else None


def _is_in_word(text: str, match: re.Match[str]) -> bool:
    letter = _single(match[0]) or ""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return letter.isalpha() and (before.isalpha() or (letter.isupper() and after.isalpha()))
