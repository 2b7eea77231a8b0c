"""Reservations against text and data mining, as pages and websites state them for machines; no requests here.

- TDMRep (W3C Community Group Report): ``tdm-reservation`` and ``tdm-policy`` as HTTP headers, as ``<meta>`` and
  in ``/.well-known/tdmrep.json``, whose ``location`` is a pattern as in robots.txt
- ``/ai.txt`` (Spawning): groups as in robots.txt, patterns such as ``*.html`` for kinds of files
- ``noai`` in ``X-Robots-Tag`` and ``<meta name="robots">``; ``noimageai`` says nothing of texts

Any of them is enough: what one place reserves, another does not set free.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, SoupStrainer
from protego import Protego

from crawler.manners.identity import ROBOT_NAME
from kb.model import normalise_line

TDMREP_PATH = "/.well-known/tdmrep.json"
AI_PATH = "/ai.txt"
SITE_FILES = (TDMREP_PATH, AI_PATH)
# A website has a handful of rules; a file with more is a fault or a trap.
_MAX_RULES = 1_000
_MAX_PATTERN_CHARS = 1_000
# What a stranger's address may take of a line in a report.
_MAX_POLICY_CHARS = 200
_PAGE_SUFFIXES = ("", ".php", ".asp", ".aspx", ".jsp", ".do", ".htm", ".shtml", ".xhtml")


@dataclass(frozen=True, slots=True)
class Reservation:
    """Where a reservation was found, as people call the place, and the policy that it refers to."""

    place: str
    policy: str | None = None

    @property
    def reason(self) -> str:
        """Why a page is not taken, in German."""
        policy = f", Richtlinie: {self.policy}" if self.policy else ""
        return f"Vorbehalt gegen Text- und Data-Mining ({self.place}{policy})"


@dataclass(frozen=True, slots=True)
class TdmRule:
    """One rule of ``tdmrep.json``; in ``location`` ``*`` is any text and ``$`` the end, else it is a prefix."""

    location: str
    reserved: bool
    policy: str | None = None

    def matches(self, target: str) -> bool:
        """Whether a path with its query is meant; linear in its length, whatever a stranger wrote here."""
        first, *others = self.location.removesuffix("$").split("*")
        if not target.startswith(first):
            return False
        at = len(first)
        last = others.pop() if others and self.location.endswith("$") else None
        for piece in others:
            found = target.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if last is not None:
            return target.endswith(last) and len(target) - len(last) >= at
        return at == len(target) or not self.location.endswith("$")


@dataclass(frozen=True, slots=True)
class SiteReservations:
    """What the two files of one website reserve; ``remarks`` name in German what could not be read."""

    rules: tuple[TdmRule, ...] = ()
    ai: Protego | None = None
    remarks: tuple[str, ...] = ()

    def of(self, url: str) -> Reservation | None:
        """The reservation that holds for an address, or None."""
        parts = urlsplit(url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        matching = [rule for rule in self.rules if rule.matches(unquote(target))]
        # The report does not say beyond doubt whether the first or the longest pattern decides; free is what
        # both set free.
        deciding = [matching[0], max(matching, key=lambda rule: len(rule.location))] if matching else []
        for rule in deciding:
            if rule.reserved:
                return Reservation(TDMREP_PATH, rule.policy)
        return Reservation(AI_PATH) if self._is_kept_from_ai(url) else None

    def _is_kept_from_ai(self, url: str) -> bool:
        """Also a page without an ending where pages (``*.html``) are reserved as a kind of file."""
        if self.ai is None:
            return False
        addresses = [url]
        parts = urlsplit(url)
        suffix = PurePosixPath(parts.path).suffix.lower()
        if suffix in _PAGE_SUFFIXES or not re.fullmatch(r"\.[a-z][a-z0-9]{1,4}", suffix):
            page = f"{parts.path}index.html" if parts.path.endswith("/") else f"{parts.path}.html"
            addresses.append(parts._replace(path=page, query="").geturl())
        return not all(self.ai.can_fetch(address, ROBOT_NAME) for address in addresses)


def read_site_file(path: str, status: int, body: bytes) -> SiteReservations:
    """What an answer for one of the files means; ``status`` 0: none came, for the reason in ``body``.

    Both are optional: 4xx means that there is none, and so does trouble, but that is noted.
    """
    if status == 0 or status >= 500:
        reason = f"Status {status}" if status else body.decode()
        return SiteReservations(remarks=(f"{path} nicht abrufbar ({reason}), gilt als nicht vorhanden",))
    if not 200 <= status < 300:
        return SiteReservations()
    return read_tdmrep(body) if path == TDMREP_PATH else read_ai_txt(body)


def read_tdmrep(body: bytes) -> SiteReservations:
    """The rules of ``tdmrep.json``; what is no such file (often an error page with status 200) has none."""
    try:
        entries = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        is_page = body.lstrip()[:1] == b"<"
        return SiteReservations(remarks=() if is_page else (f"{TDMREP_PATH} ist kein gültiges JSON",))
    entries = entries if isinstance(entries, list) else [entries]
    rules = [rule for entry in entries[:_MAX_RULES] if (rule := _rule(entry)) is not None]
    return SiteReservations(rules=tuple(rules))


def _rule(entry: object) -> TdmRule | None:
    if not isinstance(entry, dict):
        return None
    location, stated, policy = (entry.get(key) for key in ("location", "tdm-reservation", "tdm-policy"))
    said = str(stated).strip()
    if not isinstance(location, str) or len(location) > _MAX_PATTERN_CHARS or said not in ("0", "1"):
        return None
    location = unquote(location.strip())
    if not location.startswith(("/", "*")):
        location = f"/{location}"  # often forgotten
    policy = normalise_line(policy)[:_MAX_POLICY_CHARS] if isinstance(policy, str) else ""
    return TdmRule(location, reserved=said == "1", policy=policy or None)


def read_ai_txt(body: bytes) -> SiteReservations:
    """The groups of ``ai.txt``; other files of this name (Markdown, an error page) have none."""
    text = body.decode("utf-8-sig", errors="replace")
    return SiteReservations(ai=Protego.parse(text) if re.search(r"(?im)^[ \t]*disallow[ \t]*:", text) else None)


def page_reservation(headers: Iterable[tuple[str, str]], html: str | None = None) -> Reservation | None:
    """What one answer reserves, by its headers (names in any case) and, for HTML, its ``<meta>`` elements."""
    named = [(name.lower(), value.strip()) for name, value in headers]
    fields = dict(named)
    if fields.get("tdm-reservation") == "1":
        return _reserved_by("HTTP-Kopfzeile tdm-reservation", fields.get("tdm-policy"))
    for name, value in named:
        if name == "x-robots-tag" and _says_noai(value):
            return Reservation("X-Robots-Tag: noai")
    return _meta_reservation(html) if html is not None else None


def _meta_reservation(html: str) -> Reservation | None:
    soup = BeautifulSoup(html, "lxml", parse_only=SoupStrainer("meta"))
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        name, content = (str(tag.get(key) or "").strip() for key in ("name", "content"))
        if name.lower() in ("robots", ROBOT_NAME.lower()) and _says_noai(content):
            return Reservation('<meta name="robots" content="noai">')
        found.setdefault(name.lower(), content)
    if found.get("tdm-reservation") == "1":
        return _reserved_by('<meta name="tdm-reservation">', found.get("tdm-policy"))
    return None


def _reserved_by(place: str, policy: str | None) -> Reservation:
    return Reservation(place, normalise_line(policy or "")[:_MAX_POLICY_CHARS] or None)


def _says_noai(rules: str) -> bool:
    """Also where the rule names another robot first: who reserves against one means machines."""
    return any(rule.rpartition(":")[2].strip().lower() == "noai" for rule in rules.split(","))


def joined(parts: Iterable[SiteReservations]) -> SiteReservations:
    """What several files of one website reserve together."""
    found = tuple(parts)
    return SiteReservations(
        rules=tuple(rule for one in found for rule in one.rules),
        ai=next((one.ai for one in found if one.ai is not None), None),
        remarks=tuple(remark for one in found for remark in one.remarks),
    )
