"""The states of a country and their short names: what „NRW“ and ``ort:meck-pomm`` mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.german import GermanAnalyzer, Token, fold
from indexer.german.language_data import corpus_text
from kb.errors import ConfigurationError

COLUMNS = ("state", "short", "ambiguous", "field")
# Words that one name has at most: „Baden Württemberg“, „M V“.
_LONGEST = 3


@dataclass(frozen=True, slots=True)
class StateName:
    """A name of a state, or a short name that texts use; ``others`` are its further names as analysed terms.

    An ``ambiguous`` one means other things too, so what it finds stands far below the texts that hold it.
    """

    state: str
    others: tuple[tuple[str, ...], ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class States:
    """``names`` are those that a query's words are read as, ``fields`` also those of ``ort:``, both plain."""

    names: Mapping[str, StateName] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    def key(self, value: str) -> str:
        """The key of the state that a value after ``ort:`` names; any value may be the name of a state."""
        plain = plain_name(value)
        return state_key(self.fields.get(plain, plain))

    def named(self, tokens: Sequence[Token], text: str) -> Iterator[tuple[Sequence[Token], StateName]]:
        """The words of a query that are a name of a state; of overlapping names the longest, left to right."""
        first = 0
        while self.names and first < len(tokens):
            for size in range(min(_LONGEST, len(tokens) - first), 0, -1):
                words = tokens[first : first + size]
                name = self._meant(words, text)
                if name is not None:
                    yield words, name
                    first += size
                    break
            else:
                first += 1

    def _meant(self, words: Sequence[Token], text: str) -> StateName | None:
        plain = plain_name("".join(token.word for token in words))
        found = self.names.get(plain)
        if found is None and plain.endswith("s"):  # Bayerns
            found = self.names.get(plain[:-1])
            return found if found is not None and not found.ambiguous else None
        typed = text[words[0].start : words[-1].end]
        # „St. Josef“ and „Be“ are no abbreviations, „ST“ and „st“ may be.
        capitalised = typed[:1].isupper() and typed[1:].islower()
        return None if found is not None and found.ambiguous and capitalised else found


def plain_name(name: str) -> str:
    """Letters and digits alone, small and folded: one form of „Meck-Pomm“, „MeckPomm“ and „meck pomm“."""
    return fold("".join(filter(str.isalnum, name.lower())))


def state_key(state: str) -> str:
    """The key under which an index keeps that a place of a document lies in a state; no word looks like it."""
    return f"~{plain_name(state)}"


def load_states(path: Path, analyzer: GermanAnalyzer) -> States:
    """Read a file of states (format: see the head of ``corpus/states.tsv``); a missing file knows none.

    Raises:
        ConfigurationError: names file and line.
    """
    names: dict[str, StateName] = {}
    fields: dict[str, str] = {}
    for number, line in enumerate(corpus_text(path).splitlines(), start=1):
        if not line.strip() or line.startswith("#") or line.split("\t")[0] == COLUMNS[0]:
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > len(COLUMNS) or not cells[0]:
            raise ConfigurationError(
                f"„{line.strip()}“ ist keine Zeile der Länder",
                subject=f"{path}:{number}",
                remedy=f"durch Tabulatoren getrennt: {', '.join(COLUMNS)}",
            )
        state, *others = cells
        short, ambiguous, field_only = ((*map(_split, others), (), (), ()))[:3]
        sure = (state, *short)
        terms = {
            name: tuple(token.term for token in analyzer.analyze(name) if not token.extra) for name in sure
        }
        for name in sure:
            names[plain_name(name)] = StateName(state, tuple(terms[one] for one in sure if one != name))
        for name in ambiguous:
            names[plain_name(name)] = StateName(state, (terms[state],), ambiguous=True)
        fields |= {plain_name(name): plain_name(state) for name in (*sure, *ambiguous, *field_only)}
    return States(names, fields)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split("|") if name.strip())
