"""What was filled into the form of a PDF, and what was written over its pages."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator

import pypdfium2

from crawler.extract.printed.filled import Value

_HIDDEN = 0x02 | 0x20  # annotation flags: hidden, not shown on the screen (ISO 32000-1, table 165)
_PASSWORD = 1 << 13  # field flag (table 228)
_MAX_VALUES = 1_000
_MAX_BYTES = 200_000


def values_of(page: pypdfium2.PdfPage) -> Iterator[Value]:
    """The visible values on a page; passwords are none of them. The document's form must have been opened."""
    raw = pypdfium2.raw
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_VALUES)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            value = _value(page, annotation)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
        if value is not None:
            yield value


def _value(page: pypdfium2.PdfPage, annotation: object) -> Value | None:
    raw = pypdfium2.raw
    if raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
        return None
    kind = raw.FPDFAnnot_GetSubtype(annotation)
    is_tick = False
    if kind == raw.FPDF_ANNOT_WIDGET and page.formenv is not None:
        form = page.formenv
        field = raw.FPDFAnnot_GetFormFieldType(form, annotation)
        if field in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
            is_tick = True
            text = "☒" if raw.FPDFAnnot_IsChecked(form, annotation) else "☐"
        elif field in (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
            if raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
                return None
            text = _text(lambda *buffer: raw.FPDFAnnot_GetFormFieldValue(form, annotation, *buffer))
        else:
            return None
    elif kind == raw.FPDF_ANNOT_FREETEXT:  # typed over a form that has no fields
        text = _text(lambda *buffer: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", *buffer))
    else:
        return None
    text = " ".join(text.split())
    box = raw.FS_RECTF()
    if not text or not raw.FPDFAnnot_GetRect(annotation, ctypes.byref(box)):
        return None
    return Value(text, box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top), is_tick)


def _text(ask: Callable[..., int]) -> str:
    """A string that PDFium gives as UTF-16 into a buffer of the size that it says."""
    size = min(ask(None, 0), _MAX_BYTES)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(ctypes.cast(buffer, ctypes.POINTER(pypdfium2.raw.FPDF_WCHAR)), size)
    return buffer.raw[:size].decode("utf-16-le", errors="replace").rstrip("\0")
