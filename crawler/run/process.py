"""A crawl as a process of its own: what is sent to it, what it sends back, and how it is started and ended."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from crawler.visit.job import CrawlDone, CrawlJob, Message
from kb.errors import CrawlError, FundstelleError
from kb.lifeline import die_with_parent

# Not fork: the parent may have threads, an event loop or an open index.
_context: SpawnContext | ForkServerContext = multiprocessing.get_context("spawn")
_SECONDS_TO_END = 10.0
# After the time of a run a crawl ends in an orderly way, as long as that takes its slowest request and the
# page being read; one that still runs so much later hangs and is killed.
_SECONDS_TO_STOP = 30.0


@contextmanager
def crawl_process(job: CrawlJob) -> Iterator[tuple[BaseProcess, Connection]]:
    """Start the process; whatever happens in the block, it is gone afterwards."""
    receiver, sender = _context.Pipe(duplex=False)
    process = _context.Process(target=_run_in_child, args=(job, sender), name="fundstelle-crawl")
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
    # Here alone: Scrapy's reactor runs once a process, and whoever starts crawls is to stay free of it.
    from crawler.visit.engine import crawl_sources, quiet_process

    log = quiet_process(job.log_file)
    try:
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
