"""Originals that editors upload: kept under generated names, outside any served path."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from kb.corpus.atomic import storage_error
from kb.model import normalise_line

_MAX_SHOWN_NAME = 200


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """Where an upload lies (a name in the uploads folder), what it hashes to, and what it was called."""

    stored: str
    sha256: str
    name: str

    def as_fields(self) -> dict[str, str]:
        """For the front matter."""
        return {"name": self.name, "stored": self.stored, "sha256": self.sha256}


def keep_upload(folder: Path, data: bytes, name: str) -> StoredUpload:
    """Write an upload under the hash of its bytes; the name that it came with is text and nothing else.

    Raises:
        StorageError: it cannot be written.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = folder / f"{digest[:32]}.original"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _write(path, data)
    except OSError as error:
        raise storage_error(error, folder) from error
    return StoredUpload(path.name, digest, shown_name(name))


def _write(path: Path, data: bytes) -> None:
    """Of two equal uploads at once each writes a file of its own, and the last counts, which is the same."""
    temporary = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def shown_name(name: str) -> str:
    """The last part of a file name as one printable line; what a browser sends may be anything."""
    last = normalise_line(name.replace("\\", "/").rsplit("/", 1)[-1])
    printable = "".join(character for character in last if character.isprintable())
    return printable[:_MAX_SHOWN_NAME] or "ohne Namen"
