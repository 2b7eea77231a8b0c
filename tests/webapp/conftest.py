"""Clients over a small site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache

from tests.webapp import small_site as site
from webapp import create_app


class _Kept(BytecodeCache):
    """Compiled templates by their source."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (kept := self._kept.get(bucket.checksum)) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.checksum] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def templates_are_compiled_once() -> Iterator[None]:
    """Nearly every test has an application of its own; they all have the same templates."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": _Kept()})
        yield


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
