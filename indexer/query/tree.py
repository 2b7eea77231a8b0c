"""What a query says, before any word of it is analysed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kb.model import Notice


@dataclass(frozen=True, slots=True)
class Phrase:
    """``"exactly these words"``, or one word after a minus."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """``berufs*``: words that begin so; ``text`` is without the star."""

    text: str


@dataclass(frozen=True, slots=True)
class InTitle:
    """``titel:Wort`` or ``titel:"mehrere Wörter"``."""

    text: str


@dataclass(frozen=True, slots=True)
class InField:
    """``autor:`` or ``herausgeber:``: ``author`` or ``publisher``, and the words that stand there in a row."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class AtAddress:
    """An address as it was typed or pasted: the document that has it, and those below it."""

    text: str


@dataclass(frozen=True, slots=True)
class InFacet:
    """``thema:``, ``ort:``, ``quelle:``, ``typ:``: a facet of ``FACETS`` and the id or label typed."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class InYears:
    """``jahr:2018..2021``, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Group:
    """Plain words beside each other, in the order typed, with what must and must not hold besides.

    ``demanded`` are words with a plus; ``required`` phrases, prefixes, fields and parentheses.
    """

    words: str = ""
    demanded: tuple[str, ...] = ()
    required: tuple[Node, ...] = ()
    excluded: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class And:
    """All of these (``UND``)."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these (``ODER``)."""

    nodes: tuple[Node, ...]


Node = Phrase | Prefix | InTitle | InField | AtAddress | InFacet | InYears | Group | And | Or


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """``tree`` is None where nothing was typed: such a query means all documents."""

    tree: Node | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed at all."""
        return self.tree is None


def loosened(node: Node) -> Node:
    """The same with phrases as plain words wherever other words stand beside them."""
    match node:
        case Group(words=words, required=required) if words:
            phrases = [child.text for child in required if isinstance(child, Phrase)]
            others = tuple(loosened(child) for child in required if not isinstance(child, Phrase))
            return Group(" ".join([words, *phrases]), node.demanded, others, node.excluded)
        case Group():
            return replace(node, required=tuple(map(loosened, node.required)))
        case And(nodes):
            return And(tuple(map(loosened, nodes)))
        case Or(nodes):
            return Or(tuple(map(loosened, nodes)))
    return node
