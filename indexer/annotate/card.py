"""The practice card: what a practice example says of its start, aim, course and results, in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from indexer.annotate.data.files import read_data
from indexer.annotate.phrases.matching import PatternIndex, PatternSet
from indexer.annotate.text.layout import Block, BlockKind
from indexer.annotate.text.reading import Reading
from indexer.annotate.text.spans import SpanIndex, TokenSpan
from kb.errors import ConfigurationError
from kb.model import CARD_FIELDS, CardField, Evidence
from kb.model.kinds import EXAMPLE, REPORT

# A report contains a practice example when so many fields stand under headings of their own.
FIELDS_OF_A_REPORT = 3
# A field quotes at most so much of its section, and so many sentences found by cue phrases.
SECTION_CHARS = 600
_SENTENCES = 2
# Under headings a field may stand more often, up to so many times.
_MOST_SECTIONS = 12
_SHORTEST = 3
# „Einmal im Monat“ stands in sentences of every field: theirs goes first.
_BROADEST = "vorgehen"
HEADING, CUE = "Überschrift", "Wendung"
_FIRST_WORD = re.compile(r"\W*(\w+)")
_END = re.compile(r"[.!?](?=\s|$)")


@dataclass(frozen=True, slots=True)
class _Field:
    id: str
    headings: frozenset[str]


@dataclass(frozen=True, slots=True)
class FoundFields:
    """What a text says of each field: under headings alone, and with what cue phrases find besides."""

    headed: Mapping[str, list[Evidence]]
    all: Mapping[str, list[Evidence]]

    def card(self, doc_type: str | None) -> tuple[CardField, ...]:
        """The fields in the order of the card; empty for documents that are no practice example."""
        if doc_type == EXAMPLE:
            found = self.all
        elif doc_type == REPORT and len(self.headed) >= FIELDS_OF_A_REPORT:
            found = self.headed
        else:
            return ()
        return tuple(CardField(name, tuple(found[name])) for name in CARD_FIELDS if name in found)


class CardReader:
    """Reads cards by the headings and cue phrases of ``data/card.toml``."""

    def __init__(self, patterns: PatternIndex) -> None:
        self._patterns = PatternSet(patterns)
        fields = []
        for table in read_data("card.toml")["field"]:
            if table.get("id") not in CARD_FIELDS:
                raise ConfigurationError(
                    f"das Feld „{table.get('id')}“ gibt es nicht",
                    subject="indexer/annotate/data/card.toml",
                    remedy=f"erlaubt sind {', '.join(CARD_FIELDS)}",
                )
            fields.append(_Field(table["id"], frozenset(_plain(name) for name in table["headings"])))
            for cue in table["cues"]:
                self._patterns.add(table["id"], cue)
        self._fields = tuple(fields)
        self._by_heading = {heading: field.id for field in reversed(fields) for heading in field.headings}
        self._first_words = frozenset(map(_first_word, self._by_heading))
        names = sorted((name for field in fields for name in field.headings), key=len, reverse=True)
        titles = "|".join(map(re.escape, names))
        # „Problem: …“, „Was wir tun. …“ at the beginning of a line
        self._opening = re.compile(
            rf"[^\w\n]{{0,6}}(?P<name>{titles})\s?(?P<mark>[:.])[*_]*\s+(?=\S)", re.IGNORECASE
        )
        # „… neuen Bäumen. Stolperstein: Datenschutz“: within a line only with a colon and a capital
        self._next = re.compile(rf"(?<=[.!?] )(?=[A-ZÄÖÜ])(?P<name>(?i:{titles})):\s+(?=\S)")

    def read(self, reading: Reading) -> FoundFields:
        """The fields of a card that a text fills, whatever its kind."""
        headed = self._headed(reading)
        return FoundFields(headed, self._cued(reading, headed))

    def _headed(self, reading: Reading) -> dict[str, list[Evidence]]:
        """Fields under a heading, or on a line that opens with one."""
        found: dict[str, list[Evidence]] = {}
        blocks = [block for block in reading.layout.blocks if block.kind is not BlockKind.LEFTOVER]
        text = reading.document.text
        for index, block in enumerate(blocks):
            line = text[block.start : block.end]
            may_name = self._may_name(line)
            name = self._by_heading.get(_plain(line)) if may_name else None
            if name is not None and len(found.get(name, ())) == _MOST_SECTIONS:
                continue
            if name is not None:
                evidence = _section(reading, blocks, index + 1, f"{HEADING} „{line.strip('#*_: ')}“")
                if evidence is not None:
                    found.setdefault(name, []).append(evidence)
            elif block.kind is not BlockKind.HEADING and (":" in line or may_name):
                for name, evidence in self._opened(reading, block):
                    if len(found.setdefault(name, [])) < _MOST_SECTIONS:
                        found[name].append(evidence)
        return found

    def _opened(self, reading: Reading, block: Block) -> Iterator[tuple[str, Evidence]]:
        """What stands behind each „Name:“ of a line, up to the next one."""
        text = reading.document.text
        first = self._opening.match(text, block.start, block.end)
        openings = [first] if first is not None else []
        openings += self._next.finditer(text, first.end() if first is not None else block.start, block.end)
        for opening, following in zip_longest(openings, openings[1:]):
            end = following.start() if following is not None else block.end
            name, start = self._by_heading.get(_plain(opening["name"])), opening.end()
            if name is not None:
                rule = f"{HEADING} „{opening['name']}“"
                yield name, reading.quote_chars(start, _cut(text, start, end), rule)

    def _cued(self, reading: Reading, headed: dict[str, list[Evidence]]) -> dict[str, list[Evidence]]:
        """Fields without a heading, by sentences with a cue phrase; a sentence serves one field only."""
        found = dict(headed)
        under_headings = SpanIndex(
            TokenSpan(item.start, item.end) for items in headed.values() for item in items
        )
        quoted: list[TokenSpan] = []
        hits = self._patterns.find(reading.body)
        for field in sorted(self._fields, key=lambda field: field.id == _BROADEST):
            if field.id in headed:
                continue
            for span in hits.get(field.id, ()):
                if len(found.get(field.id, ())) == _SENTENCES:
                    break
                evidence = _sentence(reading, span)
                if evidence is None:
                    continue
                place = TokenSpan(evidence.start, evidence.end)
                if not under_headings.near(place) and not any(map(place.overlaps, quoted)):
                    quoted.append(place)
                    found.setdefault(field.id, []).append(evidence)
        return found

    def _may_name(self, line: str) -> bool:
        """Whether a line begins as a heading does; to look at the whole of every line takes long."""
        return _first_word(line) in self._first_words


def _first_word(line: str) -> str:
    first = _FIRST_WORD.match(line)
    return first[1].casefold() if first is not None else ""


def _section(reading: Reading, blocks: list[Block], first: int, rule: str) -> Evidence | None:
    """The text under a heading up to the next one, as far as it is quoted."""
    if first == len(blocks) or _ends_section(blocks[first]):
        return None
    start, end = blocks[first].start, blocks[first].end
    for number in range(first + 1, len(blocks)):
        if _ends_section(blocks[number]) or end - start > SECTION_CHARS:
            break
        end = blocks[number].end
    return reading.quote_chars(start, _cut(reading.document.text, start, end), rule)


def _ends_section(block: Block) -> bool:
    return block.kind in (BlockKind.HEADING, BlockKind.LINKS)


def _cut(text: str, start: int, end: int) -> int:
    """The end of a quotation: at a sentence's end where it would become too long."""
    if end - start > SECTION_CHARS:
        ends = [match.end() for match in _END.finditer(text, start, start + SECTION_CHARS)]
        end = ends[-1] if ends else start + SECTION_CHARS
    return start + len(text[start:end].rstrip())


# What follows such an end belongs to it.
_OPEN = frozenset((":", "?"))


def _sentence(reading: Reading, span: TokenSpan) -> Evidence | None:
    """The sentence around a cue in running text, None in headings, navigation and for scraps."""
    if reading.kind(span) not in (BlockKind.TEXT, BlockKind.ITEM):
        return None
    sentence = reading.sentence(span.start)
    start, end = sentence.start, sentence.end
    while end < len(reading.words) and reading.words[end - 1] in _OPEN and "\n" not in reading.words[end]:
        end = max(end + 1, reading.sentence(end).end)  # „Wichtig ist das erste Gespräch: …“, „Was fehlt? Geld.“
    while start < end and not reading.words[start].strip():
        start += 1
    while end > start and not reading.words[end - 1].strip():
        end -= 1
    if end - start < _SHORTEST:
        return None
    return reading.quote(TokenSpan(start, end), f"{CUE} „{reading.body.between(span.start, span.end)}“")


def _plain(line: str) -> str:
    return " ".join(re.sub(r"[^\w\s,/'’-]", " ", line).split()).casefold()
