"""Everything that writes, killed again and again at any moment; by hand, since it takes a while.

``python -m tests.hostile.kills --kills 200 --seed 1`` kills in turn an import, an update and a rebuild of the
index, somebody publishing, somebody withdrawing, ``kb forget``, and crawls. After each kill every document
loads whole, the index answers or says that it must be built, and what is withdrawn or forgotten is in no
answer; at the end one undisturbed run finds all. It ends with 1 where that was not so.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kb.corpus import DirectoryCorpus
from tests.crawler.kills import crawl_with_kills
from tests.crawler.loopback import serve
from tests.crawler.unruly_site import city
from tests.kb.server import EDITOR, GONE, PASSWORD, Server

# Longer than any of these takes; a little later than the end is a moment too.
_LATEST = 1.1
_DOCUMENTS = 400


class Home:
    """A corpus and a state of their own, and what is known of them: ``wrong`` is what should not have been."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.corpus, self.var = folder / "corpus", folder / "var"
        self.dice = random.Random(seed)
        self.wrong: list[str] = []
        self.gone: set[str] = set()
        self.data = folder / "viele.jsonl"
        self._longest: dict[str, float] = {}
        self._version = 0
        self.renew()
        self.kb("import", str(self.data))
        self.kb("user", "add", EDITOR, "--password-stdin", given=PASSWORD)

    def renew(self) -> None:
        """Other texts of the same documents, so that everything has something to do."""
        self._version += 1
        lines = [
            {"id": f"d{n}", "title": f"Notiz {n}", "text": f"Übergang {n}, Fassung {self._version}. " * 20}
            for n in range(_DOCUMENTS)
            if f"d{n}" not in self.gone
        ]
        self.data.write_text("\n".join(map(json.dumps, lines)), "utf-8")

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "kb", "--corpus", str(self.corpus), "--var", str(self.var), *arguments]

    def kb(self, *arguments: str, given: str = "") -> str:
        """Run a command to its end; anything but success is wrong."""
        done = subprocess.run(
            self.command(*arguments), input=given, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            self.wrong.append(f"kb {' '.join(arguments)}: {done.returncode} {done.stderr[-300:]}")
        return done.stdout

    def kill(self, name: str, *arguments: str) -> None:
        """Kill a command and its helpers at any moment of the time that it took the longest so far."""
        if name not in self._longest:
            began = time.monotonic()
            self.kb(*arguments)
            self._longest[name] = time.monotonic() - began
            return
        process = subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        with suppress(subprocess.TimeoutExpired):
            process.wait(self.dice.uniform(0, _LATEST * self._longest[name]))
        if process.returncode is None:
            if self.dice.random() < 0.5:
                process.kill()  # helpers must not outlive it
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def look(self, what: str) -> None:
        """What must hold after any kill."""
        corpus = DirectoryCorpus(self.corpus)
        for ref in corpus.refs():
            document = corpus.load(ref).document
            if not document.text.strip().endswith("."):
                self.wrong.append(f"{what}: {document.id} is cut")
        done = subprocess.run(self.command("search", "--json"), capture_output=True, text=True, check=False)
        if done.returncode != 0 and "kb index" not in done.stderr:
            self.wrong.append(f"{what}: search ended with {done.returncode}: {done.stderr[-300:]}")
        if done.returncode == 0:
            shown = {hit["id"] for hit in json.loads(done.stdout)["hits"]}
            if shown & self.gone:
                self.wrong.append(f"{what}: shown though gone: {sorted(shown & self.gone)}")


def kill_import(home: Home, number: int) -> None:
    home.renew()
    home.kill("import", "import", str(home.data))


def kill_index(home: Home, number: int) -> None:
    home.kill("index", "index")


def kill_rebuild(home: Home, number: int) -> None:
    home.kill("rebuild", "index", "--rebuild")


def kill_forget(home: Home, number: int) -> None:
    doc_id = f"d{_DOCUMENTS - 1 - number}"
    if number == 0:  # that one only shows how long it takes
        home.gone.add(doc_id)
    home.kill("forget", "forget", doc_id, "--yes")
    if doc_id not in home.gone:
        home.kb("forget", doc_id, "--yes")  # done again, it comes to its end
        home.gone.add(doc_id)


def kill_publishing(home: Home, number: int) -> None:
    _kill_server(home, number, withdraw=False)


def kill_withdrawing(home: Home, number: int) -> None:
    _kill_server(home, number, withdraw=True)


def _kill_server(home: Home, number: int, *, withdraw: bool) -> None:
    server = Server(home.corpus, home.var)
    doc_id = server.write(2 * number + withdraw)
    if withdraw:
        server.publish(doc_id)

    def step() -> None:
        with suppress(*GONE):
            (server.withdraw if withdraw else server.publish)(doc_id)

    thread = threading.Thread(target=step)
    thread.start()
    time.sleep(home.dice.uniform(0, 0.4))
    server.kill()
    thread.join()
    status = DirectoryCorpus(home.corpus).get(doc_id).document.status
    server = Server(home.corpus, home.var)
    if server.found(f'"Werkstatt Nummer {2 * number + withdraw}"') != (status == "published"):
        home.wrong.append(f"{doc_id} is {status}, and the search says otherwise")
    server.stop()


KINDS: dict[str, Callable[[Home, int], None]] = {
    "import": kill_import,
    "index": kill_index,
    "rebuild": kill_rebuild,
    "publish": kill_publishing,
    "withdraw": kill_withdrawing,
    "forget": kill_forget,
}


def main() -> int:
    """Run all; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    crawls = options.kills // (len(KINDS) + 1)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder), options.seed)
        struck: Counter[str] = Counter()
        for number in range(options.kills - crawls):
            kind = list(KINDS)[number % len(KINDS)]
            KINDS[kind](home, struck[kind])
            struck[kind] += 1
            home.look(f"{kind} {struck[kind]}")
            print(f"{number + 1}: {kind}, {len(home.wrong)} wrong", flush=True)
        home.renew()
        home.kb("import", str(home.data))
        home.kb("index")
        found = json.loads(home.kb("search", "Übergang", "--json"))["total"]
        wanted = _DOCUMENTS - sum(doc_id.startswith("d") for doc_id in home.gone)
        if found < wanted:
            home.wrong.append(f"{found} of {wanted} documents are found in the end")
        if list(home.corpus.rglob(".tmp-*")):
            home.wrong.append("temporary files are left")
    wrong = home.wrong + _crawls(crawls, options.seed)
    print("\n".join(wrong) or f"{options.kills} kills, nothing wrong")
    return 1 if wrong else 0


def _crawls(kills: int, seed: int) -> list[str]:
    plan = city()
    with serve(plan.answers) as site, tempfile.TemporaryDirectory() as folder:
        found = crawl_with_kills(
            Path(folder), site, kills=kills, seed=seed, say=lambda line: print(line, flush=True)
        )
    missing = set(plan.fates) - found.told
    return [
        f"crawl: {what}"
        for what in (
            *(f"{path} is not told" for path in sorted(missing)),
            *(f"{one} is lost" for one in found.lost),
            *(f"{path} was asked for again" for path in found.asked_again),
        )
    ]


if __name__ == "__main__":
    sys.exit(main())
