"""The command line to run, and machines that refuse: a user without rights, a disk without space."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kb.cli import main


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[None]:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine does not allow mounting a small tmpfs")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def forbidden(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nothing may be written, not even by root."""
    folder = tmp_path / "verboten"
    folder.mkdir()
    if os.geteuid() == 0:
        with _mounted(folder, "ro,size=64k"):
            yield folder
    else:
        folder.chmod(0o500)
        yield folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 kB; skipped where the machine does not let us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with _mounted(folder, "size=256k"):
        yield folder


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder with all that is in it, mounted so that nobody may write there; skipped as above."""
    try:
        subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)
        pytest.skip("this machine does not allow mounting a folder read-only")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left behind: its exit code and what it wrote."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON line of standard output."""
        value: dict[str, Any] = json.loads(self.out)
        return value


class Kb:
    """Runs ``kb`` in this process, with a corpus and a var folder of its own."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._home = home
        self.corpus = home / "corpus"
        self.var = home / "var"
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Result:
        argv = ["kb", "--corpus", str(self.corpus), "--var", str(self.var), *map(str, arguments)]
        self._monkeypatch.setattr(sys, "argv", argv)
        self._capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        captured = self._capsys.readouterr()
        return Result(code, captured.out, captured.err)

    def import_once(self, kept: Path, *inputs: Path) -> None:
        """Import into an empty home, or take over what an earlier import of them left in ``kept``."""
        if not kept.exists():
            assert self("import", *inputs).exit_code == 0
            shutil.copytree(self._home, kept)
        else:
            shutil.copytree(kept, self._home)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what one test's import left is kept for the others of its file."""
    return tmp_path_factory.mktemp("kept") / "home"


@pytest.fixture
def kb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kb:
    """The command line over an empty home."""
    return Kb(tmp_path / "home", monkeypatch, capsys)
