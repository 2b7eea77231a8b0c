"""The site: one factory that joins the blueprints, the error pages and the rules for every answer.

The way of a request: blueprint (``search``, ``completion``, ``document``, ``status``) → ``forms`` reads
the address → a port of ``SiteServices`` answers → ``present`` and its neighbours put it into German →
template → headers.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.accounts.pages import install_accounts
from webapp.accounts.permissions import enforce_permissions
from webapp.accounts.sessions import install_sessions, is_of_a_session
from webapp.accounts.sizes import allow_sizes
from webapp.desk import pages as editor
from webapp.document import page as document
from webapp.search import completion
from webapp.search import page as search
from webapp.site import status
from webapp.site.errors import register_error_pages
from webapp.site.hosts import KnownHosts
from webapp.site.limits import limit_requests
from webapp.site.services import DeskServices, SiteServices, current_services, install
from webapp.wording.formats import as_sentence, counted, format_duration, format_number, host_of

# Nothing is loaded from elsewhere and nothing inline runs; our own script completes what is typed.
_CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# Pages that no cache keeps, whoever asks; whatever signed-in browsers get is kept by none either.
_PRIVATE = frozenset(["account", "editor"])
_YEAR_IN_SECONDS = 365 * 24 * 3600


def create_app(services: SiteServices) -> Flask:
    """Build the site around its services; it knows no settings, no files of the corpus and no engine."""
    app = Flask(__name__)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR_IN_SECONDS
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        number=format_number, duration=format_duration, host=host_of, sentence=as_sentence
    )
    app.jinja_env.globals.update(counted=counted, asset=_asset_addresses(app))
    install(app, services)
    limit_requests(app)
    if services.desk is not None:
        allow_sizes(app, services.desk)
    enforce_permissions(app)
    app.wsgi_app = KnownHosts(app.wsgi_app, services.hosts)  # type: ignore[method-assign]
    if services.desk is not None:
        _install_desk(app, services.desk)
    app.context_processor(lambda: {"version": services.version})
    app.register_blueprint(search.blueprint)
    app.register_blueprint(completion.blueprint)
    app.register_blueprint(document.blueprint)
    app.register_blueprint(status.blueprint)
    register_error_pages(app)
    app.after_request(_add_headers)
    return app


def _install_desk(app: Flask, desk: DeskServices) -> None:
    """What only editors need; a site for searching alone has none of it, and sets no cookie."""
    if desk.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *(desk.proxies,) * 4)  # type: ignore[method-assign]
    app.before_request(desk.desk.follow_ups.start)  # what the start could not finish, once there are requests
    install_sessions(app, desk)
    install_accounts(app, desk)
    app.register_blueprint(editor.blueprint)


def _asset_addresses(app: Flask) -> object:
    """A function from a static file's name to an address that changes with its content."""
    folder = Path(app.static_folder or "")
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        for path in sorted(folder.iterdir())
        if path.is_file()
    }
    return lambda name: url_for("static", filename=name, v=digests[name])


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    services = current_services()
    if request.is_secure and services.hsts_seconds:
        response.headers["Strict-Transport-Security"] = f"max-age={services.hsts_seconds}"
    if request.endpoint == "static":
        return response
    if services.desk is not None and (request.blueprint in _PRIVATE or is_of_a_session()):
        response.headers["Cache-Control"] = "no-store"
    else:
        # A page is as fresh as the index: what an editor publishes is there on the next look.
        response.headers.setdefault("Cache-Control", "no-cache")
    return response
