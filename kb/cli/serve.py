"""The command ``kb serve``."""

from __future__ import annotations

import click

from kb.cli.global_options import Global


@click.command(help="Die Suche als Website anbieten (gunicorn); Strg-C beendet.")
@click.option("--host", help="Adresse (KB_HOST, sonst 127.0.0.1)")
@click.option("--port", type=click.IntRange(0, 65535), help="Port (KB_PORT, sonst 8000; 0 nimmt einen freien)")
@click.option("--workers", type=click.IntRange(1, 64), help="Zahl der Server-Prozesse (KB_WORKERS)")
@click.pass_obj
def serve(options: Global, host: str | None, port: int | None, workers: int | None) -> None:
    """Run gunicorn until it is told to stop."""
    from functools import partial

    from kb import wiring
    from webapp.site.server import ServerOptions, run_server

    settings = options.settings(host=host, port=port, workers=workers)
    wiring.open_corpus(settings)
    if settings.host in ("0.0.0.0", "::") and not (settings.public_url or settings.hosts):
        click.echo("Antwortet nur unter localhost; KB_PUBLIC_URL oder KB_HOSTS nennt weitere Namen.", err=True)
    annotator = wiring.open_annotator_later(settings)
    run_server(
        ServerOptions(host=settings.host, port=settings.port, workers=settings.workers),
        partial(wiring.open_site, settings, annotator),
        beside=annotator.opened,
        on_ready=lambda url: click.echo(f"Fundstelle läuft auf {url} (Strg-C beendet)"),
    )
