"""One file of named arrays that is mapped into memory, so that several server processes share one copy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]

_MAGIC = b"FSARRAY1"
_ALIGN = 64


def save_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write one-dimensional arrays: a magic word, the length of the header, a JSON header, the arrays.

    Raises:
        OSError: the disk is full, or the file must not be written.
    """
    header: dict[str, tuple[str, int, int]] = {}
    at = 0
    for name, array in arrays.items():
        header[name] = (array.dtype.str, at, len(array))
        at += -(-array.nbytes // _ALIGN) * _ALIGN
    text = json.dumps(header).encode()
    text += b" " * (-(len(_MAGIC) + 8 + len(text)) % _ALIGN)
    with path.open("wb") as file:
        file.write(_MAGIC + len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(b"\0" * (-array.nbytes % _ALIGN))


def map_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a file, read-only; what is not looked at is not read from the disk.

    Raises:
        OSError, ValueError, KeyError, TypeError: it is damaged.
    """
    mapped = np.memmap(path, dtype=np.uint8, mode="r")
    start = len(_MAGIC) + 8
    if bytes(mapped[: len(_MAGIC)]) != _MAGIC:
        raise ValueError(f"{path} holds no arrays")
    length = int.from_bytes(bytes(mapped[len(_MAGIC) : start]), "little")
    header = json.loads(bytes(mapped[start : start + length]))
    base = np.asarray(mapped)
    found: dict[str, Array] = {}
    for name, (kind, at, count) in header.items():
        dtype = np.dtype(str(kind))
        if dtype.hasobject:
            raise ValueError(f"{path} holds objects")
        first = start + length + int(at)
        last = first + int(count) * dtype.itemsize
        if not 0 <= first <= last <= len(base):
            raise ValueError(f"{path} is too short")
        found[name] = base[first:last].view(dtype)
    return found
