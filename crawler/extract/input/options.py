"""What an extraction may read and, for a source that needs it, where on the page to look."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from kb.errors import ConfigurationError
from kb.model import YearSpan


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors of one source; what is not given is found out.

    ``text`` names the element (or elements, joined in page order) with the main text, ``title`` and
    ``published`` the elements to read those from, ``remove`` what is cut away before anything is read.

    Raises:
        ConfigurationError: names the selector that is not valid CSS.
    """

    text: str | None = None
    title: str | None = None
    published: str | None = None
    remove: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for selector in (self.text, self.title, self.published, *self.remove):
            if selector is None:
                continue
            import soupsieve  # it takes longer than a whole reading process, and few sources have selectors

            try:
                soupsieve.compile(selector)
            except soupsieve.SelectorSyntaxError as error:
                raise ConfigurationError(
                    f"„{selector}“ ist kein gültiger CSS-Selektor ({str(error).splitlines()[0]})",
                    remedy="den Selektor in der Quelle berichtigen",
                ) from error


class HasSelectors(Protocol):
    """A source, as far as an extraction cares."""

    @property
    def selectors(self) -> Selectors:
        """Where on its pages to look."""


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """Limits as in the settings (``KB_MAX_TEXT_CHARS``, ``KB_MAX_FILE_BYTES``) and a source's selectors.

    ``words_file`` lists the words of the corpus, for hyphens at line ends; the file need not be there. Dates
    outside ``years`` are passed over.
    """

    max_text_chars: int = 2_000_000
    max_file_bytes: int = 50_000_000
    selectors: Selectors = field(default_factory=Selectors)
    words_file: str | None = None
    years: YearSpan = field(default_factory=YearSpan)

    def for_source(self, source: HasSelectors) -> ExtractOptions:
        """The same limits with the selectors of a source."""
        return replace(self, selectors=source.selectors)
