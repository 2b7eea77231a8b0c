"""The secret key that signs sessions: made once, kept in ``var/state``, readable by nobody else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from kb.errors import RecordError
from kb.private import private_file, private_folder

_BYTES = 32


def secret_key(state_dir: Path) -> bytes:
    """The key of this installation; the first to ask makes it, and two at once agree on one.

    Raises:
        RecordError: it cannot be written or read.
    """
    path = state_dir / "secret.key"
    try:
        private_folder(state_dir)
        if path.exists():
            private_file(path)
        else:
            temporary = state_dir / f".secret-{os.getpid()}-{secrets.token_hex(4)}"
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_BYTES))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(temporary, path)  # fails where another process was first, whose key then counts
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        key = path.read_bytes()
    except OSError as error:
        raise RecordError(
            f"nicht lesbar ({error.strerror})", subject=str(path), remedy="Rechte prüfen"
        ) from error
    if len(key) < _BYTES:
        raise RecordError(
            "ist zu kurz", subject=str(path), remedy="Datei löschen; alle müssen sich neu anmelden"
        )
    return key
