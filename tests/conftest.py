"""What all tests share: how a test says that it needs something which not every machine has."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

import indexer.annotate
from crawler.run import process
from tests.annotators import open_once

# A busy machine is no reason to fail: what a property costs is measured in benchmarks, not here.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def require(name: str, *, available: bool, reason: str) -> None:
    """Skip a test whose tool is missing, or fail it where ``KB_REQUIRE`` (comma-separated) demands the tool."""
    if available:
        return
    wanted = {part.strip() for part in os.environ.get("KB_REQUIRE", "").split(",")}
    if name in wanted:
        pytest.fail(f"KB_REQUIRE={name}: {reason}", pytrace=False)
    pytest.skip(reason)


def pytest_collection_finish() -> None:
    """What is imported by now lives to the end: the garbage collector need not look through it again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests last: Playwright keeps an event loop running in this thread until the session ends."""
    items.sort(key=lambda item: "browser" in item.path.parent.parts)


@pytest.fixture(scope="session", autouse=True)
def crawls_start_at_once() -> Iterator[None]:
    """Crawl processes fork from one that has imported what they need: a second less for each of them.

    ``tests/crawler/run`` starts them as the product does.
    """
    multiprocessing.set_forkserver_preload(["tests.crawler.preloaded"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "_context", multiprocessing.get_context("forkserver"))
        yield


@pytest.fixture(scope="session", autouse=True)
def annotators_are_built_once() -> Iterator[None]:
    """Commands with the same topics and places share an annotator."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexer.annotate, "open_annotator", open_once)
        yield
