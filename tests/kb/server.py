"""A real server of this project, and an editor's browser in front of it."""

from __future__ import annotations

import http.client
import http.cookiejar
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from bs4 import BeautifulSoup

from tests import limits

EDITOR = "oezlem"
PASSWORD = "ein recht langes Kennwort"
# What a browser sees of a server that is killed.
GONE = (urllib.error.URLError, ConnectionError, http.client.HTTPException)


class Server:
    """``kb serve`` in a process group of its own, and an editor's browser in front of it."""

    def __init__(self, corpus: Path, var: Path, *, sign_in: bool = True) -> None:
        command = [
            sys.executable,
            "-m",
            "kb",
            "--corpus",
            str(corpus),
            "--var",
            str(var),
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
        if sign_in:
            self.send("/anmelden", {"name": EDITOR, "passwort": PASSWORD})

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

    def withdraw(self, doc_id: str) -> None:
        self.send(
            f"/redaktion/status/{doc_id}",
            {"schritt": "zurueckziehen", "grund": "überholt"},
            form=f"/redaktion/pruefen/{doc_id}",
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
