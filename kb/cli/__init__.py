"""The one entry point, ``kb``: names and one-line helps of all commands, each loaded only when it runs.

Every command is thin: read options, ask ``kb.wiring`` for the parts, call one function, print. The
packages below contribute the functions, not the commands: a command needs wiring, which stands above them.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import click

import kb
from kb.cli.global_options import Global
from kb.errors import FundstelleError


@dataclass(frozen=True, slots=True)
class _Command:
    """Where a command lives (module of ``kb.cli``: function) and what ``kb --help`` says about it."""

    module: str
    function: str
    help: str


_COMMANDS = {
    "init": _Command(
        "documents", "init", "Einen Korpus anlegen: Themen, Quellen, Synonyme und Orte hineinkopieren"
    ),
    "import": _Command(
        "documents", "import_", "Dateien in den Korpus aufnehmen (.md .txt .html .pdf .docx .odt .jsonl)"
    ),
    "crawl": _Command("crawl", "crawl", "Quellen besuchen und ihre Seiten in den Korpus aufnehmen"),
    "source": _Command("source", "source", "Quellen anlegen und ausprobieren"),
    "links": _Command("links", "links", "Prüfen, ob Quellen und Links der Dokumente noch erreichbar sind"),
    "duplicates": _Command("duplicates", "duplicates", "Dokumente mit gleichem oder fast gleichem Text zeigen"),
    "index": _Command("search", "index", "Den Suchindex auf den Stand des Korpus bringen"),
    "search": _Command("search", "search", "Suchen"),
    "show": _Command("documents", "show", "Ein Dokument des Korpus zeigen"),
    "annotate": _Command(
        "annotate", "annotate", "Themen, Art, Orte und Termin mit Belegen zeigen (JSON Lines)"
    ),
    "extract": _Command("annotate", "extract", "Text und Angaben einer Datei oder Adresse zeigen (JSON Lines)"),
    "export": _Command("documents", "export", "Veröffentlichte Dokumente ausgeben"),
    "archive": _Command("archive", "archive", "Archivierte Abrufe eines Dokuments zeigen und herausholen"),
    "forget": _Command("forget", "forget", "Ein Dokument auf Wunsch für immer löschen"),
    "places": _Command(
        "places", "places", "Orte ergänzen: Schlüssel und Einwohner aus dem Gemeindeverzeichnis"
    ),
    "learn": _Command("learn", "learn", "Aus den Entscheidungen der Redaktion Themenvorschläge lernen"),
    "eval": _Command("search", "evaluate", "Die Güte der Suche an einer Sammlung mit Urteilen messen"),
    "user": _Command("user", "user", "Konten für die Redaktion anlegen, zeigen, sperren"),
    "serve": _Command("serve", "serve", "Die Suche als Website anbieten"),
    "demo": _Command("demo", "demo", "Mitgelieferte Website crawlen, indexieren und die Suche starten"),
    "doctor": _Command("doctor", "doctor", "Installation, Einstellungen, Korpus und Index prüfen"),
}


class _LazyGroup(click.Group):
    """Lists commands from the table above; imports the module of the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table: as somebody meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        entry = _COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(f"kb.cli.{entry.module}"), entry.function)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Befehle"):
            formatter.write_dl([(name, entry.help) for name, entry in _COMMANDS.items()])


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="Fundstelle: Suche in deutschsprachigen Praxisdokumenten von Kommunen und Transferagenturen.",
    epilog="Einstellungen: Umgebungsvariablen KB_…, siehe docs/betrieb.md. Anfangen: kb demo",
)
@click.version_option(kb.__version__, prog_name="Fundstelle")
@click.option("--corpus", type=click.Path(path_type=Path), help="Ordner des Korpus (KB_CORPUS, sonst ./corpus)")
@click.option(
    "--var", type=click.Path(path_type=Path), help="Ordner für Zustand und Index (KB_VAR, sonst ./var)"
)
@click.pass_context
def cli(context: click.Context, corpus: Path | None, var: Path | None) -> None:
    """Keep the global options for the command."""
    context.obj = Global(corpus, var)


def main() -> None:
    """Run ``kb``; a known error becomes one line on standard error and exit code 1, never a traceback.

    So does what the file system refuses while a command writes what somebody asked for: a full disk, no rights.
    """
    try:
        cli(prog_name="kb")
    except FundstelleError as error:
        click.echo(f"Fehler: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output (head, less) has left
        sys.stdout = None
        sys.exit(0)
    except OSError as error:
        from kb.corpus.atomic import storage_error

        if error.filename is None:  # our own output, to which nothing more can be written at the end either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
        click.echo(f"Fehler: {storage_error(error, Path(str(error.filename or 'Ausgabe')))}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
