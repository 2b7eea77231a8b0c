"""Names of those who wrote a text, out of a list of names as people and programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from crawler.extract.data import entries, lists, words
from crawler.extract.lines.tidy import tidy_line

_ADDRESS = re.compile(r"https?:|www\.|@|\w\.(?:de|com|org|net|info|eu|example)\b", re.IGNORECASE)
_BRACKETS = re.compile(r" ?[(\[{][^()\[\]{}]{0,80}[)\]}]")
# In a tidy line, which has single blanks only.
_STRONG_BREAK = re.compile(r" ?[;|·•\n] ?| [–—-] ")
_AND = re.compile(r" (?:und|and|sowie|u\.|&|\+) | ?/ ?", re.IGNORECASE)
_COMMA = re.compile(r" ?, ?")
_NAME_WORD = re.compile(r"[^\W\d_a-zäöüß][^\W\d_]*(?:[.’'ʼ-][^\W\d_]+)*\.?|[dDlL]['’][^\W\d_]+")
_TITLE_BREAK = re.compile(r"[.-]+")
_TITLE_WITHIN = re.compile(r" (?=(?:Prof|Dr)\. )")
_INITIAL = re.compile(r"(?:^|[ .])[^\W\d_]\.$")
_MAX_WORDS = 5
_MAX_CHARS = 60
_MAX_NAMES = 40


def split_names(value: str) -> list[str]:
    """The names in „Erika Beispiel und Ali Muster“ or „Beispiel, Erika; Muster, Ali“.

    The address behind a body's name and what a person is („Ida Beispiel, Redakteurin“) are left out. A value
    that names a host or a mail address as well says who made the website: it has no names but persons'.
    """
    value = tidy_line(value)
    has_address = _ADDRESS.search(value) is not None
    names: list[str] = []
    for part in _STRONG_BREAK.split(value)[:_MAX_NAMES]:
        if _ADDRESS.search(part):
            part = _BRACKETS.sub("", part)
        if part and not _ADDRESS.search(part):
            names += _names_of(_bare(_BRACKETS.sub("", part)))
    if has_address:
        names = [name for name in names if is_person(name)]
    return list(dict.fromkeys(names))[:_MAX_NAMES]


def is_person(name: str) -> bool:
    """Whether it looks like the first and last name of a person: „Ida Beispiel“, „Dr. Jan van der Muster“."""
    tokens = without_titles(name).split()
    if not 2 <= len(tokens) <= _MAX_WORDS or not _is_name_like(tokens):
        return False
    known = _is_first_name(tokens[0])
    if not name.isupper() and any(token.isupper() and len(token) > 1 and token.isalpha() for token in tokens):
        return False  # „ULB Norderwald“
    if not known and not set(_rules()["ways"]).isdisjoint(tokens):
        return False  # „Von Haus zu Haus“
    last = tokens[-1].casefold()
    is_compound = last.endswith(tuple(entries("not_surnames.txt"))) and not known
    return (
        not is_compound
        and not is_body(name, by_words=known and len(tokens) == 2)
        and not _has_other_words(tokens)
    )


def has_first_name(name: str) -> bool:
    """Whether it begins with a first name of the list."""
    tokens = without_titles(name).split()
    return bool(tokens) and _is_first_name(tokens[0])


def is_role(word: str) -> bool:
    """„Redakteurin“, „Pressesprecher“: what somebody is."""
    word, roles = word.casefold(), lists("bylines.toml")["roles"]
    return word.endswith(roles) or word.removesuffix("in").endswith(roles)


def is_single_name(name: str) -> bool:
    """Whether it may be how somebody signs a blog: one word, written as a name is."""
    return (
        bool(_NAME_WORD.fullmatch(name))
        and len(name) > 2
        and not is_body(name)
        and not _has_other_words([name])
        and not name.isupper()
    )


def is_body(name: str, *, by_words: bool = False) -> bool:
    """Whether it names an office, a company, a website, a country; ``by_words``: and not only by a word's end.

    „Emil Post“ and „Jan Bote“ are persons.
    """
    known = _rules()
    for word in name.casefold().split():
        word = word.strip(',.:;()„“"')
        if word + "." in _body_words() or not _body_words().isdisjoint((word, *word.split("-"))):
            return True
        if not by_words and word.endswith(known["endings"]) and word not in words("first_names.txt"):
            return True
    return False


def _has_other_words(tokens: Iterable[str]) -> bool:
    return any(token.casefold() in _rules()["no_names"] for token in tokens if token not in _particles())


def _rules() -> Mapping[str, tuple[str, ...]]:
    return lists("names.toml")


@cache
def _particles() -> frozenset[str]:
    return frozenset(_rules()["particles"])


@cache
def _body_words() -> frozenset[str]:
    return frozenset(_rules()["words"])


def without_titles(name: str) -> str:
    """„Prof. Dr. Ida Beispiel“ → „Ida Beispiel“."""
    tokens = name.split()
    titles = _rules()["titles"]
    while len(tokens) > 1 and all(
        part in titles for part in _TITLE_BREAK.split(tokens[0].casefold().rstrip(".-"))
    ):
        tokens = tokens[1:]
    return " ".join(tokens)


def _is_first_name(word: str) -> bool:
    return word.split("-")[0].casefold() in words("first_names.txt")


def _is_name_like(tokens: list[str]) -> bool:
    """Words that begin with a capital, with particles between them; „IDA BEISPIEL“ too."""
    if (
        tokens[0].casefold() in ("von", "by")
        or tokens[-1] in _particles()
        or (tokens[0] in _particles() and len(tokens) < 3)
    ):
        return False
    return all(token in _particles() or _NAME_WORD.fullmatch(token) for token in tokens)


def _at_titles(piece: str) -> Iterator[str]:
    """„Ida Beispiel Dr. Paul Muster“: behind a whole name a title begins the next."""
    title = _TITLE_WITHIN.search(piece)
    if title is not None and is_person(piece[: title.start()]):
        yield piece[: title.start()]
        piece = piece[title.end() :]
    yield piece


def _names_of(part: str) -> Iterator[str]:
    """The names of a part without strong breaks."""
    pieces = [own for piece in _COMMA.split(part) if piece for own in _at_titles(piece)]
    while len(pieces) > 2 and _is_turned(*pieces[:2]) and any(map(is_role, pieces[-1].split())):
        del pieces[-1]  # „Beispiel, Ida, Redakteurin“
    if any(any(map(str.isdigit, piece)) for piece in pieces):  # a street, a postcode, a year: an address begins
        number = next(number for number, piece in enumerate(pieces) if any(map(str.isdigit, piece)))
        pieces = pieces[: max(0, number if number > 0 else 0)]
        if pieces and not is_person(pieces[0]):
            pieces = pieces[:1]
    turned = list(_turned(pieces))
    if turned:
        yield from map(_tidy_case, turned)
        return
    found = [name for piece in pieces for name in _people(piece)]
    if found:
        yield from map(_tidy_case, found)
        return
    # No person: a body's name, whole („Amt für Bildung und Sport“); of „Ida, Paul“ both.
    if len(pieces) > 1 and all(is_single_name(piece) for piece in pieces):
        yield from pieces
    elif pieces:
        singles = _AND.split(pieces[0])
        if len(singles) > 1 and all(is_single_name(single) for single in singles):
            yield from singles
        elif _is_label(pieces[0]):
            yield pieces[0]


def _bare(piece: str) -> str:
    """Without marks around it; the full stop of an initial stays."""
    piece = piece.strip(" ,:–—-*•|")
    return piece if _INITIAL.search(piece) else piece.rstrip(".")


def _is_label(piece: str) -> bool:
    return len(piece) <= _MAX_CHARS and any(map(str.isalpha, piece)) and len(piece.split()) <= 9


def _turned(pieces: list[str]) -> Iterator[str]:
    """„Beispiel, Ida“ as „Ida Beispiel“, also several, parted by „und“ or by commas alone."""
    if len(pieces) == 2 and _is_turned(*pieces):
        yield _in_order(*pieces)
        return
    joined = [piece for long in pieces for piece in _AND.split(long)]
    pairs = list(zip(joined[::2], joined[1::2], strict=False))
    told = len(pieces) == 3 and len(joined) == 4 and len(_AND.split(pieces[1])) == 2
    if len(joined) > 2 and len(joined) % 2 == 0 and all(_is_turned(*pair, sure=not told) for pair in pairs):
        yield from (_in_order(last, first) for last, first in pairs)


def _in_order(last: str, first: str) -> str:
    """„Dr. Beispiel“, „Ida“ as „Dr. Ida Beispiel“."""
    own = without_titles(last)
    titles = last[: len(last) - len(own)].strip()
    return " ".join(filter(None, (titles, first, own)))


def _is_turned(last: str, first: str, *, sure: bool = False) -> bool:
    """Whether the second is a first name: a known one, or one word beside one word („Öz, Şeyma“)."""
    lasts, firsts = without_titles(last).split(), without_titles(first).split()
    if not lasts or not firsts or len(lasts) > 3 or len(firsts) > 3:
        return False
    if not all(_NAME_WORD.fullmatch(word) or word in _particles() for word in (*lasts, *firsts)):
        return False
    if is_body(last) or is_body(first) or _has_other_words((*lasts, *firsts)):
        return False
    if _is_first_name(firsts[0]) or _INITIAL.fullmatch(firsts[0]):
        return not (_is_first_name(lasts[0]) and len(lasts) > 1) and not (
            _is_first_name(lasts[0]) and not sure and len(firsts) > 1
        )
    return not sure and len(lasts) == 1 and len(firsts) == 1 and not _is_first_name(lasts[0])


def _people(piece: str) -> Iterator[str]:
    for one in _AND.split(piece):
        one = _bare(one)
        if one.isupper() or not one:
            one = _tidy_case(one)
        if is_person(one):
            yield one


def _tidy_case(name: str) -> str:
    """„IDA BEISPIEL-MUSTER“ → „Ida Beispiel-Muster“."""
    letters = [letter for letter in name if letter.isalpha()]
    if len(letters) < 4 or not all(map(str.isupper, letters)):
        return name
    return " ".join(
        word.lower()
        if word.casefold() in _particles()
        else re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), word)
        for word in name.split()
    )
