"""The process that reads, for which one file has no end: no real file is slow for sure on every machine."""

from __future__ import annotations

from crawler.extract.bounded import worker
from crawler.extract.bounded.process import ReadingProcess
from crawler.extract.content import ContentExtractor
from kb.model import ExtractedText, RawContent

ENDLESS = RawContent(b"<main><p>Dieser Text hat kein Ende.</p></main>", "endlos.html", None, "text/html")


class EndlessReading(ReadingProcess):
    """Never comes to an end with ``ENDLESS``."""

    worker = "tests.crawler.extract.bounded.endless_worker"


class _Endless(ContentExtractor):
    def extract(self, content: RawContent) -> ExtractedText:
        while content.data == ENDLESS.data:
            pass
        return super().extract(content)


if __name__ == "__main__":
    vars(worker)["ContentExtractor"] = _Endless
    worker.main()
