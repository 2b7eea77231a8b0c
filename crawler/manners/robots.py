"""The rules of robots.txt (RFC 9309) as they are written: with versions, without slashes, with decimal commas.

Protego reads them, in a spelling that it understands as RFC 9309 means it: it looks for the name of a group in
that of the robot, so that a group for ``Fundstelle/0.1.0`` would not hold for ``Fundstelle`` and one for
``fund`` would. Where a file can be understood in two ways, the one that forbids more counts.

Scrapy's own robots middleware is not used: it reads the body of a 503 as rules and allows everything when
robots.txt cannot be fetched, where RFC 9309 (2.3.1.4) says that an unreachable robots.txt disallows all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from protego import Protego

from crawler.extract.input.charset import decode
from crawler.manners.identity import ROBOT_NAME, is_our_name
from kb.errors import InputError

# RFC 9309, 2.5: a crawler must read at least 500 kibibytes; we read no more.
MAX_ROBOTS_BYTES = 500 * 1024
# A Crawl-delay beyond this would let one host hold a run for days; such a host is still asked this rarely.
MAX_CRAWL_DELAY = 120.0
FORBIDDEN = "robots.txt erlaubt den Abruf nicht"
# Too many requests: RFC 9309 lets a crawler read any 4xx as "no rules", but this one asks for less.
_TOO_MANY_REQUESTS = 429
# The fields that are respelled, with the mistakes that Protego forgives; all others pass as they are.
_LINE = re.compile(
    r"(?P<field>(?P<agent>user[- ]?agent)|(?P<path>allow|dis{1,2}al{1,2}[oa]w|diasllow)|crawl[- ]delay)"
    r"(?![\w-])[\s:]*(?P<value>.*)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^/?#]*(.*)", re.IGNORECASE)
_NUMBER = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,9})?|[.,][0-9]{1,9})\s{0,9}([a-z]*)", re.IGNORECASE)
# By their first letters: ms, min and h; everything else is seconds.
_SECONDS = (("ms", 0.001), ("millis", 0.001), ("m", 60.0), ("h", 3600.0), ("st", 3600.0))
# A name that no robot has: groups of others are none of ours, whatever their names have in common with it.
_OTHERS = "-"


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one host; ``unreachable`` says why everything is disallowed."""

    parsed: Protego | None = None
    unreachable: str | None = None

    def refusal(self, url: str) -> str | None:
        """Why this address must not be fetched, or None."""
        if self.unreachable is not None:
            return self.unreachable
        if self.parsed is not None and not self.parsed.can_fetch(url, ROBOT_NAME):
            return FORBIDDEN
        return None

    @property
    def crawl_delay(self) -> float | None:
        """The wanted seconds between two requests, capped."""
        delay = self.parsed.crawl_delay(ROBOT_NAME) if self.parsed is not None else None
        return min(float(delay), MAX_CRAWL_DELAY) if delay is not None and delay >= 0 else None


def read_robots(status: int, body: bytes) -> RobotsRules:
    """Rules from an answer to the request for robots.txt, as RFC 9309, 2.3.1 wants it.

    200–299: the body's rules; 400–499 and redirects without end: everything is allowed; 500–599 and 429:
    everything is disallowed.
    """
    if 200 <= status < 300:
        return RobotsRules(Protego.parse("\n".join(_respelled(_text(body[:MAX_ROBOTS_BYTES])))))
    if status >= 500 or status == _TOO_MANY_REQUESTS:
        return RobotsRules(unreachable=f"robots.txt nicht erreichbar (Status {status}), daher kein Abruf")
    return RobotsRules()


def _text(body: bytes) -> str:
    """The characters of robots.txt, of which RFC 9309 wants UTF-8; what is none at all has no rules."""
    try:
        return decode(body, name="robots.txt")
    except InputError:
        return ""


def _respelled(text: str) -> Iterator[str]:
    has_begun = False
    for line in text.splitlines():
        line = line.replace("\ufeff", "").partition("#")[0].strip()
        match = _LINE.match(line)
        if match is None:
            yield line
        elif match["agent"]:
            has_begun = True
            yield from (f"User-agent: {name}" for name in _agents(match["value"]))
        else:
            if not has_begun:
                has_begun = True
                yield "User-agent: *"  # a rule before any group is meant for all
            yield f"{match['field']}: {_path(match['value']) if match['path'] else _seconds(match['value'])}"


def _agents(value: str) -> list[str]:
    """For whom a group is: this robot, all, or others; several names in one line are several robots."""
    names = re.split(r"[\s,;]+", value.strip())
    found = [ROBOT_NAME] if is_our_name(value) else []
    is_for_all = any(name and not name.strip("*") for name in names)
    return [*found, *(["*"] if is_for_all else [])] or [_OTHERS]


def _path(value: str) -> str:
    """A rule as a pattern that begins with a slash or a star."""
    value = value.strip()
    address = _ADDRESS.match(value)
    if address is not None:  # whoever writes an address means its path; that of a whole server may be another's
        value = address[1] if address[1] != "/" else ""
    if not value or value.startswith(("/", "*", "$")):
        return value
    if value.startswith("./"):
        return value[1:]
    # "?print=1" and ".pdf" are parts and ends of addresses, "intern/" is a path.
    return f"/*{value}" if value[0] in "?&=.;" else f"/{value}"


def _seconds(value: str) -> str:
    match = _NUMBER.match(value.strip())
    if match is None:
        return value
    unit = next((seconds for begin, seconds in _SECONDS if match[2].lower().startswith(begin)), 1.0)
    return str(float(match[1].replace(",", ".")) * unit)
