"""One WARC file as a row of gzip members: how a record is written, and how records are found without an index.

A member ends with a checksum, so one that a kill left half written, or that the disk changed, is no member.
"""

from __future__ import annotations

import hashlib
import mmap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

_DOCUMENT = "X-Fundstelle-Document"
_MEMBER_STARTS = b"\x1f\x8b\x08"
_CHUNK_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class FetchedOriginal:
    """What a record holds."""

    url: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A whole record as a file has it: ``start`` and ``length`` are bytes, ``digest`` is the body's SHA-256."""

    start: int
    length: int
    url: str
    doc_id: str
    at: datetime
    digest: str


def member(page: FetchedOriginal, doc_id: str, at: datetime) -> bytes:
    """A record as one gzip member."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        page.url,
        "resource",
        payload=BytesIO(page.body),
        length=len(page.body),
        warc_content_type=page.content_type or "application/octet-stream",
        warc_headers_dict={
            "WARC-Date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "WARC-Block-Digest": f"sha256:{digest(page.body)}",
            _DOCUMENT: doc_id,
        },
    )
    writer.write_record(record)
    return out.getvalue()


def read_member(data: bytes) -> FetchedOriginal:
    """The page of one record; raises whatever warcio says to a damaged one."""
    record = next(iter(ArchiveIterator(BytesIO(data))))
    body, headers = record.content_stream().read(), record.rec_headers
    return FetchedOriginal(
        headers.get_header("WARC-Target-URI"), body, headers.get_header("Content-Type") or ""
    )


def found_records(path: Path, start: int) -> Iterator[FoundRecord]:
    """The whole records from a byte on; what is damaged between two of them is passed over.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        if path.stat().st_size <= start:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            while (start := data.find(_MEMBER_STARTS, start)) >= 0:
                end = _member_end(data, start)
                record = _record(start, data[start:end]) if end is not None else None
                if record is not None:
                    yield record
                start = end if end is not None else start + 1


def digest(body: bytes) -> str:
    """The hash by which bodies are compared."""
    return hashlib.sha256(body).hexdigest()


def _member_end(data: mmap.mmap, start: int) -> int | None:
    """Where the gzip member ends that starts here; None if it does not, or its checksum is wrong."""
    reader = zlib.decompressobj(wbits=31)
    try:
        while not reader.eof:
            chunk = data[start : start + _CHUNK_BYTES]
            if not chunk:
                return None
            reader.decompress(chunk)
            start += len(chunk)
    except zlib.error:
        return None
    return start - len(reader.unused_data)


def _record(start: int, data: bytes) -> FoundRecord | None:
    """What a whole member says of itself; None for one that is no page of ours (a ``warcinfo``, say)."""
    try:
        record = next(iter(ArchiveIterator(BytesIO(data))))
        body, headers = record.content_stream().read(), record.rec_headers
        at = datetime.fromisoformat(headers.get_header("WARC-Date"))
        url, doc_id = headers.get_header("WARC-Target-URI"), headers.get_header(_DOCUMENT)
    except Exception:  # whatever warcio says to bytes that are no WARC
        return None
    return FoundRecord(start, len(data), url, doc_id, at, digest(body)) if url and doc_id else None
