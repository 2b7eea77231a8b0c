"""The address guard at connection time: nothing refused is ever connected to, by whatever name or detour."""

from __future__ import annotations

import multiprocessing
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from twisted.internet.address import IPv4Address

from crawler.extract import ContentExtractor
from crawler.manners.networks import AddressPolicy
from crawler.requests.resolver import GuardedResolver
from crawler.run.process import received
from crawler.sources.source import Source
from crawler.visit.job import CrawlJob, Message, PageDone
from kb.corpus import DirectoryCorpus
from kb.ports import Extractor
from tests.crawler.loopback import Answer, link_list, page, serve


class RebindingResolver:
    """Answers with a public address first and with loopback ever after."""

    def __init__(self) -> None:
        self._answers = ["93.184.216.34", "127.0.0.1"]

    def resolveHostName(self, receiver: Any, hostName: str, portNumber: int = 0, *_: Any) -> Any:  # noqa: N802, N803
        receiver.resolutionBegan(None)
        receiver.addressResolved(IPv4Address("TCP", self._answers[0], portNumber))
        receiver.addressResolved(IPv4Address("TCP", "10.0.0.1", portNumber))
        receiver.resolutionComplete()
        self._answers = self._answers[1:] or self._answers


class Collector:
    """What a connection would be opened to."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.complete = False

    def resolutionBegan(self, _resolution: Any) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: IPv4Address) -> None:  # noqa: N802
        self.hosts.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


def test_each_resolution_is_judged_anew() -> None:
    guard = GuardedResolver(RebindingResolver(), AddressPolicy())
    first, second = Collector(), Collector()
    guard.resolveHostName(first, "Umzug.example", 80)
    guard.resolveHostName(second, "Umzug.example", 80)
    assert first.hosts == ["93.184.216.34"]
    assert second.hosts == []
    assert first.complete
    assert second.complete
    assert "umzug.example" in guard.refused


class FirstAddressOnly(AddressPolicy):
    """127.0.0.1 plays the public web, every other address the private network."""

    def refusal(self, address: str) -> str | None:
        return None if address == "127.0.0.1" else "privates Netz"


def _extractor(_source: Source) -> Extractor:
    return ContentExtractor()


def _crawl_with_first_address_only(job: CrawlJob, messages: Connection) -> None:
    from crawler.visit import engine

    engine.AddressPolicy = FirstAddressOnly  # type: ignore[attr-defined] # this process exists for this test only
    engine.quiet_process(job.log_file)
    engine.crawl_sources(job, messages.send)
    messages.close()


def _crawl(job: CrawlJob) -> list[Message]:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_crawl_with_first_address_only, args=(job, sender))
    process.start()
    sender.close()
    messages = list(received(receiver, job))
    process.join()
    assert process.exitcode == 0
    return messages


def test_redirect_to_a_refused_address_opens_no_connection(tmp_path: Path) -> None:
    with serve({"/geheim": page("Geheim")}, host="127.0.0.2") as private:
        detour = Answer(status=302, headers={"Location": f"{private.base}/geheim"})
        answers = {"/": link_list("/um", "/gut", f"{private.base}/direkt"), "/um": detour, "/gut": page("Gut")}
        with serve(answers) as public:
            # Both hosts belong to the source, so that only the guard stands between them.
            source = Source("q", "Q", "Q", start_urls=(f"{public.base}/", f"{private.base}/"), delay=0.0)
            (tmp_path / "corpus").mkdir()
            corpus = partial(DirectoryCorpus, tmp_path / "corpus")
            messages = _crawl(CrawlJob((source,), corpus, _extractor, allow_loopback=True))
        assert private.connections == 0
    told = {done.outcome.url: done.outcome.reason for done in messages if isinstance(done, PageDone)}
    assert told[f"{public.base}/gut"] == "neu"
    assert "privates Netz" in told[f"{public.base}/um"]
    assert "privates Netz" in told[f"{private.base}/direkt"]
