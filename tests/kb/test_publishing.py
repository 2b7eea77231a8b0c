"""Publishing through a real server: found by the next search, whole or not at all when it is killed."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from kb.corpus import DirectoryCorpus
from tests import limits
from tests.kb.conftest import Kb

PASSWORD = "ein recht langes Kennwort"
KILLS = 5


class Server:
    """``kb serve`` in a process group of its own, and an editor's browser in front of it."""

    def __init__(self, kb: Kb) -> None:
        command = [
            sys.executable,
            "-m",
            "kb",
            "--corpus",
            str(kb.corpus),
            "--var",
            str(kb.var),
            "serve",
            "--port",
            "0",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found is not None
        self.address = found[0]
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self.send("/anmelden", {"name": "oezlem", "passwort": PASSWORD})

    def page(self, path: str) -> BeautifulSoup:
        with self._opener.open(self.address + path, timeout=limits.SECONDS) as answer:
            return BeautifulSoup(answer.read(), "lxml")

    def send(self, path: str, fields: dict[str, str], form: str | None = None) -> BeautifulSoup:
        page = self.page(form or path)
        sent = {name: page.select_one(f"input[name={name}]") for name in ("csrf_token", "stand")}
        hidden = {name: str(field["value"]) for name, field in sent.items() if field is not None}
        body = urllib.parse.urlencode(hidden | fields).encode()
        with self._opener.open(self.address + path, body, timeout=limits.SECONDS) as answer:
            return BeautifulSoup(answer.read(), "lxml")

    def write(self, number: int) -> str:
        """A new draft; gives its id."""
        title = f"Werkstatt Nummer {number}"
        fields = {
            "titel": title,
            "text": f"Übergänge in Hof, Teil {number}.\n\nEnde.",
            "vorgang": str(number),
            "sprache": "de",
        }
        page = self.send("/redaktion/neu", fields)
        form = page.select_one("form[action^='/redaktion/status/']")
        assert form is not None
        return str(form["action"]).removeprefix("/redaktion/status/")

    def publish(self, doc_id: str) -> None:
        self.send(
            f"/redaktion/status/{doc_id}", {"schritt": "veroeffentlichen"}, form=f"/redaktion/pruefen/{doc_id}"
        )

    def found(self, words: str) -> bool:
        return bool(self.page(f"/?q={urllib.parse.quote(words)}").select("main h2 a[href*='/dokument/']"))

    def kill(self) -> None:
        subprocess.run(["kill", "-9", "--", f"-{self.process.pid}"], check=True)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(limits.SECONDS) == 0
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def editors(kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kb:
    import io

    (tmp_path / "erste.txt").write_text("Erste Notiz\nDas Stadtteilfest war gut besucht.\n", "utf-8")
    kb("import", tmp_path / "erste.txt")
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    kb("user", "add", "oezlem", "--password-stdin")
    return kb


def test_what_is_published_is_found_by_the_next_search(editors: Kb) -> None:
    server = Server(editors)
    doc_id = server.write(1)
    assert not server.found("Werkstatt")
    server.publish(doc_id)
    assert server.found("Werkstatt")
    server.stop()
    # An editor's word outlives a rebuild, and a draft is on no way out.
    assert editors("index", "--rebuild").exit_code == 0
    exported = [json.loads(line)["id"] for line in editors("export").out.splitlines()]
    assert doc_id in exported


@pytest.mark.kill
def test_kill_9_while_publishing_leaves_a_whole_document_or_none(editors: Kb) -> None:
    moments = random.Random(9)
    server = Server(editors)
    published = []
    for number in range(KILLS):
        doc_id = server.write(number)
        publishing = threading.Thread(target=_try, args=(server, doc_id))
        publishing.start()
        time.sleep(moments.uniform(0, 0.25))  # not a wait for anything: the moment is what is varied
        server.kill()
        publishing.join()
        stored = DirectoryCorpus(editors.corpus).get(doc_id).document  # loads whole
        assert stored.text == f"Übergänge in Hof, Teil {number}.\n\nEnde."
        server = Server(editors)
        is_public = stored.status == "published"
        assert server.found(f'"Werkstatt Nummer {number}"') == is_public
        published += [doc_id] if is_public else []
    server.stop()
    found = {hit["id"] for hit in editors("search", "Werkstatt", "--json").json["hits"]}
    assert found == set(published)


def _try(server: Server, doc_id: str) -> None:
    killed = (urllib.error.URLError, ConnectionError, http.client.HTTPException)
    with suppress(*killed):
        server.publish(doc_id)
