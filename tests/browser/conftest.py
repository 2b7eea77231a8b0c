"""Debian's Chromium for the tests in this folder, and a site to look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import ViewportSize

from tests.conftest import require
from tests.webapp import small_site as site
from webapp import create_app
from webapp.site.server import serving

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How pytest-playwright starts the browser: the system's own, and quiet on the network."""
    chromium = shutil.which("chromium")
    require(
        "browser",
        available=chromium is not None,
        reason="kein Chromium gefunden (Debian: apt install chromium)",
    )
    args = ["--disable-gpu", "--disable-background-networking"]
    if os.geteuid() == 0:
        args.append("--no-sandbox")  # Chromium refuses to start its sandbox as root
    return {"executable_path": chromium, "args": args}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    return {"locale": "de-DE", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """The address of a running site; ``page.goto("/")`` is relative to it."""
    documents = (site.JAHRESFORUM, site.STADTTEILMUETTER, site.NO_YEAR, *site.many(37))
    with serving(create_app(site.site_services(*documents))) as url:
        yield url
