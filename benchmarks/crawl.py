"""``python -m benchmarks.crawl``: a crawl of many hosts on loopback, beside Scrapy without our policy."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import click
import psutil

from benchmarks.crawl_results import (
    CRAWLERS,
    CrawlerResult,
    CrawlRun,
    MemorySample,
    load_crawl,
    save_crawl,
)
from benchmarks.crawl_section import render_crawl
from benchmarks.crawl_site import page as site_page
from benchmarks.figures import decimal, grouped
from benchmarks.report import put_crawl
from benchmarks.run import describe_machine

_ROOT = Path(__file__).parents[1]
RAW = _ROOT / "build" / "bench" / "crawl.json"


@click.command(
    help="Einen Crawl vieler Hosts auf diesem Rechner messen; schreibt einen Abschnitt in docs/benchmarks.md."
)
@click.option("--hosts", type=click.IntRange(1, 400), default=200, show_default=True, help="Zahl der Hosts")
@click.option("--pages", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Seiten je Host")
@click.option("--sources", type=click.IntRange(1, 400), default=10, show_default=True, help="Zahl der Quellen")
@click.option("--crawlers", default=",".join(CRAWLERS), show_default=True, help="Welche Crawler")
@click.option("--page/--no-page", "is_written", default=True, help="Die Seite schreiben oder nur messen")
def main(hosts: int, pages: int, sources: int, crawlers: str, *, is_written: bool) -> None:
    """Measure each crawler over the same sites, one after the other."""
    wanted = [key for key in CRAWLERS if key in crawlers.split(",")]
    if not wanted:
        raise click.ClickException(f"keine der Angaben ist ein Crawler; möglich: {', '.join(CRAWLERS)}")
    run = CrawlRun(
        machine=describe_machine(),
        hosts=hosts,
        pages=pages,
        sources=min(sources, hosts),
        mean_bytes=fmean(len(site_page(number)) for number in range(100)),
    )
    for key in wanted:
        click.echo(f"{CRAWLERS[key]} ({hosts} Hosts, {grouped(hosts * pages)} Seiten) …", err=True)
        found = measure(key, run)
        run = replace(run, crawlers={**run.crawlers, key: found})
        click.echo(f"  {decimal(found.pages / found.seconds)} Seiten/s", err=True)
        if is_written:  # after each: an interruption loses only one
            save_crawl(run, RAW)
    if is_written:
        page = put_crawl(render_crawl(load_crawl(RAW)))
        click.echo(f"Geschrieben: {page.relative_to(_ROOT)} (Rohdaten: {RAW.relative_to(_ROOT)})")


def measure(key: str, run: CrawlRun) -> CrawlerResult:
    """One crawler over the sites of a run, with everything that it uses.

    Raises:
        ClickException: it ended without a result.
    """
    with _site(run.hosts, run.pages) as (port, site), tempfile.TemporaryDirectory() as folder:
        command = [
            "benchmarks.crawl_worker",
            key,
            str(port),
            str(run.hosts),
            str(run.sources),
            f"{folder}/crawl",
        ]
        started = time.perf_counter()
        with _python(command) as worker:
            watch = _Watch(psutil.Process(worker.pid))
            assert worker.stdout is not None
            for line in worker.stdout:
                told = json.loads(line)
                watch.look(int(told.get("done", 0)))
                if "pages" in told:
                    seconds = time.perf_counter() - started
                    busy = psutil.Process(site.pid).cpu_times()
                    site_cpu = busy.user + busy.system
                    return CrawlerResult(int(told["pages"]), seconds, watch.cpu, site_cpu, tuple(watch.samples))
    raise click.ClickException(f"{CRAWLERS[key]} endete ohne Ergebnis")


class _Watch:
    """Looks at a process and its children: what they hold, and how long they computed."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._cpu: dict[int, float] = {}
        self.samples: list[MemorySample] = []

    @property
    def cpu(self) -> float:
        """Seconds of computing so far, as seen at the last look."""
        return sum(self._cpu.values())

    def look(self, done: int) -> None:
        """Note memory (bytes) and computing time after so many pages; 0 for time alone."""
        memory = {}
        for one in (self._process, *self._process.children(recursive=True)):
            try:
                busy = one.cpu_times()
                memory[one.pid] = int(one.memory_info().rss)
            except psutil.Error:
                continue
            self._cpu[one.pid] = busy.user + busy.system
        parent = memory.pop(self._process.pid, 0)
        if done:
            self.samples.append(MemorySample(done, max(memory.values(), default=parent), parent))


@contextmanager
def _site(hosts: int, pages: int) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    with _python(["benchmarks.crawl_site", str(hosts), str(pages)]) as server:
        assert server.stdout is not None
        yield int(json.loads(server.stdout.readline())["port"]), server


@contextmanager
def _python(module: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A module as a program; its end of the pipe closes with the block, and it ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", *module], cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


if __name__ == "__main__":
    main()
