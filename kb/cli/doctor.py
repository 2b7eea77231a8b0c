"""The command ``kb doctor``: looks at everything, changes nothing, says what to do."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from kb.cli.global_options import Global
from kb.cli.output import json_option, print_json

_SIGNS = {"ok": "✓", "note": "·", "warning": "!", "error": "✗"}


@click.command(help="Installation, Einstellungen, Korpus und Index prüfen; sagt, was zu tun ist.")
@json_option
@click.pass_obj
def doctor(options: Global, *, as_json: bool) -> None:
    """Print one line a check; exit code 1 if one found an error."""
    from kb.diagnosis import diagnose

    findings = diagnose(options.settings())
    failed = any(finding.level == "error" for finding in findings)
    if as_json:
        print_json({"ok": not failed, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(f"{_SIGNS[finding.level]} {finding.check}: {finding.found}")
            if finding.remedy:
                click.echo(f"    → {finding.remedy}")
    if failed:
        sys.exit(1)
