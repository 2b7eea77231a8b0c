"""How names of places are spelt: the name and its addition, „Halle“ and „Westfalen“ of „Halle (Westf.)“."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from indexer.annotate.data.files import read_data

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*\.?")
# A cut-off word has at least so many letters of the whole one.
_SHORTEST = 2
LONGEST_ADDITION = 40


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name taken apart.

    ``base`` is the same for all ways to write the name (*St. Wendel*, *Sankt Wendel*), ``short`` the name as
    written without its addition, ``words`` the words of the addition that tell namesakes apart; a cut-off word
    ends with a full stop.
    """

    base: str
    short: str
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of ``data/place_names.toml``, in their plain form, and the pattern that begins an addition."""

    begins: re.Pattern[str]
    little: frozenset[str]
    near: frozenset[str]
    titles: re.Pattern[str]
    named_titles: Mapping[str, str]
    belongs: frozenset[str]
    beginnings: Mapping[str, str]
    endings: tuple[str, ...]
    without_article: frozenset[str]
    short: Mapping[str, str]
    regions: Mapping[str, frozenset[str]]


@cache
def words() -> _Words:
    """What the data file says, read once."""
    data = read_data("place_names.toml")
    whole, cut = "|".join(data["prepositions"]), "|".join(data["short_prepositions"])
    titles = sorted(data["titles"], key=len, reverse=True)
    return _Words(
        begins=re.compile(rf"(?<=[\w.)])(?: ?\(| ?/ ?| (?:{cut})\. ?(?=\w)| (?:{whole}) (?=\w))"),
        little=frozenset((*data["prepositions"], *data["short_prepositions"], *data["articles"])),
        near=frozenset(data["near"]),
        titles=re.compile(rf"(?:{'|'.join(map(re.escape, titles))}) (?=\w)", re.IGNORECASE),
        named_titles={title.casefold(): title for title in titles},
        belongs=frozenset(data["belongs"]),
        beginnings=data["beginnings"],
        endings=tuple(data["endings"]),
        without_article=frozenset(map(plain, data["without_article"])),
        short={key: plain(value) for key, value in data["short"].items()},
        regions={plain(name): frozenset(states) for name, states in data["regions"].items()},
    )


def plain(name: str) -> str:
    """Small letters without umlauts: one form of *Meißen* and *MEISSEN*, *Lübben* and *Luebben*."""
    return name.casefold().translate(_UMLAUTS)


def base_key(name: str) -> str:
    """One form for all ways to write a name without addition: letters alone, *St.* as *Sankt*, no title."""
    know = words()
    name = know.titles.sub("", name.strip(), count=1) if know.titles.match(name.strip()) else name.strip()
    first, _, rest = name.partition(" ")
    if rest and first in know.beginnings:
        name = f"{know.beginnings[first]} {rest}"
    return "".join(filter(str.isalnum, plain(name)))


def spell(name: str) -> Spelling:
    """The name taken apart; what is no addition stays with the name."""
    if name.isalpha():
        return Spelling(plain(name), name)
    begins = words().begins.search(name)
    if begins is None:
        return Spelling(base_key(name), name)
    short = name[: begins.start()]
    return Spelling(base_key(short), short, addition_words(name[begins.start() :]))


def addition_words(addition: str) -> frozenset[str]:
    """The words of an addition that count, plain and written out: ``i.d.OPf.`` → ``oberpfalz``."""
    know = words()
    found = []
    spaced = re.sub(r"\.(?=\w)", ". ", addition)
    spaced = re.sub(r"\bo\. ?l\.", "oberlausitz", spaced, flags=re.IGNORECASE)
    for word in _WORD.findall(spaced):
        bare = plain(word.rstrip("."))
        if bare in know.little and not word.isupper():  # „OB“ is Oberbayern
            continue
        found.append(know.short.get(bare) or (f"{bare}." if word.endswith(".") else bare))
    return frozenset(found)


def alike(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two additions can be the same: each word of the shorter one is, or begins, one of the other."""
    few, many = sorted((frozenset(one), frozenset(other)), key=len)
    return bool(few) and all(any(same_word(word, second) for second in many) for word in few)


def same_word(one: str, other: str) -> bool:
    """*Westf.* and *Westfalen*; *Obb* has been written out before."""
    if one.endswith(".") or other.endswith("."):
        short, whole = sorted((one.rstrip("."), other.rstrip(".")), key=len)
        return len(short) >= _SHORTEST and whole.startswith(short)
    return one == other


def may_be_word(name: str) -> bool:
    """Whether a name of one word has no ending of places: it may be a word as well."""
    return name.isalpha() and not name.endswith(words().endings)


def states_of(addition: Iterable[str]) -> frozenset[str] | None:
    """The states in which the land, river or range of an addition lies; None where none is known."""
    known = [
        states for word in addition for region, states in words().regions.items() if same_word(word, region)
    ]
    return frozenset().union(*known) if known else None


def is_region(addition: Iterable[str]) -> bool:
    """Whether all of it are known lands, rivers or ranges."""
    addition = tuple(addition)
    return bool(addition) and all(states_of((word,)) is not None for word in addition)


@dataclass(frozen=True, slots=True)
class OfficialName:
    """A name of the municipal register: as people call the place, and all ways to write it, that one first."""

    name: str
    names: tuple[str, ...]


def official(written: str) -> OfficialName:
    """The register's spelling: ``Bautzen / Budyšin, Stadt``, ``Eisleben, Lutherstadt``."""
    know = words()
    first, *after = (" ".join(part.split()) for part in written.split(","))
    german, others = _languages(first)
    after = [part.split(" / ")[0] for part in after]
    name = next((f"{part} {german}" for part in after if part in know.belongs), german)
    titled = [
        f"{know.named_titles[part.casefold()]} {name}" for part in after if part.casefold() in know.named_titles
    ]
    whole = [f"{german} / {other}" for other in others]
    full = written_out(name)
    names = dict.fromkeys((full, name, *titled, *whole, *others))
    return OfficialName(full, tuple(names))


def _languages(name: str) -> tuple[str, list[str]]:
    """German and other names: ``Lübbenau/Spreewald / Lubnjow/Błota``; ``Weiler / Pfalz`` has one language."""
    german, *others = name.split(" / ")
    while others and is_region(addition_words(others[0])):
        german = f"{german}/{others.pop(0)}"
    return german, [other for other in others if other]


def written_out(name: str) -> str:
    """An addition of short words written out: ``Weiden i.d.OPf.`` → ``Weiden in der Oberpfalz``."""
    begins = re.search(r"(?<=\w) (?=(?:a|b|i|v|o|u)\. ?\w)", name)
    if begins is None:
        return name
    know = words()
    longer = {"a": "am", "b": "bei", "i": "im", "v": "vor", "o": "ob", "u": "unter"}
    pieces = re.sub(r"\.(?=\w)", ". ", name[begins.end() :]).split()
    if pieces[1:2] == ["d."]:
        longer |= {"a": "an", "i": "in", "d": "der"}
    spelt = {plain(region): region for region in read_data("place_names.toml")["regions"]}
    done = []
    for piece in pieces:
        bare = plain(piece.rstrip("."))
        is_short = piece.endswith(".") or piece.isupper()
        done.append(
            longer.get(piece.rstrip(".")) or spelt.get(know.short.get(bare, ""), piece) if is_short else piece
        )
    if done[0] == "im" and states_of((plain(done[-1]),)) and plain(done[-1]) in know.without_article:
        done[0] = "in"
    return " ".join((name[: begins.start()], *done))
