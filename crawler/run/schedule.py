"""``kb crawl --schedule``: a systemd timer and a cron line that run the crawl every night."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Between two and five in the morning, when websites have time.
_FIRST_HOUR = 2
_HOURS = 3


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What is to run: the program, its arguments, where, and with which environment (no secrets)."""

    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    user: str

    @property
    def minute_of_day(self) -> int:
        """The same every night, another for each installation, so that no website gets all of them at once."""
        digest = hashlib.sha256(f"{self.user}@{self.folder}".encode()).digest()
        return _FIRST_HOUR * 60 + int.from_bytes(digest[:4]) % (_HOURS * 60)


def schedule_lines(job: Scheduled) -> Sequence[str]:
    """Both ways, explained."""
    hour, minute = divmod(job.minute_of_day, 60)
    command = shlex.join(job.command)
    settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in sorted(job.environment.items()))
    cron = f"{minute} {hour} * * * cd {shlex.quote(str(job.folder))} && {settings} {command}".replace(
        "&&  ", "&& "
    )
    return [
        "# Entweder systemd: zwei Dateien anlegen, dann: systemctl enable --now fundstelle-crawl.timer",
        "# --- /etc/systemd/system/fundstelle-crawl.service",
        "[Unit]",
        "Description=Fundstelle: Quellen besuchen",
        "Wants=network-online.target",
        "After=network-online.target",
        "[Service]",
        "Type=oneshot",
        f"User={job.user}",
        f"WorkingDirectory={_systemd(str(job.folder), quote=False)}",
        *(f"Environment={_systemd(f'{name}={value}')}" for name, value in sorted(job.environment.items())),
        f"ExecStart={' '.join(_systemd(part) for part in job.command)}",
        "# 1 heißt: einzelne Seiten oder Quellen scheiterten; der Bericht nennt sie.",
        "SuccessExitStatus=1",
        "Nice=10",
        "# --- /etc/systemd/system/fundstelle-crawl.timer",
        "[Unit]",
        "Description=Fundstelle: Quellen jede Nacht besuchen",
        "[Timer]",
        f"OnCalendar=*-*-* {hour:02}:{minute:02}:00",
        "RandomizedDelaySec=10min",
        "Persistent=true",
        "[Install]",
        "WantedBy=timers.target",
        "",
        "# Oder cron: diese Zeile mit crontab -e eintragen",
        cron.replace("%", "\\%"),  # cron takes a bare per cent sign for a line end
    ]


def _systemd(text: str, *, quote: bool = True) -> str:
    """A word as systemd reads it: per cent and dollar signs doubled, quoted where it has spaces."""
    escaped = text.replace("%", "%%").replace("$", "$$")
    if not quote or (escaped and not set(escaped) & set(" \t\"'\\;")):
        return escaped
    inner = escaped.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'
