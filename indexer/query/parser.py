"""Reads what a person typed; nothing but ``InvalidQueryError`` ever comes of it.

    query   := and ("ODER" and)*              also OR
    and     := group ("UND" group)*           also AND
    group   := (["+" | "-" | "NICHT"] item)+  also NOT; plain words of a group are one text
    item    := "(" query ")" | "a phrase" | field ":" value | prefix "*" | address | word

Operators are capitals: ``und`` in a question is a word. A parenthesis groups only where it does not
touch a word's end (``Schüler(innen)``); what is unbalanced, or deeper than ``MAX_DEPTH``, is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.query.addresses import is_address
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
)
from kb.errors import InvalidQueryError
from kb.model import Notice, NoticeKind

# A pasted paragraph passes; beyond that somebody is testing us.
MAX_CHARS = 2_000
# Phrases, prefixes, fields, demanded and excluded words; further ones are not looked at.
MAX_CLAUSES = 16
MAX_DEPTH = 5
# Letters before the star of a prefix.
MIN_PREFIX = 3

_FIELDS = {"thema": "topic", "ort": "place", "quelle": "source", "typ": "doc_type"}
_TEXT_FIELDS = {
    "autor": "author", "autorin": "author", "herausgeber": "publisher", "herausgeberin": "publisher",
}  # fmt: skip
_UNUSABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_QUOTED = r'"[^"]*"|„[^“”"]*[“”"]|“[^”]*”|»[^«]*«|«[^»]*»'
_SCANNER = re.compile(
    rf"(?P<quoted>{_QUOTED})"
    rf"|(?P<field>(?:titel|title|thema|ort|jahr|quelle|typ|autor(?:in)?|herausgeber(?:in)?)"
    rf":(?:{_QUOTED}|[^\s()]+))"
    # A word may hold parentheses that it opens itself: Schüler(innen), Lehrer(in), (Aus)Bildung.
    r"|(?P<word>(?:\([^\W\d_]+-?\)(?=[^\W\d_])(?!(?-i:UND|ODER|AND|OR|NICHT|NOT)\b))?"
    r"[^\s()\"„“”»«]+(?:\([^\s()]*\)[^\s()\"„“”»«]*)*)"
    r"|(?P<open>\()|(?P<close>\))",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[+-](?=[\w(\"„“»«])")
_OPERATORS = {"UND": "and", "AND": "and", "ODER": "or", "OR": "or", "NICHT": "not", "NOT": "not"}
# „Berufswahl und -orientierung“ excludes nothing.
_CONNECTED = re.compile(r"(?:\b(?:und|oder|sowie|bzw\.?)|[,/-])\s*$", re.IGNORECASE)
_STAR_INSIDE = re.compile(r"\*(?=[^\W\d_])")
# An empty pair of quotation marks.
_NOTHING = Group()
_YEARS = re.compile(r"(?P<first>\d{4})?(?P<range>\.\.\.?|-|–)?(?P<last>\d{4})?$")


@dataclass(frozen=True, slots=True)
class _Lexeme:
    """``kind`` is open, close, and, or, not, phrase, field or word."""

    kind: str
    text: str
    sign: str = ""


def parse_query(text: str) -> ParsedQuery:
    """Read a query.

    Raises:
        InvalidQueryError: longer than ``MAX_CHARS``, or a year that is none.
    """
    if len(text) > MAX_CHARS:
        raise InvalidQueryError(
            f"die Anfrage hat {len(text)} Zeichen, erlaubt sind {MAX_CHARS}", remedy="kürzer fassen"
        )
    return _Parser(_balanced(list(_lexemes(_UNUSABLE.sub(" ", text))))).parsed()


def _lexemes(text: str) -> Iterator[_Lexeme]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        sign = ""
        if _signed(text, at):
            sign, at = text[at], at + 1
        match = _SCANNER.match(text, at)
        if match is None:  # a quotation mark without its fellow
            at += 1
            continue
        at = match.end()
        yield _lexeme(match, sign)


def _signed(text: str, at: int) -> bool:
    """Whether a plus or minus stands here and means something."""
    if not _SIGNS.match(text, at) or not (at == 0 or text[at - 1].isspace() or text[at - 1] == "("):
        return False
    return text[at] == "+" or not _CONNECTED.search(text, max(0, at - 12), at)


def _lexeme(match: re.Match[str], sign: str) -> _Lexeme:
    kind = str(match.lastgroup)
    if kind == "quoted":
        return _Lexeme("phrase", match[0][1:-1].strip(), sign)
    if kind == "word" and not sign and match[0] in _OPERATORS:
        return _Lexeme(_OPERATORS[match[0]], match[0])
    return _Lexeme(kind, match[0], sign)


def _balanced(lexemes: list[_Lexeme]) -> list[_Lexeme]:
    """Without parentheses that have no fellow; iterative, since there may be thousands."""
    opened: list[int] = []
    lonely: set[int] = set()
    for number, lexeme in enumerate(lexemes):
        if lexeme.kind == "open":
            opened.append(number)
        elif lexeme.kind == "close":
            if opened:
                opened.pop()
            else:
                lonely.add(number)
    lonely.update(opened)
    return [lexeme for number, lexeme in enumerate(lexemes) if number not in lonely]


@dataclass(slots=True)
class _Gathered:
    words: list[str] = field(default_factory=list)
    demanded: list[str] = field(default_factory=list)
    required: list[Node] = field(default_factory=list)
    excluded: list[Node] = field(default_factory=list)

    def node(self) -> Node | None:
        words = " ".join(self.words)
        if not (words or self.demanded or self.required or self.excluded):
            return None
        if len(self.required) == 1 and not (words or self.demanded or self.excluded):
            return self.required[0]
        return Group(words, tuple(self.demanded), tuple(self.required), tuple(self.excluded))


class _Parser:
    """Recursive descent; never deeper than ``MAX_DEPTH`` parentheses."""

    def __init__(self, lexemes: list[_Lexeme]) -> None:
        self._lexemes = lexemes
        self._at = 0
        self._clauses = 0
        self._notices: dict[Notice, None] = {}

    def parsed(self) -> ParsedQuery:
        tree = self._query(0)
        return ParsedQuery(tree, tuple(self._notices))

    def _peek(self) -> str:
        return self._lexemes[self._at].kind if self._at < len(self._lexemes) else "end"

    def _query(self, depth: int) -> Node | None:
        return self._joined(depth, "or")

    def _joined(self, depth: int, operator: str) -> Node | None:
        nodes: list[Node] = []
        while True:
            node = self._joined(depth, "and") if operator == "or" else self._group(depth)
            if node is not None:
                nodes.append(node)
            if self._peek() != operator:
                break
            self._at += 1
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        return Or(tuple(nodes)) if operator == "or" else And(tuple(nodes))

    def _group(self, depth: int) -> Node | None:
        gathered = _Gathered()
        negated = False
        while (kind := self._peek()) not in {"end", "close", "and", "or"}:
            lexeme = self._lexemes[self._at]
            self._at += 1
            if kind == "not":
                negated = True
                continue
            if kind == "open":
                self._parenthesis(gathered, depth, negated=negated or lexeme.sign == "-")
            else:
                self._item(gathered, lexeme, negated=negated or lexeme.sign == "-")
            negated = False
        return gathered.node()

    def _parenthesis(self, gathered: _Gathered, depth: int, *, negated: bool) -> None:
        if depth >= MAX_DEPTH:
            self._skip_nesting(gathered)
            return
        node = self._query(depth + 1)
        if self._peek() == "close":
            self._at += 1
        if node is not None and self._counts():
            (gathered.excluded if negated else gathered.required).append(node)

    def _skip_nesting(self, gathered: _Gathered) -> None:
        """What is nested too deeply keeps its words and loses its structure."""
        self._notice(NoticeKind.TOO_DEEP, str(MAX_DEPTH))
        level = 1
        while level and self._at < len(self._lexemes):
            lexeme = self._lexemes[self._at]
            self._at += 1
            level += {"open": 1, "close": -1}.get(lexeme.kind, 0)
            if lexeme.kind == "word":
                gathered.words.append(self._without_star(lexeme.text))

    def _item(self, gathered: _Gathered, lexeme: _Lexeme, *, negated: bool) -> None:
        node = self._clause(lexeme)
        if node is None:
            word = self._without_star(lexeme.text)
            if not negated and not lexeme.sign:
                gathered.words.append(word)
            elif word and self._counts():
                if negated:
                    gathered.excluded.append(Phrase(word))
                else:
                    gathered.demanded.append(word)
        elif node != _NOTHING and self._counts():
            (gathered.excluded if negated else gathered.required).append(node)

    def _clause(self, lexeme: _Lexeme) -> Node | None:
        """A phrase, field, prefix or address; None for a plain word."""
        text = lexeme.text
        if lexeme.kind in {"phrase", "word"} and is_address(text):
            return AtAddress(text)
        if lexeme.kind == "phrase":
            return Phrase(text) if text else _NOTHING
        if lexeme.kind == "field":
            name, _, value = text.partition(":")
            return _field(name.lower(), value)
        if text.endswith("*"):
            begin = text[:-1]
            if len(begin) >= MIN_PREFIX and begin.isalpha():
                return Prefix(begin)
        return None

    def _without_star(self, text: str) -> str:
        """A star that begins no ending (``*innen``) means nothing where no prefix stands before it."""
        kept = text if _STAR_INSIDE.search(text.lstrip("*")) else text.replace("*", "")
        kept = kept.lstrip("*").rstrip("*")
        if kept != text:
            self._notice(NoticeKind.STAR_DROPPED, text)
        return kept

    def _counts(self) -> bool:
        self._clauses += 1
        if self._clauses > MAX_CLAUSES:
            self._notice(NoticeKind.SHORTENED, str(MAX_CLAUSES))
        return self._clauses <= MAX_CLAUSES

    def _notice(self, kind: NoticeKind, subject: str) -> None:
        self._notices.setdefault(Notice(kind, subject[:60]))


def _field(name: str, value: str) -> Node | None:
    quoted = value[:1] in tuple('"„“»«')
    text = value[1:-1].strip() if quoted else value
    if not text:
        return _NOTHING
    if name in {"titel", "title"}:
        return InTitle(text)
    if name in _TEXT_FIELDS:
        return InField(_TEXT_FIELDS[name], text)
    if name == "jahr":
        return _years(text)
    return InFacet(_FIELDS[name], text)


def _years(text: str) -> InYears:
    match = _YEARS.match(text)
    if match is None or not (match["first"] or match["last"]) or (match["last"] and not match["range"]):
        raise InvalidQueryError(
            f"„jahr:{text[:40]}“ ist kein Jahr", remedy="jahr:2019 oder jahr:2018..2021 schreiben"
        )
    first = int(match["first"] or 0)
    if not match["range"]:
        return InYears(first, first)
    return InYears(first, int(match["last"] or 9999))
