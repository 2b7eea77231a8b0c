"""What a query asks of an index: conditions that make a hit, and a bag of postings that make its score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kb.model import Notice

# A synonym ranks below the word itself: nDCG@10 on integreat-de is .712 for .3 and .5, .709 for .9.
SYNONYM_WEIGHT = 0.5

# Terms next to each other, in order, in one field.
Adjacent = tuple[str, ...]


def row_keys(field: str, terms: Adjacent) -> tuple[str, ...]:
    """The keys that a field around texts (author, publisher) has where terms stand there in a row: one for each
    term, and one for each two neighbours, which is enough to know short rows by."""
    single = tuple(f"{field}:{term}" for term in terms)
    return (*single, *(f"{field}:{first} {second}" for first, second in pairwise(terms)))


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word that was typed. ``readings`` are other terms for the same letters (of Kita-Integration:
    kitaintegration), ``parts`` the terms that together are as good as the word: its members, or itself.
    ``grams`` is empty for stop words. An ``extra`` word was not typed so, it is read from what was typed.
    ``faint`` are the terms and keys that stand for it around texts.
    """

    typed: str
    word: str
    term: str
    stop: bool = False
    readings: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()
    faint: tuple[str, ...] = ()
    extra: bool = field(default=False, compare=False)

    def __hash__(self) -> int:  # of all its grams it would take longer than much of a search
        return hash((self.typed, self.word))


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """What else a word or phrase of the query may be called.

    ``replaces`` are the query's terms, ``others`` the synonyms. A document scores for the better of
    both, a synonym counting ``weight``: counting both would prefer texts that list synonyms
    (nDCG@10 on integreat-de: .708 with the sum, .712 with the better of both as without synonyms).
    """

    replaces: tuple[str, ...]
    others: tuple[Adjacent, ...]
    weight: float = SYNONYM_WEIGHT


@dataclass(frozen=True, slots=True)
class Words:
    """Words side by side: a document must hold words with ``share`` thousandths of their summed idf.

    1000 means every word, 0 any word. A word around the text is as good; but where nothing else is held they
    must have ``FAINT_SHARE``, and they are not any word. ``bound`` words were demanded with a plus: they bind
    further documents as well as hits. With ``parts``, a member of a compound does for the word.
    """

    words: tuple[QueryWord, ...]
    synonyms: tuple[SynonymGroup, ...] = ()
    share: int = 0
    bound: bool = False
    parts: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Terms next to each other, and those pairs of them that an index keeps as neighbours."""

    terms: Adjacent
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Exactly:
    """One of these rows in one of ``fields``. Of several fields a single term may also be a topic's label."""

    rows: tuple[Row, ...]
    fields: tuple[str, ...]
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Begins:
    """A word whose folded form begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet's id or label equals the folded value, or begins with its words; ``typed`` is as it was typed.

    Of places, the key of a ``state`` in which they may lie as well.
    """

    facet: str
    value: str
    state: str = ""
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a text has all keys of one of these rows: addresses, words of author or publisher."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Years:
    """The year facet lies within, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class All:
    """All of these, and none of the excluded. With no condition at all: every document."""

    conditions: tuple[Condition, ...] = ()
    excluded: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of these."""

    conditions: tuple[Condition, ...]


Condition = Words | Exactly | Begins | Facet | Around | Years | All | Any


@dataclass(frozen=True, slots=True)
class Bag:
    """What scores, each once: postings of four fields, synonym groups, prefixes.

    Of each word also what stands for it around texts, beside its term, and its folded form, beside its term;
    keys of addresses with what each is worth as an impact.
    """

    stems: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    synonyms: tuple[SynonymGroup, ...] = ()
    prefixes: tuple[str, ...] = ()
    faint: tuple[tuple[str, tuple[str, ...]], ...] = ()
    addresses: tuple[tuple[str, int], ...] = ()
    forms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """``words`` are all that were typed and rank. What a ``loosened`` plan finds are further documents."""

    condition: Condition = All()
    bag: Bag = Bag()
    words: tuple[QueryWord, ...] = ()
    notices: tuple[Notice, ...] = ()
    loosened: bool = False

    @property
    def wider(self) -> Condition | None:
        """What hits and further documents hold: any of the words is enough, all else binds; None where hits
        are all there is."""
        return _widened(self.condition) if any(map(_can_widen, loose_words(self.condition))) else None

    @property
    def unranked(self) -> bool:
        """Nothing typed, or only filters and exclusions: all documents score alike."""
        return self.bag == Bag()


def loose_words(condition: Condition) -> Iterator[Words]:
    """The words of a condition of which a further document may miss some."""
    match condition:
        case Words(bound=False):
            yield condition
        case All(conditions, _) | Any(conditions):
            for one in conditions:
                yield from loose_words(one)


def _widened(condition: Condition) -> Condition:
    match condition:
        case Words() if not condition.bound and _can_widen(condition):
            return replace(condition, share=0, parts=True)
        case All(conditions, excluded):
            return All(tuple(map(_widened, conditions)), excluded)
        case Any(conditions):
            return Any(tuple(map(_widened, conditions)))
    return condition


def _can_widen(words: Words) -> bool:
    return len(words.words) > 1 or len(words.words[0].parts) > 1
