"""From bytes to characters: byte order mark, UTF-16 without one, UTF-8, the declared charset, detection."""

from __future__ import annotations

import codecs
import re
import unicodedata

import charset_normalizer

from kb.errors import UnreadableInputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]+)""", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]+)""", re.IGNORECASE)
# What browsers do with these labels, and what German files under them really are.
_ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252"}
# The eight-bit encodings of German files: Windows, DOS, old Macs.
_GERMAN_ENCODINGS = ("cp1252", "cp850", "mac_roman")
_GERMAN_LETTERS = frozenset("äöüÄÖÜß")
_WESTERN_LETTERS = frozenset("éèêëáàâåãçñóòôõøúùûíìîïæœÉÈÁÀÂÇÑÓÔØÚÅÆšžŠŽ")
_PUNCTUATION = frozenset("„“”‚‘’–—…«»‹›§€°•·©®²³½±×\u00a0\u00ad")
_BINARY_KINDS = frozenset({"Cc", "Cn", "Co", "Cs"})
_UNUSUAL = re.compile(r"[^\x20-\x7e\xa0-\u024f\t\n\r\f\x85]")
_SAMPLE = 100_000  # characters that are looked at to tell text from binary


def declared_charset(content_type: str | None) -> str | None:
    """The charset of a ``Content-Type`` value, if it names one."""
    match = _CHARSET.search(content_type or "")
    return match[1] if match else None


def meta_charset(data: bytes) -> str | None:
    """The charset that an HTML page declares in its first 4 kB."""
    match = _META_CHARSET.search(data[:4096])
    return match[1].decode("ascii", errors="replace") if match else None


def decode(data: bytes, *, name: str, declared: str | None = None) -> str:
    """The characters of a text file, without a byte order mark.

    Raises:
        UnreadableInputError: it is empty or no text at all.
    """
    if not data.strip(b"\x00 \t\r\n\x0b\x0c\xff\xfe"):
        raise UnreadableInputError("die Datei ist leer", subject=name, remedy="eine Datei mit Inhalt angeben")
    text = _decode(data, declared)
    if _is_binary(text):
        raise UnreadableInputError(
            "die Datei enthält keinen Text, sondern Binärdaten",
            subject=name,
            remedy="die Datei unter ihrem richtigen Namen oder als Text speichern",
        )
    return text


def _decode(data: bytes, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    wide = _utf16_without_mark(data)
    if wide is not None:
        return data.decode(wide, errors="replace")
    # Valid UTF-8 with umlauts is never anything else by chance, whatever the page declares.
    text = _strict(data, "utf-8")
    if text is None and _mostly_utf8(data):
        text = data.decode("utf-8", errors="replace")
    if text is None and declared is not None:
        text = _declared(data, declared)
    if text is None:
        text = _german(data)
    if text is None:
        text = _detected(data)
    return text if text is not None else data.decode("latin-1")


def _utf16_without_mark(data: bytes) -> str | None:
    """In Latin-script UTF-16 every second byte is zero, and the others hardly ever are."""
    sample = data[:4000]
    even, odd = sample[::2], sample[1::2]
    if len(odd) < 2:
        return None
    even_zeros, odd_zeros = even.count(0) / len(even), odd.count(0) / len(odd)
    if odd_zeros > 0.6 and even_zeros < 0.05:
        return "utf-16-le"
    if even_zeros > 0.6 and odd_zeros < 0.05:
        return "utf-16-be"
    return None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _mostly_utf8(data: bytes) -> bool:
    """UTF-8 with a few broken bytes (cut off, or two files joined): many good sequences for each bad one."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - broken
    return good >= 10 * broken


def _declared(data: bytes, label: str) -> str | None:
    try:
        encoding = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    if encoding.startswith(("utf-16", "utf-32")):  # would have been seen by its zeros; else it is untrue
        return None
    try:
        return data.decode(_ALIASES.get(encoding, encoding))
    except (UnicodeError, LookupError, AssertionError, TypeError, ValueError):
        # "hex" or "zip" name codecs too, but none from bytes to characters
        return None


def _german(data: bytes) -> str | None:
    """The eight-bit encoding in which most special characters make sense in German, if any does.

    charset-normalizer reads short Latin-1 texts as Mac or Eastern European ones (measured on a
    sentence of 60 letters with five umlauts: Mac), hence this first look.
    """
    best: str | None = None
    best_share = 0.5
    for encoding in _GERMAN_ENCODINGS:
        text = _strict(data, encoding)
        share = _german_share(text) if text is not None else 0.0
        if text is not None and share > best_share:
            best, best_share = text, share
    return best


def _german_share(text: str) -> float:
    """Share of the non-ASCII characters that are plausible where they stand, umlauts before accents."""
    total, plausible = 0, 0.0
    for match in re.finditer(r"[^\x00-\x7f]", text[:_SAMPLE]):
        character, position = match[0], match.start()
        total += 1
        if character in _GERMAN_LETTERS:
            plausible += 1
        elif character in _WESTERN_LETTERS:
            plausible += 0.6
        elif character in _PUNCTUATION:
            within = text[position - 1 : position].isalpha() and text[position + 1 : position + 2].isalpha()
            plausible += 0.0 if within and character not in "’\u00ad·•" else 0.8
    return plausible / total if total else 0.0


def _detected(data: bytes) -> str | None:
    best = charset_normalizer.from_bytes(data[: 4 * _SAMPLE]).best()
    return _strict(data, best.encoding) if best is not None else None


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    # Most characters need no second look, and a page has tens of thousands of them.
    unusual: list[str] = _UNUSUAL.findall(sample)
    odd = sum(
        character == "\ufffd" or unicodedata.category(character) in _BINARY_KINDS for character in unusual
    )
    return odd > max(1, len(sample) // 100)
