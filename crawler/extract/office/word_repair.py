"""Word's XML made so that mammoth gives what a reader of the pages sees, no more and no less.

In the order in which it is done: one of two alternatives is chosen; directories, hints of empty fields and
hidden or struck text go; fields keep their results; what mammoth does not know becomes what it knows (carriage
returns, page breaks, formulas, boxes, skipped cells, styles derived from those of headings).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from crawler.extract.office.word_styles import WordStyles, outline_level, tag_of_level
from crawler.extract.office.word_unseen import Unseen
from crawler.extract.office.word_xml import WordXml, remove, replace

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


class _Repair(WordXml):
    def run(self) -> None:
        self._choose_alternatives()
        Unseen(self._root, self._styles).take()
        self._unwrap()
        self._join_initials()
        self._translate()
        self._split_at_breaks()
        self._mark_headings()

    def _choose_alternatives(self) -> None:
        """Of two spellings of one thing the older one, which mammoth knows; else the boxes of the newer one."""
        for node in reversed(list(self._root.iter(f"{_MC}AlternateContent"))):
            fallback, choice = node.find(f"{_MC}Fallback"), node.find(f"{_MC}Choice")
            if fallback is not None and self._has_text(fallback):
                replace(node, list(fallback))
            elif choice is not None and self._has_text(choice):
                boxes = self._boxes(choice)
                replace(node, [boxes] if boxes is not None else list(choice))
            else:
                replace(node, [])
        for node in reversed(self._all("drawing")):
            if (boxes := self._boxes(node)) is not None:
                replace(node, [boxes])

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

    def _unwrap(self) -> None:
        for name in _UNWRAPPED:
            for node in reversed(self._all(name)):
                if etree.QName(node.getparent()).localname not in ("rPr", "pPr", "trPr"):
                    replace(node, [child for child in node if not self._is_about(child)])

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
                replace(formula, list(self._formula(formula)))
            for holder in list(self._root.iter(f"{{{namespace}}}oMathPara")):
                replace(holder, [run for run in holder if run.tag == f"{w}r"])
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
        replace(node, [])

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
                remove(properties.findall(self._w + gone))
        half.extend(list(at.itersiblings()))
        rest.append(half)
        rest.extend(list(run.itersiblings()))
        replace(at, [])
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
