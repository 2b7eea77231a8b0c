"""Serving the site: gunicorn and waitress for people, a thread of this process for tests and short demos."""

from __future__ import annotations

import errno
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from wsgiref.types import WSGIApplication

from gunicorn.app.base import BaseApplication
from werkzeug.serving import WSGIRequestHandler, make_server

from kb.errors import FundstelleError, ServerError
from webapp.site.worker import BufferingWorker

_log = logging.getLogger(__name__)

_BACKLOG = 256
_GRACE_SECONDS = 5


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Where to listen and with how many hands; ``port`` 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 8


def _no_listener(base_url: str) -> None:
    """Where nobody wants to know."""


def run_server(
    options: ServerOptions,
    load_app: Callable[[], WSGIApplication],
    on_ready: Callable[[str], None] = _no_listener,
    beside: Callable[[], object] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; must run in the main thread, prints nothing.

    ``load_app`` is called once, before the workers are forked from this process: they share what it
    loads, and an error of it ends the start instead of every worker. ``on_ready`` gets the address,
    such as ``http://127.0.0.1:8000``, once requests are accepted. Each worker calls ``beside`` once, while it
    answers already: what takes long to load and few requests need. An error of it is logged.

    Raises:
        ServerError: the address cannot be used, or the workers cannot be kept alive.
        FundstelleError: whatever ``load_app`` raises.
    """
    listener = _listen(options.host, options.port)
    base_url = _base_url(options.host, listener.getsockname()[1])
    try:
        app = load_app()
    except BaseException:
        listener.close()
        raise
    settings: dict[str, object] = {
        # The socket itself is handed over: between a check and a second bind another process could come.
        "bind": f"fd://{listener.detach()}",
        "workers": options.workers,
        # gunicorn's own threads would wait for whoever sends half a request.
        "worker_class": BufferingWorker,
        "threads": options.threads,
        "preload_app": True,
        "loglevel": "warning",
        "graceful_timeout": _GRACE_SECONDS,
        "control_socket_disable": True,
        "when_ready": lambda arbiter: on_ready(base_url),
    }
    if beside is not None:
        settings["post_worker_init"] = lambda worker: threading.Thread(
            target=_logged, args=(beside,), name="fundstelle-beside", daemon=True
        ).start()
    master = os.getpid()
    try:
        _Gunicorn(app, settings).run()
    except KeyboardInterrupt:
        return  # before gunicorn took over the signals
    except SystemExit as ending:
        if os.getpid() != master:
            # A worker ends here as well: forked from this frame, it must not run what its callers clean up.
            os._exit(ending.code if isinstance(ending.code, int) else 0)
        if ending.code not in (0, None):
            raise ServerError(
                "der Server hat sich beendet, weil seine Prozesse nicht laufen",
                subject=base_url,
                remedy="die Meldungen darüber lesen; `kb doctor` prüft die Einrichtung",
            ) from ending


def _logged(work: Callable[[], object]) -> None:
    try:
        work()
    except FundstelleError as error:
        _log.error("%s", error)


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """gunicorn without its command line and configuration files."""

    def __init__(self, app: WSGIApplication, settings: dict[str, object]) -> None:
        self._app = app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            if name in self.cfg.settings:  # control_socket_disable exists since gunicorn 25 only
                self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        return self._app


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        ServerError: says in German why not, and what to do instead.
    """
    subject = f"{host}:{port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server((str(address[0]), port), family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError, OverflowError) as error:
        raise _refusal(error, subject, port) from error


def _refusal(error: Exception, subject: str, port: int) -> ServerError:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return ServerError(
            f"Port {port} ist belegt, vielleicht läuft die Suche schon",
            subject=subject,
            remedy=f"das andere Programm beenden oder einen anderen Port nehmen: `--port {other}`",
        )
    if code in (errno.EACCES, errno.EPERM):
        return ServerError(
            f"Port {port} darf dieses Konto nicht öffnen",
            subject=subject,
            remedy="einen Port ab 1024 nehmen: `--port 8000`",
        )
    return ServerError(
        "diese Adresse gibt es auf diesem Rechner nicht",
        subject=subject,
        remedy="`--host 127.0.0.1` (dieser Rechner) oder `--host 0.0.0.0` (alle Netze, mit KB_HOSTS) nehmen",
    )


def _base_url(host: str, port: int) -> str:
    """An address that a browser on this machine can open."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


class _QuietHandler(WSGIRequestHandler):
    """Answers without writing a line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the site logs its errors itself."""


@contextmanager
def serving(app: WSGIApplication, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve from a thread of this process while the block runs; gives the address.

    Raises:
        ServerError: the address cannot be used.
    """
    with _listen(host, port) as listener:
        server = make_server(
            host, port, app, threaded=True, request_handler=_QuietHandler, fd=listener.fileno()
        )
        thread = threading.Thread(target=server.serve_forever, name="fundstelle", daemon=True)
        thread.start()
        try:
            yield _base_url(host, listener.getsockname()[1])
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
