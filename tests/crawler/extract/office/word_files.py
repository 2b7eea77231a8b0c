"""Word files of raw XML, as programs other than Word write them too."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns:r="{_RELS}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    about = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{about}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inside: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs, or of a text alone."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    about = f"<w:pPr>{named}{properties}</w:pPr>" if named or properties else ""
    return f"<w:p>{about}{inside if inside.startswith('<') else run(inside)}</w:p>"


def style(style_id: str, name: str, inside: str = "", *, kind: str = "paragraph") -> str:
    """The definition of a style."""
    return f'<w:style w:type="{kind}" w:styleId="{style_id}"><w:name w:val="{name}"/>{inside}</w:style>'


def field(code: str, result: str) -> str:
    """A field in its long form: begin, code, result, end."""

    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    return f"{mark('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{mark('separate')}{result}{mark('end')}"


def word(
    body: str,
    *,
    styles: str = "",
    main: str = "word/document.xml",
    parts: Mapping[str, str] | None = None,
    related: str = "",
    space: str = _TRANSITIONAL,
) -> bytes:
    """A file with this body; ``related`` are relationships of the document, ``parts`` further files."""
    folder, _, name = main.rpartition("/")
    relationships = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    given = {
        "[Content_Types].xml": _TYPES.format(main=main),
        "_rels/.rels": f'{relationships}<Relationship Id="a" Type="{_RELS}/officeDocument" '
        f'Target="{main}"/></Relationships>',
        f"{folder}/_rels/{name}.rels": f'{relationships}<Relationship Id="s" Type="{_RELS}/styles" '
        f'Target="styles.xml"/>{related}</Relationships>',
        f"{folder}/styles.xml": f'<w:styles xmlns:w="{space}">{styles}</w:styles>',
        main: f'<w:document xmlns:w="{space}" {_SPACES}><w:body>{body}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in {**given, **(parts or {})}.items():
            archive.writestr(path, text)
    return out.getvalue()


def relationship(name: str, kind: str, target: str) -> str:
    """One more relationship of the document."""
    return f'<Relationship Id="{name}" Type="{_RELS}/{kind}" Target="{target}"/>'
