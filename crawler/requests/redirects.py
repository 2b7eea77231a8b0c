"""Redirects that Scrapy does not follow by itself: pages that refresh to another one, or want a cookie.

Both end as any redirect does: scope, robots.txt and the number of redirects are judged by the same policy.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from crawler.addressing.links import refresh_target
from crawler.addressing.urls import page_key
from crawler.extract.input.page_markup import page_markup
from crawler.requests.kinds import FEED, KIND, PAGE, SITEMAP
from kb.model import RawContent

_JAR = "fundstelle_jar"
# Where a page says where it leads, if it does; what stands deeper is not looked for.
_HEAD_BYTES = 20_000


class ChainCookies:
    """Sends what an address has set back to it while it redirects, and only so long: no other page sees it."""

    def process_request(self, request: Request) -> None:
        """Add the cookies of the redirects before."""
        jar = request.meta.get(_JAR)
        if jar is not None:
            request.headers.pop("Cookie", None)
            jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the cookies of an answer for the redirect that may follow."""
        if "Set-Cookie" in response.headers:
            request.meta.setdefault(_JAR, CookieJar()).extract_cookies(response, request)
        return response


def may_ask_again(request: Request, url: str, before: list[str]) -> bool:
    """Whether an address of a chain of redirects may be asked for once more: a cookie was set meanwhile."""
    return before.count(url) == 1 and len(request.meta.get(_JAR, ())) > 0


class RefreshMiddleware(MetaRefreshMiddleware):
    """Follows pages that send their readers to another one at once.

    Scrapy's own knows only some spellings of ``<meta http-equiv="refresh">``, and only pages that are called
    HTML. A page that refreshes to itself, or to one that led to it, is read as it is.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Let a page pass, or follow it.

        Raises:
            IgnoreRequest: there were more redirects than allowed.
        """
        is_read = request.meta.get(KIND) in (PAGE, SITEMAP, FEED) and 200 <= response.status < 300
        target = _target(response) if is_read else None
        if target is None:
            return response
        before = [*request.meta.get("redirect_urls", ()), request.url]
        has_been = page_key(target) in {page_key(url) for url in before}
        if has_been and not may_ask_again(request, target, before):
            return response
        redirected = self._redirect_request_using_get(request, response, target)
        return self._redirect(redirected, request, "meta refresh")


def _target(response: Response) -> str | None:
    head = response.body[:_HEAD_BYTES]
    header = (response.headers.get("Refresh") or b"").decode("latin-1") or None
    if header is None and b"refresh" not in head.replace(b"\x00", b"").lower():
        return None
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
    markup = page_markup(RawContent(head, name=response.url, url=response.url, content_type=content_type))
    return refresh_target(markup or "", response.url, header)
