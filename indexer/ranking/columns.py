"""What is needed of every hit, without reading its stored text: ids, dates and facets as arrays.

One file for each immutable Whoosh segment, computed from the segment alone, so that an update writes
columns for its own documents only and a generation links the others.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.model import FACETS, IndexEntry

IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """The facet values of documents in compressed sparse rows.

    ``keys`` are the distinct values; document ``i`` has ``codes[starts[i]:starts[i + 1]]``, indices
    into ``keys``, each once. ``owners`` has for each code the number of its document.
    """

    keys: list[str]
    starts: IntArray
    codes: IntArray
    owners: IntArray = field(init=False)

    def __post_init__(self) -> None:
        counts = np.diff(self.starts)
        object.__setattr__(self, "owners", np.repeat(np.arange(len(counts), dtype=np.int32), counts))

    def mask(self, wanted: Iterable[str]) -> BoolArray:
        """Which documents have any of these values."""
        names = set(wanted)
        asked = np.array([key in names for key in self.keys], dtype=np.bool_)
        found = np.zeros(len(self.starts) - 1, dtype=np.bool_)
        if asked.any():
            found[self.owners[asked[self.codes]]] = True
        return found

    def places_in(self, wanted: Sequence[str]) -> IntArray:
        """For each document how early its first value stands in ``wanted``: the first counts most, others 0."""
        worth = {key: len(wanted) - place for place, key in reversed(list(enumerate(wanted)))}
        of_keys = np.array([worth.get(key, 0) for key in self.keys], dtype=np.int32)
        best = np.zeros(len(self.starts) - 1, dtype=np.int32)
        np.maximum.at(best, self.owners, of_keys[self.codes])
        return best

    def counts(self, documents: BoolArray) -> dict[str, int]:
        """How many of the masked documents have each value; most frequent first, ties by value."""
        numbers = documents.nonzero()[0]
        if 8 * len(numbers) < len(documents):  # the values of few documents, one after the other
            starts = self.starts[numbers]
            sizes = self.starts[numbers + 1] - starts
            within = np.arange(int(sizes.sum())) - np.repeat(sizes.cumsum() - sizes, sizes)
            codes = self.codes[np.repeat(starts, sizes) + within]
        else:
            codes = self.codes[documents[self.owners]]
        counted = np.bincount(codes, minlength=len(self.keys))
        some = counted.nonzero()[0]
        pairs = [
            (self.keys[code], number)
            for code, number in zip(some.tolist(), counted[some].tolist(), strict=True)
        ]
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True, slots=True)
class Columns:
    """Arrays over the documents of a segment, or of several in a row.

    ``dates`` are year·10000 + month·100 + day, 0 for what is not known.
    """

    ids: list[str]
    revisions: list[str]
    titles: list[str]
    dates: IntArray
    facets: Mapping[str, FacetColumn]

    def __len__(self) -> int:
        return len(self.ids)


def build_columns(entries: Sequence[IndexEntry]) -> Columns:
    """Columns of documents in the order given."""
    return Columns(
        ids=[entry.id for entry in entries],
        revisions=[entry.revision for entry in entries],
        titles=[entry.title for entry in entries],
        dates=np.array([_date_key(entry) for entry in entries], dtype=np.int32),
        facets={facet: _facet_column([entry.facet_values(facet) for entry in entries]) for facet in FACETS},
    )


def join_columns(parts: Sequence[Columns]) -> Columns:
    """The columns of several segments, one after the other."""
    if len(parts) == 1:
        return parts[0]
    none = np.zeros(0, dtype=np.int32)
    return Columns(
        ids=[doc_id for part in parts for doc_id in part.ids],
        revisions=[revision for part in parts for revision in part.revisions],
        titles=[title for part in parts for title in part.titles],
        dates=np.concatenate([none, *(part.dates for part in parts)]),
        facets={facet: _join_facets([part.facets[facet] for part in parts]) for facet in FACETS},
    )


def save_columns(columns: Columns, path: Path) -> None:
    """Write a column file; texts are JSON in bytes, so that loading never unpickles anything."""
    texts = {
        "ids": columns.ids,
        "revisions": columns.revisions,
        "titles": columns.titles,
        "keys": {facet: column.keys for facet, column in columns.facets.items()},
    }
    arrays: dict[str, NDArray[np.generic]] = {
        "texts": np.frombuffer(json.dumps(texts, ensure_ascii=False).encode(), dtype=np.uint8),
        "dates": columns.dates,
    }
    for facet, column in columns.facets.items():
        arrays |= {f"starts_{facet}": column.starts, f"codes_{facet}": column.codes}
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def load_columns(path: Path) -> Columns:
    """Read a column file.

    Raises:
        OSError, ValueError, KeyError: it is damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            texts = json.loads(arrays["texts"].tobytes())
            return Columns(
                ids=texts["ids"],
                revisions=texts["revisions"],
                titles=texts["titles"],
                dates=arrays["dates"],
                facets={
                    facet: FacetColumn(
                        texts["keys"][facet], arrays[f"starts_{facet}"], arrays[f"codes_{facet}"]
                    )
                    for facet in FACETS
                },
            )
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path} is not a column file") from error


def _date_key(entry: IndexEntry) -> int:
    year, month, day = entry.date.sort_key if entry.date else (0, 0, 0)
    return year * 10_000 + month * 100 + day


def _facet_column(values: Sequence[tuple[str, ...]]) -> FacetColumn:
    index: dict[str, int] = {}
    codes: list[int] = []
    starts = [0]
    for keys in values:
        codes += [index.setdefault(key, len(index)) for key in dict.fromkeys(keys)]
        starts.append(len(codes))
    return FacetColumn(list(index), np.array(starts, dtype=np.int32), np.array(codes, dtype=np.int32))


def _join_facets(parts: Sequence[FacetColumn]) -> FacetColumn:
    index: dict[str, int] = {}
    codes = [np.zeros(0, dtype=np.int32)]
    starts = [np.zeros(1, dtype=np.int32)]
    total = 0
    for part in parts:
        renamed = np.array([index.setdefault(key, len(index)) for key in part.keys], dtype=np.int32)
        codes.append(renamed[part.codes])
        starts.append(part.starts[1:] + np.int32(total))
        total += len(part.codes)
    return FacetColumn(list(index), np.concatenate(starts), np.concatenate(codes))
