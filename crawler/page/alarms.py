"""Why a source does not answer as it used to, told to people: one German clause each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from crawler.likeness.twins import compare
from crawler.page.departures import Departure, Move, Sign
from crawler.page.stand_ins import Kind, gone_kind, kinds
from crawler.page.stored import stored_document
from crawler.page.suspects import REPLACED_BELOW, Group
from kb.ports import CorpusStore

# What stands on fewer pages of a source that is otherwise as ever is told with these pages alone.
_MANY = 3
_SHARE = 0.1
_MOST = 0.5
_STAY = "ihre Dokumente bleiben, wie sie sind"
_KEEP = "ihre Dokumente behalten ihren Text"
# How a sign is told of many pages.
_SIGNS = {
    Sign.REFUSED: "sind plötzlich gesperrt (Status 401 oder 403)",
    Sign.HOME: "leiten plötzlich auf die Startseite um",
    Sign.ERROR_PAGE: "leiten plötzlich auf eine Fehlerseite um",
    Sign.LOGIN: "leiten plötzlich auf eine Anmeldeseite um",
}


@dataclass(slots=True)
class Met:
    """Where a kind of stand-in was met: documents, other addresses, and start pages of the source."""

    documents: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    starts: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.documents) + len(self.others) + len(self.starts)


def accidents(groups: Iterable[Group]) -> Iterator[str]:
    """Many pages with one text that says nothing of itself."""
    for group in groups:
        what = f"„{group.title}“, {len(group.urls)} Adressen"
        yield f"viele Seiten haben plötzlich ein und denselben Text ({what}); {_KEEP}"


def walls(met: Mapping[str, Met], doubted: Collection[Departure], sound: int) -> Iterator[str]:
    """What stands before, or instead of, the pages; ``sound`` documents were met with a text of their own.

    ``doubted`` are documents that seem to be gone, too many at once to be believed.
    """
    instead: dict[str, set[str]] = defaultdict(set)
    for departure in doubted:
        if departure.kind is not None:
            instead[departure.kind.name].add(departure.doc_id)
    for name in dict.fromkeys((*met, *instead)):
        kind, here = kinds()[name], met.get(name) or Met()
        documents = here.documents | instead[name]
        count = len(here) + len(instead[name] - here.documents)
        # A dead link leads to „Seite nicht gefunden“ anywhere; where most do, no page is to be had.
        is_share = _are_many(count, sound, _MOST if kind is gone_kind() else _SHARE)
        if here.starts or instead[name] or is_share or (documents and sound == 0):
            yield _wall(kind, count, has_documents=bool(documents))


def _wall(kind: Kind, count: int, *, has_documents: bool) -> str:
    addresses = "eine Adresse" if count == 1 else f"{count} Adressen"
    keep = f"; {_KEEP}" if has_documents else ""
    if kind.is_wall:
        return f"{kind.label} steht vor den Seiten ({addresses}){keep}"
    if count < _MANY:
        return f"statt der Seiten kommt {kind.label} ({addresses}){keep}"
    return f"viele Seiten haben plötzlich ein und denselben Text: {kind.label} ({addresses}){keep}"


def departures(doubted: Collection[Departure]) -> Iterator[str]:
    """Documents that seem to be gone by where their addresses lead, too many at once to be believed."""
    for sign, said in _SIGNS.items():
        count = len({one.url for one in doubted if one.sign is sign})
        if count == 1:
            said = said.replace("sind ", "ist ", 1).replace("leiten ", "leitet ", 1)
        if count:
            yield f"{'eine Seite' if count == 1 else f'{count} Seiten'} {said}; {_STAY}"


def gathered(corpus: CorpusStore, moves: Iterable[Move], sound: int) -> Iterator[str]:
    """Many documents, of other texts, whose addresses lead to a single one."""
    led: dict[str, list[Move]] = defaultdict(list)
    for move in moves:
        led[move.target].append(move)
    for moved in led.values():
        if not _are_many(len(moved), sound):
            continue
        there = stored_document(corpus, moved[0].target_id) if moved[0].target_id is not None else None
        texts = (stored.document for one in moved if (stored := stored_document(corpus, one.doc_id)))
        count = sum(there is None or compare(one, there.document).similarity < REPLACED_BELOW for one in texts)
        if count >= _MANY:
            yield f"{count} Seiten leiten plötzlich auf ein und dieselbe Adresse um; {_STAY}"


def leaving(count: int, sound: int) -> Iterator[str]:
    """Documents whose addresses lead out of the source: to a wall on another server, or to a new one."""
    if _are_many(count, sound):
        yield f"{count} Seiten leiten plötzlich aus der Quelle hinaus um; {_STAY}"


def unread(count: int, sound: int) -> Iterator[str]:
    """Documents whose pages are empty, or cannot be read any more."""
    if _are_many(count, sound):
        yield f"{count} Seiten haben plötzlich keinen lesbaren Text mehr; {_KEEP}"


def _are_many(count: int, others: int, share: float = _SHARE) -> bool:
    return count >= _MANY and count >= share * (count + others)
