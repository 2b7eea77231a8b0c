"""The demonstration site as a Flask application: pages, listings, robots.txt, sitemaps, feed and oddities."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from flask import Flask, Response, abort, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as WebResponse

from kb.model import Document, PartialDate
from webapp.demosite.pages import SITE_NAME, DemoContent, DemoPage, german_date, layout_of, section_label
from webapp.demosite.pdf import render_pdf

# As on real sites, what a teaser links to carries the campaign that it belongs to.
TRACKING = "utm_source=portal&utm_medium=teaser"
FEED_LENGTH = 10
# Pages that have no document behind them: each tests one rule of the crawler.
DISALLOWED_PATH = "/intern/dienstplan"
NOINDEX_PATH = "/aktuelles/vorschau-sommerprogramm"
EXCLUDED_PATH = "/service/kontaktformular"
MISSING_PATH = "/berichte/verschollener-beitrag"
MOVED_PREFIX = "/archiv"
_LICENCE_LINKS = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/deed.de",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/deed.de",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/deed.de",
}


def create_demo_site(documents: Sequence[Document]) -> Flask:
    """The site for these documents; a document's place is the path of its ``url`` (``/section/page``).

    Every link stays on the server that the site is reached by.
    """
    app = Flask(__name__)
    content = DemoContent(documents)
    app.jinja_env.globals.update(
        site_name=SITE_NAME,
        sections=[(name, section_label(name)) for name in content.sections],
        tracking=TRACKING,
        special={
            "disallowed": DISALLOWED_PATH,
            "noindex": NOINDEX_PATH,
            "excluded": EXCLUDED_PATH,
            "missing": MISSING_PATH,
            "moved": _moved_path(content),
        },
    )
    app.jinja_env.filters.update(german_date=german_date, label=section_label)
    _add_machine_routes(app, content)
    _add_special_routes(app, content)
    _add_page_routes(app, content)
    return app


def _add_page_routes(app: Flask, content: DemoContent) -> None:
    @app.get("/")
    def home() -> str:
        return render_template("start.html", newest=content.pages[:8])

    @app.get("/<section>/")
    @app.get("/<section>/seite/<int:number>")
    def listing(section: str, number: int = 1) -> str:
        pages = content.listing(section, number)
        if not pages:
            abort(404)
        return render_template(
            "liste.html", section=section, pages=pages, number=number, last=content.page_count(section)
        )

    @app.get("/<section>/<slug>")
    def page(section: str, slug: str) -> str | Response:
        found = content.by_path.get(f"/{section}/{slug}")
        if found is None:
            abort(404)
        if found.is_pdf:
            return Response(render_pdf(found.document), mimetype="application/pdf")
        return render_template(
            f"artikel_{layout_of(section)}.html",
            page=found,
            document=found.document,
            teasers=content.teasers_for(found),
            neighbours=content.neighbours_of(found),
            structured=_structured_data(found),
            licence_link=_LICENCE_LINKS.get(found.document.licence or ""),
        )

    @app.errorhandler(404)
    def not_found(_error: Exception) -> tuple[str, int]:
        return render_template("fehler.html"), 404


def _add_machine_routes(app: Flask, content: DemoContent) -> None:
    @app.get("/robots.txt")
    def robots() -> Response:
        lines = ["User-agent: *", "Disallow: /intern/", "", f"Sitemap: {request.url_root}sitemap.xml", ""]
        return Response("\n".join(lines), mimetype="text/plain")

    @app.get("/sitemap.xml")
    def sitemap_index() -> Response:
        # The last section is missing, as is common: its pages are found by following links only.
        return _xml("sitemap_index.xml", root=request.url_root, sections=content.sections[:-1])

    @app.get("/sitemap-<section>.xml")
    def sitemap(section: str) -> Response:
        return _xml("sitemap.xml", root=request.url_root.rstrip("/"), pages=content.in_section(section))

    @app.get("/feed.xml")
    def feed() -> Response:
        newest = [(page, _rfc_date(page.published)) for page in content.pages[:FEED_LENGTH]]
        return _xml("feed.xml", root=request.url_root.rstrip("/"), entries=newest)


def _add_special_routes(app: Flask, content: DemoContent) -> None:
    @app.get(DISALLOWED_PATH)
    def disallowed() -> str:
        return render_template("sonderseite.html", title="Dienstplan (nur intern)", noindex=False)

    @app.get(NOINDEX_PATH)
    def noindex() -> str:
        return render_template("sonderseite.html", title="Vorschau auf das Sommerprogramm", noindex=True)

    @app.get(EXCLUDED_PATH)
    def excluded() -> str:
        return render_template("sonderseite.html", title="Kontaktformular", noindex=False)

    @app.get("/impressum")
    def imprint() -> str:
        return render_template("sonderseite.html", title="Impressum", noindex=False)

    @app.get(f"{MOVED_PREFIX}/<slug>")
    def moved(slug: str) -> WebResponse:
        target = next((page.path for page in content.pages if page.slug == slug), None)
        if target is None:
            abort(404)
        return redirect(target, code=301)


def _moved_path(content: DemoContent) -> str | None:
    """The old address of the oldest page, which redirects to the new one."""
    return f"{MOVED_PREFIX}/{content.pages[-1].slug}" if content.pages else None


def _xml(template: str, **values: object) -> Response:
    return Response(render_template(template, **values), mimetype="application/xml")


def _rfc_date(date: PartialDate | None) -> str | None:
    if date is None or date.year is None:
        return None
    return format_datetime(datetime(date.year, date.month or 1, date.day or 1, 9, tzinfo=UTC))


def _structured_data(page: DemoPage) -> Markup:
    """JSON-LD as content systems write it: the article, and the event where the document states one."""
    document = page.document
    article: dict[str, object] = {
        "@type": "Article",
        "headline": document.title,
        "inLanguage": document.language,
    }
    if document.published is not None:
        article["datePublished"] = str(document.published)
    if document.modified is not None:
        article["dateModified"] = str(document.modified)
    if document.authors:
        article["author"] = [{"@type": "Person", "name": name} for name in document.authors]
    if document.publisher:
        article["publisher"] = {"@type": "Organization", "name": document.publisher}
    graph = [article]
    if document.event is not None:
        event: dict[str, object] = {
            "@type": "Event",
            "name": document.title,
            "startDate": str(document.event.start),
        }
        if document.event.end is not None:
            event["endDate"] = str(document.event.end)
        graph.append(event)
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    # "<" is the only character that could end the script element.
    return Markup(text.replace("<", "\\u003c"))
