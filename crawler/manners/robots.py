"""What may be fetched and kept: who is calling, robots.txt (RFC 9309), robots directives, a source's scope.

Scrapy's own robots middleware is not used: it reads the body of a 503 as rules and allows everything when
robots.txt cannot be fetched, where RFC 9309 (2.3.1.4) says that an unreachable robots.txt disallows all.
"""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

from crawler.manners.identity import ROBOT_NAME

# RFC 9309, 2.5: a crawler must read at least 500 kibibytes; we read no more.
MAX_ROBOTS_BYTES = 500 * 1024
# A Crawl-delay beyond this would let one host hold a run for days; such a host is still asked this rarely.
MAX_CRAWL_DELAY = 120.0
# Too many requests: RFC 9309 lets a crawler read any 4xx as "no rules", but this one asks for less.
_TOO_MANY_REQUESTS = 429


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
            return "robots.txt erlaubt den Abruf nicht"
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
        return RobotsRules(Protego.parse(body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", errors="replace")))
    if status >= 500 or status == _TOO_MANY_REQUESTS:
        return RobotsRules(unreachable=f"robots.txt nicht erreichbar (Status {status}), daher kein Abruf")
    return RobotsRules()
