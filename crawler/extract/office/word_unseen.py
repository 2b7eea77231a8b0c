"""What of a Word file a reader of its pages does not see, or what is no text: taken out of its XML."""

from __future__ import annotations

from lxml import etree

from crawler.extract.office.style_names import style_names
from crawler.extract.office.word_styles import TOGGLES, is_on
from crawler.extract.office.word_xml import WordXml, remove, replace

_MAX_OPEN_FIELDS = 50


class Unseen(WordXml):
    """Takes directories, codes of fields, hints of empty fields, hidden and struck text."""

    def take(self) -> None:
        """All of it; alternatives must have been chosen before."""
        self._drop_directories()
        self._drop_fields()
        self._empty_hints()
        self._drop_unseen()

    def _drop_directories(self) -> None:
        known = style_names()
        for block in self._all("sdt"):
            gallery = self._value(block.find(f"{self._w}sdtPr/{self._w}docPartObj/{self._w}docPartGallery"))
            if gallery is not None and gallery.casefold() in known.galleries:
                replace(block, [])
        for paragraph in self._all("p"):
            if self._styles.is_directory(self._style_of(paragraph)):
                self._drop_directory(paragraph)

    def _drop_directory(self, paragraph: etree._Element) -> None:
        """A paragraph without its text, and without the title of the directory right above it."""
        self._empty(paragraph)
        above = paragraph.getprevious()
        while above is not None and above.tag == f"{self._w}p" and not self._has_text(above):
            above = above.getprevious()
        if above is not None and above.tag == f"{self._w}p":
            title = "".join(text.text or "" for text in above.iter(f"{self._w}t")).strip(" :\t\n").casefold()
            if title in style_names().directory_titles:
                self._empty(above)

    def _empty(self, node: etree._Element) -> None:
        """Take the texts below a node, not its fields: the next paragraphs need their ends."""
        for text in list(node.iter(f"{self._w}t", f"{self._w}sym", f"{self._w}footnoteReference")):
            replace(text, [])

    def _drop_fields(self) -> None:
        """Take the codes of fields, and the results of those that are directories or page numbers."""
        for simple in self._all("fldSimple"):
            if _is_dropped(self._value(simple, "instr")):
                replace(simple, [])
        fields: list[_Field] = []
        names = ("fldChar", "instrText", "t", "sym", "tab", "footnoteReference")
        for node in self._all(*names):
            if node.tag == f"{self._w}fldChar":
                self._follow(node, fields)
            elif fields and node.tag == f"{self._w}instrText":
                fields[-1].code += node.text or ""
            else:
                for open_field in fields:
                    open_field.code_texts.append(node) if open_field.in_code else open_field.texts.append(node)

    def _follow(self, node: etree._Element, fields: list[_Field]) -> None:
        """A field begins, comes to its result, or ends; only of one that ends anything is taken."""
        kind = self._value(node, "fldCharType")
        if kind == "begin":
            if len(fields) < _MAX_OPEN_FIELDS:
                fields.append(_Field(self._checkbox(node)))
        elif kind == "separate" and fields:
            fields[-1].in_code = False
        elif kind == "end" and fields:
            done = fields.pop()
            remove(done.code_texts)
            if _is_dropped(done.code):
                paragraphs = dict.fromkeys(self._paragraph(text) for text in done.texts)
                remove(done.texts)
                for paragraph in list(paragraphs)[:1]:
                    if paragraph is not None and len(paragraphs) > 1:
                        self._drop_directory(paragraph)
            if done.box is not None:
                node.addnext(self._new("t", f"{done.box} "))

    def _checkbox(self, begin: etree._Element) -> str | None:
        """The sign of a box to tick in an old form."""
        box = begin.find(f"{self._w}ffData/{self._w}checkBox")
        if box is None:
            return None
        said = [is_on(box.find(self._w + name)) for name in ("checked", "default")]
        return "☒" if next((value for value in said if value is not None), False) else "☐"

    def _empty_hints(self) -> None:
        """An empty field shows what to write there: no text. Cells stay, so that none slides."""
        for block in self._all("sdt"):
            properties, content = block.find(f"{self._w}sdtPr"), block.find(f"{self._w}sdtContent")
            if content is None or properties is None:
                continue
            runs = [run for run in content.iter(f"{self._w}r") if self._has_text(run)]
            if is_on(properties.find(f"{self._w}showingPlcHdr")) or (runs and all(map(self._is_hint, runs))):
                self._empty(content)
            for box in properties.findall("{*}checkbox"):  # its sign stands in the content
                properties.remove(box)

    def _is_hint(self, run: etree._Element) -> bool:
        style = self._value(run.find(f"{self._w}rPr/{self._w}rStyle"))
        return self._styles.is_named("character", style, style_names().hints)

    def _drop_unseen(self) -> None:
        """Take hidden rows, hidden and struck text, and changes that were taken back."""
        for row in self._all("tr"):
            properties = row.find(f"{self._w}trPr")
            if properties is not None and is_on(properties.find(f"{self._w}hidden")):
                replace(row, [])
        for gone in self._all("del", "moveFrom"):
            # Among the properties of a paragraph or a row it says something about these.
            if gone.getparent() is not None and etree.QName(gone.getparent()).localname not in ("rPr", "trPr"):
                replace(gone, [])
        for paragraph in self._all("p"):
            style = self._style_of(paragraph)
            for run in paragraph.iter(f"{self._w}r"):
                if self._paragraph(run) is paragraph and self._is_unseen(run, style):
                    remove([child for child in run if not self._is_field(child)])
        for mark in self._all("strike", "dstrike"):  # what is left is switched off, which mammoth takes for on
            replace(mark, [])

    def _is_field(self, node: etree._Element) -> bool:
        return node.tag in (f"{self._w}fldChar", f"{self._w}instrText", f"{self._w}rPr")

    def _is_unseen(self, run: etree._Element, paragraph: str | None) -> bool:
        properties = run.find(f"{self._w}rPr")
        character = self._value(properties.find(f"{self._w}rStyle")) if properties is not None else None
        for toggle in TOGGLES:
            said = is_on(properties.find(self._w + toggle)) if properties is not None else None
            if self._styles.toggled(toggle, paragraph, character) if said is None else said:
                return True
        return False


class _Field:
    """A field that has begun: its code, the texts of code and result; ``box``: the sign of a box to tick."""

    def __init__(self, box: str | None) -> None:
        self.box = box
        self.code = ""
        self.in_code = True
        self.code_texts: list[etree._Element] = []
        self.texts: list[etree._Element] = []


def _is_dropped(code: str | None) -> bool:
    """Whether the result of a field with this code is no text."""
    words = (code or "").split(None, 1)
    return bool(words) and words[0].casefold() in style_names().fields
