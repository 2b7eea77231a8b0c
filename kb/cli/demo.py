"""The command ``kb demo``: the whole way once, on a website that we bring along."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, NoReturn
from urllib.parse import quote

import click

from kb import wiring
from kb.cli.global_options import Global
from kb.cli.indexing import describe, run_index
from kb.cli.output import program, progress_bar, shown_path
from kb.corpus import DirectoryCorpus, shipped_corpus
from kb.errors import CrawlError, ServerError
from kb.model import Document
from kb.private import write_privately
from kb.settings import Settings

SOURCE = "demo"
QUERIES = ("Quartiersmanagement", "Übergang Schule Beruf", "Sprachmittler in der Beratung")
# Addresses are part of what is crawled, so the demo site stays at one port as long as it can.
_SITE_PORT = 8001
_STOP_SECONDS = 15


@click.command(help="Mitgelieferte Website starten, crawlen, indexieren und die Suche anbieten.")
@click.option("--once", is_flag=True, help="Eine Anfrage stellen, Treffer zeigen und enden")
@click.option("--port", type=click.IntRange(0, 65535), help="Port der Suche (sonst 8000)")
@click.pass_obj
def demo(options: Global, *, once: bool, port: int | None) -> None:
    """Run the whole way once; with ``--once`` on any free port, since nobody will look at it."""
    run_demo(options.settings(port=0 if once and port is None else port), once=once)


def run_demo(settings: Settings, *, once: bool) -> None:
    """Serve and crawl the demo site, index it, start the search; with ``once`` ask one query and end.

    Raises:
        CrawlError: nothing could be crawled.
        ServerError: the search could not be started, or gave no answer.
    """
    demo = wiring.demo_settings(settings)
    with ExitStack() as stack:
        site_url = _serve_site(stack)
        click.echo(f"Demo-Website: {site_url}")
        _forget_other_address(demo, site_url)
        _crawl(demo, site_url)
        click.echo(describe(run_index(demo)))
        search_url = stack.enter_context(_search_server(demo))
        _introduce(search_url)
        if once:
            _ask_once(search_url)
            return
        _explain(demo, search_url)
        _stay()
    click.echo("Beendet.")


def _serve_site(stack: ExitStack) -> str:
    """Start the demo site at its port, or at a free one where another program has that."""
    from webapp.demosite import serve_demo_site

    documents = demo_documents()
    try:
        return stack.enter_context(serve_demo_site(documents, port=_SITE_PORT))
    except ServerError:
        return stack.enter_context(serve_demo_site(documents))


def demo_documents() -> list[Document]:
    """The documents from which the demo site is rendered."""
    corpus = DirectoryCorpus(shipped_corpus())
    stored = (corpus.load(ref) for ref in corpus.refs() if ref.location.startswith(f"documents/{SOURCE}/"))
    return [one.document for one in stored]


def _forget_other_address(demo: Settings, site_url: str) -> None:
    """Start anew when the site could not have its port: its pages would be there twice."""
    marker = demo.var.parent / "site-url"
    if not marker.exists() or marker.read_text("utf-8") != site_url:
        shutil.rmtree(demo.corpus, ignore_errors=True)
    write_privately(marker, site_url.encode())


def _crawl(demo: Settings, site_url: str) -> None:
    from crawler.run.crawl import run_crawl

    wiring.open_corpus_for_writing(demo)
    source = wiring.open_sources(demo).get(SOURCE).relocated(site_url)
    with progress_bar("Crawlen") as progress:
        report = run_crawl(wiring.open_crawl(demo, [source]), progress)
    click.echo("\n".join(line for one in report.sources for line in one.lines()))
    if not any(True for _ in wiring.open_corpus(demo).refs()):
        raise CrawlError("keine Seite der Demo-Website kam an", subject=site_url, remedy="kb doctor ausführen")


@contextmanager
def _search_server(demo: Settings) -> Iterator[str]:
    """Run ``kb serve`` as its users do, in a process of its own; yields its address."""
    command = [sys.executable, "-m", "kb", "--corpus", str(demo.corpus), "--var", str(demo.var)]
    command += ["serve", "--host", demo.host, "--port", str(demo.port), "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as server:
        try:
            yield _address(server.stdout, demo)
        finally:
            server.terminate()
            try:
                server.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()


def _address(output: IO[str] | None, demo: Settings) -> str:
    assert output is not None
    line = output.readline()
    words = [word for word in line.split() if word.startswith("http://")]
    if not words:  # the server has said why on standard error
        raise ServerError(
            "die Suche ist nicht gestartet", subject=f"{demo.host}:{demo.port}", remedy="siehe oben"
        )
    return words[0]


def _introduce(search_url: str) -> None:
    click.echo(f"\nDie Suche läuft: {search_url}")
    for query in QUERIES:
        click.echo(f"  {query:<32} {search_url}/?q={quote(query)}")


def _explain(demo: Settings, search_url: str) -> None:
    """Where the demonstration lies, how to look into it, sign in, and go on with documents of one's own."""
    there = f"{program()} --corpus {shown_path(demo.corpus)} --var {shown_path(demo.var)}"
    click.echo(
        f"""
Umsehen (in einem zweiten Terminal):
  Korpus           {shown_path(demo.corpus)}, eine Markdown-Datei je Dokument
  Zustand, Index   {shown_path(demo.var)}
  auf der Konsole  {there} search Stadtteilmütter
Redaktion: ein Konto anlegen, dann unter {search_url}/anmelden anmelden:
  {there} user add redaktion --role admin
Mit eigenen Dokumenten anfangen, in einem leeren Ordner:
  {program(anywhere=True)} import DATEIEN    (legt dort ./corpus an; danach dasselbe mit „serve“)"""
    )


def _ask_once(search_url: str) -> None:
    """Ask one query over HTTP and print what the page lists."""
    from bs4 import BeautifulSoup

    address = f"{search_url}/?q={quote(QUERIES[0])}"
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            page = BeautifulSoup(answer.read(), "lxml")
        with urllib.request.urlopen(f"{search_url}/healthz", timeout=30) as answer:
            health = json.load(answer)
    except (urllib.error.URLError, TimeoutError, ValueError) as error:
        raise ServerError(f"keine Antwort ({error})", subject=address) from error
    titles = [" ".join(link.get_text().split()) for link in page.select("main h2 a[href*='/dokument/']")]
    click.echo(f"\n„{QUERIES[0]}“ in {health['documents']} Dokumenten:")
    for number, title in enumerate(titles, start=1):
        click.echo(f"  {number}. {title}")
    if not titles:
        raise ServerError("die Probe-Anfrage fand nichts", subject=address, remedy="kb doctor ausführen")


def _stay() -> None:
    """Wait for Ctrl-C or a termination signal."""
    click.echo("\nStrg-C beendet.")

    def stop(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while True:
            signal.pause()
    except KeyboardInterrupt:
        click.echo("")
