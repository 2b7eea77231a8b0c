"""Extraction in a process of its own, bounded in time, memory and output, that may die without harm.

A file from a stranger may be a bomb. Run as ``python -m crawler.extract.worker``, the child reads a JSON
line with the options, then the bytes; it answers with one JSON line. It gets no environment but what
Python needs to start, so a file that takes it over finds no secrets there.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crawler.extract.options import ExtractOptions, Selectors
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.model import Event, ExtractedText, PartialDate, RawContent

# A megabyte of PDF takes about a second; forty seconds are for the slowest honest file.
_SECONDS = 40.0
# trafilatura and pdfium with their libraries map about 1 GB before they read anything.
_MEMORY_BYTES = 3_000_000_000
_MAX_ANSWER_FACTOR = 12  # bytes of JSON for a character, at the most: "\\ud83d\\ude00"
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "TMPDIR")


@dataclass(frozen=True, slots=True)
class BoundedExtractor:
    """An ``Extractor`` that asks a fresh process for every file; limits in seconds and bytes."""

    options: ExtractOptions
    seconds: float = _SECONDS
    memory_bytes: int = _MEMORY_BYTES

    def extract(self, content: RawContent) -> ExtractedText:
        """See ``Extractor.extract``.

        Raises:
            UnreadableInputError: as there, and where the process died or took too long.
            InputTooLargeError: as there.
        """
        if len(content.data) > self.options.max_file_bytes:
            raise InputTooLargeError(
                f"größer als {self.options.max_file_bytes} Byte",
                subject=content.name,
                remedy="KB_MAX_FILE_BYTES erhöhen",
            )
        head = {
            "options": asdict(self.options),
            "memory": self.memory_bytes,
            "cpu": int(self.seconds) + 1,
            "name": content.name,
            "url": content.url,
            "content_type": content.content_type,
        }
        command = [sys.executable, "-m", "crawler.extract.worker"]
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        # What this process can import, the child must find too, from wherever it was started.
        environment["PYTHONPATH"] = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
        try:
            finished = subprocess.run(
                command,
                input=json.dumps(head).encode() + b"\n" + content.data,
                capture_output=True,
                timeout=self.seconds,
                check=False,
                env=environment,
            )
        except subprocess.TimeoutExpired as error:
            raise _failed(content, f"das Lesen dauerte länger als {self.seconds:g} Sekunden") from error
        if finished.returncode != 0:
            raise _failed(content, "das Lesen musste abgebrochen werden")
        if len(finished.stdout) > self.options.max_text_chars * _MAX_ANSWER_FACTOR + 100_000:
            raise InputTooLargeError(
                "der Text ist zu lang", subject=content.name, remedy="KB_MAX_TEXT_CHARS erhöhen"
            )
        return _read_answer(finished.stdout, content)


def _failed(content: RawContent, problem: str) -> UnreadableInputError:
    return UnreadableInputError(
        problem,
        subject=content.name,
        remedy="die Datei öffnen, neu speichern oder den Text ins Formular kopieren",
    )


def _read_answer(output: bytes, content: RawContent) -> ExtractedText:
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError as error:
        raise _failed(content, "das Lesen ergab nichts Brauchbares") from error
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
        canonical_url=answer["canonical_url"],
        published=_date(answer["published"]),
        modified=_date(answer["modified"]),
        event=Event(PartialDate.parse(event["start"]), _date(event["end"])) if event else None,
    )


def _date(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def _answer(extracted: ExtractedText) -> Mapping[str, object]:
    event = extracted.event
    fields = {name: getattr(extracted, name) for name in ("title", "text", "publisher", "language", "licence")}
    return fields | {
        "authors": list(extracted.authors),
        "canonical_url": extracted.canonical_url,
        "published": str(extracted.published) if extracted.published else None,
        "modified": str(extracted.modified) if extracted.modified else None,
        "event": {"start": str(event.start), "end": str(event.end) if event.end else None} if event else None,
    }


def main() -> None:
    """The child: limits first, then read, extract, answer."""
    head = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (head["memory"], head["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (head["cpu"], head["cpu"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    from crawler.extract.content import ContentExtractor

    options: dict[str, Any] = head["options"]
    selectors: dict[str, Any] = options.pop("selectors")
    selectors["remove"] = tuple(selectors["remove"])
    extractor = ContentExtractor(ExtractOptions(**options, selectors=Selectors(**selectors)))
    content = RawContent(data, head["name"], head["url"], head["content_type"])
    try:
        answer = _answer(extractor.extract(content))
    except (InputTooLargeError, UnreadableInputError) as error:
        too_large = isinstance(error, InputTooLargeError)
        answer = {"error": error.problem, "remedy": error.remedy, "too_large": too_large}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
