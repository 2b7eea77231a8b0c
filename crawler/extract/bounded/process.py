"""Extraction in a process of its own, bounded in time, memory and output, that may die without harm.

A file from a stranger may be a bomb: a page nested without end, a PDF that unpacks to gigabytes. One
``ReadingProcess`` reads many files one after the other, since a start costs as much as dozens of pages. When it
takes too long, needs too much memory or dies, the file has failed, and the next one gets a new process.

A file that took the process over could falsify what is read after it, but nothing else: no secrets are in
its environment, and it cannot write files. Who reads for somebody else (the editors' desk) takes a fresh one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event as Flag
from threading import Lock, Timer
from typing import Any, Self

from crawler.extract.input.options import ExtractOptions
from kb.errors import ConfigurationError, InputTooLargeError, ReadingEndedError, UnreadableInputError
from kb.model import Event, ExtractedText, PartialDate, RawContent

_START_SECONDS = 60.0  # about one on an idle machine
_MAX_ANSWER_FACTOR = 12  # bytes of JSON for a character, at the most: "\\ud83d\\ude00"
_MAX_OTHER_BYTES = 100_000  # of an answer besides its text
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV", "TMPDIR")


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one file may cost; ``kept_bytes`` of resident memory after a file end a process in good order."""

    # A megabyte of PDF takes about a second; forty seconds are for the slowest honest file.
    seconds: float = 40.0
    # trafilatura and pdfium with their libraries map about 1 GB before they read anything.
    memory_bytes: int = 3_000_000_000
    # 150 MB after ordinary pages; what a large file leaves behind is given back with the process.
    kept_bytes: int = 600_000_000


class ReadingProcess:
    """Reads files one at a time, whichever thread asks; starts when first asked, and again when it must.

    It ends with this object, or with this process, however that ends. Sent to another process it starts there.
    ``worker`` is the module that is run.
    """

    worker = "crawler.extract.bounded.worker"

    def __init__(self, limits: ReadingLimits | None = None) -> None:
        self._limits = limits or ReadingLimits()
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._finalizer: weakref.finalize[..., Any] | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self._limits,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def read(self, content: RawContent, options: ExtractOptions) -> ExtractedText:
        """Read one file.

        Raises:
            ReadingEndedError: it took too long, or the process died of it.
            UnreadableInputError: it cannot be read, see ``kb.ports.Extractor``.
            InputTooLargeError: the text is too long.
            ConfigurationError: the process cannot be started.
        """
        with self._lock:
            child = self._child
            if child is None or child.poll() is not None:
                child = self._start()
            try:
                answer = self._ask(child, content, options)
            except BaseException:
                self.close()  # whatever it was busy with, the next file is not to get its answer
                raise
            if answer.get("resident", 0) > self._limits.kept_bytes:
                self.close()
            return _understood(answer, content)

    def close(self) -> None:
        """End the process; the next file starts another."""
        if self._finalizer is not None:
            self._finalizer()
        self._child = self._finalizer = None

    def _start(self) -> subprocess.Popen[bytes]:
        self.close()
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        # What this process can import, the child must find too, from wherever it was started.
        environment["PYTHONPATH"] = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
        try:
            child = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    self.worker,
                    str(os.getpid()),
                    str(self._limits.memory_bytes),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            raise _cannot_start(error.strerror or "") from error
        self._child, self._finalizer = child, weakref.finalize(self, _end, child)
        with _Deadline(child, _START_SECONDS):
            assert child.stdout is not None
            if child.stdout.readline() != b"ready\n":
                self.close()
                raise _cannot_start(f"Rückgabewert {child.returncode}")
        return child

    def _ask(
        self, child: subprocess.Popen[bytes], content: RawContent, options: ExtractOptions
    ) -> Mapping[str, Any]:
        head = {
            "options": asdict(options),
            "cpu": int(self._limits.seconds) + 2,
            "size": len(content.data),
            "name": content.name,
            "url": content.url,
            "content_type": content.content_type,
        }
        assert child.stdin is not None
        assert child.stdout is not None
        with _Deadline(child, self._limits.seconds) as deadline:
            try:
                child.stdin.write(json.dumps(head).encode() + b"\n" + content.data)
                child.stdin.flush()
                size = int(child.stdout.readline(20) or -1)
                if size > options.max_text_chars * _MAX_ANSWER_FACTOR + _MAX_OTHER_BYTES:
                    raise InputTooLargeError(
                        "der Text ist zu lang", subject=content.name, remedy="KB_MAX_TEXT_CHARS erhöhen"
                    )
                output = child.stdout.read(size) if size >= 0 else b""
            except (OSError, ValueError):  # it died while we wrote, or wrote nonsense
                output = b""
        try:
            answer = json.loads(output)
        except ValueError:
            raise self._ended(child, content, is_late=deadline.is_over) from None
        if not isinstance(answer, dict):
            raise self._ended(child, content, is_late=False)
        return answer

    def _ended(
        self, child: subprocess.Popen[bytes], content: RawContent, *, is_late: bool
    ) -> ReadingEndedError:
        child.kill()
        code = child.wait()
        if is_late or code == -signal.SIGXCPU:
            problem = f"das Lesen dauerte länger als {self._limits.seconds:g} Sekunden"
        elif code < 0 and code != -signal.SIGKILL:
            problem = f"das Lesen musste abgebrochen werden ({signal.Signals(-code).name})"
        else:
            problem = "das Lesen musste abgebrochen werden"
        return ReadingEndedError(
            problem,
            subject=content.name,
            remedy="die Datei öffnen, neu speichern oder den Text ins Formular kopieren",
        )


class _Deadline:
    """Kills a process that is still busy after so many seconds, whether it reads, works or writes."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: float) -> None:
        self._child, self._over = child, Flag()
        self._timer = Timer(seconds, self._kill)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._timer.cancel()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def _kill(self) -> None:
        self._over.set()
        self._child.kill()


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    for pipe in (child.stdin, child.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()
    child.wait()


def _cannot_start(how: str) -> ConfigurationError:
    return ConfigurationError(
        f"der Prozess, der Dateien liest, startet nicht ({how})",
        remedy="`kb doctor` aufrufen und die Grenze für Speicher (ulimit -v) prüfen",
    )


def _understood(answer: Mapping[str, Any], content: RawContent) -> ExtractedText:
    try:
        if "error" in answer:
            kind = InputTooLargeError if answer["too_large"] else UnreadableInputError
            raise kind(answer["error"], subject=content.name, remedy=answer["remedy"])
        event = answer["event"]
        return ExtractedText(
            title=answer["title"],
            text=answer["text"],
            publisher=answer["publisher"],
            language=answer["language"],
            licence=answer["licence"],
            authors=tuple(answer["authors"]),
            warnings=tuple(answer["warnings"]),
            canonical_url=answer["canonical_url"],
            published=_date(answer["published"]),
            modified=_date(answer["modified"]),
            event=_event(event) if event else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableInputError(
            "das Lesen ergab nichts Brauchbares", subject=content.name, remedy="die Datei prüfen"
        ) from error


def _event(stated: Mapping[str, Any]) -> Event:
    return Event(PartialDate.parse(stated["start"]), _date(stated["end"]), place=stated["place"])


def _date(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None
