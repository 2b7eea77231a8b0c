"""The process that ``crawler.extract.bounded.process`` asks: limits first, then one file after the other.

Started as ``python -m crawler.extract.bounded.worker PARENT MEMORY``, it says ``ready``, then reads for every
file a JSON line with its options and size and the file's bytes, and answers with a JSON text after its length.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from crawler.extract.content import ContentExtractor
from crawler.extract.input.options import ExtractOptions, Selectors
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.lifeline import die_with
from kb.model import ExtractedText, RawContent, YearSpan


def main() -> None:
    """Read files until nobody asks for more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who started this one ends it
    parent, memory = int(sys.argv[1]), int(sys.argv[2])
    die_with(parent)
    for kind, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        value = _allowed(kind, value)
        resource.setrlimit(kind, (value, value))
    answers = _private_stdout()
    answers.write(b"ready\n")
    answers.flush()
    while line := sys.stdin.buffer.readline():
        answer = json.dumps(_answer(json.loads(line), sys.stdin.buffer)).encode()
        answers.write(b"%d\n" % len(answer) + answer)
        answers.flush()


def _allowed(kind: int, value: int) -> int:
    """A limit, or the lower one that holds already."""
    hard = resource.getrlimit(kind)[1]
    return value if hard == resource.RLIM_INFINITY else min(value, hard)


def _private_stdout() -> BinaryIO:
    """The answers' own pipe: what a native library prints must not get in between."""
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return answers


def _answer(head: Mapping[str, Any], files: BinaryIO) -> Mapping[str, object]:
    # Seconds of computing for this file alone; the limit counts those of the whole process.
    until = _allowed(resource.RLIMIT_CPU, int(time.process_time()) + head["cpu"])
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    content = RawContent(files.read(head["size"]), head["name"], head["url"], head["content_type"])
    try:
        answer = _fields(_extractor(json.dumps(head["options"])).extract(content))
    except (InputTooLargeError, UnreadableInputError) as error:
        too_large = isinstance(error, InputTooLargeError)
        answer = {"error": error.problem, "remedy": error.remedy, "too_large": too_large}
        if isinstance(error.__cause__, MemoryError):  # what was imported or begun may be half there
            return {**answer, "resident": sys.maxsize}
    return {**answer, "resident": _resident_bytes()}


@lru_cache(maxsize=64)
def _extractor(options: str) -> ContentExtractor:
    """The extractor with these options; a crawl has a few sources, each with its own."""
    fields: dict[str, Any] = json.loads(options)
    selectors: dict[str, Any] = fields.pop("selectors")
    selectors["remove"] = tuple(selectors["remove"])
    years = YearSpan(**fields.pop("years"))
    return ContentExtractor(ExtractOptions(**fields, selectors=Selectors(**selectors), years=years))


def _fields(extracted: ExtractedText) -> Mapping[str, object]:
    event = extracted.event
    fields = {name: getattr(extracted, name) for name in ("title", "text", "publisher", "language", "licence")}
    return fields | {
        "authors": list(extracted.authors),
        "warnings": list(extracted.warnings),
        "canonical_url": extracted.canonical_url,
        "published": str(extracted.published) if extracted.published else None,
        "modified": str(extracted.modified) if extracted.modified else None,
        "event": {"start": str(event.start), "end": str(event.end) if event.end else None, "place": event.place}
        if event
        else None,
    }


def _resident_bytes() -> int:
    """Memory that this process holds now; where that cannot be known, the most it ever held."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    main()
