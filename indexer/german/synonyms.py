"""Reads ``corpus/synonyms.txt`` and tells which other words a query's words stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.german.analyze import GermanAnalyzer
from indexer.german.language_data import corpus_text
from kb.errors import ConfigurationError

# A word or phrase as analysed terms, in order.
Phrase = tuple[str, ...]
_MAX_WORDS = 8


@dataclass(frozen=True, slots=True)
class Synonyms:
    """For each analysed phrase, the phrases that it also stands for; no phrase stands for itself."""

    rules: dict[Phrase, tuple[Phrase, ...]] = field(default_factory=dict)
    _longest: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_longest", max(map(len, self.rules), default=0))

    def expand(self, terms: Sequence[str]) -> Iterator[tuple[Phrase, tuple[Phrase, ...]]]:
        """Each phrase of a query that has synonyms, with them; longer phrases first, each phrase once."""
        seen: set[Phrase] = set()
        for size in range(min(self._longest, len(terms)), 0, -1):
            for start in range(len(terms) - size + 1):
                phrase = tuple(terms[start : start + size])
                if phrase in self.rules and phrase not in seen:
                    seen.add(phrase)
                    yield phrase, self.rules[phrase]


def load_synonyms(path: Path, analyzer: GermanAnalyzer) -> Synonyms:
    """Read a synonyms file (format: see its header); a missing file means no synonyms.

    Raises:
        ConfigurationError: names file and line.
    """
    rules: dict[Phrase, dict[Phrase, None]] = {}
    for number, line in enumerate(corpus_text(path).splitlines(), start=1):
        content = line.split("#", 1)[0].strip()
        if content:
            for left, right in _pairs(content, analyzer, f"{path}:{number}"):
                rules.setdefault(left, {})[right] = None
    return Synonyms({left: tuple(rights) for left, rights in rules.items()})


def _pairs(line: str, analyzer: GermanAnalyzer, where: str) -> Iterator[tuple[Phrase, Phrase]]:
    sides = [[_phrase(member, analyzer, where) for member in side.split(",")] for side in line.split("=>")]
    if len(sides) > 2 or (len(sides) == 1 and len(sides[0]) < 2):
        raise ConfigurationError(
            f"„{line}“ ist keine Synonymgruppe",
            subject=where,
            remedy="mindestens zwei Glieder mit Komma trennen, oder eine Regel mit einem „=>“ schreiben",
        )
    for left in sides[0]:
        for right in sides[-1]:
            if left != right:
                yield left, right


def _phrase(member: str, analyzer: GermanAnalyzer, where: str) -> Phrase:
    terms = tuple(token.term for token in analyzer.analyze(member) if not token.extra)
    if not terms or len(terms) > _MAX_WORDS:
        raise ConfigurationError(
            f"„{member.strip()}“ ist kein Glied einer Synonymgruppe",
            subject=where,
            remedy=f"1 bis {_MAX_WORDS} Wörter zwischen die Kommas schreiben",
        )
    return terms
