"""Many strings in one array, which can be mapped into memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.ranking.array_file import Array
from indexer.ranking.postings import Numbers


@dataclass(frozen=True, slots=True)
class Texts(Sequence[str]):
    """Strings as bytes in one array."""

    bytes: NDArray[np.uint8]
    starts: Numbers

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> str:  # type: ignore[override]  # slices are not needed
        return self.bytes[self.starts[number] : self.starts[number + 1]].tobytes().decode()

    def all(self) -> list[str]:
        """All strings at once."""
        raw, starts = self.bytes.tobytes(), self.starts.tolist()
        return [raw[start:end].decode() for start, end in pairwise(starts)]

    def arrays(self, name: str) -> dict[str, Array]:
        """The parts under names of their own, for a file."""
        return {f"{name}.bytes": self.bytes, f"{name}.starts": self.starts}

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, Array]) -> Texts:
        """What ``arrays`` gave.

        Raises:
            KeyError, ValueError: something is missing or does not fit together.
        """
        texts = cls(
            arrays[f"{name}.bytes"],  # type: ignore[arg-type]  # the file says which type it is
            arrays[f"{name}.starts"],  # type: ignore[arg-type]
        )
        if not len(texts.starts) or int(texts.starts[-1]) != len(texts.bytes):
            raise ValueError(f"the texts of {name} do not fit together")
        return texts

    @classmethod
    def joined(cls, parts: Sequence[Texts]) -> Texts:
        """The strings of several, one after the other."""
        sizes = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.starts) for part in parts)])
        return cls(np.concatenate([np.zeros(0, np.uint8), *(part.bytes for part in parts)]), np.cumsum(sizes))

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """Pack strings."""
        raw = [text.encode() for text in texts]
        starts = np.zeros(len(raw) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in raw], out=starts[1:]) if raw else None
        return cls(np.frombuffer(b"".join(raw), dtype=np.uint8), starts)
