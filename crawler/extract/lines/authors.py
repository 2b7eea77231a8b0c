"""Whom a line credits with the writing: „Von Erika Beispiel“, „Text: Ida Beispiel“, „Interview: …“."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from crawler.extract.data import entries, lists
from crawler.extract.lines.dates import dates_in, read_date
from crawler.extract.lines.names import is_body, is_person, is_role, is_single_name, split_names
from crawler.extract.lines.tidy import tidy_line

_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d(?: ?Uhr)?\b|\b\d{1,2} Uhr\b", re.IGNORECASE)
# All of these read tidy lines, which have single blanks only.
_BREAK = re.compile(r" ?[|·•;] ?| [–—-] ")
_LISTED = re.compile(r", | und (?=[^,(]{1,60}\()")
_LEADING = re.compile(r"^\W+")
_TRAILING = re.compile(r"(?:,| am| vom| um)$", re.IGNORECASE)
_DANGLING = re.compile(r" (?:und|and|sowie)$")
_SENTENCE = re.compile(r"(?<=[^\W\d_]{5}[.!?]) ")
_VON = re.compile(r"^(?:von|by) ", re.IGNORECASE)
_MAX_CHARS = 250


def byline_names(text: str) -> list[str]:
    """Who wrote it by a line such as „Von Erika Beispiel, 12. März 2019“, „Text: Ida Muster, Foto: Ali Muster“.

    A line of another kind has none, and photographers are not named.
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
    """Who wrote it by the beginning of a paragraph: „Das Gespräch führte Ida Beispiel. Sie ist Lehrerin.“"""
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
    """Every name in a line of dates, names and where a text is filed, whoever says that they wrote it."""
    return [name for part in _parts(tidy_line(text)) for name in written_by(_VON.sub("", part))]


def written_by(rest: str) -> list[str]:
    """The writers in what stands behind „von“: persons first, else one body or a name of one word."""
    rest = _bracketed().sub("", rest)
    kept = [one for one in _LISTED.split(rest) if not _is_of_other(one)]
    rest = _other_roles().split(", ".join(kept), maxsplit=1)[0]
    bare = _LEADING.sub("", rest)
    rest = _without_fillers(bare)
    rest = _lower_case().split(rest, maxsplit=1)[0]
    rest = _DANGLING.sub("", rest)
    agencies = lists("bylines.toml")["agencies"]
    names = [name for name in split_names(rest) if name.casefold() not in agencies]
    people = [name for name in names if is_person(name) and not _is_role(name)]
    if people:
        return people
    if rest != bare:
        return []  # „Redakteurin Lokales“
    refused = entries("not_authors.txt")
    plain = [
        name for name in names if name.casefold() not in refused and not read_date(name) and not _is_role(name)
    ]
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
def _lower_case() -> re.Pattern[str]:
    """Before a word that no name has: „Ida Beispiel aus Görlitz“."""
    within = "|".join(("und", "and", "sowie", *map(re.escape, lists("names.toml")["particles"])))
    return re.compile(rf" (?!(?:{within})\b)(?=[a-zäöü])")


@cache
def _bracketed() -> re.Pattern[str]:
    writing = "|".join(map(re.escape, lists("bylines.toml")["writing"]))
    return re.compile(rf" ?\((?:{writing})\)", re.IGNORECASE)


@cache
def _behind_sentence() -> re.Pattern[str]:
    """Before „Text:“ behind a sentence."""
    labels = "|".join(
        re.escape(opener.rstrip(":"))
        for opener in lists("bylines.toml")["openers"]
        if opener not in ("von", "by")
    )
    return re.compile(rf"(?<=[.!?),/;]) (?=(?:{labels}) ?:)|(?<=[.!?]) (?=(?-i:Von|VON) )", re.IGNORECASE)


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
    """„Freie Journalistin“: the last word counts."""
    return is_role(name.split()[-1])


def _without_fillers(rest: str) -> str:
    """„unserer Redakteurin Ida Beispiel“ → „Ida Beispiel“."""
    tokens = rest.split()
    fillers = lists("bylines.toml")["fillers"]
    while len(tokens) > 1 and (tokens[0].casefold() in fillers or _is_role(tokens[0])):
        tokens = tokens[1:]
    return " ".join(tokens)
