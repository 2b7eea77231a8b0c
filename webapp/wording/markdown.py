"""From a document's Markdown and an engine's snippet to HTML that is safe to show; the only user of nh3."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

# Rendering takes 0.7 s for a million characters (measured), and no reader scrolls through as much:
# longer texts are shown as plain paragraphs.
MAX_MARKDOWN_CHARS = 500_000
_BLOCKS = {"blockquote", "hr", "li", "ol", "p", "pre", "ul", "h2", "h3", "h4", "h5", "h6"}
_TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
_TAGS = _BLOCKS | _TABLES | {"a", "br", "code", "em", "strong"}
_SCHEMES = {"http", "https", "mailto"}


def render_markdown(text: str, *, title: str = "", base_url: str | None = None) -> Markup:
    """The text as HTML that fits below the page's one ``h1``.

    HTML in the text is shown as text, images as their description. The levels of headings in use become
    2, 3, … without gaps; a first heading that only repeats ``title`` is left out. Relative links are
    resolved against ``base_url``; without one they are plain words.
    """
    if len(text) > MAX_MARKDOWN_CHARS:
        return _plain_paragraphs(text)
    # Indented text is no program code: extracted PDF text is full of indentation.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("code")
    parser.inline.ruler.before("emphasis", "gender_star", _gender_star)
    tokens = parser.parse(text)
    _drop_repeated_title(tokens, title)
    _renumber_headings(tokens)
    for token in tokens:
        if token.children:
            token.children = [_harmless(child, base_url) for child in token.children]
    _hide_style_attributes(tokens)
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener",
    )
    return Markup(clean)


def clean_snippet(html: str) -> Markup:
    """An engine's snippet: escaped text with ``mark``, and nothing else even if an engine errs."""
    return Markup(nh3.clean(html, tags={"mark"}, attributes={}))


def _gender_star(state: StateInline, silent: bool) -> bool:
    """A star inside a word is a gender star (``Koordinator*innen``), not the start of emphasis."""
    place = state.pos
    before, after = state.src[max(place - 1, 0) : place], state.src[place + 1 : place + 2]
    if state.src[place] != "*" or not (before.isalnum() and after.isalnum()):
        return False
    if not silent:
        state.pending += "*"
    state.pos += 1
    return True


def _plain_paragraphs(text: str) -> Markup:
    blocks = (block.strip() for block in text.split("\n\n"))
    return Markup("\n").join(Markup("<p>{}</p>").format(block) for block in blocks if block)


def _drop_repeated_title(tokens: list[Token], title: str) -> None:
    if len(tokens) > 2 and tokens[0].type == "heading_open":
        first = " ".join(tokens[1].content.split())
        if first.casefold() == title.strip().casefold():
            del tokens[:3]


def _renumber_headings(tokens: Sequence[Token]) -> None:
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    levels = sorted({token.tag for token in headings})
    renamed = {level: f"h{min(number, 6)}" for number, level in enumerate(levels, start=2)}
    for token in headings:
        token.tag = renamed[token.tag]


def _hide_style_attributes(tokens: Sequence[Token]) -> None:
    """Aligned table columns come with inline styles, which the site's own policy would refuse."""
    for token in tokens:
        token.attrs.pop("style", None)


def _harmless(token: Token, base_url: str | None) -> Token:
    """An inline token without images and without links that lead nowhere."""
    if token.type == "image":
        description = "".join(child.content for child in token.children or [] if child.content).strip()
        return Token("text", "", 0, content=f"[Bild: {description}]" if description else "")
    if token.type == "link_open":
        target = _absolute(str(token.attrs.get("href", "")), base_url)
        token.attrs = {"href": target} if target is not None else {}
    return token


def _absolute(href: str, base_url: str | None) -> str | None:
    try:
        target = urljoin(base_url or "", href)
        scheme = urlsplit(target).scheme.lower()
    except ValueError:
        return None
    return target if scheme in _SCHEMES else None
