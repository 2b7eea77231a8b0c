"""Extractors that ask a process which may die without harm: one for all files, or one for each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from crawler.extract.bounded.process import ReadingLimits, ReadingProcess
from crawler.extract.input.limits import file_too_large
from crawler.extract.input.options import ExtractOptions, HasSelectors
from kb.model import ExtractedText, RawContent


@dataclass(frozen=True, slots=True)
class BoundedExtractor:
    """``kb.ports.Extractor`` that asks a process which reads for all extractors made from this one."""

    options: ExtractOptions = field(default_factory=ExtractOptions)
    process: ReadingProcess = field(default_factory=ReadingProcess)

    def for_source(self, source: HasSelectors) -> BoundedExtractor:
        """The extractor of a source, with its selectors, in the same process."""
        return replace(self, options=self.options.for_source(source))

    def extract(self, content: RawContent) -> ExtractedText:
        """See ``kb.ports.Extractor``, and ``ReadingProcess.read`` for what else may be raised."""
        _check_size(content, self.options)
        return self.process.read(content, self.options)


@dataclass(frozen=True, slots=True)
class FreshExtractor:
    """``kb.ports.Extractor`` with a process for each file: none of them can harm the next one's."""

    options: ExtractOptions = field(default_factory=ExtractOptions)
    limits: ReadingLimits = field(default_factory=ReadingLimits)

    def extract(self, content: RawContent) -> ExtractedText:
        """See ``kb.ports.Extractor``, and ``ReadingProcess.read`` for what else may be raised."""
        _check_size(content, self.options)
        with ReadingProcess(self.limits) as process:
            return process.read(content, self.options)


def _check_size(content: RawContent, options: ExtractOptions) -> None:
    if len(content.data) > options.max_file_bytes:
        raise file_too_large(len(content.data), options.max_file_bytes, content.name)
