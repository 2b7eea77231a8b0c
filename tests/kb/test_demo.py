"""The demonstration as its users run it: a process of its own, a crawl, a server, a clean end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

import kb as package
from tests import limits
from tests.kb.conftest import Kb

ROOT = Path(package.__file__).parent.parent
KB = [sys.executable, "-m", "kb"]


def git_status() -> str:
    command = ["git", "-C", str(ROOT), "status", "--porcelain", "--", "corpus"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def demo_once(var: Path) -> subprocess.CompletedProcess[str]:
    command = [*KB, "--var", str(var), "demo", "--once"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=limits.SECONDS)


@pytest.mark.crawl
def test_once_shows_hits_and_leaves_the_checkout_alone(tmp_path: Path) -> None:
    before = git_status()
    first = demo_once(tmp_path)
    assert first.returncode == 0, first.stderr
    assert "54 neu" in first.stdout
    assert "1. Quartiersmanagement am Küchentisch" in first.stdout
    assert len(re.findall(r"http://127\.0\.0\.1:\d+/\?q=", first.stdout)) == 3
    second = demo_once(tmp_path)
    assert second.returncode == 0, second.stderr
    # The site stays at its port unless another program has it; elsewhere its pages are new ones.
    same_place = first.stdout.splitlines()[0] == second.stdout.splitlines()[0]
    expected = "0 neu, 0 geändert, 54 unverändert" if same_place else "54 neu, 0 geändert, 0 unverändert"
    assert expected in second.stdout
    assert git_status() == before
    assert "Traceback" not in first.stderr + second.stderr


@pytest.mark.crawl
def test_a_taken_port_of_the_demo_site_is_no_obstacle(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8001))
            taken.listen()
        except OSError:
            pass  # somebody else has it already, which is the case to test
        result = demo_once(tmp_path)
    assert result.returncode == 0, result.stderr
    assert "54 neu" in result.stdout


def _hear_ctrl_c() -> None:
    """Where the tests run in the background of a shell, Ctrl-C is ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.crawl
def test_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    command = [*KB, "--var", str(tmp_path), "demo", "--port", "0"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_hear_ctrl_c,
    ) as demo:
        assert demo.stdout is not None
        shown = ""
        for line in demo.stdout:
            shown += line
            if "Strg-C" in line:
                break
        address = re.search(r"Die Suche läuft: (\S+)", shown)
        assert address is not None, shown
        there = f"kb --corpus {tmp_path}/demo/corpus --var {tmp_path}/demo/var"
        assert f"{there} user add redaktion --role admin" in shown
        assert f"{address[1]}/anmelden" in shown
        with urllib.request.urlopen(f"{address[1]}/healthz", timeout=limits.SECONDS) as answer:
            assert json.load(answer)["documents"] == 54
        os.killpg(demo.pid, signal.SIGINT)  # as a terminal does: every process of the group
        rest, errors = demo.communicate(timeout=limits.SECONDS)
    assert demo.returncode == 0
    assert "Beendet." in rest
    assert "Traceback" not in errors


@pytest.fixture
def server(kb: Kb, tmp_path: Path) -> Iterator[str]:
    """``kb serve`` over a corpus with one document."""
    (tmp_path / "erste.txt").write_text("Erste Notiz\nDas Stadtteilfest war gut besucht.\n", "utf-8")
    kb("import", tmp_path / "erste.txt")
    command = [*KB, "--corpus", str(kb.corpus), "--var", str(kb.var), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address is not None
        yield address[0]
        process.terminate()
        assert process.wait(limits.SECONDS) == 0


def test_a_running_server_shows_an_import_with_its_next_answer(server: str, kb: Kb, tmp_path: Path) -> None:
    address = f"{server}/?q={quote('Jugendberufsagentur')}"
    assert "Zweite Notiz" not in read(address)
    (tmp_path / "zweite.txt").write_text("Zweite Notiz\nDie Jugendberufsagentur zieht um.\n", "utf-8")
    assert kb("import", tmp_path / "zweite.txt").exit_code == 0
    assert "Zweite Notiz" in read(address)


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=limits.SECONDS) as answer:
        return str(answer.read().decode())
