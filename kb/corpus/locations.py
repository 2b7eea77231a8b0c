"""Which file holds which document: names made from ids, and the map back, kept fresh cheaply."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from kb.corpus.front_matter import parse_document
from kb.errors import InvalidDocumentError
from kb.model import check_id

_HEAD_BYTES = 4096
_ID_LINE = re.compile(r"^id[ \t]*:.*$", re.MULTILINE)
_UNSAFE = re.compile(r"[^a-z0-9._-]+")
# File systems stamp folders with a clock that ticks every few milliseconds: a younger stamp proves nothing.
_CLOCK_TICK_NS = 50_000_000


def file_slug(doc_id: str) -> str:
    """A readable file name for an id; a hash keeps apart what case or special characters blur."""
    slug = _UNSAFE.sub("-", doc_id.lower()).strip("-.")
    if slug == doc_id and len(slug) <= 100:
        return slug
    digest = hashlib.sha256(doc_id.encode()).hexdigest()[:10]
    return f"{slug[:80].strip('-.')}-{digest}".lstrip("-")


def document_files(documents: Path) -> Iterator[Path]:
    """All ``.md`` files below a folder, sorted; hidden ones (temporary files, locks) are left out."""
    for folder, folders, names in os.walk(documents):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(".md") and not name.startswith("."):
                yield Path(folder) / name


def head_id(path: Path) -> str | None:
    """The id in a file's front matter, read without parsing the rest; None where there is none to read."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES).decode("utf-8", errors="replace").removeprefix("\ufeff")
        fence = re.search(r"^---[ \t]*\r?$", head[3:], re.MULTILINE)
        line = _ID_LINE.search(head, 0, fence.start() + 3 if fence else len(head))
        if line is not None:
            found = yaml.load(line.group(), Loader=yaml.BaseLoader)
            return found["id"] if isinstance(found["id"], str) else None
        if fence is not None:
            return None
        return parse_document(path.read_text("utf-8"), location=str(path)).id  # a very long head
    except (OSError, UnicodeDecodeError, yaml.YAMLError, InvalidDocumentError):
        return None


@dataclass(frozen=True, slots=True)
class _Head:
    modified_ns: int
    size: int
    id: str | None


class Locations:
    """Document id → file, refreshed when a folder's modification time has changed.

    Not thread-safe; the corpus guards it.
    """

    def __init__(self, documents: Path) -> None:
        self._documents = documents
        self._heads: dict[Path, _Head] = {}
        self._paths: dict[str, Path] = {}
        self._stamps: dict[Path, int] = {}

    def find(self, doc_id: str) -> Path | None:
        """The file that holds a document; of several the first in order, as everywhere."""
        check_id(doc_id)
        if not self._fresh():
            likely = self._likely(doc_id)
            if likely is not None:
                return likely
            self._rescan()
        return self._paths.get(doc_id)

    def added(self, doc_id: str, path: Path) -> None:
        """Note our own write: no reason to read every folder again."""
        self._paths[doc_id] = path
        self._restamp(path.parent)

    def removed(self, doc_id: str) -> None:
        """Note our own removal; another file with the same id may now come to light."""
        self._paths.pop(doc_id, None)
        self._stamps.clear()

    def _fresh(self) -> bool:
        return bool(self._stamps) and all(_stamp(folder) == stamp for folder, stamp in self._stamps.items())

    def _likely(self, doc_id: str) -> Path | None:
        """Look where ``DirectoryCorpus`` itself would have put it, so that one page needs no scan."""
        try:
            folders = sorted(entry.path for entry in os.scandir(self._documents) if entry.is_dir())
        except OSError:
            return None
        candidates = (Path(folder) / f"{file_slug(doc_id)}.md" for folder in folders)
        return next((path for path in candidates if path.exists() and head_id(path) == doc_id), None)

    def _restamp(self, folder: Path) -> None:
        if self._stamps:
            self._stamps |= {changed: _stamp(changed) for changed in (folder, self._documents)}

    def _rescan(self) -> None:
        now = time.time_ns()
        stamps: dict[Path, int] = {}
        heads: dict[Path, _Head] = {}
        paths: dict[str, Path] = {}
        for folder, _, _ in os.walk(self._documents):
            stamp = _stamp(Path(folder))
            stamps[Path(folder)] = stamp if now - stamp > _CLOCK_TICK_NS else -1
        for path in document_files(self._documents):
            try:
                status = path.stat()
            except OSError:
                continue
            known = self._heads.get(path)
            if known is None or (known.modified_ns, known.size) != (status.st_mtime_ns, status.st_size):
                known = _Head(status.st_mtime_ns, status.st_size, head_id(path))
            heads[path] = known
            if known.id is not None:
                paths.setdefault(known.id, path)
        self._heads, self._paths, self._stamps = heads, paths, stamps


def _stamp(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0
