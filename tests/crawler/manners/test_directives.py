"""What a page asks of robots, in its headers and in its markup."""

from __future__ import annotations

import pytest

from crawler.manners.directives import read_directives


@pytest.mark.parametrize(
    ("headers", "html", "index", "follow"),
    [
        ([], None, True, True),
        (["noindex"], None, False, True),
        (["NoIndex, NoFollow"], None, False, False),
        (["none"], None, False, False),
        (["googlebot: noindex"], None, True, True),
        (["Fundstelle: noindex"], None, False, True),
        (["noarchive", "nofollow"], None, True, False),
        (["unavailable_after: 25 Jun 2030 15:00:00 GMT"], None, True, True),
        ([], "<meta name='robots' content='noindex'>", False, True),
        ([], "<META NAME=Robots CONTENT='index, NOFOLLOW'>", True, False),
        ([], "<meta content='none' name='fundstelle'>", False, False),
        ([], "<meta name='googlebot' content='noindex'>", True, True),
        ([], "<meta name='description' content='noindex'>", True, True),
        ([], "<p>robots noindex</p>", True, True),
    ],
)
def test_directives_of_header_and_page(headers: list[str], html: str | None, index: bool, follow: bool) -> None:
    directives = read_directives(headers, html)
    assert (directives.index, directives.follow) == (index, follow)
