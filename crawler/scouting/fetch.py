"""A few pages for one person (``kb extract URL``, ``kb source``, ``kb links``) under the policy of a crawl.

Written on the standard library's HTTP client instead of Scrapy: a reactor and a process of its own would be
needed to read a few pages. The address is checked where the connection is opened, so that neither a redirect
nor a name that resolves differently the second time leads into a private network.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.cookiejar import CookieJar
from threading import Timer
from typing import Any, cast
from urllib.parse import urljoin, urlsplit
from urllib.request import Request

from w3lib.url import safe_url_string

from crawler.addressing.links import refresh_target
from crawler.addressing.urls import fetch_url, site_of
from crawler.extract.input.page_markup import page_markup
from crawler.manners.identity import user_agent
from crawler.manners.networks import AddressPolicy
from crawler.manners.reservations import SITE_FILES, SiteReservations, joined, read_site_file
from crawler.manners.robots import MAX_ROBOTS_BYTES, RobotsRules, read_robots
from kb.errors import FetchError, InputTooLargeError
from kb.model import RawContent

_MAX_REDIRECTS = 5
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_FOR_GOOD = frozenset([301, 308])
# Answers of servers that do not know HEAD, or hide behind something that does not.
_NO_HEAD = frozenset([400, 403, 405, 500, 501, 503])
_GLANCE_BYTES = 1_000
# A person waits for the answer; a site that wants longer pauses is asked this rarely.
_LONGEST_PAUSE = 10.0
# A time limit of 0 would mean none at all.
_LEAST_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Limits and manners; ``timeout`` in seconds for each step of a connection, ``total`` for all that an
    address leads to: rules, pauses, redirects, and a body that comes drop by drop; ``pause`` between two
    requests to one host (more where its robots.txt asks for more).
    """

    contact: str = ""
    allow_loopback: bool = False
    timeout: float = 30.0
    total: float = 120.0
    max_bytes: int = 50_000_000
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    headers: Message

    @property
    def location(self) -> str | None:
        """Where it redirects to; umlauts come as bare bytes, mostly those of UTF-8."""
        raw = self.headers["Location"]
        return safe_url_string(str(raw).strip().encode("latin-1", "replace")) if raw else None

    def info(self) -> Message:
        """What a cookie jar reads."""
        return self.headers


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page with the headers of its answer, in which more than its type may stand."""

    content: RawContent
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """Where an address led: the last address, its status, and whether every redirect was for good."""

    url: str
    status: int
    moved_for_good: bool = False


class _Deadline:
    """The moment at which everything about one address must be over."""

    def __init__(self, options: FetchOptions) -> None:
        self._options = options
        self._ends = time.monotonic() + options.total

    @property
    def left(self) -> float:
        """Seconds that are left; 0 when it is over."""
        return max(0.0, self._ends - time.monotonic())

    def check(self, address: str) -> None:
        """Say so where no time is left.

        Raises:
            FetchError: names the setting.
        """
        if not self.left:
            raise self.missed(address)

    def missed(self, address: str) -> FetchError:
        """The error for an address that took too long."""
        return FetchError(
            f"dauert länger als {self._options.total:g} Sekunden",
            subject=address,
            remedy="später wiederholen oder KB_FETCH_MAX_SECONDS erhöhen",
        )

    @contextmanager
    def holding(self, connected: socket.socket) -> Iterator[None]:
        """Hang up when the time is over, whatever the connection is busy with.

        A limit for each step does not end what comes drop by drop. A second handle of the connection is held:
        whoever speaks TLS or reads an answer may have taken over the first.
        """
        with connected.dup() as handle:
            timer = Timer(self.left, _hang_up, [handle])
            timer.daemon = True
            timer.start()
            try:
                yield
            finally:
                timer.cancel()
                timer.join()


def _hang_up(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


class Fetcher:
    """Fetches one address after another; asks each site for its robots.txt once."""

    def __init__(self, options: FetchOptions) -> None:
        self._options = options
        self._rules: dict[str, RobotsRules] = {}
        self._reserved: dict[str, SiteReservations] = {}
        self._last: dict[str, float] = {}

    def fetch(self, url: str) -> RawContent:
        """Fetch an address, following redirects, if robots.txt and the address guard allow it.

        Raises:
            FetchError: not http(s), refused, not reachable, an error status, too many redirects.
            InputTooLargeError: the answer is longer than the limit.
        """
        return self.fetch_whole(url).content

    def fetch_whole(self, url: str) -> Fetched:
        """As ``fetch``, with the headers of the answer.

        Raises:
            FetchError, InputTooLargeError: as ``fetch``.
        """
        deadline = _Deadline(self._options)
        reached, answer = self._follow(url, _Wish(limit=self._options.max_bytes), deadline)
        if reached.status != http.client.OK:
            raise FetchError(f"der Server antwortet mit Status {reached.status}", subject=reached.url)
        content_type = answer.headers["Content-Type"]
        content = RawContent(answer.body, name=reached.url, url=reached.url, content_type=content_type)
        return Fetched(content, tuple(answer.headers.items()))

    def reach(self, url: str) -> Reached:
        """Ask whether an address is there, without its content where the server knows HEAD.

        Raises:
            FetchError: not http(s), refused, not reachable, too many redirects.
        """
        deadline = _Deadline(self._options)
        reached, _ = self._follow(url, _Wish("HEAD"), deadline)
        if reached.status in _NO_HEAD:
            reached, _ = self._follow(url, _Wish(limit=_GLANCE_BYTES, cut=True), deadline)
        return reached

    def robots(self, url: str) -> RobotsRules:
        """The rules of an address's site.

        Raises:
            FetchError: robots.txt cannot be fetched.
        """
        return self._rules_of(url, _Deadline(self._options))

    def _rules_of(self, url: str, deadline: _Deadline) -> RobotsRules:
        site = site_of(url)
        if site not in self._rules:
            answer = self._rules_answer(f"{site}/robots.txt", deadline)
            self._rules[site] = read_robots(answer.status, answer.body)
        return self._rules[site]

    def reservations(self, url: str) -> SiteReservations:
        """What the files of an address's site reserve; each is asked for once.

        Raises:
            FetchError: robots.txt cannot be fetched.
        """
        site, deadline = site_of(url), _Deadline(self._options)
        if site not in self._reserved:
            rules = self._rules_of(url, deadline)
            found = (self._reservations_in(site, path, rules, deadline) for path in SITE_FILES)
            self._reserved[site] = joined(found)
        return self._reserved[site]

    def _reservations_in(
        self, site: str, path: str, rules: RobotsRules, deadline: _Deadline
    ) -> SiteReservations:
        refusal = rules.refusal(site + path)
        if refusal is not None:
            return read_site_file(path, 0, refusal.encode())
        try:
            self._pause(site, rules, deadline)
            answer = self._rules_answer(site + path, deadline)
        except FetchError as error:
            return read_site_file(path, 0, error.reason.encode())
        return read_site_file(path, answer.status, answer.body)

    def _rules_answer(self, url: str, deadline: _Deadline) -> _Answer:
        """RFC 9309, 2.3.1.2: at least five redirects are followed, to other hosts too; more mean "no rules"."""
        for _ in range(_MAX_REDIRECTS + 1):
            answer = _request(url, self._options, _Wish(limit=MAX_ROBOTS_BYTES, cut=True), deadline)
            if answer.status not in _REDIRECTS or not answer.location:
                break
            url = urljoin(url, answer.location)
        return answer

    def _follow(self, url: str, wish: _Wish, deadline: _Deadline) -> tuple[Reached, _Answer]:
        address, statuses, been = url, list[int](), set[str]()
        jar = CookieJar()  # what an address sets is sent back while it redirects, and only so long
        for _ in range(_MAX_REDIRECTS + 1):
            try:
                address = fetch_url(address)
            except ValueError as error:
                raise FetchError(
                    "keine Webadresse", subject=url, remedy="mit http:// oder https:// angeben"
                ) from error
            rules = self._rules_of(address, deadline)
            refusal = rules.refusal(address)
            if refusal is not None:
                raise FetchError(refusal, subject=address)
            self._pause(address, rules, deadline)
            been.add(address)
            answer = _request(address, self._options, wish, deadline, jar)
            target = _target(answer, address, been)
            if target is None:
                is_for_good = bool(statuses) and _FOR_GOOD.issuperset(statuses)
                return Reached(address, answer.status, is_for_good), answer
            statuses.append(answer.status)
            address = target
        raise FetchError(f"mehr als {_MAX_REDIRECTS} Umleitungen", subject=url)

    def _pause(self, address: str, rules: RobotsRules, deadline: _Deadline) -> None:
        host = urlsplit(address).netloc
        pause = max(self._options.pause, min(rules.crawl_delay or 0.0, _LONGEST_PAUSE))
        if host in self._last:
            wait = max(0.0, self._last[host] + pause - time.monotonic())
            if wait > deadline.left:
                raise deadline.missed(address)
            time.sleep(wait)
        self._last[host] = time.monotonic()


@dataclass(frozen=True, slots=True)
class _Wish:
    """``cut`` reads no further than the limit instead of failing."""

    method: str = "GET"
    limit: int = MAX_ROBOTS_BYTES
    cut: bool = False


def _target(answer: _Answer, address: str, been: Collection[str]) -> str | None:
    """Where an answer leads on: by its status, or as a page that sends its readers to another one at once."""
    if answer.status in _REDIRECTS:
        return urljoin(address, answer.location) if answer.location else None
    if answer.status != http.client.OK:
        return None
    content = RawContent(answer.body, address, address, answer.headers["Content-Type"])
    target = refresh_target(page_markup(content) or "", address, answer.headers["Refresh"])
    return target if target not in been else None


def _request(
    address: str,
    options: FetchOptions,
    wish: _Wish,
    deadline: _Deadline,
    jar: CookieJar | None = None,
) -> _Answer:
    """One request without following redirects; ``jar`` gives and gets cookies."""
    limit = wish.limit
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError("weder http noch https", subject=address)
    deadline.check(address)
    try:
        connection = _connect(parts.hostname, parts.port, parts.scheme, options, deadline)
        try:
            with deadline.holding(connection.sock):
                if parts.scheme == "https":
                    _secure(connection, parts.hostname)
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                asked = Request(address, headers={"User-Agent": user_agent(options.contact)})
                if jar is not None:
                    jar.add_cookie_header(asked)
                connection.request(wish.method, target, headers=dict(asked.header_items()))
                response = connection.getresponse()
                body = response.read(limit + 1)
            deadline.check(address)  # what was cut off by hanging up may look like an end
            answer = _Answer(response.status, body[:limit], response.headers)
            if jar is not None:
                jar.extract_cookies(cast("Any", answer), asked)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        deadline.check(address)
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FetchError(f"nicht erreichbar ({reason or type(error).__name__})", subject=address) from error
    if len(body) > limit and not wish.cut:
        raise InputTooLargeError(
            f"länger als {limit} Byte", subject=address, remedy="die Grenze KB_MAX_FILE_BYTES erhöhen"
        )
    return answer


def _connect(
    host: str, port: int | None, scheme: str, options: FetchOptions, deadline: _Deadline
) -> http.client.HTTPConnection:
    """Resolve, judge the address, and connect to that address and no other (no proxy).

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
    seconds = max(_LEAST_SECONDS, min(options.timeout, deadline.left))
    connection.sock = socket.create_connection((str(resolved), port), timeout=seconds)
    connection.sock.settimeout(options.timeout)
    return connection


def _secure(connection: http.client.HTTPConnection, host: str) -> None:
    """Speak TLS, with the certificate verified."""
    connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
