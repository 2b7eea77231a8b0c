"""The markup of an answer that is a web page, whatever its server calls it."""

from __future__ import annotations

from crawler.extract.input.charset import declared_charset, decode
from crawler.extract.input.detect import Kind, detect
from crawler.extract.input.limits import has_too_many_tags
from kb.errors import InputError
from kb.model import RawContent


def page_markup(content: RawContent) -> str | None:
    """The characters of a web page; None for anything else, and for one that is too large to be read in time.

    As in the extraction its bytes tell what it is and in which charset, before what is declared: a page that is
    called plain text has links like any other, and its umlauts are those of its letters.
    """
    media_type = (content.content_type or "").partition(";")[0].strip()
    try:
        is_page = detect(content) is Kind.HTML
    except InputError:
        is_page = not media_type
    if not is_page:
        return None
    try:
        markup = decode(content.data, name=content.name, declared=declared_charset(content.content_type))
    except InputError:
        return None
    return None if has_too_many_tags(markup) else markup
