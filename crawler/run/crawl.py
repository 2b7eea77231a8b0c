"""A whole crawl: started in a process of its own, listened to, and reported."""

from __future__ import annotations

import time
from collections.abc import Iterable

from crawler.manners.identity import require_contact
from crawler.report.outcomes import SourceTotals
from crawler.report.report import CrawlReport, ReportBuilder
from crawler.run.process import crawl_process, died, received
from crawler.visit.job import CrawlDone, CrawlJob, Message, PageDone
from kb.errors import FundstelleError
from kb.ports import Progress, no_progress


def run_crawl(job: CrawlJob, progress: Progress = no_progress) -> CrawlReport:
    """Visit the sources of a job in a process of its own, and report on every address.

    ``progress`` is told (addresses done, addresses found, address). An interrupt (Ctrl-C) ends the process and
    is raised again; whatever was read until then is in the corpus.

    Raises:
        ConfigurationError: no contact is set for a source beyond this machine.
        CrawlError: the crawl process died or failed; names its log.
        StorageError: the corpus cannot be read or written.
    """
    require_contact(job.sources, job.contact)
    started = time.monotonic()
    builder = ReportBuilder([source.id for source in job.sources])
    with crawl_process(job) as (process, messages):
        try:
            finished = _gather(received(messages, job), builder, progress)
        except TimeoutError:
            process.kill()
            builder.note("nach Ablauf der Laufzeit reagierte der Crawl-Prozess nicht mehr und wurde beendet")
            finished = True
    if not finished:
        raise died(process, builder.pages, job.log_file)
    return builder.report(seconds=time.monotonic() - started)


def _gather(messages: Iterable[Message], builder: ReportBuilder, progress: Progress) -> bool:
    """Put everything that the crawl process says into the report; whether it came to its end."""
    found: dict[str, int] = {}
    for message in messages:
        match message:
            case PageDone():
                builder.add(message.source, message.outcome)
                found[message.source] = message.found
                progress(builder.pages, sum(found.values()), message.outcome.url)
            case SourceTotals():
                builder.finish(message)
            case CrawlDone(error=None):
                return True
            case CrawlDone(error=FundstelleError() as error):
                raise error
    return False
