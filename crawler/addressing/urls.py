"""One address, one spelling: from a URL to what is requested, what is compared, and a document id; all pure."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import idna
from w3lib.url import canonicalize_url, safe_url_string

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?#]*", re.IGNORECASE)
# A percent sign that starts no escape; left alone it would be read differently each time.
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What the URL standard of browsers removes before reading.
_BLANKS_INSIDE = re.compile(r"[\t\n\r]")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_MAX_SLUG = 60
_HASH_DIGITS = 8


def fetch_url(url: str) -> str:
    """The address to request and to show: cleaned of everything that cannot change the page.

    Scheme and host are lower-case, umlaut domains in ASCII, no default port, no user name, no fragment, no
    tracking or session parameters, no dot segments. A trailing slash stays, since servers care.
    Applying it twice changes nothing.

    Raises:
        ValueError: not an http or https address with a usable host.
    """
    parts = urlsplit(_BLANKS_INSIDE.sub("", url.strip()))
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(f"{url!r} is not an http or https address")
    port = parts.port  # raises ValueError beyond 65535
    host = _ascii_host(parts.hostname or "")
    netloc = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    path = _without_dot_segments(_PATH_SESSION.sub("", parts.path)) or "/"
    cleaned = SplitResult(scheme, netloc, path, _without_tracking(parts.query), "")
    return safe_url_string(_STRAY_PERCENT.sub("%25", urlunsplit(cleaned)))


def canonical_url(url: str) -> str:
    """The address by which documents are compared: one spelling for what servers treat alike.

    Parameters are sorted, escapes have one form, and only the root keeps its trailing slash. Two spellings of
    one page give the same string; applying it twice changes nothing.

    Raises:
        ValueError: as for ``fetch_url``.
    """
    parts = urlsplit(canonicalize_url(fetch_url(url), keep_blank_values=True))
    path = parts.path.rstrip("/") or "/"
    return urlunsplit(parts._replace(path=path))


def page_key(url: str) -> str:
    """``canonical_url`` without the scheme: http and https of one address are one page."""
    return canonical_url(url).partition(":")[2]


def site_of(url: str) -> str:
    """Scheme and host of an address, as they stand: whose robots.txt and reservations hold for it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def host_of(url: str) -> str:
    """Host and, if unusual, port of an address, as ``fetch_url`` spells them."""
    return urlsplit(fetch_url(url)).netloc


def document_id(source: str, url: str) -> str:
    """A readable and stable id: source, words of the last path segment, 8 hex digits of the canonical address.

    ``https://demo.example/berichte/Übergänge-gestalten.html`` → ``demo-uebergaenge-gestalten-1f0c5a2b``.
    """
    canonical = canonical_url(url)
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:_HASH_DIGITS]
    words = slug(PurePosixPath(unquote(urlsplit(canonical).path)).stem)
    return "-".join(part for part in (source, words, digest) if part)


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, umlauts spelled out, at most 60 characters; may be empty."""
    lowered = unicodedata.normalize("NFC", text).lower().translate(_SPELLED_OUT)
    ascii_only = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_only)
    kept = ""
    for word in words:
        longer = f"{kept}-{word}" if kept else word[:_MAX_SLUG]
        if len(longer) > _MAX_SLUG:
            break
        kept = longer
    return kept


def _ascii_host(host: str) -> str:
    host = unquote(host).rstrip(".").lower()
    if not host:
        raise ValueError("the address has no host")
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host.partition('%')[0])}]"
    if host.isascii() and re.fullmatch(r"[a-z0-9._-]+", host):
        return host  # an underscore is common in real host names, and idna refuses it
    try:
        # UTS 46 with IDNA 2008: straße.de keeps its ß, unlike the standard library's codec.
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError(f"{host!r} is not a host name") from error


def _without_dot_segments(path: str) -> str:
    """RFC 3986, 5.2.4; empty segments stay, since a server may tell them apart."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        plain = re.sub("%2[eE]", ".", segment)
        if plain == "..":
            if len(kept) > 1:
                kept.pop()
        elif plain != ".":
            kept.append(segment)
    if re.sub("%2[eE]", ".", segments[-1]) in (".", ".."):
        kept.append("")
    return "/".join(kept)


def _without_tracking(query: str) -> str:
    pieces = (piece for piece in query.split("&") if piece)
    return "&".join(piece for piece in pieces if not _is_tracking(unquote(piece.partition("=")[0])))


def _is_tracking(name: str) -> bool:
    lowered = name.lower()
    return any(fnmatchcase(lowered, pattern) for pattern in _tracking_patterns())


@cache
def _tracking_patterns() -> tuple[str, ...]:
    text = files("crawler.addressing").joinpath("data", "tracking_parameters.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip().lower() for line in text.splitlines())
    return tuple(line for line in lines if line)
