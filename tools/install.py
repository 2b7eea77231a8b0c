"""Runs pip for the Makefile and says in one line what it is doing, instead of nothing for minutes.

    .venv/bin/python tools/install.py PIP-ARGUMENTS

Only the standard library: this runs before anything is installed. Where pip fails, everything it said is shown.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from threading import Event, Thread

_STEP = re.compile(r"\s*(Collecting|Downloading|Building wheel for|Installing collected packages) *([\w.-]*)")
_WORDS = {
    "Collecting": "{package} wird gesucht",
    "Downloading": "{package} wird geladen",
    "Building wheel for": "{package} wird gebaut",
    "Installing collected packages": "werden eingerichtet",
}


class Progress:
    """The line that is shown: rewritten every second while somebody watches, now and then in a file."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._watched = sys.stdout.isatty()
        self._over = Event()
        self._packages = 0
        self._step = ""
        self._ticker = Thread(target=self._tick, daemon=True)
        self._ticker.start()

    def hear(self, line: str) -> None:
        """Take note of a line of pip's."""
        step = _STEP.match(line)
        if step is not None:
            self._packages += step[1] == "Collecting"
            self._step = _WORDS[step[1]].format(package=step[2])

    def end(self, *, well: bool) -> None:
        """The last line: how much was done in which time."""
        self._over.set()
        self._ticker.join()
        self._show(f"{self._packages} Pakete eingerichtet" if well else "gescheitert")
        if self._watched:
            print()

    def _tick(self) -> None:
        while not self._over.wait(1.0 if self._watched else 10.0):
            self._show(f"{self._packages} Pakete, {self._step}")

    def _show(self, what: str) -> None:
        seconds = time.monotonic() - self._began
        begin, end = ("\r\x1b[K", "") if self._watched else ("", "\n")
        print(f"{begin}  … {what} ({seconds:.0f} s)", end=end, flush=True)


def main() -> int:
    """Run pip; gives its exit code."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar", "off"]
    progress, said = Progress(), []
    with subprocess.Popen(
        [*command, *sys.argv[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            said.append(line)
            progress.hear(line)
    progress.end(well=pip.returncode == 0)
    if pip.returncode:
        print("".join(said[-40:]), file=sys.stderr)
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main())
