"""Runs pip for the Makefile and says in one line what it is doing, instead of nothing for minutes.

    .venv/bin/python tools/install.py PIP-ARGUMENTS

Only the standard library: this runs before anything is installed. Where pip fails, everything it said is shown.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time

_STEP = re.compile(r"\s*(Collecting|Requirement already satisfied:|Building wheel for) ([\w.\[\],-]+)")
_SECONDS_BETWEEN_LINES = 10.0
_WORDS = {"Collecting": "geholt", "Building wheel for": "gebaut"}


def main() -> int:
    """Run pip; gives its exit code."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar", "off"]
    began, packages, said = time.monotonic(), 0, []
    with subprocess.Popen(
        [*command, *sys.argv[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            said.append(line)
            step = _STEP.match(line)
            if step is not None and step[1] != "Requirement already satisfied:":
                packages += step[1] == "Collecting"
                _tell(f"{packages} Pakete, {step[2]} wird {_WORDS[step[1]]}")
            elif line.startswith("Installing collected packages"):
                _tell(f"{packages} Pakete werden eingerichtet")
    if pip.returncode:
        print("", "".join(said[-40:]), sep="\n", file=sys.stderr)
    else:
        _tell(f"fertig: {packages} Pakete in {time.monotonic() - began:.0f} s", end="\n")
    return pip.returncode


_last = time.monotonic()


def _tell(what: str, end: str = "") -> None:
    """Over the last line while somebody watches; a line every few seconds in a file."""
    global _last
    if sys.stdout.isatty():
        print(f"\r\x1b[K  … {what}", end=end, flush=True)
    elif end or time.monotonic() - _last >= _SECONDS_BETWEEN_LINES:
        print(f"  … {what}", flush=True)
        _last = time.monotonic()


if __name__ == "__main__":
    sys.exit(main())
