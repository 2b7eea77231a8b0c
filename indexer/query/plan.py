"""A query in terms of an index: what makes a document a hit, and what it scores."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from indexer.german import CompoundSplitter, GermanAnalyzer, Synonyms, Token, fold, grams
from indexer.query.addresses import read_address
from indexer.query.conditions import (
    SYNONYM_WEIGHT,
    All,
    Any,
    Around,
    Bag,
    Begins,
    Condition,
    Exactly,
    Facet,
    QueryPlan,
    QueryWord,
    Row,
    SynonymGroup,
    Words,
    Years,
    row_keys,
)
from indexer.query.states import StateName, States, state_key
from indexer.query.tree import (
    And,
    AtAddress,
    Group,
    InFacet,
    InField,
    InTitle,
    InYears,
    Node,
    Or,
    ParsedQuery,
    Phrase,
    Prefix,
    loosened,
)
from indexer.scoring import ADDRESS_IMPACT, LEVEL_IMPACT, NEAR
from kb.model import Notice, NoticeKind

# Distinct words that are looked up; a question has about eight. Further words are not looked at.
MAX_WORDS = 64
MAX_SYNONYMS = 32
# What a short name with other meanings finds ranks below all that hold it, in texts of up to six times the
# average length: stem, parts and grams of the word itself bring twelve times as much as a stem of its synonym.
AMBIGUOUS_WEIGHT = 0.15
# Up to this many keywords, every one is demanded.
_FEW = 2
# What a word that begins like a prefix is worth, as an impact.
PREFIX_IMPACT = 128
# Stop words from which on a query is a sentence, not a row of keywords.
_SENTENCE = 2
# Thousandths of the summed idf that a hit's words must have.
EVERY = 1000
KEYWORD_SHARE = 500
# The same where all that holds stands around the text: one word of a question in an address is no hit.
FAINT_SHARE = KEYWORD_SHARE
# A question has words that no answer repeats. nDCG@10 on xquad-de / integreat-de for 50, 100, 150, 200,
# 500 thousandths: .961/.741, .960/.740, .959/.738, .956/.735, .954/.686 (without any limit .963/.746).
SENTENCE_SHARE = 50
# Covid19 is Covid 19; shorter names with numbers are one word (U25).
_NAME_AND_NUMBER = re.compile(r"([^\W\d_]{4,})(\d{1,4})")


# Words of a query, and the name of a state that they are.
_Named = tuple[Sequence[Token], StateName]


@dataclass(slots=True)
class Planner:
    """Analyses queries as documents are analysed; ``splitter`` is the index generation's."""

    analyzer: GermanAnalyzer
    splitter: CompoundSplitter
    synonyms: Synonyms = field(default_factory=Synonyms)
    states: States = field(default_factory=States)

    def plan(self, parsed: ParsedQuery, *, addresses: bool = True) -> QueryPlan:
        """Pure: the same query gives the same plan. Without ``addresses`` their words are searched as words."""
        if parsed.tree is None:
            return QueryPlan(notices=parsed.notices)
        return _Planning(self, addresses).plan(parsed.tree, parsed.notices)

    def loosened_plan(self, parsed: ParsedQuery, *, addresses: bool = True) -> QueryPlan | None:
        """For a query of which nothing is found: phrases as plain words, and all that it finds is further; None
        where that changes nothing."""
        tree = parsed.tree and loosened(parsed.tree)
        if tree is None or tree == parsed.tree:
            return None
        return replace(_Planning(self, addresses).plan(tree, parsed.notices), loosened=True)


def plan_query(
    parsed: ParsedQuery,
    analyzer: GermanAnalyzer,
    synonyms: Synonyms | None = None,
    splitter: CompoundSplitter | None = None,
) -> QueryPlan:
    """A plan by a planner of its own."""
    return Planner(analyzer, splitter or CompoundSplitter({}, analyzer.stem), synonyms or Synonyms()).plan(
        parsed
    )


@dataclass(slots=True)
class _Planning:
    """One query: the tree is walked once, what scores is gathered on the way."""

    planner: Planner
    addresses: bool = True
    _words: dict[QueryWord, None] = field(default_factory=dict)
    _pairs: dict[tuple[str, str], None] = field(default_factory=dict)
    _synonyms: dict[SynonymGroup, None] = field(default_factory=dict)
    _prefixes: dict[str, None] = field(default_factory=dict)
    _phrase_terms: dict[str, None] = field(default_factory=dict)
    _addresses: dict[tuple[str, int], None] = field(default_factory=dict)
    _shortened: bool = False

    def plan(self, tree: Node, notices: tuple[Notice, ...]) -> QueryPlan:
        condition = self._condition(tree, scores=True)
        if self._shortened:
            notices = (*notices, Notice(NoticeKind.TOO_MANY_WORDS, str(MAX_WORDS)))
        words = tuple(self._words)
        # Nothing but punctuation finds nothing.
        return QueryPlan(Any(()) if condition is None else condition, self._bag(words), words, notices)

    def _bag(self, words: Sequence[QueryWord]) -> Bag:
        stems = dict.fromkeys(term for word in words for term in (word.term, *word.readings))
        content = [word for word in words if not word.stop]
        return Bag(
            stems=tuple(stems | self._phrase_terms),
            parts=tuple(dict.fromkeys(part for word in content for part in word.parts)),
            grams=tuple(dict.fromkeys(gram for word in content for gram in word.grams)),
            pairs=tuple(self._pairs),
            synonyms=tuple(self._synonyms),
            prefixes=tuple(self._prefixes),
            faint=tuple(dict.fromkeys((word.term, word.faint) for word in content)),
            addresses=tuple(self._addresses),
            forms=tuple(dict.fromkeys((word.term, fold(word.word)) for word in content)),
        )

    def _condition(self, node: Node, *, scores: bool) -> Condition | None:
        """None where a node says nothing, such as punctuation in quotation marks."""
        match node:
            case Group():
                return self._group(node, scores=scores)
            case Phrase(text):
                return self._exactly(text, ("title", "body"), scores=scores)
            case InTitle(text):
                return self._exactly(text, ("title",), scores=scores)
            case Prefix(text):
                prefix = fold(text.lower())
                if scores:
                    self._prefixes[prefix] = None
                return Begins(prefix)
            case InField(name, text):
                return self._in_field(name, text)
            case AtAddress(text):
                return self._address(text, scores=scores)
            case InFacet(facet, value):
                state = self.planner.states.key(value) if facet == "place" else ""
                return Facet(facet, fold(" ".join(value.lower().split())), state, value)
            case InYears(first, last):
                return Years(first, last)
            case And(nodes) | Or(nodes):
                found = [self._condition(child, scores=scores) for child in nodes]
                kept = tuple(condition for condition in found if condition is not None)
                if not kept:
                    return None
                return All(kept) if isinstance(node, And) else Any(kept)

    def _group(self, group: Group, *, scores: bool) -> Condition | None:
        if not scores:  # excluded: exactly these words, not what resembles them
            texts = [*group.words.split(), *group.demanded]
            demanded: list[Condition | None] = [
                self._exactly(text, ("title", "body"), scores=False) for text in texts
            ]
            words = None
        else:
            words = self._text(group.words) if group.words else None
            demanded = [self._text(text, every=True) for text in group.demanded]
        required = [self._condition(node, scores=scores) for node in group.required]
        conditions: list[Condition] = [one for one in (*demanded, *required) if one is not None]
        found = [self._condition(node, scores=False) for node in group.excluded]
        excluded = tuple(one for one in found if one is not None)
        # A place or year narrows the words; a phrase or +word says itself what is wanted, the words rank.
        if words is not None and all(map(_narrows, conditions)):
            conditions.insert(0, words)
        if len(conditions) == 1 and not excluded:
            return conditions[0]
        return All(tuple(conditions), excluded) if conditions or excluded else None

    def _exactly(self, text: str, fields: tuple[str, ...], *, scores: bool) -> Exactly | None:
        tokens = self.planner.analyzer.analyze(text)[:MAX_WORDS]
        rows = tuple(_rows(tokens))
        if scores:
            content = [token.term for token in tokens if not token.stop] or [token.term for token in tokens]
            self._phrase_terms |= dict.fromkeys(content)
        return Exactly(rows, fields, text) if rows else None

    def _in_field(self, name: str, text: str) -> Around | None:
        """A filter: it ranks nothing."""
        rows = _rows(self.planner.analyzer.analyze(text)[:MAX_WORDS])
        keys = tuple(row_keys(name, row.terms) for row in rows)
        return Around(keys) if keys else None

    def _address(self, text: str, *, scores: bool) -> Condition | None:
        """The document at an address and those below; texts that name the address are the last hits."""
        address = read_address(text)
        if address is None or not self.addresses:
            words = address.words if address is not None else text
            return self._text(words) if scores else self._exactly(words, ("title", "body"), scores=False)
        if scores:
            self._addresses[address.exact, ADDRESS_IMPACT] = None
            self._addresses |= dict.fromkeys((level, LEVEL_IMPACT) for level in address.levels)
        at = Around(((address.exact,), (address.below,)))
        if not scores:
            return at
        named = self._exactly("/".join((address.host, *address.path)), ("title", "body"), scores=False)
        return at if named is None else Any((at, named))

    def _text(self, text: str, *, every: bool = False) -> Words | None:
        tokens = self.planner.analyzer.analyze(text)
        if len(tokens) > 4 * MAX_WORDS:
            self._shortened = True
            tokens = tokens[: 4 * MAX_WORDS]
        plain = [token for token in tokens if not token.extra]
        content = [token for token in plain if not token.stop]
        extras = [token for token in tokens if token.extra]
        # In a question neighbours are seldom one word: nDCG@10 on integreat-de .740 with them, .741 without.
        joined = self._joined(content) if len(plain) - len(content) < _SENTENCE else ()
        readings = [*extras, *joined]
        states = list(self.planner.states.named(plain, text))
        words = self._limited([self._word(token, readings, text, states) for token in content or plain])
        if not words:
            return None
        groups = (*self._groups(plain, words), *self._state_groups(states, words))
        self._words |= dict.fromkeys(words)
        self._words |= dict.fromkeys(self._word(token, (), text) for token in extras)
        self._pairs |= dict.fromkeys((first.term, second.term) for first, second in pairwise(content))
        self._synonyms |= dict.fromkeys(groups)
        share = EVERY if every else self._share(words, len(plain) - len(content))
        return Words(words, groups, share, bound=every)

    def _joined(self, content: Sequence[Token]) -> Iterator[Token]:
        """Neighbours as one word: who types „Job Center“ means Jobcenter too."""
        for first, second in pairwise(content):
            word = first.word + second.word
            if second.position == first.position + 1 and word.isalnum() and first.word.isalpha():
                term = self.planner.analyzer.stem(word)
                yield Token(term, first.start, second.end, first.position, extra=True, word=word)

    @staticmethod
    def _share(words: Sequence[QueryWord], stops: int) -> int:
        if words[0].stop:
            return 0
        if stops >= _SENTENCE:
            return SENTENCE_SHARE
        return EVERY if len(words) <= _FEW else KEYWORD_SHARE

    def _limited(self, words: list[QueryWord]) -> tuple[QueryWord, ...]:
        distinct = tuple(dict.fromkeys(words))
        self._shortened = self._shortened or len(distinct) > MAX_WORDS
        return distinct[:MAX_WORDS]

    def _word(
        self, token: Token, extras: Sequence[Token], text: str, states: Iterable[_Named] = ()
    ) -> QueryWord:
        found = (extra.term for extra in extras if extra.start <= token.start and extra.end >= token.end)
        readings = tuple(dict.fromkeys(found))
        keys = (state_key(name.state) for tokens, name in states if token in tokens)
        return QueryWord(
            typed=text[token.start : token.end],
            word=token.word,
            term=token.term,
            stop=token.stop,
            readings=readings,
            parts=() if token.stop else self._parts(token, extras),
            grams=() if token.stop else grams(token.word),
            faint=() if token.stop else tuple(dict.fromkeys((token.term, *readings, *keys))),
            extra=token.extra,
        )

    def _parts(self, token: Token, extras: Sequence[Token]) -> tuple[str, ...]:
        """The members that the corpus knows, or those that the word shows itself (OpenData), or the word."""
        known = self.planner.splitter.parts(token.word)
        numbered = _NAME_AND_NUMBER.fullmatch(token.word)
        if numbered is not None:
            return tuple(map(self.planner.analyzer.stem, numbered.groups()))
        return known or tuple(piece.term for piece in _pieces(token, extras)) or (token.term,)

    def _groups(self, tokens: Sequence[Token], words: Sequence[QueryWord]) -> Iterator[SynonymGroup]:
        terms = tuple(dict.fromkeys(word.term for word in words))
        left = MAX_SYNONYMS - sum(len(group.others) for group in self._synonyms)
        for given, others in self.planner.synonyms.expand([token.term for token in tokens]):
            fresh = tuple(other for other in others if not (len(other) == 1 and other[0] in terms))
            replaced = tuple(term for term in terms if term in given)
            if fresh[:left] and replaced:
                yield SynonymGroup(replaced, fresh[:left])
                left = max(0, left - len(fresh))

    def _state_groups(self, states: Iterable[_Named], words: Sequence[QueryWord]) -> Iterator[SynonymGroup]:
        """A state's other names are synonyms of the one typed."""
        known = {word.term for word in words}
        for tokens, name in states:
            replaced = tuple(dict.fromkeys(token.term for token in tokens if token.term in known))
            if replaced and name.others:
                yield SynonymGroup(
                    replaced, name.others, AMBIGUOUS_WEIGHT if name.ambiguous else SYNONYM_WEIGHT
                )


def _narrows(condition: Condition) -> bool:
    return isinstance(condition, Facet | Around | Years | All | Any)


def _rows(tokens: Sequence[Token]) -> Iterator[Row]:
    """The words in a row, or, for one hyphenated word, its whole."""
    plain = [token for token in tokens if not token.extra]
    if plain:
        content = [token for token in plain if not token.stop]
        near = [(a, b) for a, b in pairwise(content) if b.position - a.position <= NEAR]
        yield Row(tuple(token.term for token in plain), tuple((a.term, b.term) for a, b in near))
    if len(plain) == 1 and (pieces := _pieces(plain[0], tokens)):
        yield Row(tuple(piece.term for piece in pieces), tuple((a.term, b.term) for a, b in pairwise(pieces)))
    for token in tokens:
        if token.extra and (token.start, token.end) == (tokens[0].start, max(other.end for other in tokens)):
            yield Row((token.term,))


def _pieces(word: Token, tokens: Sequence[Token]) -> list[Token]:
    """The readings that together are the whole of a word, if it shows any: of OpenData open and data."""
    found = [
        token
        for token in tokens
        if token.extra
        and word.start <= token.start
        and token.end <= word.end
        and (token.start, token.end) != (word.start, word.end)
    ]
    letters = sum(token.end - token.start for token in found)
    # Dots and brackets stand between the pieces.
    return found if len(found) > 1 and letters + 2 * len(found) >= word.end - word.start else []


def matching_keys(value: str, keys: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    """The keys of a facet that a typed value means: by id or label, folded, whole or by its first words."""

    def means(text: str) -> bool:
        folded = fold(text.lower())
        return folded == value or folded.startswith(f"{value} ")

    return [key for key in keys if means(key) or means(labels.get(key, key))]
