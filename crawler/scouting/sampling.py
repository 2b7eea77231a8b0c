"""``kb source test``: a few pages of a source, and what a crawl would make of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.addressing.links import links_in_page
from crawler.addressing.urls import page_key
from crawler.extract.input.page_markup import page_markup
from crawler.lists.reader import AddressList, read_list
from crawler.manners.directives import read_directives
from crawler.manners.reservations import page_reservation
from crawler.manners.scope import Place, Scope
from crawler.page.pipeline import MIN_TEXT_CHARS, is_teaser
from crawler.page.stand_ins import read_signs, stand_in
from crawler.scouting.fetch import Fetcher
from crawler.sources.source import Source
from kb.errors import FetchError, InputError
from kb.model import ExtractedText, RawContent
from kb.ports import Extractor

# So many listings are opened in search of documents; a source that hides them deeper is crawled, not tested.
_MAX_LISTINGS = 6
_SHOWN_CHARS = 300


@dataclass(frozen=True, slots=True)
class Sample:
    """One page: what was extracted, or in German why it would be skipped.

    ``permitted`` is a reservation that does not hold because the source names a permission.
    """

    url: str
    extracted: ExtractedText | None = None
    problem: str | None = None
    permitted: str | None = None

    def to_json(self) -> dict[str, object]:
        """Plain values; the text is cut to its beginning."""
        found = self.extracted
        if found is None:
            return {"url": self.url, "problem": self.problem}
        return {
            "url": self.url,
            "problem": self.problem,
            "permitted": self.permitted,
            "title": found.title,
            "published": str(found.published) if found.published else None,
            "authors": list(found.authors),
            "publisher": found.publisher,
            "licence": found.licence,
            "language": found.language,
            "chars": len(found.text),
            "text": found.text[:_SHOWN_CHARS],
        }


def sample_source(source: Source, fetcher: Fetcher, extractor: Extractor, count: int = 3) -> Iterator[Sample]:
    """Up to ``count`` document pages, spread over what sitemaps, feeds and listings name."""
    if source.reservation is not None:
        yield Sample(source.entry_points[0], problem=source.reservation)
        return
    scope = Scope(source)
    search = _Search(source, scope, fetcher)
    for url in _spread(search.documents(), count):
        yield _sample(url, source, fetcher, extractor)
    if not search.found:
        yield from search.problems or [
            Sample(source.entry_points[0], problem="von hier führt kein Link zu einer Seite der Quelle")
        ]


class _Search:
    """Looks for document pages in the entry points of a source, then in the listings that they name."""

    def __init__(self, source: Source, scope: Scope, fetcher: Fetcher) -> None:
        self._source, self._scope, self._fetcher = source, scope, fetcher
        self.found: dict[str, str] = {}
        self.problems: list[Sample] = []

    def documents(self) -> list[str]:
        waiting = [*self._source.entry_points]
        opened: set[str] = set()
        while waiting and len(opened) < _MAX_LISTINGS and len(self.found) < 2 * _MAX_LISTINGS:
            url = waiting.pop(0)
            if page_key(url) in opened:
                continue
            opened.add(page_key(url))
            try:
                links = self._links(url)
            except (FetchError, InputError, ValueError) as error:
                self.problems.append(Sample(url, problem=getattr(error, "reason", str(error))))
                continue
            waiting += [link for link in links if self._scope.verdict(link).place is Place.LISTING]
            documents = (link for link in links if self._scope.verdict(link).place is Place.DOCUMENT)
            self.found |= {page_key(link): link for link in documents}
        return list(self.found.values())

    def _links(self, url: str) -> list[str]:
        content = self._fetcher.fetch(url)
        if url not in (*self._source.feeds, *self._source.sitemaps):
            return links_in_page(page_markup(content) or "", content.url or url)
        found = _listed(content)
        if found.instead is not None:
            name = "kein Feed" if url in self._source.feeds else "keine Sitemap"
            raise ValueError(f"{name}, sondern {found.instead}")
        inner = [_listed(self._fetcher.fetch(one)).pages for one in found.sitemaps[:1]]
        return [*found.pages, *(page for pages in inner for page in pages)]


def _spread(urls: list[str], count: int) -> list[str]:
    """Some from the beginning, the middle and the end: sitemaps list pages of one kind together."""
    if len(urls) <= count:
        return urls
    return [urls[number * (len(urls) - 1) // max(count - 1, 1)] for number in range(count)]


def _sample(url: str, source: Source, fetcher: Fetcher, extractor: Extractor) -> Sample:
    scope = Scope(source)
    try:
        reserved = fetcher.reservations(url).of(url)
        if reserved is not None and not source.may_be_mined:
            return Sample(url, problem=reserved.reason)
        fetched = fetcher.fetch_whole(url)
        content = fetched.content
        if scope.verdict(content.url or url).place is not Place.DOCUMENT:
            return Sample(url, problem=f"leitet aus der Quelle hinaus um ({content.url})")
        markup = page_markup(content)
        robots = [value for name, value in fetched.headers if name.lower() == "x-robots-tag"]
        if not read_directives(robots, markup).index:
            return Sample(url, problem="die Seite bittet darum, nicht aufgenommen zu werden (noindex)")
        reserved = page_reservation(fetched.headers, markup) or reserved
        if reserved is not None and not source.may_be_mined:
            return Sample(url, problem=reserved.reason)
        extracted = extractor.extract(content)
    except (FetchError, InputError) as error:
        return Sample(url, problem=error.reason)
    posing = stand_in(read_signs(extracted.title, extracted.text, markup))
    if posing is not None:
        return Sample(url, extracted, f"statt der Seite kommt {posing.label}")
    short = f"weniger als {MIN_TEXT_CHARS} Zeichen Haupttext" if is_teaser(extracted.text) else None
    return Sample(url, extracted, short, permitted=reserved.reason if reserved is not None else None)


def _listed(content: RawContent) -> AddressList:
    return read_list(content.data, content.url or content.name, content.content_type)


def shown(samples: Iterable[Sample]) -> Iterator[str]:
    """The samples as lines for people."""
    for sample in samples:
        yield sample.url
        if sample.problem is not None:
            yield f"  würde übergangen: {sample.problem}"
        if sample.permitted is not None:
            yield f"  {sample.permitted}; die Quelle nennt eine Erlaubnis"
        found = sample.extracted
        if found is not None:
            yield f"  Titel: {found.title}"
            details = {
                "veröffentlicht": str(found.published or ""),
                "Autoren": ", ".join(found.authors),
                "Herausgeber": found.publisher or "",
                "Lizenz": found.licence or "",
            }
            yield from (f"  {name}: {value}" for name, value in details.items() if value)
            yield f"  Text: {len(found.text)} Zeichen"
            beginning = " ".join(found.text[:_SHOWN_CHARS].split())
            yield f"    {beginning}{'…' if len(found.text) > _SHOWN_CHARS else ''}"
