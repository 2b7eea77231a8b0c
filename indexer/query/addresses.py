"""Addresses of documents, as they are typed or pasted and as an index keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

# What ends a host without a scheme before it; anything else („z.B./etc“) is no address.
_ENDS = (
    "de|com|org|net|eu|info|at|ch|example|gov|edu|io|schule|digital|online|berlin|hamburg|bayern|nrw|koeln"
    "|ruhr|saarland"
)
_ADDRESS = re.compile(
    rf"(?:https?://[^\s/]|www\.[^\s./]+\.|[^\W_][\w-]{{0,62}}(?:\.[\w-]{{1,63}}){{0,9}}\.(?:{_ENDS})(?=[/?#:]|$))",
    re.IGNORECASE,
)
# What stands around an address in a sentence or an e-mail.
_AROUND = "<>.,;:!?()[]{}'\"„“”‚‘»«"
# What every page may be called: of such files the folder is the address.
_DEFAULT = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?:html?|php\d?|aspx?|jsp|pdf|docx?|odt|cfm)$", re.IGNORECASE)
# Parameters that say where a visitor came from, not what is shown.
_TRACKING = re.compile(r"utm_|(?:fbclid|gclid|mc_cid|mc_eid|chash)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
# Numbers of an address that are years count; others are numbers of records.
_YEAR = re.compile(r"(?:19|20)\d\d")
# Parts of addresses that say nothing of what is there.
_EMPTY_WORDS = frozenset(
    ["index", "home", "default", "html", "htm", "php", "aspx", "jsp", "www", "http", "https", "node", "de"]
)
# Deeper levels and further words of an address are not looked at.
_MAX_LEVELS = 8
_MAX_WORDS = 32


@dataclass(frozen=True, slots=True)
class Address:
    """An address without scheme, ``www``, port and fragment: host, path, and the query string, if any."""

    host: str
    path: tuple[str, ...]
    query: str = ""

    @property
    def exact(self) -> str:
        """The key of this very address; no word looks like it."""
        return f"={'/'.join((self.host, *self.path))}?{self.query}"

    @property
    def levels(self) -> tuple[str, ...]:
        """The keys of the host, of each folder, and of the page itself, whatever its query string."""
        path = self.path[:_MAX_LEVELS]
        return tuple(f"/{'/'.join((self.host, *path[:depth]))}" for depth in range(len(path) + 1))

    @property
    def below(self) -> str:
        """The key that this address and all below it have."""
        return self.levels[-1]

    @property
    def words(self) -> str:
        """The words of host and path: no top-level domain, no query string, of numbers the years."""
        labels = self.host.split(".")
        *folders, last = ("", *self.path)
        found = (
            word
            for part in (*labels[: max(1, len(labels) - 1)], *folders, _EXTENSION.sub("", last))
            for word in _WORD.findall(part)
            if len(word) > 1 and word.lower() not in _EMPTY_WORDS
            if not _NUMBER.fullmatch(word) or _YEAR.fullmatch(word)
        )
        return " ".join(list(dict.fromkeys(found))[:_MAX_WORDS])


def is_address(text: str) -> bool:
    """Whether something typed is an address: with a scheme, with ``www.``, or a host and its path."""
    text = text.strip().strip(_AROUND)
    return _ADDRESS.match(text) is not None and not any(map(str.isspace, text))


def read_address(text: str) -> Address | None:
    """An address in the one form in which typed and stored ones are compared; None for what is none."""
    text = text.strip().strip(_AROUND).rstrip("*")
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:  # brackets of an IPv6 address that is none
        return None
    if not host:
        return None
    path = _DEFAULT.sub("", unquote(parts.path))
    segments = (segment.casefold() for segment in path.split("/"))
    return Address(
        _host(host), tuple(segment for segment in segments if segment), "&".join(_query(parts.query))
    )


def _host(host: str) -> str:
    if "xn--" in host:
        try:
            host = host.encode("ascii").decode("idna")
        except (UnicodeError, ValueError):
            return host
    return host.removeprefix("www.") if host.count(".") > 1 else host


def _query(query: str) -> Iterator[str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=64)
    except ValueError:
        return
    for name, value in sorted(pairs):
        if not _TRACKING.match(name):
            yield f"{name}={value}"
