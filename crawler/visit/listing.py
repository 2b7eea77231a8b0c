"""What a sitemap or feed was good for: its addresses, or in German why it gives none."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.addressing.urls import host_of
from crawler.lists.reader import MAX_ENTRIES, AddressList
from crawler.manners.scope import Scope
from crawler.memory.pages import Lead
from crawler.report.outcomes import PageAction, PageOutcome
from crawler.requests.kinds import SITEMAP

_MAX_DEPTH = 3
_NAMES = {True: ("Sitemap", "keine Sitemap"), False: ("Feed", "kein Feed")}


@dataclass(frozen=True, slots=True)
class ListReading:
    """What became of a list, where it leads, and what the report is to say of it apart from that."""

    outcome: PageOutcome
    pages: tuple[str, ...] = ()
    sitemaps: tuple[Lead, ...] = ()
    note: str | None = None


def read_listing(lead: Lead, found: AddressList, scope: Scope) -> ListReading:
    """Judge what a list names; ``lead`` is what it was asked for as, ``scope`` that of its source."""
    name, none = _NAMES[lead.kind == SITEMAP]
    if found.instead is not None:
        reason = f"{none}, sondern {found.instead}"
        return ListReading(PageOutcome(lead.url, PageAction.FAILED, reason), note=f"{lead.url}: {reason}")
    addresses = (*found.pages, *found.sitemaps)
    outcome = PageOutcome(lead.url, PageAction.SKIPPED, f"{name}, nur als Quelle von Links gelesen")
    if not addresses:
        reason = f"{name} ohne Adressen"
        return ListReading(PageOutcome(lead.url, PageAction.SKIPPED, reason), note=f"{lead.url}: {reason}")
    is_too_deep = bool(found.sitemaps) and lead.depth >= _MAX_DEPTH
    sitemaps = () if is_too_deep else tuple(Lead(url, SITEMAP, lead.depth + 1) for url in found.sitemaps)
    note = None
    if not any(address in scope for address in addresses):
        strange = ", ".join(list(dict.fromkeys(host_of(address) for address in addresses))[:3])
        note = f"{name}, deren {len(addresses)} Adressen alle auf anderen Servern liegen ({strange})"
        note = note.replace("deren", "dessen") if name == "Feed" else note
    elif is_too_deep:
        note = f"{name}, die weitere nennt; tiefer als {_MAX_DEPTH} Ebenen wird nicht gelesen"
    elif found.is_cut:
        note = f"{name} mit mehr als {MAX_ENTRIES} Adressen; gelesen werden nur so viele"
    return ListReading(outcome, found.pages, sitemaps, f"{lead.url}: {note}" if note else None)
