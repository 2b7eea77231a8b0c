"""Files and folders that a person names on the command line: found in a stable order, read within a limit."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from crawler.extract.input.detect import READ_SUFFIXES, kind_of_name
from crawler.extract.input.limits import file_too_large
from kb.errors import FundstelleError, UnreadableInputError

JSON_LINES_SUFFIX = ".jsonl"
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "ı": "i"}
)
_MAX_SLUG_CHARS = 80

log = logging.getLogger(__name__)


def find_files(paths: Iterable[Path]) -> Iterator[Path | FundstelleError]:
    """Every file once, folders recursively and sorted; what cannot be listed comes as an error.

    Inside a folder, hidden files and types that are not read are skipped and logged; a file that is
    named directly is always given.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _below(path) if path.is_dir() else iter([path]):
            if isinstance(found, FundstelleError):
                yield found
            elif (real := os.path.realpath(found)) not in seen:
                seen.add(real)
                yield found


def _below(folder: Path) -> Iterator[Path | FundstelleError]:
    errors: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=errors.append):
        while errors:
            yield unreadable(errors.pop(), Path(parent))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for linked in (path for name in folders if (path := Path(parent, name)).is_symlink()):
            log.warning("übersprungen: %s (ein Verweis auf einen Ordner)", label(linked))
        for name in sorted(names):
            path = Path(parent) / name
            if name.startswith(".") or not (kind_of_name(name) or path.suffix.lower() == JSON_LINES_SUFFIX):
                log.info("übersprungen: %s (gelesen werden %s, .jsonl)", label(path), ", ".join(READ_SUFFIXES))
            else:
                yield path
    while errors:
        yield unreadable(errors.pop(), folder)


def read_file(path: Path, max_bytes: int) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableInputError: missing, not permitted, not a file; says why in German.
        InputTooLargeError: longer than ``max_bytes``; nothing was read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableInputError("das ist keine gewöhnliche Datei", subject=label(path))
        if status.st_size > max_bytes:
            raise file_too_large(status.st_size, max_bytes, label(path))
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise unreadable(error, path) from error


def unreadable(error: Exception, path: Path) -> UnreadableInputError:
    """An error of the file system in words that say what to do."""
    named = (
        label(Path(os.fsdecode(error.filename)))
        if isinstance(error, OSError) and error.filename
        else label(path)
    )
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return UnreadableInputError(
                "die Datei gibt es nicht", subject=named, remedy="Pfad und Schreibweise prüfen"
            )
        case PermissionError():
            return UnreadableInputError(
                "die Datei darf nicht gelesen werden", subject=named, remedy="Leserecht geben (chmod u+r)"
            )
        case OSError():
            return UnreadableInputError(f"die Datei ist nicht lesbar ({error.strerror})", subject=named)
    return UnreadableInputError("der Dateiname ist ungültig", subject=repr(named))


def label(path: Path) -> str:
    """A path as people read it; bytes that are no UTF-8 are shown as a question mark."""
    return str(path).encode("utf-8", "replace").decode("utf-8")


def derived_id(path: Path) -> str:
    """A readable id for a file that has none: its name, then eight hex digits for where it lies.

    The same file gives the same id on every import, two files of one name in two folders two ids.
    """
    slug = unicodedata.normalize("NFC", path.stem).lower().translate(_SPELLED_OUT)
    plain = unicodedata.normalize("NFKD", slug).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:_MAX_SLUG_CHARS].strip("-")
    digest = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:8]
    return f"{words or 'dokument'}-{digest}"
