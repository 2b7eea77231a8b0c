"""What the demonstration site shows: documents in sections, listing pages, teasers, spellings of dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markupsafe import Markup

from kb.model import Document, PartialDate

SITE_NAME = "Bildungsportal Auenbrück"
DEMO_HOST = "https://demo.fundstelle.example"
PAGE_SIZE = 6
TEASER_LENGTH = 150
_SECTION_LABELS = {
    "aktuelles": "Aktuelles",
    "berichte": "Berichte",
    "handreichungen": "Handreichungen",
    "praxis": "Aus der Praxis",
    "termine": "Termine",
}
# Layouts differ as on real sites: where date and author stand, and whether people or machines can read them.
LAYOUTS = ("amtlich", "magazin", "termin")
_FIXED_LAYOUTS = {"termine": "termin", "praxis": "magazin", "berichte": "amtlich"}
_MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]


@dataclass(frozen=True)
class DemoPage:
    """One document as a page (or PDF) of the site; ``path`` begins with a slash."""

    document: Document
    section: str
    slug: str

    @property
    def is_pdf(self) -> bool:
        """Whether the document is offered as a file to download."""
        return self.document.extra.get("format") == "pdf"

    @property
    def path(self) -> str:
        """Where the page is served."""
        suffix = ".pdf" if self.is_pdf and not self.slug.endswith(".pdf") else ""
        return f"/{self.section}/{self.slug}{suffix}"

    @cached_property
    def body(self) -> Markup:
        """The text as HTML; links to the demonstration's public address become links on this server."""
        html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(self.document.text)
        return Markup(html.replace(f'href="{DEMO_HOST}/', 'href="/'))

    @cached_property
    def teaser(self) -> str:
        """The first words of the first paragraph, cut at a word."""
        first = next(
            (block for block in self.document.text.split("\n\n") if not block.startswith(("#", "|"))), ""
        )
        words = " ".join(first.replace("*", "").split())
        return words if len(words) <= TEASER_LENGTH else words[:TEASER_LENGTH].rpartition(" ")[0] + " …"

    @property
    def published(self) -> PartialDate | None:
        """The date of publication, as far as it is known."""
        return self.document.published

    @property
    def newest_first(self) -> tuple[int, int, int]:
        """Sort key: descending date."""
        year, month, day = self.published.sort_key if self.published is not None else (0, 0, 0)
        return (-year, -month, -day)


class DemoContent:
    """All pages of the site, in sections, newest first."""

    def __init__(self, documents: Sequence[Document]) -> None:
        pages = [page for document in documents if (page := _page_of(document)) is not None]
        pages.sort(key=lambda page: (page.newest_first, page.slug))
        self.pages = tuple(pages)
        self.by_path: Mapping[str, DemoPage] = {page.path: page for page in pages}
        self.sections = tuple(sorted({page.section for page in pages}, key=_section_order))

    def in_section(self, section: str) -> tuple[DemoPage, ...]:
        """The pages of a section, newest first."""
        return tuple(page for page in self.pages if page.section == section)

    def listing(self, section: str, number: int) -> tuple[DemoPage, ...]:
        """One page of a section's listing; numbers begin with 1, beyond the end it is empty."""
        return self.in_section(section)[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]

    def page_count(self, section: str) -> int:
        """How many listing pages a section has."""
        return -(-len(self.in_section(section)) // PAGE_SIZE)

    def teasers_for(self, page: DemoPage, count: int = 3) -> tuple[DemoPage, ...]:
        """Other pages, most of them from other sections, the same ones at every request."""
        start = self.pages.index(page)
        others = [self.pages[(start + step) % len(self.pages)] for step in range(1, len(self.pages))]
        return tuple(others[1::2][:count] or others[:count])

    def neighbours_of(self, page: DemoPage, count: int = 4) -> tuple[DemoPage, ...]:
        """Pages of the same section for the sidebar."""
        return tuple(other for other in self.in_section(page.section) if other is not page)[:count]


def section_label(section: str) -> str:
    """The heading of a section."""
    return _SECTION_LABELS.get(section, section.replace("-", " ").capitalize())


def layout_of(section: str) -> str:
    """Which of ``LAYOUTS`` a section uses; unknown ones are spread evenly and stay where they are."""
    return _FIXED_LAYOUTS.get(section, LAYOUTS[sum(section.encode()) % 2])


def german_date(date: PartialDate | None, *, style: str = "long") -> str:
    """``12. März 2019``, ``März 2019`` or ``2019``; style ``short`` gives ``12.03.2019``."""
    if date is None:
        return ""
    if date.month is None:
        return str(date.year)
    year = "" if date.year is None else f" {date.year}"
    if date.day is None:
        return f"{_MONTHS[date.month - 1]}{year}"
    if style == "short":
        return f"{date.day:02}.{date.month:02}.{year.strip()}"
    return f"{date.day}. {_MONTHS[date.month - 1]}{year}"


def _page_of(document: Document) -> DemoPage | None:
    """A document whose address names section and page; others have no place on the site."""
    parts = PurePosixPath(urlsplit(document.url or "").path).parts[1:]
    return DemoPage(document, parts[0], parts[1]) if len(parts) == 2 else None


def _section_order(section: str) -> tuple[int, str]:
    known = tuple(_SECTION_LABELS)
    return (known.index(section) if section in known else len(known), section)
