"""``kb crawl`` killed again and again, at moments that the server chooses; also by hand, with many more kills.

``python -m tests.crawler.kills --kills 50 --seed 1`` prints a line a kill and what was found at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kb.corpus import DirectoryCorpus
from kb.corpus.atomic import exclusive_lock
from kb.model import Document
from tests import limits
from tests.crawler.loopback import Site, serve
from tests.crawler.unruly_site import MAX_BYTES, city


@dataclass(frozen=True)
class Survived:
    """What was found after the last kill and one undisturbed run.

    ``asked_again`` are paths that were asked for although a killed run had finished them, ``lost`` ids of
    documents that were in the corpus before a kill and later were not; ``told`` all paths of the report.
    """

    documents: tuple[Document, ...]
    asked_again: list[str]
    lost: list[str]
    told: set[str]


def crawl_with_kills(
    folder: Path,
    site: Site,
    *,
    kills: int,
    seed: int,
    most: int = 120,
    say: Callable[[str], None] = lambda _: None,
) -> Survived:
    """Kill so many runs, each at its n-th request (n at most ``most``), then let one come to its end.

    A run that ends before its n-th request is followed by one that visits all pages again.
    """
    dice = random.Random(seed)
    _write_source(folder, site.base)
    asked_again: list[str] = []
    lost: list[str] = []
    documents: dict[str, Document] = {}
    struck = 0
    while struck < kills:
        finished = _finished(folder)
        site.asked.clear()
        after, whole_group = dice.randrange(1, most), dice.random() < 0.5
        has_struck = _run_and_kill(folder, site, after, signal_group=whole_group)
        struck += has_struck
        asked_again += [path for path in site.paths if path in finished]
        now = _documents(folder)
        lost += sorted(documents.keys() - now.keys())
        documents = now
        whom = "alle Prozesse" if whole_group else "der Elternprozess"
        ended = f"bei Anfrage {after} beendet ({whom})" if has_struck else f"vor Anfrage {after} zu Ende"
        say(f"{struck}: {ended}, {len(finished)} Adressen waren fertig, {len(now)} Dokumente")
    finished = _finished(folder)
    site.asked.clear()
    done = _start(folder, ("--json",))
    told = json.loads(done.communicate(timeout=limits.SECONDS)[0])
    asked_again += [path for path in site.paths if path in finished]
    now = _documents(folder)
    lost += sorted(documents.keys() - now.keys())
    paths = {page["url"].removeprefix(site.base) for page in told["sources"][0]["pages"]}
    return Survived(tuple(now.values()), asked_again, lost, paths)


def _run_and_kill(folder: Path, site: Site, after: int, *, signal_group: bool) -> bool:
    """One run, killed when its n-th request arrives, before that is answered; False: it ended earlier."""
    count = 0

    def strike(_path: str) -> None:
        nonlocal count
        count += 1
        if count == after:
            if signal_group:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()  # the parent alone: its child must not outlive it

    process = _start(folder)
    site.watch = strike
    try:
        process.communicate(timeout=limits.SECONDS)
    finally:
        site.watch = lambda path: None
    if process.returncode >= 0:
        return False
    # The kernel frees the lock of the source when the process that crawls is gone, and not before.
    locks = folder / "var" / "state" / "crawler" / "locks"
    locks.mkdir(parents=True, exist_ok=True)  # it may have been killed before its first request
    with exclusive_lock(locks / "source-stadt", timeout=limits.SECONDS):
        return True


def _start(folder: Path, options: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "KB_ALLOW_LOOPBACK": "1",
        "KB_CRAWL_DELAY": "0",
        "KB_MAX_FILE_BYTES": str(MAX_BYTES),
    }
    command = [sys.executable, "-m", "kb", "--corpus", str(folder / "corpus"), "--var", str(folder / "var")]
    return subprocess.Popen(
        [*command, "crawl", "--no-index", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def _write_source(folder: Path, base: str) -> None:
    sources = folder / "corpus" / "sources"
    sources.mkdir(parents=True)
    (sources / "stadt.toml").write_text(
        f'name = "Stadt"\nenabled = true\nstart_urls = ["{base}/"]\nsitemaps = ["{base}/sitemap.xml"]\n'
        'listings = ["/liste/"]\n',
        "utf-8",
    )


def _finished(folder: Path) -> set[str]:
    """The paths with an outcome that the run to be gone on with has kept."""
    file = folder / "var" / "state" / "crawler" / "sources" / "stadt.sqlite"
    if not file.exists():
        return set()
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT url FROM frontier WHERE outcome IS NOT NULL").fetchall()
    paths = (urlsplit(url) for (url,) in rows)
    return {f"{one.path}?{one.query}" if one.query else one.path for one in paths}


def _documents(folder: Path) -> dict[str, Document]:
    corpus = DirectoryCorpus(folder / "corpus")
    return {one.id: one for one in (corpus.load(ref).document for ref in corpus.refs())}


def main() -> None:
    parser = argparse.ArgumentParser(description="Crawls töten und nachzählen, was bleibt.")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    plan = city()
    with serve(plan.answers) as site, tempfile.TemporaryDirectory() as folder:
        found = crawl_with_kills(
            Path(folder),
            site,
            kills=wanted.kills,
            seed=wanted.seed,
            say=lambda line: print(line, flush=True),
        )
    missing = set(plan.fates) - found.told
    once = [n for n in plan.reports.values() if sum(f"-{n}:" in one.text for one in found.documents) != 1]
    print(f"{len(found.documents)} Dokumente; nicht erzählt: {sorted(missing)}")
    print(
        f"nicht genau einmal im Korpus: {once}; verloren: {found.lost}; nochmals gefragt: {found.asked_again}"
    )
    sys.exit(bool(missing or once or found.lost or found.asked_again))


if __name__ == "__main__":
    main()
