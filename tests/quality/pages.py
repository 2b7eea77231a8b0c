"""How well web pages are read: ``python -m tests.quality.pages FOLDER… [--pages] [--only NAME]``

A folder has pages and ``labels.jsonl``, a line a page: ``file``, ``address``, ``title``, ``published`` (or
null), ``authors``, passages of its text (``with``) and of its furniture (``without``). Printed are, by folder
and for all: recall of the passages of the text, share of the furniture taken, F1 of both, and shares of titles,
days and authors right and wrong; last the time a page takes beside that of trafilatura alone.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import trafilatura

from crawler.extract import ContentExtractor
from kb.errors import FundstelleError
from kb.model import ExtractedText, RawContent

LABELS = "labels.jsonl"
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^)\[]*\)")
_MARKS = re.compile(r"[*_|#>\\`„“”\"«»‚‘’']|^[ \t]*(?:[-+]|\d{1,4}\.) ", re.MULTILINE)
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader of one page must come away with."""

    path: Path
    address: str
    title: str
    published: str | None
    authors: frozenset[str]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One page: which passages are missing and taken, and what it says beside the label."""

    label: Label
    missing: tuple[str, ...]
    taken: tuple[str, ...]
    title: str
    published: str | None
    authors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Report:
    """Shares of all pages, 0 to 1; ``f1`` is that of passages, the wrong ones among all pages."""

    pages: int
    recall: float
    taken: float
    f1: float
    titles: float
    days_right: float
    days_wrong: float
    authors_right: float
    authors_wrong: float


def labels(folder: Path) -> Iterator[Label]:
    """The labelled pages of a folder, in its order."""
    for line in (folder / LABELS).read_text("utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            yield Label(
                folder / row["file"],
                row["address"],
                row["title"],
                row["published"],
                frozenset(row["authors"]),
                tuple(row["with"]),
                tuple(row["without"]),
            )


def read(label: Label) -> Outcome:
    """Read a page and compare; a page that cannot be read has lost everything."""
    content = RawContent(label.path.read_bytes(), label.address, label.address, "text/html")
    try:
        found = ContentExtractor().extract(content)
    except FundstelleError:
        found = ExtractedText("", "")
    text = plain(f"{found.title}\n{found.text}")
    return Outcome(
        label,
        tuple(one for one in label.wanted if plain(one) not in text),
        tuple(one for one in label.unwanted if plain(one) in text),
        found.title,
        str(found.published) if found.published is not None else None,
        frozenset(found.authors),
    )


def plain(text: str) -> str:
    """Words as a reader reads them: without the marks of Markdown, in one line, raised figures as figures."""
    text = _MARKS.sub("", _LINK.sub(r"\1", unicodedata.normalize("NFKC", text)))
    return " ".join(text.split()).casefold()


def report(outcomes: Iterable[Outcome]) -> Report:
    """The figures of some pages."""
    every = list(outcomes)
    count = len(every)
    wanted = sum(len(one.label.wanted) for one in every)
    unwanted = sum(len(one.label.unwanted) for one in every)
    found = wanted - sum(len(one.missing) for one in every)
    taken = sum(len(one.taken) for one in every)
    recall, precision = found / wanted, found / max(found + taken, 1)
    return Report(
        count,
        recall,
        taken / unwanted,
        2 * recall * precision / max(recall + precision, 1e-9),
        _share(every, lambda one: plain(one.title) == plain(one.label.title)),
        _share(every, lambda one: one.published == one.label.published),
        _share(every, lambda one: one.published not in (None, one.label.published)),
        _share(every, lambda one: one.authors == one.label.authors),
        _share(every, lambda one: not one.authors <= one.label.authors),
    )


def _share(outcomes: list[Outcome], is_so: Callable[[Outcome], bool]) -> float:
    return sum(map(is_so, outcomes)) / len(outcomes)


def times(found: Iterable[Label]) -> tuple[float, float]:
    """Milliseconds of processor time a page: ours, and those of trafilatura alone; the best of some rounds."""
    every = list(found)
    contents = [RawContent(one.path.read_bytes(), one.address, one.address, "text/html") for one in every]
    ours = _timed(lambda: [ContentExtractor().extract(one) for one in contents])
    markups = [one.data.decode("utf-8", errors="replace") for one in contents]
    theirs = _timed(lambda: [trafilatura.extract(one, output_format="markdown") for one in markups])
    return 1000 * ours / len(every), 1000 * theirs / len(every)


def _timed(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _line(name: str, figures: Report) -> str:
    shares = [figures.recall, figures.taken, figures.f1, figures.titles, figures.days_right, figures.days_wrong]
    shares += [figures.authors_right, figures.authors_wrong]
    return f"{name:<12}{figures.pages:>6}" + "".join(f"{share:>9.3f}" for share in shares)


def main() -> int:
    """The figures of folders, and with ``--pages`` what is missing and taken of each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--first", type=int, default=None, help="so many pages of each folder")
    parser.add_argument("--no-times", action="store_true")
    given = parser.parse_args()
    every: list[Outcome] = []
    heads = ("pages", "recall", "taken", "F1", "title", "day", "day-", "author", "author-")
    rows = [" " * 12 + "".join(f"{head:>{9 if number else 6}}" for number, head in enumerate(heads))]
    for folder in given.folders:
        outcomes = [read(one) for one in list(labels(folder))[: given.first] if given.only in one.path.name]
        for one in outcomes if given.pages else ():
            _show(one)
        every += outcomes
        rows.append(_line(folder.name, report(outcomes)))
    print("\n".join([*rows, _line("all", report(every))]))
    if not given.no_times:
        ours, theirs = times(one.label for one in every)
        print(f"a page: {ours:.1f} ms, trafilatura alone {theirs:.1f} ms: {ours / theirs:.2f} times")
    return 0


def _show(one: Outcome) -> None:
    told = [f"  missing  {passage}" for passage in one.missing] + [
        f"  taken    {passage}" for passage in one.taken
    ]
    if plain(one.title) != plain(one.label.title):
        told.append(f"  title    {one.title!r} instead of {one.label.title!r}")
    if one.published != one.label.published:
        told.append(f"  day      {one.published} instead of {one.label.published}")
    if one.authors != one.label.authors:
        told.append(f"  authors  {sorted(one.authors)} instead of {sorted(one.label.authors)}")
    if told:
        print("\n".join([one.label.path.name, *told]))


if __name__ == "__main__":
    sys.exit(main())
