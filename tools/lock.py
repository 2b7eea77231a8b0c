"""Writes ``requirements-hashed.txt``: what constraints.txt names, with the hashes of the registry's files.

    .venv/bin/python -m tools.lock            writes the file; needs uv on the PATH (MIT or Apache)
    .venv/bin/python -m tools.lock --check    only says whether the file fits constraints.txt and pyproject.toml

The file holds names, versions and hashes and names no registry, so that a mirror serves as well. It covers what
runs (with PostgreSQL, Redis and Valkey) and what builds the package, for every Python that is supported, but
neither Windows nor PyPy.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements-hashed.txt"
EXTRAS = ("postgres", "redis", "valkey")
# The oldest Python that constraints.txt can be installed on.
OLDEST = "3.11.5"
_HEAD = (
    "# Names, versions and hashes; made by `python -m tools.lock`.\n"
    "# pip install --require-hashes --only-binary :all: -r requirements-hashed.txt\n"
    "# pip install --no-deps --no-build-isolation .\n"
)
_PIN = re.compile(r"([a-z0-9][a-z0-9-]*)==([A-Za-z0-9.+!]+)(?: ; ([a-z_]+ [!=<>]+ '[A-Za-z0-9.]+'))? \\")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
_FOREIGN = re.compile(
    r"(?:sys_platform|implementation_name|platform_python_implementation) == '(?:win32|pypy|PyPy)'"
)


def problems(lock: str, constraints: str, project: str) -> Iterator[str]:
    """What does not fit between the three files, given as texts."""
    wanted = {_name(line): line.partition("==")[2] for line in constraints.splitlines() if "==" in line}
    locked: dict[str, str] = {}
    for entry in _entries(lock):
        pin, *hashes = entry.splitlines()
        match = _PIN.fullmatch(pin)
        if match is None or not hashes or not all(_HASH.fullmatch(line) for line in hashes):
            yield f"kein Eintrag aus Name, Version und Prüfsummen: {pin[:80]}"
            continue
        locked[match[1]] = match[2]
        if wanted.get(match[1]) != match[2]:
            yield f"{match[1]} {match[2]}, in constraints.txt {wanted.get(match[1], 'nicht genannt')}"
    yield from (f"{name} fehlt" for name in _direct(project) if name not in locked)


def _entries(lock: str) -> list[str]:
    lines = "".join(line for line in lock.splitlines(keepends=True) if not line.startswith("#"))
    return re.split(r"\n(?=\S)", lines.rstrip("\n")) if lines else []


def _direct(project: str) -> list[str]:
    """What pyproject.toml itself asks for."""
    read = tomllib.loads(project)
    extras = read["project"]["optional-dependencies"]
    named = [*read["build-system"]["requires"], *read["project"]["dependencies"]]
    return sorted({_name(line) for line in [*named, *(line for extra in EXTRAS for line in extras[extra])]})


def _name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[=<>!~;\[ ]", requirement, maxsplit=1)[0]).lower()


def _resolved() -> str:
    """The same versions with their hashes, as uv finds them in the registry that it is set up for."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    with tempfile.NamedTemporaryFile("w", suffix=".in", encoding="utf-8") as builders:
        builders.write("\n".join(build))
        builders.flush()
        command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST]
        command += ["--no-python-downloads", "--generate-hashes", "--no-header", "--no-annotate"]
        command += ["--constraint", str(ROOT / "constraints.txt"), str(ROOT / "pyproject.toml"), builders.name]
        command += [f"--extra={extra}" for extra in EXTRAS]
        found = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return "\n".join(entry for entry in _entries(found) if not _FOREIGN.search(entry.splitlines()[0])) + "\n"


def main() -> int:
    """Write or check; the exit code tells."""
    if sys.argv[1:] != ["--check"]:
        LOCK.write_text(_HEAD + _resolved(), "utf-8")
    texts = [path.read_text("utf-8") for path in (LOCK, ROOT / "constraints.txt", ROOT / "pyproject.toml")]
    found = list(problems(*texts))
    print("\n".join(found) or f"{LOCK.name} passt zu constraints.txt und pyproject.toml")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
