"""A title, and perhaps an author, for texts that declare neither; and titles that stand twice taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice

from crawler.extract.data import entries, words
from crawler.extract.lines.tidy import tidy_line

MAX_TITLE_CHARS = 120
_SHORTENED_CHARS = 90
# Lines among which a heading with the title is looked for, blank ones too; letters that may stand before it.
_LINES_BEFORE_TITLE = 5
_MAX_KICKER = 40
# No line with a title is longer, however much of it is links and marks.
_MAX_LINE = 4_000
_UNTITLED = "Ohne Titel"

# All of these read tidy lines, which have single blanks only.
_MARKUP = re.compile(r"^(?:#{1,6} |> ?|[-*+•] )| #+$")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^)\[]*\)")
_ACADEMIC = re.compile(
    r"(?:(?:Prof|Dr|Dipl|Mag|Ing|Päd|Paed|Soz|PD|h\. ?c)\.?(?:in)?[ -]*)+(?:\. ?)?(?=[A-ZÄÖÜŞÇ])"
)
_BY = re.compile(r"(?:von|autor(?:in|innen|en)?:?|text:|verfasst von)\s+(?=[A-ZÄÖÜŞÇ])", re.IGNORECASE)
_NAME_WORD = re.compile(r"[A-ZÄÖÜŞÇİÉÖ][\w’'-]*\.?|von|van|de|der|den|zu|zur|vom|al|el|ter")
# A full stop that ends a sentence: not after a digit („26. Juni“) or a short word („Dr.“, „bzw.“, „z. B.“).
_SENTENCE_END = re.compile(
    r"(?<=[^\W\d_]{4})(?<![.!?])[.!?]+[“”\"«‘’)]*(?=\s|$)|(?<=\S)(?<![!?])[!?]+[“”\"«‘’)]*(?=\s|$)"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What the beginning of a text says about itself."""

    title: str
    authors: tuple[str, ...] = ()


def derive_heading(text: str) -> Heading:
    """The first line if it looks like a title, else the first sentence, shortened at a word boundary.

    A first line that is a person's name is the author, not the title.
    """
    authors: tuple[str, ...] = ()
    # Read no further than needed: a text may have a million lines.
    rest = (line for line in map(plain_line, text.split("\n")) if line)
    lines = list(islice(rest, 2))
    if len(lines) > 1 and (name := as_person(lines[0])) is not None:
        authors = (name,)
        lines = lines[1:]
    first = next((line for line in chain(lines, rest) if any(map(str.isalpha, line))), "")
    if not first:
        return Heading(lines[0][:MAX_TITLE_CHARS] if lines else _UNTITLED, authors)
    return Heading(first if _looks_like_title(first) else shorten(first_sentence(first)), authors)


def plain_line(line: str) -> str:
    """A Markdown line without its marks."""
    line = _LINK.sub(r"\1", _MARKUP.sub("", tidy_line(line)))
    return re.sub(r"\\([^\w\s])", r"\1", line.replace("**", "")).strip(" *_|")


def _looks_like_title(line: str) -> bool:
    return (
        len(line) <= MAX_TITLE_CHARS
        and not re.search(r"[.;,:]$", line)
        and len(first_sentence(line)) == len(line)
    )


def first_sentence(line: str) -> str:
    """Up to and with the first sentence end."""
    match = _SENTENCE_END.search(line)
    return line[: match.end()] if match else line


def shorten(sentence: str) -> str:
    """At most about 90 characters, cut between words; the full stop of a whole sentence is dropped."""
    if len(sentence) <= _SHORTENED_CHARS:
        return sentence.rstrip(".;,: ") or sentence
    cut = sentence[: _SHORTENED_CHARS + 1]
    head = cut.rsplit(None, 1)[0] if " " in cut else cut[:_SHORTENED_CHARS]
    return head.rstrip(" ,;:–-") + "…"


def as_person(line: str) -> str | None:
    """The name, if the line is nothing but a person's name such as „Dr. Daniel März“ or „Von Ayşe Öz“."""
    by = _BY.match(line)
    rest = line[by.end() :] if by else line
    academic = _ACADEMIC.match(rest)
    parts = (rest[academic.end() :] if academic else rest).split()
    if not 1 <= len(parts) <= 4 or not all(_NAME_WORD.fullmatch(part) for part in parts):
        return None
    if parts[-1].casefold().endswith(tuple(entries("not_surnames.txt"))) or parts[-1].islower():
        return None
    known = len(parts) >= 2 and parts[0].split("-")[0].casefold() in words("first_names.txt")
    return rest if known or academic or (by and len(parts) >= 2) else None


def without_title(text: str, title: str) -> str:
    """The text without a first line that only repeats the title; a text that is nothing else stays.

    A heading may also stand behind one or two short lines, or have words before the title („Landkreis: Streit
    um den Bus“).
    """
    wanted = _letters(title)
    before = ""
    rest = text
    for number in range(_LINES_BEFORE_TITLE):
        head, mark, rest = rest.partition("\n")
        if len(head) > _MAX_LINE:
            return text
        line = plain_line(head)
        said = _letters(line)
        is_heading = head.startswith("#")
        if number == 0 and line.casefold() == plain_line(title).casefold():
            break
        if wanted and is_heading and said.endswith(wanted) and len(said) - len(wanted) <= _MAX_KICKER:
            break
        if is_heading or len(line) > _SHORTENED_CHARS:
            return text
        before += head + mark
    else:
        return text
    kept = before + rest.lstrip("\n")
    return kept if rest.strip() else text


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line.casefold()))
