"""Names of OpenDocument (ODF 1.3) as its specification writes them, however a file spells its prefixes."""

from __future__ import annotations

from lxml import etree

NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "form": "urn:oasis:names:tc:opendocument:xmlns:form:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
    "math": "http://www.w3.org/1998/Math/MathML",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
}
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}


def qualified(name: str) -> str:
    """``{urn:…:text:1.0}p`` for ``text:p``."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def name_of(node: etree._Element) -> str:
    """``text:p`` for ``{urn:…:text:1.0}p``; the prefix of a namespace that is not listed is empty."""
    if not isinstance(node.tag, str):  # a comment
        return ""
    found = etree.QName(node)
    return f"{_PREFIXES.get(found.namespace or '', '')}:{found.localname}"


def attribute(node: etree._Element, name: str, default: str = "") -> str:
    """The value of an attribute."""
    value = node.get(qualified(name))
    return default if value is None else str(value)
