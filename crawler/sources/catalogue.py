"""All sources of a corpus: one file a source, one broken file stops no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from crawler.sources.file import read_source
from crawler.sources.source import Mining, Source
from kb.errors import ConfigurationError

__all__ = ["Mining", "Source", "SourceCatalogue", "load_sources", "read_source"]


@dataclass(frozen=True, slots=True)
class SourceCatalogue:
    """The readable sources by id, in alphabetical order, and what is wrong with the other files."""

    sources: Mapping[str, Source]
    problems: tuple[ConfigurationError, ...] = ()

    @property
    def enabled(self) -> tuple[Source, ...]:
        """The sources that a crawl without names visits."""
        return tuple(source for source in self.sources.values() if source.enabled)

    def get(self, name: str) -> Source:
        """The source with this id.

        Raises:
            ConfigurationError: its file is broken, or there is none; lists the names that exist.
        """
        if name in self.sources:
            return self.sources[name]
        for problem in self.problems:
            if problem.subject and Path(problem.subject.partition(", Zeile")[0]).stem == name:
                raise problem
        known = ", ".join(self.sources) or "keine"
        raise ConfigurationError(
            "diese Quelle gibt es nicht", subject=name, remedy=f"bekannte Quellen: {known}"
        )


def load_sources(folder: Path) -> SourceCatalogue:
    """Read every ``*.toml`` of a folder.

    Raises:
        ConfigurationError: the folder is missing or cannot be read.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            "der Ordner der Quellen fehlt", subject=str(folder), remedy="mit „kb init“ einen Korpus anlegen"
        )
    good: dict[str, Source] = {}
    problems: list[ConfigurationError] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            good[path.stem] = read_source(path)
        except ConfigurationError as error:
            problems.append(error)
    return SourceCatalogue(MappingProxyType(good), tuple(problems))
