"""What is needed of every hit, without reading its stored text: ids, dates and facets as arrays.

One file for each immutable Whoosh segment, computed from the segment alone, so that an update writes
columns for its own documents only and a generation links the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.ranking.array_file import Array, map_arrays, save_arrays
from indexer.ranking.kernels import count_single, count_values
from indexer.ranking.texts import Texts
from kb.model import FACETS, UNDECIDED, IndexEntry

IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]
_TEXTS = ("ids", "revisions", "titles")


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """The facet values of documents in compressed sparse rows.

    ``keys`` are the distinct values; document ``i`` has ``codes[starts[i]:starts[i + 1]]``, indices
    into ``keys``, each once. ``ranks`` has for each key its place in the alphabet; ``single`` says that every
    document has one value.
    """

    keys: list[str]
    starts: IntArray
    codes: IntArray
    ranks: IntArray = field(init=False)
    single: bool = field(init=False)
    _indexed: list[_Holders] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranks", _ranks(self.keys))
        object.__setattr__(self, "single", bool((np.diff(self.starts) == 1).all()))

    def mask(self, wanted: Iterable[str]) -> BoolArray:
        """Which documents have any of these values."""
        found = np.zeros(len(self.starts) - 1, dtype=np.bool_)
        index = self._index()
        for code in {index.codes[value] for value in wanted if value in index.codes}:
            found[index.holders(code)] = True
        return found

    def places_in(self, wanted: Sequence[str]) -> IntArray:
        """For each document how early its first value stands in ``wanted``: the first counts most, others 0."""
        best = np.zeros(len(self.starts) - 1, dtype=np.int32)
        index = self._index()
        for place in range(len(wanted) - 1, -1, -1):
            if wanted[place] in index.codes:
                best[index.holders(index.codes[wanted[place]])] = len(wanted) - place
        return best

    def counts(self, documents: NDArray[np.int64]) -> dict[str, int]:
        """How many documents have each value: most frequent first, ties by value; ``UNDECIDED`` last."""
        counted = np.zeros(len(self.keys), dtype=np.int64)
        if self.single:
            count_single(documents, self.codes, counted)
        else:
            count_values(documents, self.starts, self.codes, counted)
        some = counted.nonzero()[0]
        codes = some[(self.ranks[some] - counted[some] * len(self.keys)).argsort()]
        keys = self.keys
        found = dict(zip([keys[code] for code in codes.tolist()], counted[codes].tolist(), strict=True))
        if UNDECIDED in found:
            found[UNDECIDED] = found.pop(UNDECIDED)
        return found

    def _index(self) -> _Holders:
        """Made when first asked for."""
        if not self._indexed:
            counts = np.diff(self.starts)
            owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
            order = np.argsort(self.codes, kind="stable")
            starts = np.searchsorted(self.codes[order], np.arange(len(self.keys) + 1)).tolist()
            codes = {key: code for code, key in enumerate(self.keys)}
            self._indexed.append(_Holders(codes, owners[order], starts))
        return self._indexed[0]


class _Holders(NamedTuple):
    """From values to their codes, and from these to the documents that have them."""

    codes: dict[str, int]
    documents: IntArray
    starts: list[int]

    def holders(self, code: int) -> IntArray:
        """The documents with a value."""
        return self.documents[self.starts[code] : self.starts[code + 1]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Arrays over the documents of a segment, or of several in a row.

    ``dates`` are year·10000 + month·100 + day, 0 for what is not known; ``ranks`` are the places of the ids
    in the alphabet, those of each segment for itself.
    """

    ids: Texts
    revisions: Texts
    titles: Texts
    dates: IntArray
    ranks: IntArray
    facets: Mapping[str, FacetColumn]

    def __len__(self) -> int:
        return len(self.dates)


def build_columns(entries: Sequence[IndexEntry]) -> Columns:
    """Columns of documents in the order given."""
    return Columns(
        ids=Texts.of([entry.id for entry in entries]),
        revisions=Texts.of([entry.revision for entry in entries]),
        titles=Texts.of([entry.title for entry in entries]),
        dates=np.array([_date_key(entry) for entry in entries], dtype=np.int32),
        ranks=_ranks([entry.id for entry in entries]),
        facets={facet: _facet_column([entry.facet_values(facet) for entry in entries]) for facet in FACETS},
    )


def join_columns(parts: Sequence[Columns]) -> Columns:
    """The columns of several segments, one after the other."""
    if len(parts) == 1:
        return parts[0]
    none = np.zeros(0, dtype=np.int32)
    return Columns(
        ids=Texts.joined([part.ids for part in parts]),
        revisions=Texts.joined([part.revisions for part in parts]),
        titles=Texts.joined([part.titles for part in parts]),
        dates=np.concatenate([none, *(part.dates for part in parts)]),
        ranks=np.concatenate([none, *(part.ranks for part in parts)]),
        facets={facet: _join_facets([part.facets[facet] for part in parts]) for facet in FACETS},
    )


def save_columns(columns: Columns, path: Path) -> None:
    """Write a column file; loading it unpickles nothing."""
    arrays: dict[str, Array] = {"dates": columns.dates, "ranks": columns.ranks}
    for name in _TEXTS:
        texts: Texts = getattr(columns, name)
        arrays |= texts.arrays(name)
    for facet, column in columns.facets.items():
        arrays |= {f"{facet}.starts": column.starts, f"{facet}.codes": column.codes}
        arrays |= Texts.of(column.keys).arrays(f"{facet}.keys")
    save_arrays(path, arrays)


def load_columns(path: Path) -> Columns:
    """Map a column file.

    Raises:
        OSError, ValueError, KeyError, TypeError: it is damaged.
    """
    arrays = map_arrays(path)
    dates: IntArray = arrays["dates"]  # type: ignore[assignment]  # the file says which type it is
    ranks: IntArray = arrays["ranks"]  # type: ignore[assignment]
    facets = {
        facet: FacetColumn(
            Texts.from_arrays(f"{facet}.keys", arrays).all(),
            arrays[f"{facet}.starts"],  # type: ignore[arg-type]
            arrays[f"{facet}.codes"],  # type: ignore[arg-type]
        )
        for facet in FACETS
    }
    columns = Columns(
        **{name: Texts.from_arrays(name, arrays) for name in _TEXTS}, dates=dates, ranks=ranks, facets=facets
    )
    sizes = {len(ranks), *(len(getattr(columns, name)) for name in _TEXTS)}
    if sizes != {len(dates)} or any(len(column.starts) != len(dates) + 1 for column in facets.values()):
        raise ValueError(f"the columns of {path} do not fit together")
    return columns


def _ranks(texts: Sequence[str]) -> IntArray:
    ranks = np.empty(len(texts), dtype=np.int32)
    ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return ranks


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
