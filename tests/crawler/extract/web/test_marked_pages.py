"""Title, day and writers of pages as papers, blogs and offices mark them (``marked_pages.toml``)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.crawler.extract.samples import page, read

GIVEN: dict[str, Any] = tomllib.loads((Path(__file__).parent / "marked_pages.toml").read_text("utf-8"))
PAGES: list[dict[str, Any]] = GIVEN["page"]
TITLE = "Streit um das Busnetz"
URL = "https://bote.example/busnetz"


def written(one: dict[str, Any]) -> bytes:
    body = one.get("body", GIVEN["body"])
    pieces = GIVEN | {"heading": f"<h1>{TITLE}</h1>", "above": "", "below": ""} | one
    for name in ("heading", "above", "below", "first", "rest", "related", "teasers"):
        body = body.replace(f"{{{name}}}", pieces[name])
    titles = one.get("titles", f"<title>{TITLE} - Musterauer Bote</title>")
    return page(body, head=titles + one.get("head", ""))


@pytest.mark.parametrize("one", PAGES, ids=lambda one: str(one["name"]))
def test_what_a_page_says_of_itself(one: dict[str, Any]) -> None:
    found = read(written(one), URL, url=URL, content_type="text/html")
    seen = (found.title, str(found.published) if found.published else None, list(found.authors))
    assert seen == (one.get("title", TITLE), one.get("published"), one.get("authors", []))


@pytest.mark.parametrize("one", PAGES, ids=lambda one: str(one["name"]))
def test_the_text_does_not_begin_with_what_is_said_elsewhere(one: dict[str, Any]) -> None:
    """Neither the title, nor a line with nothing but the writers' names, nor one with nothing but the day."""
    found = read(written(one), URL, url=URL, content_type="text/html")
    first = found.text.partition("\n")[0].strip("#*_ ")
    assert first != found.title
    assert not any(first.removeprefix("Von ") == name for name in found.authors)
    if found.published is not None and found.published.day is not None:
        day = f"{found.published.day:02}.{found.published.month:02}.{found.published.year}"
        assert first.replace("\\", "") != day
