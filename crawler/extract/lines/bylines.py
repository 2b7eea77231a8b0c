"""Lines between title and text that say who wrote it and when: read once, then taken out of the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from crawler.extract.data import entries, lists, pairs, words
from crawler.extract.lines.dates import dates_in, read_date
from crawler.extract.lines.names import is_body, is_person, is_single_name, split_names
from crawler.extract.lines.tidy import tidy_line
from crawler.extract.lines.titles import plain_line
from kb.model import PartialDate

_WORD = re.compile(r"[^\W\d_]+")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d(?: ?Uhr)?\b|\b\d{1,2} Uhr\b", re.IGNORECASE)
_BREAK = re.compile(r" ?[|·•;] ?| [–—-] ")
_BRACKETED_ROLE = re.compile(r" ?\((?:text|wort|autor|autorin|protokoll|interview)\)", re.IGNORECASE)
# A word that no name has: „Ida Beispiel aus Görlitz“.
_LOWER_CASE = re.compile(
    r" (?!(?:und|and|sowie|von|van|de|der|den|del|della|di|da|do|dos|du|la|le|zu|zum|zur|vom|al|el|ter|ten|bin|y|af|av)\b)(?=[a-zäöü])"
)
_LEADING = re.compile(r"^[\s–—|•·:,/*(-]+")
_MAX_CHARS = 250
_FIRST_LINES = 24  # a blank one between each two


@dataclass(frozen=True, slots=True)
class Byline:
    """What the line said, and the text without it."""

    text: str
    published: PartialDate | None = None


def byline_names(text: str) -> list[str]:
    """Who wrote it by a line such as „Von Erika Beispiel, 12. März 2019“ or „Text: Erika Beispiel, Fotos: Ali Muster“.

    A line of another kind has none, nor do names of photographers.
    """
    line = _LEADING.sub("", tidy_line(text)) if len(text) <= 2 * _MAX_CHARS else ""
    if not line or len(line) > _MAX_CHARS:
        return []
    for part in _parts(line):
        opener = _openers().match(part)
        if opener is not None:
            names = written_by(part[opener.end() :])
            # „Von Kindern und Eltern“: words behind a bare „von“ are names only where they are a person's.
            if _is_bare(opener):
                names = [name for name in names if is_person(name)]
            if names:
                return names
    return []


def is_author_label(line: str) -> bool:
    """Whether a line is nothing but the label of who wrote it: „Autorin:“, „Über den Autor“."""
    label = tidy_line(line).casefold().rstrip(" :")
    openers = lists("bylines.toml")["openers"]
    return label not in ("von", "by") and (label in openers or f"{label}:" in openers)


def told_names(paragraph: str) -> list[str]:
    """Who wrote it by the beginning of a paragraph: „Das Gespräch führte Ida Beispiel. Sie ist Lehrerin in Hof.“"""
    beginning = tidy_line(paragraph[:_MAX_CHARS])
    opener = _openers().match(beginning)
    if opener is None or _is_bare(opener):
        return []
    sentence = _SENTENCE.split(beginning[opener.end() :], maxsplit=1)[0]
    return [name for name in written_by(sentence) if is_person(name)]


def _is_bare(opener: re.Match[str]) -> bool:
    return opener["label"] is None and opener[0].casefold().split()[0] in ("von", "by")


def signature_names(text: str) -> list[str]:
    """Who is named in an element that holds authors: with or without „von“ before the names."""
    line = _LEADING.sub("", tidy_line(text)) if len(text) <= 2 * _MAX_CHARS else ""
    if not line or len(line) > _MAX_CHARS:
        return []
    named = byline_names(line)
    if named:
        return named
    for part in _parts(line):
        opener = _openers().match(part)
        names = written_by(part[opener.end() :] if opener is not None else _VON.sub("", part))
        if names:
            return names
    return []


def names_beside(text: str) -> list[str]:
    """Every name in a line of dates, names and where a text is filed, whatever says that they are the writers'."""
    return [name for part in _parts(tidy_line(text)) for name in written_by(_VON.sub("", part))]


def written_by(rest: str) -> list[str]:
    """The writers in what stands behind „von“: persons first, else one body or a name of one word."""
    rest = _BRACKETED_ROLE.sub("", rest)
    kept = [one for one in re.split(r", | und (?=[^,]{1,60}\()", rest) if not _is_of_other(one)]
    rest = _other_roles().split(", ".join(kept), maxsplit=1)[0]
    rest = _without_fillers(_LEADING.sub("", rest))
    rest = _LOWER_CASE.split(rest, maxsplit=1)[0]
    rest = _DANGLING.sub("", rest)
    agencies = lists("bylines.toml")["agencies"]
    names = [name for name in split_names(rest) if name.casefold() not in agencies]
    people = [name for name in names if is_person(name) and not _is_role(name)]
    if people:
        return people
    refused = entries("not_authors.txt")
    plain = [name for name in names if name.casefold() not in refused and not read_date(name) and not _is_role(name)]
    return [name for name in plain if name[:1].isupper() and (is_body(name) or is_single_name(name))][:2]


def _parts(line: str) -> Iterator[str]:
    """A line without dates and times of day, parted at them and at strong separators."""
    for span in reversed(list(dates_in(line))):
        line = f"{line[: span.start]} | {line[span.end :]}"
    line = _behind_sentence().sub(" | ", tidy_line(_CLOCK.sub(" | ", line)))
    for part in _BREAK.split(line):
        stripped = _LEADING.sub("", part)
        if stripped:
            yield _TRAILING.sub("", stripped)


_DANGLING = re.compile(r" (?:und|and|sowie)$")
_SENTENCE = re.compile(r"(?<=[^\W\d_]{5}[.!?]) ")
_VON = re.compile(r"^(?:von|by) ", re.IGNORECASE)
_TRAILING = re.compile(r"(?:,| am| vom| um)$", re.IGNORECASE)


@cache
def _openers() -> re.Pattern[str]:
    known = lists("bylines.toml")
    longest = sorted(known["openers"], key=len, reverse=True)
    plain = "|".join(re.escape(opener) for opener in longest if not opener.endswith(":"))
    with_colon = "|".join(re.escape(opener[:-1]) for opener in longest if opener.endswith(":"))
    kinds = "|".join(map(re.escape, known["kinds"]))
    return re.compile(
        rf"(?:(?P<label>(?:{with_colon}|{plain}) ?: ?)|(?:{plain}) (?=(?-i:[^a-zäöü])|unser|freie)"
        rf"|(?:(?:ein|eine) (?:[\w-]{{1,30}} )?)?(?:{kinds}) von:? )",
        re.IGNORECASE,
    )


@cache
def _behind_sentence() -> re.Pattern[str]:
    """Before „Text:“ behind a sentence."""
    labels = "|".join(re.escape(opener.rstrip(":")) for opener in lists("bylines.toml")["openers"] if opener not in ("von", "by"))
    return re.compile(rf"(?<=[.!?),/;]) (?=(?:{labels}) ?:)", re.IGNORECASE)


@cache
def _other_roles() -> re.Pattern[str]:
    """Where other contributions begin: „, Fotos: …“, „ Foto: …“, „ / Bilder: …“."""
    names = "|".join(sorted(map(re.escape, lists("bylines.toml")["others"]), key=len, reverse=True))
    return re.compile(rf"(?:^|[ ,/;(|])(?:{names}) ?:|(?:^|[ ,/;(|])(?:mit )?(?:{names}) von ", re.IGNORECASE)


def _is_of_other(name: str) -> bool:
    """„Paul Muster (Foto)“."""
    behind = name.rpartition("(")[2].strip(" )").casefold() if name.rstrip().endswith(")") else ""
    return behind.split(",")[0].strip() in lists("bylines.toml")["others"] if behind else False


def _is_role(name: str) -> bool:
    """„Freie Journalistin“, „Pressesprecher“: what somebody is."""
    last = name.split()[-1].casefold()
    roles = lists("bylines.toml")["roles"]
    return last.endswith(roles) or last.removesuffix("in").endswith(roles)


def _without_fillers(rest: str) -> str:
    """„unserer Redakteurin Ida Beispiel“ → „Ida Beispiel“."""
    tokens = rest.split()
    fillers = lists("bylines.toml")["fillers"]
    while len(tokens) > 1 and (tokens[0].casefold() in fillers or _is_role(tokens[0])):
        tokens = tokens[1:]
    return " ".join(tokens)


def take_byline(text: str, authors: Iterable[str]) -> Byline:
    """Cut off a first paragraph that names all the authors and states a date, and read that date."""
    head, _, rest = text.partition("\n\n")
    line, named = tidy_line(head), list(authors)
    date = (
        read_date(line) if named and len(line) <= _MAX_CHARS and all(name in line for name in named) else None
    )
    if date is None or date.year is None or not rest.strip() or line.endswith((".", "!", "?", ":")):
        return Byline(text)
    return Byline(rest.lstrip("\n"), date)


def without_byline(
    text: str, names: Iterable[str], dates: Iterable[PartialDate | None], told: Iterable[str] = ()
) -> str:
    """The text without first lines that only repeat dates and names which are known from elsewhere.

    ``told`` are lines, without marks, that are known to be nothing else; they go from among the first dozen.
    """
    text = _without_told(text, frozenset(map(_letters, told)) - {""})
    names, own_dates = [name for name in names if name], [date for date in dates if date is not None]
    known = words("byline_words.txt") | {spelling.casefold() for _, spelling in pairs("months.tsv")}
    known |= {word.casefold() for name in names for word in _WORD.findall(name)}
    last = len(text.rstrip())
    start = 0
    while True:
        end = text.find("\n", start)
        head = text[start : end if end >= 0 else len(text)]
        line = plain_line(head)
        date = read_date(line)
        repeats = date in own_dates if date else any(name in line for name in names)
        foreign = any(word.casefold() not in known for word in _WORD.findall(line))
        if head.startswith(("#", "|")) or not 0 <= end < last or foreign or not repeats:
            return text[start:]
        start = end
        while text[start] == "\n":
            start += 1


def _without_told(text: str, told: Collection[str]) -> str:
    """Without those of the first lines; never all of a text."""
    if not told:
        return text
    kept: list[str] = []
    rest = text
    for _ in range(_FIRST_LINES):
        line, mark, rest = rest.partition("\n")
        if not line.startswith(("#", "|")) and _letters(plain_line(line)) in told:
            rest = rest.lstrip("\n")
        else:
            kept.append(line + mark)
        if not rest:
            break
    left = "".join(kept) + rest
    return left.strip("\n") if any(map(str.isalnum, left)) else text


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line.casefold()))
