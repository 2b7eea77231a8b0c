"""One page for one person: ``kb extract URL`` fetches a single address under the same policy as a crawl.

Written on the standard library's HTTP client instead of Scrapy: a reactor and a process of its own would be
needed to read one page. The address is checked where the connection is opened, so that neither a redirect
nor a name that resolves differently the second time leads into a private network.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from crawler.addresses import AddressPolicy
from crawler.policy import MAX_ROBOTS_BYTES, read_robots, user_agent
from crawler.urls import fetch_url
from kb.errors import FetchError, InputTooLargeError
from kb.model import RawContent

_MAX_REDIRECTS = 5
_REDIRECTS = frozenset([301, 302, 303, 307, 308])


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Limits and manners of a fetch; ``timeout`` in seconds for each step of the connection."""

    contact: str = ""
    allow_loopback: bool = False
    timeout: float = 30.0
    max_bytes: int = 50_000_000


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    content_type: str | None
    location: str | None


def fetch_content(url: str, options: FetchOptions) -> RawContent:
    """Fetch one address, following redirects, if robots.txt and the address guard allow it.

    Raises:
        FetchError: not http(s), refused, not reachable, an error status, too many redirects.
        InputTooLargeError: the answer is longer than the limit.
    """
    address = url
    for _ in range(_MAX_REDIRECTS + 1):
        try:
            address = fetch_url(address)
        except ValueError as error:
            raise FetchError(
                "keine Webadresse", subject=url, remedy="mit http:// oder https:// angeben"
            ) from error
        _ask_robots(address, options)
        answer = _request(address, options, limit=options.max_bytes)
        if answer.status in _REDIRECTS and answer.location:
            address = urljoin(address, answer.location)
            continue
        if answer.status != http.client.OK:
            raise FetchError(f"der Server antwortet mit Status {answer.status}", subject=address)
        return RawContent(answer.body, name=address, url=address, content_type=answer.content_type)
    raise FetchError(f"mehr als {_MAX_REDIRECTS} Umleitungen", subject=url)


def _ask_robots(address: str, options: FetchOptions) -> None:
    parts = urlsplit(address)
    robots = f"{parts.scheme}://{parts.netloc}/robots.txt"
    answer = _request(robots, options, limit=MAX_ROBOTS_BYTES, cut=True)
    refusal = read_robots(answer.status, answer.body).refusal(address)
    if refusal is not None:
        raise FetchError(refusal, subject=address)


def _request(address: str, options: FetchOptions, *, limit: int, cut: bool = False) -> _Answer:
    """One request without following redirects; ``cut`` reads no further than the limit instead of failing."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError("weder http noch https", subject=address)
    try:
        connection = _connect(parts.scheme, parts.hostname, parts.port, options)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers={"User-Agent": user_agent(options.contact)})
            response = connection.getresponse()
            body = response.read(limit + 1)
            headers = response.headers
            answer = _Answer(response.status, body[:limit], headers["Content-Type"], headers["Location"])
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FetchError(f"nicht erreichbar ({reason or type(error).__name__})", subject=address) from error
    if len(body) > limit and not cut:
        raise InputTooLargeError(
            f"länger als {limit} Byte", subject=address, remedy="die Grenze KB_MAX_FILE_BYTES erhöhen"
        )
    return answer


def _connect(scheme: str, host: str, port: int | None, options: FetchOptions) -> http.client.HTTPConnection:
    """Resolve, judge the address, and connect to that address and no other (no proxy, TLS verified).

    Raises:
        FetchError: the address is one that no crawler of ours may reach.
    """
    policy = AddressPolicy(allow_loopback=options.allow_loopback, allow_public=bool(options.contact.strip()))
    port = port or (http.client.HTTPS_PORT if scheme == "https" else http.client.HTTP_PORT)
    resolved = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0]
    refusal = policy.refusal(str(resolved))
    if refusal is not None:
        raise FetchError(refusal, subject=host)
    connection = http.client.HTTPConnection(host, port, timeout=options.timeout)
    connection.sock = socket.create_connection((str(resolved), port), timeout=options.timeout)
    if scheme == "https":
        connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
    return connection
