"""What is opened when it is first needed, since most searches do without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from threading import Lock
from typing import Generic, TypeVar

from kb.errors import ConfigurationError
from kb.model import Annotations, Document, TopicTag
from kb.ports import Annotator, TopicSuggester

Part = TypeVar("Part")


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


class _Later(Generic[Part]):
    """Opened when it is first asked; who asks meanwhile waits."""

    def __init__(self, make: Callable[[], Part]) -> None:
        self._make = make
        self._made: Part | None = None
        self._lock = Lock()

    def opened(self) -> Part:
        """The part itself."""
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = self._make()
        return self._made


class AnnotatorLater(_Later[Annotator]):
    """An ``Annotator``, which takes two seconds to open.

    Every method raises ``ConfigurationError`` where the rules cannot be understood.
    """

    @property
    def version(self) -> str:
        """See ``Annotator.version``."""
        return self.opened().version

    def annotate(self, document: Document) -> Annotations:
        """See ``Annotator.annotate``."""
        return self.opened().annotate(document)


class SuggesterLater(_Later[TopicSuggester]):
    """A ``TopicSuggester``, which needs spaCy."""

    @property
    def version(self) -> str:
        """See ``TopicSuggester.version``."""
        return self.opened().version

    def suggest(self, document: Document, known: Collection[str] = ()) -> tuple[TopicTag, ...]:
        """See ``TopicSuggester.suggest``."""
        return self.opened().suggest(document, known)
