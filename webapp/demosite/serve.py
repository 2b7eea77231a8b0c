"""The demonstration site on a port of this machine, for as long as a ``with`` block lasts."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from kb.errors import ServerError
from kb.model import Document
from webapp.demosite.site import create_demo_site


class _QuietHandler(WSGIRequestHandler):
    """Answers without writing a line for every request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Drop the line."""


@contextmanager
def serve_demo_site(documents: Sequence[Document], *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve the site in a thread and give its address, with a slash at the end; port 0 takes a free one.

    Raises:
        ServerError: the port is in use or not allowed.
    """
    # Bound here, since Werkzeug answers a port in use by ending the whole process.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)  # Werkzeug does not, for a socket that it is given
        except OSError as error:
            raise ServerError(
                f"die Demonstrationsseite kann nicht starten ({error.strerror})",
                subject=f"{host}:{port}",
                remedy="den Port freigeben oder einen anderen angeben",
            ) from error
        server = make_server(
            host,
            port,
            create_demo_site(documents),
            threaded=True,
            request_handler=_QuietHandler,
            fd=listener.fileno(),
        )
        thread = Thread(target=server.serve_forever, name="demo-site", daemon=True)
        thread.start()
        try:
            yield f"http://{host}:{listener.getsockname()[1]}/"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
