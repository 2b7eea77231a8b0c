"""Titles and authors that a program, a device or a template wrote into a file by itself: nobody meant them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from crawler.extract.data import entries, words
from crawler.extract.lines.tidy import tidy_line

_FILE = files("crawler.extract.data") / "default_names.toml"
# „Dokument1“, „Layout 1“, „Unbenannt-3“, „Mappe (2)“, „Version 1.0“: a tidy line has single blanks.
_NUMBER = re.compile(r"[ _.-]?\(?\d{1,6}\)?$")
# „2019_Einladung_final“, not „Lehrer_innen“ and „jede_r“.
_FILE_NAME = re.compile(r"[^\W_]_(?!(?:in(?:nen)?|[er]?[nrsm])\b)[^\W_]")
_DOMAIN = re.compile(r"^[\w.-]{1,40}\\(?=\S)")
# A name that somebody signs in with: „ida.beispiel“, „Ida.Beispiel“, „beispieli“, „BeispielI“.
_LOGIN = re.compile(
    r"[A-ZÄÖÜ][a-zäöüß]+[A-ZÄÖÜ]{1,2}|[a-zäöüß][\w.-]*|[A-ZÄÖÜ](?:[^\W_]|-)*[._][A-ZÄÖÜ][\w.-]*"
)


@dataclass(frozen=True, slots=True)
class _Defaults:
    """As the comments of the data file explain it, case folded."""

    titles: frozenset[str]
    title_starts: tuple[str, ...]
    file_endings: tuple[str, ...]
    suffixes: tuple[str, ...]
    authors: frozenset[str]
    author_starts: tuple[str, ...]


@cache
def _defaults() -> _Defaults:
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    title, author = tables["title"], tables["author"]

    def folded(entries: Iterable[str]) -> tuple[str, ...]:
        return tuple(entry.casefold() for entry in entries)

    return _Defaults(
        titles=frozenset(folded(title["whole"])),
        title_starts=folded(title["starts"]),
        file_endings=folded(title["file_endings"]),
        suffixes=folded(title["suffixes"]),
        authors=frozenset(folded(author["whole"])) | entries("not_authors.txt"),
        author_starts=folded(author["starts"]),
    )


def is_default_title(title: str) -> bool:
    """Whether a file's own title says nothing: a program's („Dokument1“), a template's, the name of a file."""
    known = _defaults()
    line = tidy_line(title).casefold().strip(" .,:;–-_*<>[]()\"'„“»«")
    for suffix in known.suffixes:
        line = line.removesuffix(suffix.strip("[]() ")).rstrip(" [(-")
    whole = {line, _NUMBER.sub("", line)}
    return (
        not any(map(str.isalpha, line))
        or not known.titles.isdisjoint(whole)
        or line.startswith(known.title_starts)
        or line.endswith(known.file_endings)
        or _FILE_NAME.search(line) is not None
    )


def is_default_author(name: str) -> bool:
    """Whether a file's author is nobody: a program's default, a device, a name to sign in with."""
    known = _defaults()
    line = _DOMAIN.sub("", tidy_line(name)).strip(" .,;<>[]()\"'")
    folded = line.casefold()
    return (
        not any(map(str.isalpha, line))
        or not known.authors.isdisjoint({folded, _NUMBER.sub("", folded)})
        or any(_begins(folded, start) for start in known.author_starts)
        or (" " not in line and _is_user(line))
    )


def meant_authors(names: Iterable[str]) -> list[str]:
    """The names without those that nobody meant."""
    return [name for name in names if not is_default_author(name)]


def _is_user(word: str) -> bool:
    """Whether a single word names a user: „u123456“, or the first name that a computer at home asks for."""
    known = any(map(str.isdigit, word)) or word.casefold() in words("first_names.txt")
    return known or _LOGIN.fullmatch(word) is not None


def _begins(line: str, start: str) -> bool:
    """Whether a line begins with these words, and not only with their letters."""
    return line.startswith(start) and not line[len(start) : len(start) + 1].isalpha()
