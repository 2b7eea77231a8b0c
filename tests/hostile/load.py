"""Readers, editors and guessers of passwords at once, on loopback; by hand, since its verdict is about speed.

``python -m tests.hostile.load --documents 10000 --seconds 60`` makes a corpus, serves it with three workers and
asks: one reader alone; then readers and editors who do something every five seconds, logins among them; then
one reader under a flood of logins of names that nobody has. It ends with 1 where an answer was an error, an
edit was lost, or search was too slow.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from bs4 import BeautifulSoup

from benchmarks.documents import demo_texts, make_entries
from kb.corpus import DirectoryCorpus
from kb.model import Document

_CORPUS = Path(__file__).parents[2] / "corpus"
_PASSWORD = "ein recht langes Kennwort"
_PATIENCE = 60.0
# Seconds after which a reader asks again, and an editor does something.
_EVERY = 5.0
# What a slow answer may be, as multiples of one reader's alone.
_MOST = 3.0
_QUERIES = (
    "Berufsorientierung Schule",
    "Quartiersmanagement",
    "Übergang Schule Beruf",
    "Integration Geflüchteter in der Kita",
    "Jugendberufsagentur",
    "Nachbarschaft stärken",
    "Bildungsbüro Kommune",
    "Sprachförderung",
)


@dataclass(slots=True)
class Tally:
    """Seconds of answers, and what went wrong; threads share it."""

    searches: list[float] = field(default_factory=list)
    desk: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    refused: int = 0

    def p(self, share: float) -> float:
        """A percentile of the searches, in milliseconds."""
        ordered = sorted(self.searches)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Browser:
    """Cookies, forms, and the seconds that answers take."""

    def __init__(self, base: str, tally: Tally) -> None:
        self._base, self._tally = base, tally
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> BeautifulSoup:
        """A page; an error is counted and gives an empty one."""
        return BeautifulSoup(self._ask(path, None), "lxml")

    def search(self, text: str) -> None:
        """Ask, and note how long it took."""
        started = time.perf_counter()
        self._ask(f"/?q={quote(text)}", None)
        self._tally.searches.append(time.perf_counter() - started)

    def send(self, page: BeautifulSoup, action: str, changed: Mapping[str, str]) -> BeautifulSoup:
        """Post the form with this action as it is on the page, but for what was changed."""
        form = page.select_one(f'form[action="{action}"]')
        if form is None:
            self._tally.errors.append(f"{action}: no such form")
            return page
        fields = {
            str(one["name"]): one.get_text().lstrip("\n")
            if one.name == "textarea"
            else str(one.get("value", ""))
            for one in form.select("input[name]:not([type=checkbox]), textarea[name]")
        }
        for one in form.select("select[name]"):
            chosen = one.select_one("option[selected]")
            fields[str(one["name"])] = str(chosen.get("value", "")) if chosen else ""
        started = time.perf_counter()
        answer = self._ask(action, fields | dict(changed))
        self._tally.desk.append(time.perf_counter() - started)
        return BeautifulSoup(answer, "lxml")

    def _ask(self, path: str, fields: Mapping[str, str] | None) -> bytes:
        data = urlencode(fields).encode() if fields is not None else None
        try:
            with self._opener.open(Request(self._base + path, data), timeout=_PATIENCE) as answer:
                body: bytes = answer.read()
                return body
        except HTTPError as error:
            if error.code == 429:
                self._tally.refused += 1
            else:
                self._tally.errors.append(f"{path}: {error.code}")
        except (URLError, OSError) as error:
            self._tally.errors.append(f"{path}: {error}")
        return b""


@dataclass(slots=True)
class Editor:
    """Signs in, adds a line to a document of their own, signs out, and looks whether all lines are there."""

    name: str
    base: str
    tally: Tally
    doc_id: str = ""
    told: int = 0
    lost: int = 0

    def begin(self) -> None:
        """Write the document."""
        browser = self._signed_in()
        page = browser.get("/redaktion/neu")
        # The home may be that of an earlier run: nothing is to look like what was written then.
        words = " ".join(f"Wort{random.randrange(10**6)}" for _ in range(60))
        fields = {"titel": f"Bericht {words[:20]}", "text": f"{words}\n\nZeile 0 des Berichts."}
        made = browser.send(page, "/redaktion/neu", fields)
        link = made.select_one('a[href^="/redaktion/bearbeiten/"], a[href^="/redaktion/fassungen/"]')
        self.doc_id = str(link["href"]).rsplit("/", 1)[-1] if link is not None else ""
        if not self.doc_id:
            self.tally.errors.append(f"{self.name}: no document was made")

    def once(self) -> None:
        """Another line."""
        browser = self._signed_in()
        action = f"/redaktion/bearbeiten/{self.doc_id}"
        page = browser.get(action)
        area = page.select_one("textarea[name=text]")
        if area is None:
            self.tally.errors.append(f"{self.name}: no text to edit")
            return
        text = area.get_text().strip()
        self.lost += sum(f"Zeile {number} " not in text + " " for number in range(self.told + 1))
        saved = browser.send(page, action, {"text": f"{text}\n\nZeile {self.told + 1} des Berichts."})
        if saved.select_one("textarea[name=text]") is None and saved.select_one("h1") is not None:
            self.told += 1
        browser.send(browser.get("/redaktion/"), "/abmelden", {})

    def _signed_in(self) -> Browser:
        browser = Browser(self.base, self.tally)
        browser.send(browser.get("/anmelden"), "/anmelden", {"name": self.name, "passwort": _PASSWORD})
        return browser


def main(arguments: list[str] | None = None) -> int:
    """Run all; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--editors", type=int, default=5)
    parser.add_argument("--home", type=Path, help="folder with the corpus of an earlier run, or for this one")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        environment = os.environ | {"KB_CORPUS": str(home / "corpus"), "KB_VAR": str(home / "var")}
        _prepare(home, environment, options.documents, options.editors)
        with _served(environment, options.workers) as base:
            return _measure(base, options)


def _measure(base: str, options: argparse.Namespace) -> int:
    for _ in range(10 * options.workers):  # until every worker has opened the index
        _read(base, Tally(), every=0)
    alone = Tally()
    _for_seconds(options.seconds / 4, [lambda: _read(base, alone, every=0.2)])
    print(
        f"one reader:        p50 {alone.p(0.5):7.1f} ms  p95 {alone.p(0.95):7.1f} ms  ({len(alone.searches)})"
    )
    together = Tally()
    editors = [Editor(f"redaktion{number}", base, together) for number in range(options.editors)]
    for editor in editors:
        editor.begin()
    readers = [partial(_read, base, together, every=_EVERY)] * options.readers
    writers = [partial(_edit, editor, every=_EVERY) for editor in editors]
    _for_seconds(options.seconds, [*readers, *writers], within=_EVERY)
    edits, lost = sum(editor.told for editor in editors), sum(editor.lost for editor in editors)
    print(
        f"readers, editors:  p50 {together.p(0.5):7.1f} ms  p95 {together.p(0.95):7.1f} ms  "
        f"({len(together.searches)}), {edits} edits, {lost} lost, {len(together.errors)} errors, "
        f"{together.refused} refused"
    )
    flooded, guesses = Tally(), Tally()
    guessers = [partial(_guess, base, guesses, f"niemand{number}") for number in range(6)]
    _for_seconds(options.seconds / 4, [lambda: _read(base, flooded, every=0.2), *guessers])
    print(
        f"under six guesses: p50 {flooded.p(0.5):7.1f} ms  p95 {flooded.p(0.95):7.1f} ms  "
        f"({len(guesses.desk)} guesses a second each, {guesses.refused} refused)"
    )
    for error in sorted({*alone.errors, *together.errors, *flooded.errors})[:20]:
        print(f"  {error}", file=sys.stderr)
    verdicts = {
        "no error": not (alone.errors or together.errors or flooded.errors),
        "no lost edit": not lost,
        f"p95 at most {_MOST:g} x that of one reader": together.p(0.95) <= _MOST * alone.p(0.95),
        f"p50 under guesses at most {_MOST:g} x": flooded.p(0.5) <= _MOST * alone.p(0.5),
    }
    for label, held in verdicts.items():
        print(f"{'held' if held else 'BROKEN'}: {label}")
    return 0 if all(verdicts.values()) else 1


def _read(base: str, tally: Tally, *, every: float) -> None:
    Browser(base, tally).search(random.choice(_QUERIES))
    time.sleep(every * random.uniform(0.8, 1.2))


def _edit(editor: Editor, *, every: float) -> None:
    editor.once()
    time.sleep(every * random.uniform(0.8, 1.2))


def _guess(base: str, tally: Tally, name: str) -> None:
    browser = Browser(base, tally)
    started = time.perf_counter()
    browser.send(browser.get("/anmelden"), "/anmelden", {"name": name, "passwort": "geraten und falsch"})
    time.sleep(max(0.0, 1.0 - (time.perf_counter() - started)))


def _for_seconds(seconds: float, works: Sequence[Callable[[], None]], within: float = 0) -> None:
    """Do each of these again and again, in a thread of its own, until the time is up; they begin one after the
    other ``within`` so many seconds, as people do."""
    until = time.monotonic() + seconds

    def again(work: Callable[[], None]) -> None:
        time.sleep(random.uniform(0, within))
        while time.monotonic() < until:
            work()

    threads = [threading.Thread(target=again, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _prepare(home: Path, environment: Mapping[str, str], documents: int, editors: int) -> None:
    if not (home / "corpus").exists():
        _kb(environment, "init", str(home / "corpus"))
        corpus = DirectoryCorpus(home / "corpus")
        for entry in make_entries(demo_texts(_CORPUS), documents):
            corpus.put(Document(entry.id, entry.title or entry.id, entry.text), expected=None)
    _kb(environment, "index")
    shutil.rmtree(home / "var/state", ignore_errors=True)  # and with it whom an earlier run has locked out
    for number in range(editors):
        _kb(environment, "user", "add", f"redaktion{number}", "--password-stdin", given=_PASSWORD)


def _kb(environment: Mapping[str, str], *arguments: str, given: str = "") -> None:
    subprocess.run(
        [sys.executable, "-m", "kb", *arguments], env=dict(environment), input=given, text=True, check=True
    )


@contextmanager
def _served(environment: Mapping[str, str], workers: int) -> Iterator[str]:
    command = [sys.executable, "-m", "kb", "serve", "--port", "0", "--workers", str(workers)]
    with subprocess.Popen(command, env=dict(environment), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield _address(server.stdout)
        finally:
            server.terminate()


def _address(lines: IO[str]) -> str:
    for line in lines:
        found = re.search(r"http://\S+", line)
        if found is not None:
            return found.group()
    raise RuntimeError("the server gave no address")


if __name__ == "__main__":
    sys.exit(main())
