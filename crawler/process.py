"""A crawl as a process of its own: what is sent to it, what it sends back, and how it is started and ended."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from crawler.hosts import Patience
from crawler.lifeline import die_with_parent
from crawler.report import PageOutcome, SourceTotals
from crawler.run_lock import only_run
from crawler.sources import Source
from kb.errors import CrawlError, FundstelleError
from kb.ports import CorpusStore, Extractor, SourceNewsStore, Tombstones

_SECONDS_TO_END = 10.0
# After the time of a run a crawl ends in an orderly way, as long as that takes its slowest request and the
# page being read; one that still runs so much later hangs and is killed.
_SECONDS_TO_STOP = 30.0


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One crawl, as it is sent to the process that runs it; so everything in it can be pickled.

    ``delay`` (seconds between two requests to a host) and ``max_pages`` hold where the source names none.
    ``timeout`` is seconds a request, ``max_bytes`` the largest body, ``max_seconds`` the time of the whole run,
    ``max_total_bytes`` all bodies of a source.
    ``patience`` says how troubled hosts are dealt with. What is to be remembered from run to run lies in
    ``state_dir``; without one nothing is. What
    was fetched is archived in ``archive_dir``, if there is one. What the engine logs goes to ``log_file``, or
    nowhere.
    """

    sources: tuple[Source, ...]
    open_corpus: Callable[[], CorpusStore]
    make_extractor: Callable[[Source], Extractor]
    open_news: Callable[[], SourceNewsStore] | None = None
    open_tombstones: Callable[[], Tombstones] | None = None
    archive_dir: Path | None = None
    contact: str = ""
    allow_loopback: bool = False
    delay: float = 1.0
    max_pages: int = 2_000
    timeout: float = 30.0
    max_bytes: int = 50_000_000
    max_total_bytes: int = 2_000_000_000
    max_seconds: float = 6 * 3600.0
    patience: Patience = field(default_factory=Patience)
    log_file: Path | None = None
    state_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class PageDone:
    """From the crawl process: an address has its outcome; ``found`` addresses are known so far."""

    source: str
    outcome: PageOutcome
    found: int


@dataclass(frozen=True, slots=True)
class CrawlDone:
    """From the crawl process: the last message; ``error`` ended the crawl early."""

    error: FundstelleError | None = None


Message = PageDone | SourceTotals | CrawlDone


@contextmanager
def crawl_process(job: CrawlJob) -> Iterator[tuple[BaseProcess, Connection]]:
    """Start the process; whatever happens in the block, it is gone afterwards."""
    # Spawn, not fork: the parent may have threads, an event loop or an open index.
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run_in_child, args=(job, sender), name="fundstelle-crawl")
    process.start()
    sender.close()
    try:
        yield process, receiver
    except BaseException:
        process.terminate()
        raise
    finally:
        receiver.close()
        process.join(_SECONDS_TO_END)
        if process.is_alive():
            process.kill()
            process.join()


def received(messages: Connection, job: CrawlJob) -> Iterator[Message]:
    """Everything that the process sends, until it closes its end, dies, or is long past its time.

    Raises:
        TimeoutError: the time of the run is over, and so is that for stopping.
    """
    deadline = time.monotonic() + job.max_seconds + job.timeout + _SECONDS_TO_STOP
    while True:
        try:
            if not messages.poll(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            yield messages.recv()
        except TimeoutError:
            raise
        except (EOFError, OSError, pickle.UnpicklingError):  # the other end closed, or died in mid-message
            return


def died(process: BaseProcess, pages: int, log_file: Path | None) -> CrawlError:
    """The error for a process that ended without its last message."""
    code = process.exitcode
    how = f"Signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"Rückgabewert {code}"
    remedy = "„kb crawl“ erneut aufrufen; was gelesen wurde, ist im Korpus"
    if log_file is not None:
        remedy += f", Einzelheiten stehen in {log_file}"
    return CrawlError(f"der Crawl-Prozess wurde nach {pages} Seiten beendet ({how})", remedy=remedy)


def _run_in_child(job: CrawlJob, messages: Connection) -> None:
    """The crawl process: everything that it has to say goes through ``messages``, nothing to the terminal."""
    die_with_parent()
    # Ctrl-C reaches the whole process group; the parent ends this process in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from crawler.engine import crawl_sources, quiet_process

    log = quiet_process(job.log_file)
    try:
        with only_run(job.state_dir):
            crawl_sources(job, messages.send)
        messages.send(CrawlDone())
    except BrokenPipeError:
        return  # the parent is gone, nobody listens
    except FundstelleError as error:
        messages.send(CrawlDone(error))
    except Exception as error:
        log.exception("crawl failed")
        remedy = (
            f"Einzelheiten stehen in {job.log_file}" if job.log_file else "mit einer Protokolldatei wiederholen"
        )
        messages.send(
            CrawlDone(CrawlError(f"unerwarteter Fehler ({type(error).__name__}: {error})", remedy=remedy))
        )
