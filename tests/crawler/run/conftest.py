"""Here crawl processes start as the product starts them."""

from __future__ import annotations

import multiprocessing

import pytest

from crawler.run import process


@pytest.fixture(autouse=True)
def spawned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_context", multiprocessing.get_context("spawn"))
