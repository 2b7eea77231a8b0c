"""Pages that a server sends in place of the one that was asked for, told by their words: walls, errors.

They come with status 200. What they say stands in ``data/stand_ins.toml``: a title or heading that says nothing
else, confirmed by an expression of the text; or, where the text is short, expressions of the text alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from bs4 import BeautifulSoup, SoupStrainer

# Error pages may list what else the site has; a page with more text than this is a page.
_LONGEST = 2_500
# A text with such a title in part only („Hilfe bei: Seite nicht gefunden“).
_LONG = 1_500
# A text without such a title: one that replaces another, and one that is new; on longer pages it is a notice.
_MIDDLING = 900
_SHORT = 600
# So little text stands below nothing but a title.
_HARDLY_ANY = 400
_MOST_HEADINGS = 6
# What joins a title to the site's own; a colon is not one of them ("Wartungsarbeiten: Brücke zu").
_SEPARATORS = re.compile(r"\s[|–—·»›•-]\s|\s::\s|[|»›•]")
_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LINK_TARGET = re.compile(r"(?<=\])\([^()\s]*\)")
_PASSWORD = re.compile(r"""<input[^<>]{0,500}?type\s*=\s*["']?password""", re.IGNORECASE)
_SENTENCES = (("things", "said"), ("items", "said_of_items"))
_HEADINGS = ["title", "h1", "h2"]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Titles made of things and what is said of them, at least one of each and nothing else but fillers."""

    things: frozenset[str]
    said: frozenset[frozenset[str]]
    words: frozenset[str]

    def fit(self, words: frozenset[str]) -> bool:
        """Whether these words are such a title."""
        return (
            words <= self.words and not words.isdisjoint(self.things) and any(one <= words for one in self.said)
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of stand-in; ``label`` is German, ``is_gone``: who meets it has lost the page itself.

    ``is_wall``: it stands before pages that are there; ``is_common``: any website has such a page somewhere.
    ``suffices``: where there is hardly any text a title is enough; ``password``: a field for one confirms it.
    ``phrases`` are titles as sets of words without fillers, ``whole`` those that are nothing but fillers.
    """

    name: str
    label: str
    is_gone: bool
    is_wall: bool
    is_common: bool
    suffices: bool
    password: bool
    codes: frozenset[str]
    unless: frozenset[str]
    phrases: frozenset[frozenset[str]]
    whole: frozenset[frozenset[str]]
    sentences: tuple[Sentences, ...]
    texts: tuple[str, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Signs:
    """What a page shows: its titles and headings, its main text, and all of it where it is a web page."""

    titles: tuple[str, ...]
    text: str
    html: str = ""

    @cached_property
    def visible(self) -> str:
        """Everything that stands on the page, as words with a blank before and behind each."""
        soup = BeautifulSoup(self.html, "lxml")
        for tag in soup.find_all(["script", "style", "noscript", "template"]):
            tag.decompose()
        return _padded(soup.get_text(" "))

    @cached_property
    def has_password(self) -> bool:
        """Whether there is a field for a password."""
        return _PASSWORD.search(self.html) is not None


def read_signs(title: str, text: str, html: str | None = None) -> Signs:
    """The signs of a page with this extracted title and text; ``html`` is all of it, where it is a web page."""
    if html is None:
        return Signs((title, *_headings(text)), text)
    soup = BeautifulSoup(html, "lxml", parse_only=SoupStrainer(_HEADINGS))
    said = [" ".join(tag.get_text(" ").split()) for tag in soup.find_all(_HEADINGS, limit=_MOST_HEADINGS)]
    return Signs((title, *said), text, html)


def _headings(text: str) -> list[str]:
    return [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")][:_MOST_HEADINGS]


def may_stand_in(text: str) -> bool:
    """Whether a main text is short enough for a stand-in; links count by their words."""
    return len(text) <= 4 * _LONGEST and _length(text) <= _LONGEST


def stand_in(signs: Signs, *, replaces: bool = False) -> Kind | None:
    """What a page stands in for; ``replaces``: the address had another text before, which makes it likelier.

    Of several kinds it is the one that most speaks for, and of equals the one that takes no page away.
    """
    if not may_stand_in(signs.text):
        return None
    titles = [part for title in signs.titles for part in _parts(title)]
    text = _padded(signs.text)
    best, most = None, 0.0
    for kind in kinds().values():
        weight = _weight(kind, titles, text, signs, replaces=replaces)
        if weight > most or (weight == most and best is not None and best.is_gone and not kind.is_gone):
            best, most = kind, weight
    return best


def _weight(kind: Kind, titles: list[tuple[str, ...]], text: str, signs: Signs, *, replaces: bool) -> float:
    """How much speaks for a kind; 0 where that is not enough."""
    is_titled = any(_says(kind, title) for title in titles)
    is_named = any(phrase in f" {' '.join(title)} " for title in titles for phrase in kind.texts)
    told = {phrase for phrase in kind.texts if phrase in text}
    hinted = {hint for hint in kind.hints if hint in text and not any(hint in phrase for phrase in told)}
    length = _length(signs.text)
    weight = 4.0 * is_titled + 2.0 * is_named + len(told) + len(hinted) / 2
    if is_titled and (
        bool(told)
        or len(hinted) > 1
        or (kind.suffices and length <= _HARDLY_ANY)
        or (kind.password and signs.has_password)
        or any(phrase in signs.visible for phrase in kind.texts)
    ):
        return weight
    if is_named and told and length <= _LONG:
        return weight
    return weight if _by_text(kind, len(told), len(hinted), length, signs, replaces=replaces) else 0.0


def _by_text(kind: Kind, told: int, hinted: int, length: int, signs: Signs, *, replaces: bool) -> bool:
    """Whether the text alone says enough; a text about a wall has a title of its own and says it once."""
    if kind.password:
        if not signs.has_password:
            return False
        told += 1
    if replaces and length <= _MIDDLING and (told > 1 or (told and hinted > 1)):
        return True
    if length > _SHORT:
        return False
    if kind is gone_kind():
        return told > 0 and told + hinted > 1
    return told > 1 and (told + hinted > 2 or length <= _HARDLY_ANY)


def _says(kind: Kind, title: tuple[str, ...]) -> bool:
    """Whether a title says this kind and nothing else."""
    words = frozenset(title)
    if words in kind.whole:
        return True
    if not words.isdisjoint(kind.unless):
        return False
    telling = _telling(words)
    rest = telling - kind.codes
    if not rest:
        return bool(telling)
    return rest in kind.phrases or any(one.fit(rest) for one in kind.sentences)


def _telling(words: frozenset[str]) -> frozenset[str]:
    """Words that are neither fillers nor single characters."""
    return frozenset(word for word in words - _fillers() if len(word) > 1)


def _parts(title: str) -> Iterator[tuple[str, ...]]:
    """The words of a title as a whole, and of each part where the site's name stands beside it."""
    whole = _words(title)
    yield whole
    for part in _SEPARATORS.split(title):
        words = _words(part)
        if words != whole:
            yield words


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold().translate(_UMLAUTS)))


def _padded(text: str) -> str:
    """A text as its words alone, with a blank before and behind each, so that whole words are found."""
    return f" {' '.join(_words(_LINK_TARGET.sub('', text)))} "


def _length(text: str) -> int:
    return len(_LINK_TARGET.sub("", text))


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name, in the order of the file."""
    return {name: _kind(name, table) for name, table in _tables().items() if isinstance(table, dict)}


def gone_kind() -> Kind:
    """The kind that says „Seite nicht gefunden“."""
    return kinds()["gone"]


def _kind(name: str, table: Mapping[str, Any]) -> Kind:
    titles = [_words(one) for one in table["titles"]]
    sets = {frozenset(words) for words in titles}
    return Kind(
        name,
        table["label"],
        is_gone=table.get("gone", False),
        is_wall=table.get("wall", False),
        is_common=table.get("common", False),
        suffices=table.get("short", False),
        password=table.get("password", False),
        codes=frozenset(table.get("codes", ())),
        unless=frozenset(word for one in table.get("unless", ()) for word in _words(one)),
        phrases=frozenset(rest for one in sets if (rest := _telling(one))),
        whole=frozenset(sets),
        sentences=tuple(_sentences(table[one], table[other]) for one, other in _SENTENCES if one in table),
        texts=_expressions(table["texts"]),
        hints=_expressions(table["hints"]),
    )


def _sentences(things: Iterable[str], said: Iterable[str]) -> Sentences:
    named = frozenset(word for one in things for word in _words(one))
    told = frozenset(rest for one in said if (rest := _telling(frozenset(_words(one)))))
    return Sentences(named, told, named.union(*told))


def _expressions(given: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f" {' '.join(_words(one))} " for one in given))


@cache
def _fillers() -> frozenset[str]:
    return frozenset(_words(_tables()["fillers"]))


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(files("crawler.page").joinpath("data", "stand_ins.toml").read_text("utf-8"))
