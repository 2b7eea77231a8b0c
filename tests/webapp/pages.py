"""Reading pages in tests: parsed once, questioned by selector, and checked against HTML's own rules."""

from __future__ import annotations

from html.parser import HTMLParser

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

_VOID = {"meta", "link", "img", "input", "br", "hr"}
_UNNESTED = {"p", "h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = {
    "p",
    "div",
    "ul",
    "ol",
    "dl",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "table",
    "form",
}


def soup(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return BeautifulSoup(answer.data, "html.parser")


def texts(page: Tag, selector: str) -> list[str]:
    return [" ".join(found.get_text().split()) for found in page.select(selector)]


def href(page: Tag, selector: str) -> str:
    found = page.select_one(selector)
    assert found is not None, f"nothing matches {selector}"
    return str(found["href"])


class _Nesting(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> repeats an attribute")
        self.faults += [f"<{tag}> has {name}" for name in names if name == "style" or name.startswith("on")]
        if tag in _BLOCKS and self.open and self.open[-1] in _UNNESTED:
            self.faults.append(f"<{tag}> inside <{self.open[-1]}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def faults(html: str) -> list[str]:
    """What is wrong with a page: nesting, doubled ids, missing labels, headings, scripts and styles inside."""
    reader = _Nesting()
    reader.feed(html)
    reader.close()
    found = reader.faults + [f"<{tag}> stays open" for tag in reader.open]
    page = BeautifulSoup(html, "html.parser")
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    found += [f"id {name} twice" for name in set(ids) if ids.count(name) > 1]
    for attribute in ("for", "form", "aria-describedby"):
        found += [
            f"{attribute}={tag[attribute]} points nowhere"
            for tag in page.select(f"[{attribute}]")
            if tag[attribute] not in ids
        ]
    labelled = {str(label["for"]) for label in page.select("label[for]")}
    found += [
        f"no label: {tag}"
        for tag in page.select("input:not([type=hidden]), select, textarea")
        if not tag.get("aria-label") and tag.get("id") not in labelled
    ]
    found += [f"no text: {tag}" for tag in page.select("a, button, summary, h1, h2") if not _name(str(tag))]
    found += [f"no alt: {tag}" for tag in page.select("img:not([alt])")]
    found += [f"<{tag.name}> inside" for tag in page.select("style, iframe, object, embed")]
    found += [
        f"foreign or inline: {tag}"
        for tag in page.select("script")
        if tag.get_text() or not str(tag.get("src", "")).startswith("/static/") or not tag.has_attr("defer")
    ]
    levels = [int(tag.name[1]) for tag in page.select("h1, h2, h3, h4, h5, h6")]
    if levels.count(1) != 1:
        found.append(f"{levels.count(1)} h1")
    first = levels.index(1) if 1 in levels else 0
    found += [
        f"h{before} is followed by h{after}"
        for before, after in zip(levels[first:], levels[first + 1 :], strict=False)
        if after > before + 1
    ]
    found += [f"no <{name}>" for name in ("main", "header", "footer", "title") if page.select_one(name) is None]
    if page.html is None or page.html.get("lang") != "de":
        found.append("no lang")
    return found


def _name(html: str) -> str:
    tag = BeautifulSoup(html, "html.parser")
    return tag.get_text().strip() or "".join(str(image.get("alt", "")) for image in tag.select("img"))
