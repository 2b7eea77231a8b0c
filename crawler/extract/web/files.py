"""Links to files, whose titles are part of a text: „Leitfaden für Nachbarinnen (PDF)“."""

from __future__ import annotations

import re

from crawler.extract.input.markup import Element

_FILE = re.compile(r"\.(?:pdf|docx?|odt|xlsx?|ods|pptx?|odp|zip|epub|mp3|csv|rtf)(?:$|[?#&])", re.IGNORECASE)
_DOWNLOAD = re.compile(r"download|/dl/|fileadmin|/blob/|__blob|attachment", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:PDF|DOCX?|ODT|XLSX?|PPTX?|ZIP|MB|KB|kB)\b")


def leads_to_file(link: Element) -> bool:
    """Whether a link's address or its words say that it leads to a file."""
    href = link.get("href") or ""
    if _FILE.search(href) or _DOWNLOAD.search(href) or link.get("download") is not None:
        return True
    return _NAMED.search("".join(link.itertext())) is not None


def has_files(part: Element) -> bool:
    """Whether most of the links of a part lead to files."""
    links = [one for one in part.iter("a") if one.get("href")]
    return bool(links) and 2 * sum(leads_to_file(one) for one in links) >= len(links)
