"""The only place that reads YAML: into strings, lists and dicts, and never into more than was written.

An alias stands for all that its anchor holds, aliases among it: nine lines can mean a billion values. So
values and characters are counted as they are meant, not as they are written, and reading ends at a limit. It
goes event by event, without recursion, since a text may be nested deeper than any stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from kb.errors import InvalidDocumentError

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # PyYAML built without libyaml: same results, slower
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

# What stands before a document's text; ours have some dozens of values and a few thousand characters.
MAX_VALUES = 20_000
MAX_CHARS = 1_000_000
MAX_DEPTH = 8

Plain = str | list["Plain"] | dict[str, "Plain"]


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; ``key`` is the name of the value that comes next in a mapping."""

    value: list[Plain] | dict[str, Plain]
    line: int
    anchor: str | None
    values: int
    chars: int
    key: str | None = None


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an alias stands for, and how much that is."""

    value: Plain
    values: int
    chars: int


@dataclass(slots=True)
class _Reader:
    """Builds the value of one document; ``values`` and ``chars`` count what was read so far."""

    above: int
    values: int = 0
    chars: int = 0
    open: list[_Open] = field(default_factory=list)
    anchored: dict[str, _Anchored] = field(default_factory=dict)
    result: Plain | None = None

    def read(self, events: Iterator[yaml.Event]) -> Plain | None:
        documents = 0
        for event in events:
            line = _line(event.start_mark, self.above)
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        raise InvalidDocumentError(f"Zeile {line}: hier beginnt ein zweites YAML-Dokument")
                case yaml.ScalarEvent():
                    self._count(1, len(event.value), line)
                    if event.anchor is not None:
                        self.anchored[event.anchor] = _Anchored(event.value, 1, len(event.value))
                    self._put(event.value, line)
                case yaml.AliasEvent():
                    known = self.anchored.get(event.anchor or "")
                    if known is None:
                        problem = f"Zeile {line}: *{event.anchor} verweist auf nichts, was davor fertig ist"
                        raise InvalidDocumentError(problem)
                    self._count(known.values, known.chars, line)
                    self._put(known.value, line)
                case yaml.SequenceStartEvent():
                    self._begin([], event.anchor, line)
                case yaml.MappingStartEvent():
                    self._begin({}, event.anchor, line)
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    self._end()
        return self.result

    def _begin(self, value: list[Plain] | dict[str, Plain], anchor: str | None, line: int) -> None:
        if len(self.open) > MAX_DEPTH:
            raise InvalidDocumentError(f"Zeile {line}: zu tief verschachtelt")
        self._refuse_as_key(line)
        self._count(1, 0, line)
        self.open.append(_Open(value, line, anchor, self.values - 1, self.chars))

    def _end(self) -> None:
        done = self.open.pop()
        if done.anchor is not None:
            self.anchored[done.anchor] = _Anchored(
                done.value, self.values - done.values, self.chars - done.chars
            )
        self._put(done.value, done.line)

    def _put(self, value: Plain, line: int) -> None:
        if not self.open:
            self.result = value
            return
        inside = self.open[-1]
        if isinstance(inside.value, list):
            inside.value.append(value)
        elif inside.key is None:
            if not isinstance(value, str):
                self._refuse_as_key(line)
                return
            if value in inside.value:
                raise InvalidDocumentError(
                    f"das Feld {value} steht zweimal im Kopf (Zeile {line})", remedy="eines von beiden löschen"
                )
            inside.key = value
        else:
            inside.value[inside.key] = value
            inside.key = None

    def _refuse_as_key(self, line: int) -> None:
        if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
            raise InvalidDocumentError(f"Zeile {line}: ein Feldname muss ein Wort sein")

    def _count(self, values: int, chars: int, line: int) -> None:
        self.values += values
        self.chars += chars
        if self.values > MAX_VALUES or self.chars > MAX_CHARS:
            raise InvalidDocumentError(
                f"Zeile {line}: bis hier sind es mehr als {MAX_VALUES} Werte oder {MAX_CHARS} Zeichen",
                remedy="weniger in den Kopf schreiben; Verweise (*name) zählen so viel, wie sie bedeuten",
            )


def read_yaml(text: str, *, above: int = 0) -> Plain | None:
    """The value of a YAML text, its scalars as the strings that they are; None where there is none.

    ``above`` is how many lines of the file stand before it. Tags are ignored; no mapping names a field twice.

    Raises:
        InvalidDocumentError: no YAML, too much of it, too deep, or names that are no words; names the line.
    """
    if len(text) > MAX_CHARS:
        raise InvalidDocumentError(f"der Kopf hat {len(text)} Zeichen, erlaubt sind {MAX_CHARS}")
    try:
        return _Reader(above).read(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        where = _line(error.problem_mark or error.context_mark, above)
        raise InvalidDocumentError(
            f"der Kopf ist kein gültiges YAML (Zeile {where}: {error.problem})",
            remedy="Werte mit Doppelpunkt oder Sonderzeichen am Anfang in Anführungszeichen setzen",
        ) from error
    except yaml.YAMLError as error:
        raise InvalidDocumentError(f"der Kopf ist kein gültiges YAML ({error})") from error


def _line(mark: Any, above: int) -> int:
    """PyYAML has two kinds of marks, and sometimes none."""
    return int(mark.line) + 1 + above if mark is not None else above + 1
