"""Where a page points to: from its markup to absolute addresses, broken markup included."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin

from bs4 import BeautifulSoup, SoupStrainer, Tag

from crawler.addressing.urls import fetch_url

# What follows the seconds may be separated, named and quoted, or not (HTML standard, "declarative refresh").
_REFRESH = re.compile(r"([0-9]{1,4})(?:\.[0-9.]*)?(?=[;,\s])")
_SEPARATORS = "; ,\t\r\n\f"
_NAMED = re.compile(r"url\s{0,9}=", re.IGNORECASE)
# Whoever lets a page stand longer wants it to be read.
_MAX_REFRESH_SECONDS = 15


def links_in_page(html: str, base_url: str) -> list[str]:
    """The targets of a page's links and the pages in its frames, each once, as ``fetch_url`` spells them.

    ``<base href>`` counts; ``mailto:`` and the like are left out.
    """
    soup = BeautifulSoup(
        html, "lxml", parse_only=SoupStrainer(["a", "area", "base", "link", "frame", "iframe"])
    )
    for base_tag in soup.find_all("base", href=True, limit=1):
        base_url = absolute(base_url, str(base_tag["href"])) or base_url
    targets = (_target(tag) for tag in soup.find_all(["a", "area", "link", "frame", "iframe"]))
    return _resolved((target for target in targets if target is not None), base_url)


def refresh_target(html: str, base_url: str, header: str | None = None) -> str | None:
    """Where a page sends its readers at once: by ``<meta http-equiv="refresh">``, or by that header.

    None also where it lets them read for a while, and where only browsers without scripts are sent.
    """
    soup = BeautifulSoup(html, "lxml", parse_only=SoupStrainer(["meta", "base", "noscript"]))
    wishes = [header] if header else []
    for tag in soup.find_all("meta", content=True):
        is_refresh = str(tag.get("http-equiv", "")).strip().lower() == "refresh"
        if is_refresh and tag.find_parent("noscript") is None:
            wishes.append(str(tag["content"]))
    for base_tag in soup.find_all("base", href=True, limit=1):
        base_url = absolute(base_url, str(base_tag["href"])) or base_url
    for wish in wishes:
        if (target := _wished(wish)) is not None:
            return absolute(base_url, target)
    return None


def absolute(base_url: str, target: str) -> str | None:
    """A target as ``fetch_url`` spells it; None where it is no address that can be fetched."""
    try:
        return fetch_url(urljoin(base_url, target.strip()))
    except ValueError:
        return None


def _target(tag: Tag) -> str | None:
    if tag.name == "link" and "next" not in str(tag.get("rel", "")).lower():
        return None
    target = tag.get("src" if tag.name in ("frame", "iframe") else "href")
    return None if target is None else str(target)


def _wished(content: str) -> str | None:
    content = content.strip()
    seconds = _REFRESH.match(content)
    if seconds is None or int(seconds[1]) > _MAX_REFRESH_SECONDS:
        return None
    target = content[seconds.end() :].lstrip(_SEPARATORS)
    named = _NAMED.match(target)
    target = target[named.end() :].lstrip() if named else target
    quote = target[:1]
    return (target[1:].partition(quote)[0] if quote in ("'", '"') else target).strip() or None


def _resolved(targets: Iterable[str], base_url: str) -> list[str]:
    joined = (absolute(base_url, target) for target in targets)
    return list(dict.fromkeys(address for address in joined if address is not None))
