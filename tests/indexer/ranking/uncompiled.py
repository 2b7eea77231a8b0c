"""Loops as a process that asks once runs them, whatever this process has compiled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from indexer.ranking import kernels
from indexer.ranking.compiling import Loop


@contextmanager
def uncompiled() -> Iterator[None]:
    """All loops and their helpers are Python meanwhile."""
    found = vars(kernels).copy()
    before = {type(one): type(one).__dict__.get("__call__") for one in found.values() if isinstance(one, Loop)}
    helpers = {name: one.py_func for name, one in found.items() if name[0] == "_" and hasattr(one, "py_func")}
    with patch.dict(vars(kernels), helpers):
        try:
            for kind in before:
                kind.__call__ = Loop.plainly  # type: ignore[method-assign]
            yield
        finally:
            for kind, call in before.items():
                if call is None:
                    del kind.__call__
                else:
                    kind.__call__ = call  # type: ignore[method-assign]
