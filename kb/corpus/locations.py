"""Which file holds which document: names made from ids, and the map back, kept fresh cheaply."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kb.corpus.atomic import storage_error
from kb.corpus.fences import END_OF_HEAD, FENCE, NOTHING
from kb.corpus.own_files import open_own
from kb.errors import InvalidDocumentError
from kb.model import check_id

_HEAD_BYTES = 4096
_FIELD_LINE = re.compile(r"^(?:id|url|source_hash|status)[ \t]*:.*$", re.MULTILINE)
# A value that means itself in YAML, as nearly all of these do: no quotes, no marks at the start, no comment.
_PLAIN_LINE = re.compile(r"(\w+):[ \t]+([A-Za-z0-9](?:[\w./:?=&%~+,@-]*[\w/=-])?)[ \t]*\r?$", re.ASCII)
# What stands before a document's text is shorter than this, and so is whatever is read whole to find it.
_LONG_FILE_BYTES = 50_000_000
_UNSAFE = re.compile(r"[^a-z0-9._-]+")
# File systems stamp folders with a clock that ticks every few milliseconds: a younger stamp proves nothing.
CLOCK_TICK_NS = 50_000_000


def file_slug(doc_id: str) -> str:
    """A readable file name for an id; a hash keeps apart what case or special characters blur."""
    slug = _UNSAFE.sub("-", doc_id.lower()).strip("-.")
    if slug == doc_id and len(slug) <= 100:
        return slug
    digest = hashlib.sha256(doc_id.encode()).hexdigest()[:10]
    return f"{slug[:80].strip('-.')}-{digest}".lstrip("-")


def document_files(documents: Path) -> Iterator[Path]:
    """All ``.md`` files below a folder, sorted; hidden ones (temporary files, locks) are left out.

    So are links to folders among them, which nobody follows, but which ``open_own`` names.

    Raises:
        StorageError: a folder cannot be listed. Its documents must not pass for deleted ones.
    """
    for folder, folders, names in os.walk(documents, onerror=_unless_missing):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        files = [name for name in names if name.endswith(".md") and not name.startswith(".")]
        for name in sorted([*files, *linked]):
            yield Path(folder) / name


def _unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise storage_error(error, Path(error.filename)) from error


@dataclass(frozen=True, slots=True)
class Head:
    """The fields of a file's front matter by which documents are looked up, and whether visitors may see it."""

    id: str | None = None
    url: str | None = None
    text_hash: str | None = None
    status: str | None = None


def read_head(path: Path) -> Head:
    """Read those fields without parsing the rest; empty where there is nothing to read."""
    try:
        with open_own(path) as file:
            head = file.read(_HEAD_BYTES).decode("utf-8", errors="replace").lstrip(NOTHING)
        fence = END_OF_HEAD.search(head, len(FENCE))
        if fence is None:  # a very long head, or none
            return _whole_head(path)
        lines = _FIELD_LINE.findall(head, 0, fence.start())
        plain = [_PLAIN_LINE.match(line) for line in lines]
        if all(plain):
            fields: Mapping[str, object] = {match[1]: match[2] for match in plain if match is not None}
        else:
            fields = _read_fields("\n".join(line.rstrip("\r") for line in lines))
        return Head(*(_text(fields.get(name)) for name in ("id", "url", "source_hash", "status")))
    except (OSError, UnicodeDecodeError, InvalidDocumentError):
        return Head()


def _whole_head(path: Path) -> Head:
    """Loaded when first needed, as is YAML: a search looks at many heads, and nearly all of them are plain."""
    from kb.corpus.front_matter import parse_document

    if path.stat().st_size > _LONG_FILE_BYTES:
        return Head()
    document = parse_document(path.read_text("utf-8"), location=str(path))
    return Head(document.id, document.url, document.source_hash, document.status)


def _read_fields(text: str) -> Mapping[str, object]:
    from kb.corpus.plain_yaml import read_yaml

    fields = read_yaml(text)
    return fields if isinstance(fields, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


@dataclass(frozen=True, slots=True)
class _Seen:
    modified_ns: int
    size: int
    head: Head


class Locations:
    """Document id → file, refreshed when a folder's modification time has changed.

    Not thread-safe; the corpus guards it.
    """

    def __init__(self, documents: Path) -> None:
        self._documents = documents
        self._seen: dict[str, _Seen] = {}
        self._paths: dict[str, str] = {}
        self._stamps: dict[Path, int] = {}
        # Whether the last look was at all files, and whether a stamp is too young to prove that it still is.
        self._complete = self._young = False

    def find(self, doc_id: str) -> Path | None:
        """The file that holds a document; of several the first in order, as everywhere."""
        check_id(doc_id)
        self._complete = self._fresh()
        known = self._paths.get(doc_id) if self._complete else None
        if known is None and (self._young or not self._complete):
            likely = self._likely(doc_id)
            if likely is not None:
                return likely
            self._rescan()
            known = self._paths.get(doc_id)
        return None if known is None else Path(known)

    def others(self, doc_id: str, path: Path) -> list[Path]:
        """Further files whose head names this id, in order."""
        self._rescan()
        return [Path(file) for file, seen in self._seen.items() if seen.head.id == doc_id and file != str(path)]

    def twins(self, *, url: str | None, text_hash: str | None) -> list[str]:
        """Ids of files whose head names this address or this hash; always looks at every file's time."""
        self._rescan()
        heads = (seen.head for seen in self._seen.values())
        return sorted(
            {
                head.id
                for head in heads
                if head.id and ((url and head.url == url) or (text_hash and head.text_hash == text_hash))
            }
        )

    def added(self, doc_id: str, path: Path) -> None:
        """Note our own write, under the lock of writers under which this document was looked for.

        It is no reason to read every folder again, unless others have written since the last time.
        """
        self._paths[doc_id] = str(path)
        if self._complete:
            self._stamps |= {changed: _stamp(changed) for changed in (path.parent, self._documents)}
            self._young = True

    def removed(self, doc_id: str) -> None:
        """Note our own removal; another file with the same id may now come to light."""
        self._paths.pop(doc_id, None)
        self._stamps.clear()

    def _fresh(self) -> bool:
        return bool(self._stamps) and all(_stamp(folder) == stamp for folder, stamp in self._stamps.items())

    def _likely(self, doc_id: str) -> Path | None:
        """Look where ``DirectoryCorpus`` itself would have put it, so that one page needs no scan."""
        try:
            folders = sorted(entry.path for entry in os.scandir(self._documents) if _is_own(entry))
        except OSError:
            return None
        candidates = (Path(folder) / f"{file_slug(doc_id)}.md" for folder in folders)
        return next((path for path in candidates if path.exists() and read_head(path).id == doc_id), None)

    def _rescan(self) -> None:
        now = time.time_ns()
        stamps: dict[Path, int] = {}
        seen: dict[str, _Seen] = {}
        paths: dict[str, str] = {}
        for folder, files in _listed(self._documents):
            stamp = _stamp(folder)
            # A time to come, of a clock that was wrong, proves as much as one long past.
            stamps[folder] = stamp if is_settled(stamp, now) else -1
            for path, status in files:
                known = self._seen.get(path)
                if known is None or (known.modified_ns, known.size) != (status.st_mtime_ns, status.st_size):
                    known = _Seen(status.st_mtime_ns, status.st_size, read_head(Path(path)))
                seen[path] = known
                if known.head.id is not None:
                    paths.setdefault(known.head.id, path)
        self._seen, self._paths, self._stamps = seen, paths, stamps
        self._complete, self._young = True, False


def _listed(documents: Path) -> Iterator[tuple[Path, list[tuple[str, os.stat_result]]]]:
    """Folders in the order of ``document_files``, each with its files.

    Editors' pages ask for all of them, so no ``Path`` is made of each.

    Raises:
        StorageError: a folder cannot be listed.
    """
    folders = [str(documents)]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted((one for one in found if not one.name.startswith(".")), key=_name)
        except OSError as error:
            _unless_missing(error)
            continue
        folders += [one.path for one in reversed(entries) if _is_own(one)]
        files = []
        for one in entries:
            if one.name.endswith(".md") and one.is_file(follow_symlinks=False):
                with suppress(OSError):  # removed meanwhile
                    files.append((one.path, one.stat(follow_symlinks=False)))
        yield Path(folder), files


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def file_stamp(status: os.stat_result) -> tuple[int, int, int, int]:
    """The same as long as a file is: replaced, rewritten or renamed, it has another one."""
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def is_settled(changed_ns: int, now_ns: int | None = None) -> bool:
    """Whether a file or folder was changed long enough ago that any further change gets another time."""
    now_ns = time.time_ns() if now_ns is None else now_ns
    return abs(now_ns - changed_ns) > CLOCK_TICK_NS


def _is_own(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _stamp(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0
