"""The section „Crawlen“ of the page: made of a measured crawl, kept when only the search is measured."""

from __future__ import annotations

import re

from benchmarks.crawl_results import CRAWLERS, CrawlerResult, CrawlRun, MemorySample
from benchmarks.figures import decimal, grouped

HEADING = "## Crawlen"
_BEFORE = "## Anmerkungen"
_SECTION = re.compile(rf"^{HEADING}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
# Shares of the pages after which the memory is shown.
_LOOKS = (0.2, 0.5, 1.0)


def section_of(page: str) -> str | None:
    """The section as it stands in a page, or None."""
    found = _SECTION.search(page)
    return found[0].strip() if found else None


def with_section(page: str, section: str) -> str:
    """The page with this section, in place of an older one or before the notes."""
    rest = _SECTION.sub("", page)
    before, notes, after = rest.partition(_BEFORE)
    return f"{before.rstrip()}\n\n{section.strip()}\n\n{notes}{after}".rstrip() + "\n"


def render_crawl(run: CrawlRun) -> str:
    """The section as Markdown; pure."""
    total = run.hosts * run.pages
    done = max(one.pages for one in run.crawlers.values())
    blocks = [
        HEADING,
        f"{grouped(total)} erzeugte Seiten (deutscher Text, im Mittel {decimal(run.mean_bytes / 1000)} kB) auf "
        f"{run.hosts} Hosts dieses Rechners (127.0.1.1, 127.0.1.2, …), als {run.sources} Quellen. Alle Crawler "
        "stellen einem Host eine Anfrage zugleich; die Pause zwischen zwei Anfragen, sonst eine Sekunde, ist "
        "hier null. In einem echten Lauf bestimmt sie die Dauer. `make bench-crawl` misst und schreibt diesen "
        "Abschnitt.",
        f"- Rechner: {run.machine}; Crawler, Elternprozess und Websites teilen sich, was da ist.",
        _table(_HEAD, [_speed(key, one, run) for key, one in run.crawlers.items()]),
        f"{_CLOCK} {_shares(run)}",
        _MEMORY,
        _table(
            ["Crawler", *(f"nach {grouped(round(share * done))} Seiten" for share in _LOOKS)],
            [_memory(key, one) for key, one in run.crawlers.items()],
        ),
        _NOTES,
    ]
    return "\n\n".join(block for block in blocks if block)


_HEAD = [
    "Crawler",
    "Seiten/s",
    "gegen Fundstelle",
    "Seiten je s Rechenzeit",
    "gegen Fundstelle",
    "Websites: Rechenzeit je Seite, ms",
]
_CLOCK = (
    "Die Rechenzeit ist die aller Prozesse des Crawlers; sie hängt weniger als die Uhr davon ab, was sonst auf "
    "dem Rechner läuft."
)
_MEMORY = (
    "Arbeitsspeicher in MB: der Prozess, der abruft und liest (in Klammern der Elternprozess, der den Bericht "
    "führt)."
)
_NOTES = (
    "„Scrapy allein“ folgt Links und behält nichts; „Scrapy mit trafilatura“ zieht dazu aus jeder Seite den "
    "Text. Beide kennen weder robots.txt noch Rücksicht und können nach einem Abbruch nicht fortfahren. "
    "Fundstelle liest dazu Titel, Daten, Autoren, Lizenz und Sprache, schreibt jede Seite als Datei (mit "
    "fsync) und merkt sich jede Adresse, bevor sie abgerufen wird."
)


def _shares(run: CrawlRun) -> str:
    """How much of a core each crawler got while the clock ran: under 100 % something else ran beside it."""
    shares = ", ".join(
        f"{CRAWLERS[key]} {round(100 * one.cpu / one.seconds)} %" for key, one in run.crawlers.items()
    )
    return f"Anteil eines Kerns, den die Crawler bekamen: {shares}; am Rest waren Websites und Nachbarn."


def _speed(key: str, one: CrawlerResult, run: CrawlRun) -> list[str]:
    ours = run.crawlers.get("ours")
    cells = [CRAWLERS[key]]
    for rate, our_rate in (
        (one.pages / one.seconds, ours.pages / ours.seconds if ours else None),
        (one.pages / one.cpu, ours.pages / ours.cpu if ours else None),
    ):
        is_other = our_rate is not None and ours is not one
        cells += [decimal(rate), f"×{decimal(rate / our_rate)}" if is_other and our_rate else "–"]
    return [*cells, decimal(1000 * one.site_cpu / one.pages)]


def _memory(key: str, one: CrawlerResult) -> list[str]:
    return [CRAWLERS[key], *(_held(_look(one, share)) for share in _LOOKS)]


def _look(one: CrawlerResult, share: float) -> MemorySample | None:
    """The sample nearest to this share of the pages."""
    wanted = share * one.pages
    return min(one.samples, key=lambda sample: abs(sample.done - wanted), default=None)


def _held(sample: MemorySample | None) -> str:
    if sample is None:
        return "–"
    parent = f" ({decimal(sample.parent / 1e6)})" if sample.parent != sample.crawl else ""
    return f"{decimal(sample.crawl / 1e6)}{parent}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])
