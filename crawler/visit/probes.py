"""What a host answers to an address that nobody has linked: asked once a run, before its first page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response, TextResponse

from crawler.addressing.urls import fetch_url, site_of
from crawler.page.context import PageContext
from crawler.page.invented import InventedAnswer, invent, invented_name, text_without_address
from crawler.page.stand_ins import read_signs, stand_in
from crawler.page.watch import Watch
from crawler.requests.failures import Resting
from crawler.visit.absence import Beside
from crawler.visit.ledger import Visit
from kb.errors import FundstelleError, InputError
from kb.model import RawContent

_REDIRECTS = frozenset([301, 302, 303, 307, 308])
# A slash added, a language put before: the address is still the invented one.
_MOST_STEPS = 3


class Probes:
    """Asks for invented addresses; ``ask`` obeys the policy of every request, and follows no redirect."""

    def __init__(
        self,
        context: PageContext,
        watch: Watch,
        visit: Visit,
        ask: Callable[[str], Awaitable[Response]],
        beside: Beside,
    ) -> None:
        self._context, self._watch, self._visit = context, watch, visit
        self._ask, self._beside = ask, beside
        self._asked: dict[str, asyncio.Future[InventedAnswer | None]] = {}

    async def prepare(self, url: str) -> None:
        """See to it that the host of a page has been asked; nothing comes of it where it may not be asked.

        Pages of a host wait for one another's question, or those that come first would be judged without it.
        """
        site = site_of(url)
        if site not in self._asked:
            self._asked[site] = asyncio.ensure_future(self._ask_host(url))
        try:
            self._watch.invented[site] = await self._asked[site]
        except Resting:
            self._asked.pop(site, None)  # the next page asks again

    async def _ask_host(self, url: str) -> InventedAnswer | None:
        invented = invent(self._context.source, self._context.scope, url)
        if invented is None:
            return None
        try:
            return await self._answer(invented)
        except (Resting, FundstelleError):
            raise
        except Exception:
            return (
                None  # refused by robots.txt, timed out, cut off: the pages of the host are judged without it
            )

    async def _answer(self, invented: str) -> InventedAnswer:
        url, name = invented, invented_name(invented)
        for _ in range(_MOST_STEPS):
            response = await self._ask(url)
            self._visit.receive(len(response.body))
            location = (response.headers.get("Location") or b"").decode("latin-1")
            if response.status not in _REDIRECTS or not location:
                answer: InventedAnswer = await self._beside(self._read, invented, response)
                return answer
            target = fetch_url(urljoin(url, location))
            if name not in urlsplit(target).path or target not in self._context.scope:
                return InventedAnswer(invented, response.status, target)
            url = target
        return InventedAnswer(invented, response.status, url)

    def _read(self, invented: str, response: Response) -> InventedAnswer:
        if not 200 <= response.status < 300:
            return InventedAnswer(invented, response.status)
        html = response.text if isinstance(response, TextResponse) else None
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        raw = RawContent(response.body, name=response.url, url=response.url, content_type=content_type)
        title, text, canonical = "", "", None
        try:
            extracted = self._context.extractor.extract(raw)
            title, text, canonical = extracted.title, extracted.text, extracted.canonical_url
        except InputError:
            pass  # its titles may tell what it is
        return InventedAnswer(
            invented,
            response.status,
            words=text_without_address(text, response.url) if text else frozenset(),
            length=len(text),
            kind=stand_in(read_signs(title, text, html)),
            canonical=canonical,
        )
