"""One run at a time for a source and for a host; different sources side by side, the second run is told."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from crawler.memory.hosts import HostMemory
from crawler.processes import run_lock
from crawler.processes.run_lock import RunLocks, TakenError
from crawler.report.outcomes import PageAction
from crawler.report.report import CrawlReport
from crawler.run.crawl import run_crawl
from kb.errors import CrawlError
from tests import limits
from tests.crawler.crawls import a_job, a_source
from tests.crawler.loopback import Answer, link_list, page, serve


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_second_holder_is_told_who_and_since_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "SECONDS_FOR_THE_DEAD", 0.1)  # nobody is dead here

    async def both() -> None:
        async with RunLocks(tmp_path).source("stadt"):
            async with RunLocks(tmp_path).source("land"):
                pass
            with pytest.raises(
                TakenError, match=rf"Prozess {os.getpid()}, seit \d\d\.\d\d\.\d{{4}}, \d\d:\d\d Uhr"
            ):
                async with RunLocks(tmp_path).source("stadt"):
                    pass
        async with RunLocks(tmp_path).source("stadt"):
            pass

    _run(both())


def test_hosts_are_waited_for_and_never_crosswise(tmp_path: Path) -> None:
    order: list[str] = []

    async def hold(name: str, *hosts: str) -> None:
        async with RunLocks(tmp_path).hosts(hosts, limits.SECONDS) as waited:
            order.append(f"{name} {waited}")
            await asyncio.sleep(0)

    async def all_of_them() -> None:
        await asyncio.gather(hold("eins", "a.de", "b.de:8080"), hold("zwei", "b.de:8080", "a.de"))

    _run(all_of_them())
    assert order == ["eins False", "zwei True"]


def _open_host_memory(folder: str, number: int, ready: Any) -> None:
    ready.wait()
    memory = HostMemory(Path(folder) / "hosts.sqlite")
    for n in range(50):
        memory.keep_rest(f"{number}-{n}.de", 60.0)
    memory.close()


def test_memory_of_hosts_is_shared_by_processes(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(4)
    processes = [
        context.Process(target=_open_host_memory, args=(str(tmp_path), number, ready)) for number in range(4)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(limits.SECONDS)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    with sqlite3.connect(tmp_path / "hosts.sqlite") as database:
        assert database.execute("SELECT count(*) FROM rests").fetchone() == (200,)
    database.close()


@pytest.mark.crawl
def test_two_sources_at_once_and_the_second_run_of_one_is_told(tmp_path: Path) -> None:
    slow = {"/": link_list("/a", "/hang"), "/a": page("A"), "/hang": Answer(manner="hang")}
    told = threading.Event()
    reports: list[CrawlReport] = []
    with serve(slow) as busy, serve({"/": link_list("/b"), "/b": page("B")}) as free:
        stadt, land = a_source("stadt", busy.base), a_source("land", free.base)
        values: dict[str, Any] = {"state_dir": tmp_path / "state", "timeout": limits.SECONDS}

        def first() -> None:
            job = a_job(tmp_path, [stadt], **values, max_seconds=2 * limits.SECONDS)
            reports.append(run_crawl(job, lambda *_: told.set()))

        thread = threading.Thread(target=first)
        thread.start()
        assert told.wait(limits.SECONDS)
        second = run_crawl(a_job(tmp_path, [stadt, land], **values))
        with pytest.raises(CrawlError, match="ein anderer Crawl ist gerade bei dieser Quelle"):
            run_crawl(a_job(tmp_path, [stadt], **values))
        asked = Counter(busy.paths)
        busy.over.set()
        thread.join(limits.SECONDS)
    assert "nicht besucht" in second.sources[0].totals.notes[0]
    assert f"Prozess {os.getpid()}, seit" in second.sources[0].totals.notes[0]
    assert second.sources[1].count(PageAction.ADDED) == 1
    assert set(asked.values()) == {1}, "the second runs asked the busy server for nothing"
    assert reports[0].count(PageAction.ADDED) == 1
