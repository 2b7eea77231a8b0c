"""``kb crawl`` as a person runs it: its report, again later, and what it says when another crawl is running."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from kb.corpus.atomic import exclusive_lock
from tests import limits
from tests.crawler.loopback import link_list, page, serve

pytestmark = pytest.mark.crawl


def _kb(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment: Mapping[str, str] = {
        **os.environ,
        "KB_ALLOW_LOOPBACK": "1",
        "KB_CRAWL_DELAY": "0",
        **settings,
    }
    command = [sys.executable, "-m", "kb", "--corpus", str(folder / "corpus"), "--var", str(folder / "var")]
    return subprocess.run(
        [*command, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=limits.SECONDS,
        check=False,
    )


def _add_source(folder: Path, base: str) -> None:
    sources = folder / "corpus" / "sources"
    sources.mkdir(parents=True)
    (sources / "stadt.toml").write_text(f'start_urls = ["{base}/"]\nenabled = true\n', encoding="utf-8")


def test_report_of_the_last_crawl_is_shown_again(tmp_path: Path) -> None:
    with serve({"/": link_list("/a", "/weg"), "/a": page("Übergänge gestalten")}) as site:
        _add_source(tmp_path, site.base)
        none_yet = _kb(tmp_path, "crawl", "--report")
        assert none_yet.returncode != 0
        assert "noch keinen Bericht" in none_yet.stderr
        crawled = _kb(tmp_path, "crawl", "--no-index")
    assert crawled.returncode == 1, crawled.stderr
    shown = _kb(tmp_path, "crawl", "--report")
    assert shown.returncode == 0, shown.stderr
    assert crawled.stdout.strip() in shown.stdout
    assert "Status 404" in shown.stdout
    told = json.loads(_kb(tmp_path, "crawl", "--report", "--json").stdout)
    assert (told["added"], told["failed"], told["sources"][0]["source"]) == (1, 1, "stadt")


def test_second_crawl_says_that_one_is_running(tmp_path: Path) -> None:
    with serve({"/": link_list("/a")}) as site:
        _add_source(tmp_path, site.base)
        locks = tmp_path / "var" / "state" / "crawler" / "locks"
        locks.mkdir(parents=True)
        with exclusive_lock(locks / "source-stadt", timeout=1.0):
            (locks / "source-stadt").write_text("4711 05.01.2025, 14:03 Uhr\n", encoding="utf-8")
            second = _kb(tmp_path, "crawl", "--no-index")
        assert site.connections == 0
    assert second.returncode != 0
    assert "stadt (Prozess 4711, seit 05.01.2025, 14:03 Uhr): ein anderer Crawl ist gerade" in second.stderr
    assert "Traceback" not in second.stderr
