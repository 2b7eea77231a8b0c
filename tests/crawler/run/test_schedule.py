from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.run.schedule import Scheduled, schedule_lines

JOB = Scheduled(
    ("/srv/fund stelle/bin/kb", "crawl", "stadt"),
    Path("/srv/fund stelle"),
    {"KB_CONTACT": "Büro 100% <bildung@stadt.de>", "KB_CORPUS": "/srv/fund stelle/corpus"},
    "fundstelle",
)


def _section(begin: str) -> list[str]:
    lines = list(schedule_lines(JOB))
    start = lines.index(f"# --- /etc/systemd/system/{begin}") + 1
    length = next((n for n, line in enumerate(lines[start:]) if line == "" or line.startswith("# ---")), None)
    return lines[start : start + length if length is not None else None]


def test_the_cron_line_does_what_the_shell_would_do(tmp_path: Path) -> None:
    line = list(schedule_lines(JOB))[-1]
    minute, hour, *rest, command = line.split(" ", 5)
    assert 0 <= int(minute) < 60
    assert 2 <= int(hour) < 5
    assert rest == ["*", "*", "*"]
    words = shlex.split(command.replace("\\%", "%"))
    assert words[:3] == ["cd", "/srv/fund stelle", "&&"]
    assert words[3:] == [
        "KB_CONTACT=Büro 100% <bildung@stadt.de>",
        "KB_CORPUS=/srv/fund stelle/corpus",
        "/srv/fund stelle/bin/kb",
        "crawl",
        "stadt",
    ]
    assert "%" not in command.replace("\\%", ""), "cron would end the line there"


def test_installations_do_not_all_start_at_once() -> None:
    times = {Scheduled((), Path(f"/srv/{n}"), {}, "kb").minute_of_day for n in range(60)}
    assert len(times) > 30
    assert all(120 <= time < 300 for time in times)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_systemd_accepts_the_files(tmp_path: Path) -> None:
    for kind in ("service", "timer"):
        unit = tmp_path / f"fundstelle-crawl.{kind}"
        text = "\n".join(_section(f"fundstelle-crawl.{kind}"))
        unit.write_text(text.replace("/srv/fund stelle/bin/kb", "/bin/true"), "utf-8")
        subprocess.run(["systemd-analyze", "verify", unit], check=True)


def test_the_service_names_folder_program_and_settings() -> None:
    service = _section("fundstelle-crawl.service")
    assert 'ExecStart="/srv/fund stelle/bin/kb" crawl stadt' in service
    assert 'Environment="KB_CONTACT=Büro 100%% <bildung@stadt.de>"' in service
    assert "WorkingDirectory=/srv/fund stelle" in service
    assert "OnCalendar=*-*-* 0" in "\n".join(_section("fundstelle-crawl.timer"))
