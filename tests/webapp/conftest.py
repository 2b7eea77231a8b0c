"""Clients over a small site."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.webapp import small_site as site
from webapp import create_app


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    documents = (
        site.JAHRESFORUM,
        site.STADTTEILMUETTER,
        site.NO_YEAR,
        site.DRAFT,
        site.PENDING,
        site.WITHDRAWN,
        *site.many(37),
    )
    return create_app(site.site_services(*documents)).test_client()
