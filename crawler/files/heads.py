"""Heads that were mistyped: what only looks like one must not become text, and a draft with it public."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from crawler.files.foreign_fields import meaning
from kb.corpus import has_front_matter
from kb.errors import InvalidDocumentError

_KEY = re.compile(r"[\"']?([^\W\d_][^:=#\n]{0,40}?)[\"']?\s*[:=](?:\s|$)")
# What people and programs write where --- belongs: „—“, „----“, „***“, „+++“, „```yaml“, „\-\-\-“.
_FENCE_LIKE = re.compile(r"(?:[-–—−_=*+~;\\ ]{1,80}|`{3,}\s?(?:ya?ml|toml|json)?|~~~\s?(?:ya?ml)?|<!--|\{)\s*")
_CONTINUED = re.compile(r"\s|-\s|#|$")
# Only the beginning of a file is looked at.
_LINES = 60
_MAX_ABOVE = 6
# One of these says that this is a head, and not the first lines of a text („Datum: …“, „Ort: …“).
_TELLING = frozenset({"id", "status"})


def refuse_mistyped_head(text: str) -> None:
    """Refuse a text that begins with something like a head which nobody would read as one.

    Raises:
        InvalidDocumentError: names the line, and how a head is written.
    """
    if has_front_matter(text):
        return
    lines = list(islice(text.lstrip("\ufeff").split("\n"), _LINES))
    filled = [number for number, line in enumerate(lines) if line.strip("\u200b\ufeff \t\r")]
    for place, number in enumerate(filled[:_MAX_ABOVE]):
        block = _fields_below(lines, number + 1)
        if not _FENCE_LIKE.fullmatch(lines[number].rstrip("\r")) or not block:
            continue
        if place == 0 or lines[number].strip() == "---":
            how = "steht nicht am Anfang der Datei" if place else f"beginnt mit „{lines[number].strip()[:20]}“"
            _refuse(block, number, how, needed=1 if place == 0 else 2)
    if filled:
        block = _fields_below(lines, filled[0])
        end = filled[0] + len(block)
        ended = end < len(lines) and lines[end].strip() in ("---", "...")
        if block and (ended or _hides(block)):
            _refuse(block, filled[0], "beginnt ohne die Zeile ---", needed=2)


def _refuse(block: Sequence[str], number: int, how: str, *, needed: int) -> None:
    """Refuse where enough of the lines are fields of a document, one of them a telling one."""
    known = {found for line in block if (found := _meaning(line)) is not None}
    if len(known) >= needed and (known & _TELLING or len(known) > 1):
        raise InvalidDocumentError(
            f"Zeile {number + 1}: der Kopf {how}",
            remedy="den Kopf an den Anfang, zwischen zwei Zeilen aus genau drei Strichen (---) setzen",
        )


def _fields_below(lines: Sequence[str], start: int) -> list[str]:
    """The lines from here that look like those of a head, up to a blank one or something else."""
    block: list[str] = []
    for line in lines[start:]:
        if _KEY.match(line) is None and not (block and line.strip() and _CONTINUED.match(line)):
            break
        if line.strip() in ("---", "..."):
            break
        block.append(line)
    return block


def _meaning(line: str) -> str | None:
    key = _KEY.match(line)
    return meaning(key[1]) if key is not None else None


def _hides(block: Sequence[str]) -> bool:
    """Whether a line says anything about the text being public."""
    return any(_meaning(line) == "status" for line in block)
