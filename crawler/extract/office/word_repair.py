"""Word's XML made so that mammoth gives what a reader of the pages sees, no more and no less.

In the order in which it is done: one of two alternatives is chosen; directories, hints of empty fields and
hidden or struck text go; fields keep their results; what mammoth does not know becomes what it knows (carriage
returns, page breaks, formulas, boxes, skipped cells, styles derived from those of headings).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy

from lxml import etree

from crawler.extract.office.style_names import style_names
from crawler.extract.office.word_styles import WordStyles, is_on, outline_level, tag_of_level

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{*}"
_MATH = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
# mammoth is told to make the element of this name of a paragraph whose style has this id.
MARKED = "Fundstelle"
_MAX_HEADING_CHARS = 300
_MAX_SKIPPED_CELLS = 64
_PRIVATE = re.compile("([\uf020-\uf0ff])")
_UNWRAPPED = ("fldSimple", "dir", "bdo", "ruby", "rubyBase", "smartTag", "customXml", "ins", "moveTo")
_SYMBOL_FONTS = ("symbol", "wingdings", "webdings", "marlett", "zapfdingbats", "mt extra", "monotype sorts")


def repair(root: etree._Element, styles: WordStyles) -> None:
    """Change a part (the document, its footnotes) in place."""
    _Repair(root, styles).run()


class _Repair:
    def __init__(self, root: etree._Element, styles: WordStyles) -> None:
        self._root, self._styles = root, styles
        self._w = f"{{{etree.QName(root).namespace}}}"

    def run(self) -> None:
        self._choose_alternatives()
        self._drop_directories()
        self._drop_fields()
        self._empty_hints()
        self._drop_unseen()
        self._unwrap()
        self._join_initials()
        self._translate()
        self._split_at_breaks()
        self._mark_headings()

    # -- helpers

    def _all(self, *names: str) -> list[etree._Element]:
        """The elements of these names in document order, as a list, since the tree is changed on the way."""
        return list(self._root.iter(*(self._w + name for name in names)))

    def _value(self, node: etree._Element | None, name: str = "val") -> str | None:
        return node.get(self._w + name) if node is not None else None

    def _has_text(self, node: etree._Element) -> bool:
        return any(text.text and text.text.strip() for text in node.iter(f"{self._w}t"))

    def _new(self, name: str, text: str | None = None) -> etree._Element:
        made = etree.Element(self._w + name)
        made.text = text
        return made

    # -- steps

    def _choose_alternatives(self) -> None:
        """Of two spellings of one thing the older one, which mammoth knows; else the boxes of the newer one."""
        for node in reversed(list(self._root.iter(f"{_MC}AlternateContent"))):
            fallback, choice = node.find(f"{_MC}Fallback"), node.find(f"{_MC}Choice")
            if fallback is not None and self._has_text(fallback):
                _replace(node, list(fallback))
            elif choice is not None and self._has_text(choice):
                boxes = self._boxes(choice)
                _replace(node, [boxes] if boxes is not None else list(choice))
            else:
                _replace(node, [])
        for node in reversed(self._all("drawing")):
            if (boxes := self._boxes(node)) is not None:
                _replace(node, [boxes])

    def _boxes(self, node: etree._Element) -> etree._Element | None:
        """The text boxes below a node as mammoth reads them; None where there is none."""
        name = f"{self._w}txbxContent"
        inside = dict.fromkeys(node.iter(name))
        # A box in a box goes with the outer one.
        outer = [box for box in inside if not any(up in inside for up in box.iterancestors(name))]
        if not outer:
            return None
        picture = self._new("pict")
        picture.extend(outer)
        return picture

    def _drop_directories(self) -> None:
        known = style_names()
        for block in self._all("sdt"):
            gallery = self._value(block.find(f"{self._w}sdtPr/{self._w}docPartObj/{self._w}docPartGallery"))
            if gallery is not None and gallery.casefold() in known.galleries:
                _replace(block, [])
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
            _replace(text, [])

    def _drop_fields(self) -> None:
        """Take the codes of fields, and the results of those that are directories or page numbers."""
        for simple in self._all("fldSimple"):
            if _is_dropped(self._value(simple, "instr")):
                _replace(simple, [])
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
            if len(fields) < 50:
                fields.append(_Field(self._checkbox(node)))
        elif kind == "separate" and fields:
            fields[-1].in_code = False
        elif kind == "end" and fields:
            done = fields.pop()
            _remove(done.code_texts)
            if _is_dropped(done.code):
                paragraphs = dict.fromkeys(self._paragraph(text) for text in done.texts)
                _remove(done.texts)
                for paragraph in list(paragraphs)[:1]:
                    if paragraph is not None and len(paragraphs) > 1:
                        self._drop_directory(paragraph)
            if done.box is not None:
                node.addnext(self._new("t", f"{done.box} "))

    def _paragraph(self, node: etree._Element) -> etree._Element | None:
        return next(node.iterancestors(f"{self._w}p"), None)

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
                _replace(row, [])
        for gone in self._all("del", "moveFrom"):
            # Among the properties of a paragraph or a row it says something about these.
            if gone.getparent() is not None and etree.QName(gone.getparent()).localname not in ("rPr", "trPr"):
                _replace(gone, [])
        for paragraph in self._all("p"):
            style = self._style_of(paragraph)
            for run in paragraph.iter(f"{self._w}r"):
                if self._paragraph(run) is paragraph and self._is_unseen(run, style):
                    _remove([child for child in run if not self._is_field(child)])

    def _is_field(self, node: etree._Element) -> bool:
        return node.tag in (f"{self._w}fldChar", f"{self._w}instrText", f"{self._w}rPr")

    def _is_unseen(self, run: etree._Element, paragraph: str | None) -> bool:
        properties = run.find(f"{self._w}rPr")
        character = self._value(properties.find(f"{self._w}rStyle")) if properties is not None else None
        for toggle in ("vanish", "strike", "dstrike"):
            said = is_on(properties.find(self._w + toggle)) if properties is not None else None
            if self._styles.toggled(toggle, paragraph, character) if said is None else said:
                return True
        return False

    def _unwrap(self) -> None:
        for name in _UNWRAPPED:
            for node in reversed(self._all(name)):
                if etree.QName(node.getparent()).localname not in ("rPr", "pPr", "trPr"):
                    _replace(node, [child for child in node if not self._is_about(child)])

    def _is_about(self, node: etree._Element) -> bool:
        """Whether an element only says something about the one that holds it; also the reading of a ruby."""
        name = etree.QName(node).localname
        return (name.endswith("Pr") and name != "pPr") or name in ("rt", "fldData")

    def _join_initials(self) -> None:
        """A large first letter stands in a paragraph of its own, which a frame holds."""
        for frame in self._all("framePr"):
            paragraph = self._paragraph(frame)
            if paragraph is None or self._value(frame, "dropCap") not in ("drop", "margin"):
                continue
            following = paragraph.getnext()
            if following is not None and following.tag == paragraph.tag:
                about = following.find(f"{self._w}pPr")
                for run in reversed(paragraph.findall(f"{self._w}r")):
                    following.insert(0 if about is None else 1, run)

    def _translate(self) -> None:
        w = self._w
        for node in self._all("cr"):
            node.tag = f"{w}br"
        for node in self._all("ptab"):
            node.tag = f"{w}tab"
        for node in self._all("noBreakHyphen"):
            node.tag, node.text = f"{w}t", "-"
        for node in self._all("t"):
            if _PRIVATE.search(node.text or ""):
                self._name_symbols(node)
        for node in self._all("sym"):
            self._translate_symbol(node)
        for namespace in _MATH:
            for formula in list(self._root.iter(f"{{{namespace}}}oMath")):
                _replace(formula, list(self._formula(formula)))
            for holder in list(self._root.iter(f"{{{namespace}}}oMathPara")):
                _replace(holder, [run for run in holder if run.tag == f"{w}r"])
        for before in self._all("gridBefore"):
            self._fill_row(before)

    def _name_symbols(self, node: etree._Element) -> None:
        """Signs of fonts of pictures that stand as letters for private use: as signs that mammoth looks up."""
        fonts = node.getparent().find(f"{self._w}rPr/{self._w}rFonts") if node.getparent() is not None else None
        font = self._value(fonts, "ascii") or self._value(fonts, "hAnsi") or "Symbol"
        for piece in filter(None, _PRIVATE.split(node.text or "")):
            new = self._new("t", piece)
            if _PRIVATE.fullmatch(piece):
                new = self._new("sym")
                new.set(f"{self._w}font", font)
                new.set(f"{self._w}char", f"{ord(piece):04X}")
            node.addprevious(new)
        _replace(node, [])

    def _translate_symbol(self, node: etree._Element) -> None:
        """A letter that somebody took from the table of symbols; those of fonts of pictures mammoth knows."""
        code, font = self._value(node, "char") or "", (self._value(node, "font") or "").casefold()
        try:
            number = int(code, 16)
        except ValueError:
            number = 0
            node.set(f"{self._w}char", "0")
        if 0x20 < number < 0xD800 and not font.startswith(_SYMBOL_FONTS):
            node.tag, node.text = f"{self._w}t", chr(number)

    def _formula(self, formula: etree._Element) -> Iterator[etree._Element]:
        """The letters of a formula in their order, as runs, those above and below the line as such."""
        for part in formula.iter(f"{_M}t", f"{_M}den"):
            if etree.QName(part).localname == "den":
                yield self._run("/")
                continue
            place = next((etree.QName(up).localname for up in part.iterancestors(f"{_M}sub", f"{_M}sup")), None)
            yield self._run(part.text or "", {"sub": "subscript", "sup": "superscript"}.get(place or ""))

    def _run(self, text: str, vertical: str | None = None) -> etree._Element:
        run = self._new("r")
        if vertical is not None:
            properties = etree.SubElement(run, f"{self._w}rPr")
            etree.SubElement(properties, f"{self._w}vertAlign", {f"{self._w}val": vertical})
        run.append(self._new("t", text))
        return run

    def _fill_row(self, before: etree._Element) -> None:
        """A row that begins some columns later gets empty cells for them."""
        row, count = next(before.iterancestors(f"{self._w}tr"), None), self._value(before) or ""
        first = next(row.iterchildren(f"{self._w}tc", f"{self._w}sdt"), None) if row is not None else None
        if first is not None and count.isdecimal() and len(count) < 3:
            for _ in range(min(int(count), _MAX_SKIPPED_CELLS)):
                cell = self._new("tc")
                cell.append(self._new("p"))
                first.addprevious(cell)

    def _split_at_breaks(self) -> None:
        """Behind a page break begins another paragraph; within a link or the like at least another line."""
        for node in reversed(self._all("br")):
            if self._value(node, "type") not in ("page", "column"):
                continue
            run = node.getparent()
            paragraph = run.getparent() if run is not None else None
            if run is None or run.tag != f"{self._w}r" or paragraph is None or paragraph.tag != f"{self._w}p":
                node.attrib.pop(f"{self._w}type")
                continue
            self._split(paragraph, run, node)

    def _split(self, paragraph: etree._Element, run: etree._Element, at: etree._Element) -> None:
        rest, half = self._new("p"), self._new("r")
        for source, target, names in ((paragraph, rest, ("pPr",)), (run, half, ("rPr",))):
            target.extend(deepcopy(about) for name in names for about in source.findall(self._w + name))
        for gone in ("numPr", "sectPr"):  # the rest is no item and no section of its own
            for properties in rest.findall(f"{self._w}pPr"):
                _remove(properties.findall(self._w + gone))
        half.extend(list(at.itersiblings()))
        rest.append(half)
        rest.extend(list(run.itersiblings()))
        _replace(at, [])
        paragraph.addnext(rest)

    def _mark_headings(self) -> None:
        """Paragraphs that are headings by a derived style or a level of their own get a style that says so."""
        for paragraph in self._all("p"):
            own = outline_level(paragraph.find(f"{self._w}pPr/{self._w}outlineLvl"))
            tag = tag_of_level(own) if own is not None else self._styles.tag(self._style_of(paragraph))
            if tag is None or self._is_long(paragraph):
                continue
            properties = paragraph.find(f"{self._w}pPr")
            if properties is None:
                properties = self._new("pPr")
                paragraph.insert(0, properties)
            style = properties.find(f"{self._w}pStyle")
            if style is None:
                style = self._new("pStyle")
                properties.insert(0, style)
            style.set(f"{self._w}val", MARKED + tag)

    def _is_long(self, paragraph: etree._Element) -> bool:
        """Whether this is a paragraph of text, whatever it is called."""
        quote = self._styles.tag(self._style_of(paragraph)) == "blockquote"
        chars = sum(len(text.text or "") for text in paragraph.iter(f"{self._w}t"))
        return not quote and chars > _MAX_HEADING_CHARS

    def _style_of(self, paragraph: etree._Element) -> str | None:
        return self._value(paragraph.find(f"{self._w}pPr/{self._w}pStyle"))


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


def _replace(node: etree._Element, by: Iterable[etree._Element]) -> None:
    """Put elements in the place of one; texts between elements mean nothing in Word's XML."""
    parent = node.getparent()
    if parent is not None:
        for new in by:
            node.addprevious(new)
        parent.remove(node)


def _remove(nodes: Iterable[etree._Element]) -> None:
    for node in nodes:
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
