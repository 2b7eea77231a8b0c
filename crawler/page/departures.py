"""Signs that a page is gone although no 404 says so: where its address leads, and what that means.

A document whose page is refused, led to the home page or to an error page, or replaced by one, is treated as
for 404, but only while the rest of the website is as ever: other pages of the host answer with their own texts,
and fewer than a tenth of the source's documents are affected. Everything else is a firewall or a relaunch.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from crawler.addressing.urls import canonical_url, host_of, page_key
from crawler.page.stand_ins import Kind

# Below a tenth of the documents it is believed, and for one or two documents of a small source always.
_SHARE = 0.1
_ALWAYS = 2


class Sign(Enum):
    """By what a page seems to be gone."""

    REFUSED = "refused"
    HOME = "home"
    ERROR_PAGE = "error page"
    LOGIN = "login"
    STAND_IN = "stand-in"


@dataclass(frozen=True, slots=True)
class Departure:
    """A document whose page seems to be gone: the address, the sign and what is said of it (German).

    ``kind`` is what stands in place of the page, where that is not a redirect or a refusal.
    """

    url: str
    doc_id: str
    sign: Sign
    said: str
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A document whose address leads to another one, which may have a document too."""

    url: str
    doc_id: str
    target: str
    target_id: str | None = None


def redirect_sign(
    url: str, target: str, starts: Collection[str], *, is_where_unknown_leads: bool = False
) -> Sign | None:
    """What it says of a page that its address leads to another one; None: nothing, pages do move.

    ``starts`` are the start pages of the source, and ``is_where_unknown_leads`` says that the host leads
    addresses there that do not exist.
    """
    if page_key(url) == page_key(target) or is_home(url, starts):
        return None
    name = _last_name(target)
    if name in _names("logins"):
        return Sign.LOGIN
    if is_home(target, starts):
        return Sign.HOME
    is_error = name in _names("error_pages") and _last_name(url) not in _names("error_pages")
    return Sign.ERROR_PAGE if is_error or is_where_unknown_leads else None


def is_home(url: str, starts: Collection[str] = ()) -> bool:
    """Whether an address is a website's first page, or a start page of the source."""
    if canonical_url(url) in {canonical_url(start) for start in starts}:
        return True
    parts = urlsplit(canonical_url(url))
    return not parts.query and parts.path.rstrip("/").casefold() in _homes()


def believed(
    departures: Sequence[Departure], sound: Collection[str]
) -> tuple[list[Departure], list[Departure]]:
    """The departures that count as for 404, and those that do not.

    ``sound`` are the addresses of documents from before this run that it found with a text of their own.
    """
    affected = {departure.doc_id for departure in departures}
    is_many = len(affected) > _ALWAYS and len(affected) >= _SHARE * (len(affected) + len(sound))
    hosts = {host_of(url) for url in sound}
    is_gone = [not is_many and host_of(departure.url) in hosts for departure in departures]
    gone = [one for one, counts in zip(departures, is_gone, strict=True) if counts]
    return gone, [one for one, counts in zip(departures, is_gone, strict=True) if not counts]


def _last_name(url: str) -> str:
    """The last part of an address' path, without its suffix."""
    return PurePosixPath(unquote(urlsplit(url).path).casefold()).stem


@cache
def _names(name: str) -> frozenset[str]:
    return frozenset(_tables()[name])


@cache
def _homes() -> frozenset[str]:
    return frozenset(
        path.replace("{lang}", language) for path in _tables()["home"] for language in _tables()["languages"]
    )


@cache
def _tables() -> dict[str, list[str]]:
    return tomllib.loads(files("crawler.page").joinpath("data", "departures.toml").read_text("utf-8"))
