#!/usr/bin/env bash
# mammoth 1.13.0 (DOCX to HTML): a run with <w:strike w:val="off"/> comes out struck, and one with w:val="0" or
# "false" does not. "off" is one of the values of a switch in the transitional form of Office Open XML, which old
# and foreign programs write. So text that a person left standing is taken for text that was struck out. Bold is
# read the same way: "off" makes it bold.
# Prints what each value gives; fails if that is no longer so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet mammoth==1.13.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import zipfile

import mammoth

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


def html(mark: str, value: str) -> str:
    run = f'<w:r><w:rPr><w:{mark} w:val="{value}"/></w:rPr><w:t>Angebot</w:t></w:r>'
    document = f'<w:document xmlns:w="{SPACE}"><w:body><w:p>{run}</w:p></w:body></w:document>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELS)
        archive.writestr("word/document.xml", document)
    return mammoth.convert_to_html(packed).value


found = {(mark, value): html(mark, value) for mark in ("strike", "b") for value in ("0", "false", "off")}
for (mark, value), seen in found.items():
    print(f'{mark} w:val="{value}": {seen}')
plain = "<p>Angebot</p>"
assert [found["strike", value] == plain for value in ("0", "false", "off")] == [True, True, False]
assert [found["b", value] == plain for value in ("0", "false", "off")] == [True, True, False]
PYTHON
