"""Folders and files that nobody but us may read or write: all of them come into being here.

``mkdir(parents=True, mode=…)`` gives its mode to the last folder only, and SQLite makes its files as the umask
says. What is made here is private all the way, and what is found too open is narrowed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kb.corpus.atomic import write_atomically

FOLDER_MODE = 0o700
FILE_MODE = 0o600
OTHERS = 0o077
# What others must never have of an index either: it holds pickles, so who may write it may run code.
OTHERS_WRITE = 0o022


def private_folder(path: Path, *, refused: int = OTHERS) -> Path:
    """Make a folder and all that is missing above it, for us alone; what is refused is taken from one there is.

    Raises:
        OSError: it cannot be made, or is no folder.
    """
    _make(path)
    _narrow(path, refused)
    return path


def private_file(path: Path) -> Path:
    """Make an empty file for us alone; one that is there is narrowed and keeps its content.

    The folder is made where it is missing; one that is there may be anybody's, and stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    _make(path.parent)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))
    _narrow(path, OTHERS)
    return path


def write_privately(path: Path, data: bytes) -> None:
    """As ``write_atomically``, for us alone; the folder as in ``private_file``.

    Raises:
        OSError: nothing was replaced.
    """
    _make(path.parent)
    write_atomically(path, data, mode=FILE_MODE)


def exposed(folder: Path, refused: int = OTHERS) -> Iterator[Path]:
    """The folder and what is in it, as far as others may do with it what is refused.

    Nothing where they cannot enter the folder itself.
    """
    if not _has(folder, OTHERS):
        return
    if _has(folder, refused):
        yield folder
    for parent, folders, names in os.walk(folder):
        yield from (path for name in (*folders, *names) if _has(path := Path(parent, name), refused))


def _make(folder: Path) -> None:
    missing = [folder]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for one in reversed(missing):
        one.mkdir(exist_ok=True, mode=FOLDER_MODE)


def _has(path: Path, bits: int) -> bool:
    try:
        return bool(path.lstat().st_mode & bits) and not path.is_symlink()
    except OSError:
        return False


def _narrow(path: Path, refused: int) -> None:
    """Where the file is not ours to narrow, ``kb doctor`` tells."""
    mode = path.stat().st_mode
    if mode & refused:
        with suppress(OSError):
            path.chmod(stat.S_IMODE(mode) & ~refused)
