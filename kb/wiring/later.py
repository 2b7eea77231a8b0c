"""What is read when it is first needed, since most searches do without."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from kb.errors import ConfigurationError


class LabelsLater(Mapping[str, str]):
    """Labels by id; none where they cannot be read."""

    def __init__(self, read: Callable[[], Mapping[str, str]]) -> None:
        self._read = read

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        try:
            return self._read()
        except ConfigurationError:
            return {}

    def __getitem__(self, key: str) -> str:
        return self._labels[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels)

    def __len__(self) -> int:
        return len(self._labels)
