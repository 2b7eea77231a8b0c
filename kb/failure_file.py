"""Which documents failed, kept in a file for ``kb doctor`` and the editors' desk.

It is derived (``var/cache``): a document that failed is in no index, so each run tries it again, and each full
run writes the list anew.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kb.corpus.atomic import exclusive_lock, storage_errors
from kb.model import Failure, Step
from kb.private import private_file, write_privately

_log = logging.getLogger(__name__)
# What a whole corpus makes fail alike needs no list of a million lines.
MOST_KEPT = 1_000


class FailureFile:
    """A ``FailureLog`` in a JSON file, safe beside other processes; a damaged one is as good as none."""

    def __init__(self, path: Path, *, lock_timeout: float = 30.0) -> None:
        self._path, self._lock_timeout = path, lock_timeout

    def all(self) -> tuple[Failure, ...]:
        """See ``FailureLog.all``."""
        return self._read()[0]

    def left_out(self) -> int:
        """See ``FailureLog.left_out``."""
        return self._read()[1]

    def note(self, new: Failure) -> None:
        """See ``FailureLog.note``."""
        before = self.all()
        if any(replace(new, at=one.at) == one for one in before):
            return  # nearly always, so without waiting for a lock
        with self._changing() as (known, left_out):
            kept = [one for one in known if (one.step, one.document) != (new.step, new.document)]
            self._write([*kept, new], left_out)

    def settle(self, doc_id: str) -> None:
        """See ``FailureLog.settle``."""
        if not any(one.doc_id == doc_id for one in self.all()):
            return
        with self._changing() as (known, left_out):
            self._write([one for one in known if one.doc_id != doc_id], left_out)

    def replace(self, step: Step, new: Iterable[Failure], sources: Collection[str] | None = None) -> None:
        """See ``FailureLog.replace``."""
        new = list(new)
        if not new and not any(_is_replaced(one, step, sources) for one in self.all()):
            return
        with self._changing() as (known, _):
            self._write([*(one for one in known if not _is_replaced(one, step, sources)), *new], 0)

    @contextmanager
    def _changing(self) -> Iterator[tuple[tuple[Failure, ...], int]]:
        with storage_errors(self._path):
            lock = private_file(self._path.with_name(f".{self._path.name}.lock"))
            with exclusive_lock(lock, timeout=self._lock_timeout):
                yield self._read()

    def _write(self, failures: list[Failure], left_out: int) -> None:
        kept = failures[:MOST_KEPT]
        fields = [asdict(one) | {"at": one.at.isoformat()} for one in kept]
        body = {"left_out": left_out + len(failures) - len(kept), "failures": fields}
        write_privately(self._path, (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode())

    def _read(self) -> tuple[tuple[Failure, ...], int]:
        try:
            body = json.loads(self._path.read_bytes())
            return tuple(map(_understood, body["failures"])), int(body["left_out"])
        except FileNotFoundError:
            return (), 0
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            _log.warning("%s: %s", self._path, error)
            return (), 0


def _is_replaced(one: Failure, step: Step, sources: Collection[str] | None) -> bool:
    return one.step is step and (sources is None or one.source in sources)


def _understood(fields: dict[str, Any]) -> Failure:
    return Failure(**{**fields, "step": Step(fields["step"]), "at": datetime.fromisoformat(fields["at"])})
