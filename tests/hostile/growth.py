"""How much longer does twice the text take? ``python -m tests.hostile.growth [--letters N] [--only NAME]``

Run by hand, since it times: the processor time of everything that reads a text, at N letters (20,000) and
twice as many, of texts that repeat themselves. What more than doubles by far, and is no trifle, is listed, and
the exit code says so. ``test_growth`` counts the same in the suite, of shorter texts.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from bs4 import BeautifulSoup

RATIO = 2.5
# Shorter times say nothing.
_TRIFLE = 0.03
_LIMIT = 20.0
_TRIES = 3

# What is repeated; the whole begins and ends with a sentence, so that nothing is taken for an empty text.
UNITS = {
    "prose": "Im Quartier Nordstadt begleiten zwölf Patinnen am 3. Mai die Kinder der Schule. ",
    "blank lines": "\n",
    "blank lines of blanks": "  \n",
    "blanks": " ",
    "tabs": "\t",
    "no-break spaces": "\u00a0",
    "underscores": "_",
    "stars": "*",
    "digits": "1",
    "two-digit numbers": "11. ",
    "numbers with points": "1.",
    "dots": ".",
    "dots and blanks": ". ",
    "hyphens": "-",
    "hyphens and lines": "Ab-\n",
    "words and hyphens": "ab-",
    "capitals": "A",
    "letters and blanks": "A b ",
    "one long word": "a",
    "one long compound": "schulverwaltungs",
    "gender forms": "Lehrer*in",
    "inner capitals": "SchülerInnen",
    "middle dots": "In·",
    "soft hyphens": "a\u00ad",
    "places on a line": "Dresden Leipzig Hof Essen Weiden ",
    "places with commas": "Dresden, Hof, Essen, ",
    "persons": "Anna Schmidt Georg Huber ",
    "glued persons": "Anna HuberDie ",
    "quotes": "„Ja“ ",
    "open quotes": "„",
    "straight quotes": '"',
    "brackets": "[",
    "bracket pairs": "[]",
    "link beginnings": "](",
    "links": "[a](b) ",
    "parentheses": "(",
    "pairs of parentheses": "(a) ",
    "angles": "<",
    "comments": "<!--",
    "tags": "<b>",
    "pipes": "|",
    "pipes and blanks": " | ",
    "backticks": "`",
    "backslashes": "\\",
    "dates": "am 3. Mai 2019 ",
    "date ranges": "1./",
    "days": "1. bis ",
    "days without a month": "1., 2. und ",
    "days and clock times": "1.1., 9 Uhr, ",
    "weeks": "KW 12 und ",
    "numbered weeks": "12. KW ",
    "months": "Mai ",
    "months without a year": "im Mai und ",
    "weekdays": "Montag, ",
    "last weekdays": "am letzten ",
    "abbreviations": "z. B. ",
    "abbreviations together": "z.B.",
    "initials": "A. ",
    "questions": "Wie? ",
    "exclamation marks": "!",
    "question and quote": "?“ ",
    "colons": "Ort: ",
    "list items": "- a\n",
    "numbered items": "1. a\n",
    "headings": "# A\n",
    "section headings": "## Ziel\nEin Satz.\n",
    "lines that name a section": "Ziel\n",
    "teaser headings": "## Auch interessant\n\nHier steht ein Satz.\n",
    "number signs": "#",
    "quoted lines": "> ",
    "addresses": "www.a.de ",
    "mail addresses": "a@b ",
    "at signs": "@",
    "dotted names": "a.b@",
    "url beginnings": "http://",
    "cookies": "Cookies ",
    "verbs": "gehen ",
    "verb endings": "en",
    "perfect": "hat gegessen ",
    "lines of dates": "12. März 2019\n",
    "lines of names": "Von Anna Huber\n",
    "table rows": "| a | b |\n",
    "emphasis": "**a ",
    "equal signs": "=",
    "paragraph signs": "§ 16 ",
    "U 25": "U 25 ",
    "suspended": "Schul- und ",
    "combining marks": "a\u0301",
    "emoji": "🙂",
}


@cache
def _units() -> dict[str, str]:
    """``UNITS``, and one made of data: names that are all different."""
    from indexer.annotate.places.rows import read_places
    from kb.corpus import shipped_corpus

    names = (place.name for place in read_places(shipped_corpus() / "places.tsv"))
    return UNITS | {"many places": ", ".join(names) + ", "}


def text_of(name: str, letters: int) -> str:
    """A text of this kind and length."""
    unit = _units()[name]
    return f"Quartier Anfang {(unit * (letters // len(unit) + 1))[:letters]} Ende im Quartier."


def page_of_lines(text: str) -> BeautifulSoup:
    """A page with a headline and a line, a link and an element for a date for each few letters of a text."""
    pieces = [text[start : start + 80] for start in range(0, len(text), 80)]
    body = "".join(
        f"<div class=meta><p>{one}</p><a href=/x>{one}</a> <time>{one}</time></div>" for one in pieces
    )
    return BeautifulSoup(f"<html><body><h1>Quartier</h1>{body}</body></html>", "lxml")


def works() -> dict[str, Callable[[str], object]]:
    """Everything that reads a text, by name."""
    from crawler.extract.input.detect import Kind, detect
    from crawler.extract.input.options import Selectors
    from crawler.extract.lines.bylines import take_byline, without_byline
    from crawler.extract.lines.language import guess_language
    from crawler.extract.lines.tidy import tidy_line, tidy_text
    from crawler.extract.lines.titles import derive_heading, plain_line, without_title
    from crawler.extract.markdown import with_table_heads
    from crawler.extract.plain import extract_plain
    from crawler.extract.printed.columns import in_reading_order
    from crawler.extract.printed.contents import without_contents
    from crawler.extract.printed.cover import printed_date, printed_title
    from crawler.extract.printed.furniture import drop_furniture
    from crawler.extract.printed.garbled import is_garbled
    from crawler.extract.printed.glyphs import Face, Glyph
    from crawler.extract.printed.headings import Paragraph, mark_headings
    from crawler.extract.printed.hyphens import join_lines
    from crawler.extract.printed.lettering import squeezed_leaders, words_of_rows
    from crawler.extract.printed.page import Line, Page, even, with_boldness
    from crawler.extract.printed.reflow import reflow
    from crawler.extract.web.html import extract_html
    from crawler.extract.web.metadata import read_metadata
    from crawler.extract.web.teasers import without_teasers
    from crawler.likeness.shingles import comparable_words, differs_in_fact, shingles
    from indexer.annotate import open_annotator
    from indexer.backends.memory import MemoryBackend
    from indexer.german import GermanAnalyzer
    from indexer.german.sentences import SentenceSplitter
    from indexer.updating.corpus_words import CorpusWords
    from kb.corpus import shipped_corpus
    from kb.corpus.front_matter import parse_document
    from kb.model import (
        Annotations,
        DocTypeTag,
        Document,
        PartialDate,
        RawContent,
        SearchQuery,
        normalise_text,
        to_index_entry,
    )
    from kb.rights.excerpt import excerpt
    from kb.running_text import running_text
    from webapp.desk.difference import differences
    from webapp.wording.markdown import render_markdown

    annotator = open_annotator(shipped_corpus() / "topics", shipped_corpus() / "places.tsv")
    analyzer = GermanAnalyzer()
    splitter = SentenceSplitter()

    def document(text: str) -> Document:
        return Document(
            "probe", "Probe", normalise_text(text), published=PartialDate(2019, 3, 2), language="de"
        )

    def raw(data: str, name: str) -> RawContent:
        return RawContent(data.encode(), name=name)

    def find(text: str) -> object:
        backend = MemoryBackend(analyzer)
        entry = to_index_entry(document(text), Annotations(DocTypeTag("sonstiges")), "r")
        with backend.writer() as writer:
            writer.put(entry)
        return backend.search(SearchQuery("Quartier Anfang"))

    def reflowed(text: str) -> object:
        lines = [Line(line) for line in text.split("\n")]
        return reflow([Page(tuple(lines[start : start + 40])) for start in range(0, len(lines), 40)])

    def reflowed_short(text: str) -> object:
        pieces = [text[start : start + 60] for start in range(0, len(text), 60)]
        lines = [
            Line(piece.replace("\n", " "), 10, 500, 800 - 12 * number, 11)
            for number, piece in enumerate(pieces)
        ]
        return reflow([Page(tuple(lines), 900)])

    def set_in_rows(text: str) -> object:
        face = Face("Times-Roman", 10.0, 400)
        rows = []
        for number, start in enumerate(range(0, len(text), 60)):
            row: list[Glyph] = []
            spaced = False
            for place, letter in enumerate(text[start : start + 60]):
                if letter.isspace():
                    spaced = True
                    continue
                left, bottom = 50.0 + 5 * place + 30 * (place > 30), 800.0 - 12 * (number % 60)
                row.append(Glyph(letter, left, bottom, left + 5, bottom + 10, face, spaced and bool(row)))
                spaced = False
            if row:
                rows.append(tuple(row))
        pages = [in_reading_order(words_of_rows(rows[start : start + 60])) for start in range(0, len(rows), 60)]
        one_row = tuple(glyph for row in rows for glyph in row)
        return pages, words_of_rows([one_row]), in_reading_order([one_row, one_row])

    def on_pages(text: str) -> object:
        lines = [
            Line(line, 10, 500, 800 - 12 * (number % 40), 11) for number, line in enumerate(text.split("\n"))
        ]
        pages = [Page(tuple(lines[start : start + 40]), 900) for start in range(0, len(lines), 40)]
        pages = without_contents(drop_furniture(with_boldness(even(pages))))
        return printed_title("Titel", pages, text, "a.pdf"), printed_date(pages), squeezed_leaders(text)

    def compared(text: str) -> object:
        one, other = comparable_words(text), comparable_words(text.replace("Anfang", "Beginn"))
        return differs_in_fact(one, other), shingles(one)

    return {
        "annotate": lambda text: annotator.annotate(document(text)),
        "annotate title": lambda text: annotator.annotate(
            Document("p", " ".join(text.split()), "Ein Text.", language="de")
        ),
        "analyze": lambda text: list(analyzer.analyze(text)),
        "sentences": lambda text: list(splitter.ends(text)),
        "train sentences": lambda text: SentenceSplitter.train([text] * (200_000 // len(text) + 1)),
        "corpus words": lambda text: CorpusWords().note(document(text)),
        "running text": running_text,
        "search and snippet": find,
        "excerpt": excerpt,
        "front matter": lambda text: parse_document(f"---\nid: a\ntitle: b\n---\n{text}", location="a.md"),
        "normalise": normalise_text,
        "tidy": lambda text: (tidy_text(text), tidy_line(text)),
        "title": lambda text: (derive_heading(text), plain_line(text), without_title(text, text[:90])),
        "byline": lambda text: take_byline(text, ["Anna Huber"]),
        "repeated byline": lambda text: without_byline(
            text.partition("Anfang ")[2], ["Anna Huber"], [PartialDate(2019, 3, 12), PartialDate(2019, 5, 3)]
        ),
        "language": guess_language,
        "table heads": with_table_heads,
        "detect": lambda text: detect(raw(text, "a.html")),
        "plain": lambda text: extract_plain(raw(text, "a.txt"), Kind.TEXT),
        "markdown file": lambda text: extract_plain(raw(text, "a.md"), Kind.MARKDOWN),
        "html": lambda text: extract_html(
            raw(f"<html><body><p>{text}</p></body></html>", "a.html"), Selectors()
        ),
        "page metadata": lambda text: read_metadata(page_of_lines(text)),
        "html title": lambda text: extract_html(
            raw(f"<html><title>{text}</title><body><p>Ein Text.</p></body></html>", "a.html"), Selectors()
        ),
        "teasers": without_teasers,
        "garbled": is_garbled,
        "printed heading": lambda text: mark_headings([Paragraph(text[8:], 20.0), Paragraph(text, 10.0)]),
        "printed line": lambda text: (join_lines(text, text), join_lines(f"{text}-", text)),
        "printed lines": reflowed,
        "printed short lines": reflowed_short,
        "printed characters": set_in_rows,
        "printed pages": on_pages,
        "likeness": compared,
        "versions": lambda text: differences(text, text.replace("Anfang", "Beginn")),
        "page": lambda text: render_markdown(text),
    }


class _TooLongError(Exception):
    pass


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds(work: Callable[[str], object], text: str, tries: int = _TRIES) -> float:
    """Processor time, the best of some; infinite where a single one takes too long."""
    best = float("inf")
    gc.disable()  # what it looks through grows with all that is alive
    for _ in range(tries):
        began = time.process_time()
        try:
            with _limit(_LIMIT):
                work(text)
        except _TooLongError:
            return best
        except Exception as error:  # a reader may refuse a text, as long as it does so soon
            if isinstance(error, TimeoutError):
                raise
        best = min(best, time.process_time() - began)
        if best > 1.0:
            break
    gc.enable()
    return best


def measured(work: Callable[[str], object], name: str, letters: int) -> tuple[float, float]:
    """Seconds at so many letters and at twice as many; what looks slow is measured again."""
    once = twice = float("inf")
    for tries in (_TRIES, 4 * _TRIES):
        once = min(once, seconds(work, text_of(name, letters), tries))
        if once < _LIMIT:
            twice = min(twice, seconds(work, text_of(name, 2 * letters), tries))
        if twice <= _TRIFLE or twice <= RATIO * once or twice > 2.0:
            break
    return once, twice


def main() -> int:
    """Print what grows too fast, or everything."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--letters", type=int, default=20_000)
    options.add_argument("--only", default="", help="only texts and works whose name holds this")
    options.add_argument("--all", action="store_true", help="print what grows as it should too")
    given = options.parse_args()
    bad = 0
    for work_name, work in works().items():
        for text_name in _units():
            if given.only and given.only not in (work_name, text_name):
                continue
            row: list[Any] = []
            try:
                once, twice = measured(work, text_name, given.letters)
                ratio = twice / max(once, 1e-4)
                slow = twice > _TRIFLE and not ratio <= RATIO
                row = [f"{once:.3f}", f"{twice:.3f}", f"{ratio:.1f}"]
            except TimeoutError:
                slow, row = True, ["TimeoutError"]
            bad += slow
            if slow or given.all:
                print(f"{'!' if slow else ' '} {work_name:22} {text_name:24}", *row, flush=True)
    print(f"{bad} grow faster than the text")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
