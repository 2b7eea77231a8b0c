"""One committed state of the index: its files, what they must look like, and what they were built by."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from kb.corpus.atomic import write_atomically
from kb.errors import IndexDamagedError

MANIFEST = "manifest.json"
REBUILD = "`kb index --rebuild` ausführen (run `kb index --rebuild`)"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileSeal:
    """What a finished file must look like: size in bytes and BLAKE2b digest in hex."""

    size: int
    blake2b: str


@dataclass(frozen=True, slots=True)
class Versions:
    """What an index was built by; ``annotations`` matters to writers only."""

    schema: int
    analysis: str
    annotations: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds; ``created`` is UTC in ISO 8601."""

    versions: Versions
    documents: int
    created: str
    files: dict[str, FileSeal]


@dataclass(frozen=True, slots=True)
class Generation:
    """A committed state."""

    folder: Path
    manifest: Manifest

    def link_into(self, folder: Path) -> dict[str, FileSeal]:
        """Put its files into a new generation without copying where the file system can.

        Only for files that are never changed in place: a link shares the bytes. Returns the seals of
        linked files; a copy is new, and must be synced and sealed like any other.
        """
        linked = {}
        for name, seal in self.manifest.files.items():
            try:
                os.link(self.folder / name, folder / name)
                linked[name] = seal
            except FileNotFoundError as error:
                raise damaged(self.folder / name, "die Datei fehlt") from error
            except OSError:
                shutil.copyfile(self.folder / name, folder / name)
        return linked

    def check_sizes(self) -> None:
        """Compare every file's size, which costs microseconds.

        Raises:
            IndexDamagedError: names the first file that differs.
        """
        for name, seal in self.manifest.files.items():
            try:
                size = (self.folder / name).stat().st_size
            except OSError as error:
                raise damaged(self.folder / name, "die Datei fehlt") from error
            if size != seal.size:
                raise damaged(self.folder / name, f"{size} statt {seal.size} Byte")

    def verify(self) -> None:
        """Compare every file's checksum, which reads everything.

        Raises:
            IndexDamagedError: names the first file that differs.
        """
        self.check_sizes()
        for name in self.manifest.files:
            self.verify_file(name)

    def verify_file(self, name: str) -> None:
        """Compare one file's checksum.

        Raises:
            IndexDamagedError: it differs, or there should be no such file.
        """
        seal = self.manifest.files.get(name)
        if seal is None or _digest(self.folder / name) != seal.blake2b:
            raise damaged(self.folder / name, "die Prüfsumme stimmt nicht")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write what a finished folder holds, and sync the folder."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    write_atomically(folder / MANIFEST, text.encode())


def read_manifest(folder: Path) -> Manifest:
    """Read what ``write_manifest`` wrote.

    Raises:
        IndexDamagedError: it is missing or something else.
    """
    try:
        raw = json.loads((folder / MANIFEST).read_text("utf-8"))
        files = {name: FileSeal(**seal) for name, seal in raw["files"].items()}
        if any("/" in name for name in files):
            raise ValueError("a file outside the generation")
        return Manifest(Versions(**raw["versions"]), raw["documents"], raw["created"], files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(folder / MANIFEST, "nicht lesbar") from error


def seal_file(path: Path) -> FileSeal:
    """Sync a finished file and take its size and checksum."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return FileSeal(path.stat().st_size, _digest(path))


def _digest(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=32)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise damaged(path, "nicht lesbar") from error
    return digest.hexdigest()


def damaged(path: Path, problem: str) -> IndexDamagedError:
    """The error that names a file, what is wrong with it, and the remedy."""
    return IndexDamagedError(f"der Index ist beschädigt: {problem}", subject=str(path), remedy=REBUILD)
