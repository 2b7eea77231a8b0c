"""From a ``Document`` to the text of its file; ``front_matter`` reads it back equal."""

from __future__ import annotations

import yaml

from kb.corpus.fences import FENCE
from kb.corpus.plain_yaml import read_yaml
from kb.model import Document
from kb.shapes import head_fields

try:
    from yaml import CSafeDumper as _Dumper
except ImportError:  # PyYAML built without libyaml: same results, slower
    from yaml import SafeDumper as _Dumper  # type: ignore[assignment]

# Shorter heads are within every limit of reading.
_LONG_HEAD = 10_000


class _PlainDumper(_Dumper):
    """Writes everything out: what is the same object twice is no alias for anybody who reads the file."""

    def ignore_aliases(self, data: object) -> bool:
        """Always."""
        return True


def render_document(document: Document) -> str:
    """The text of a document's file; fields without a value are left out, unknown ones are kept.

    Raises:
        InvalidDocumentError: its head would be longer than anybody may write one.
    """
    head = yaml.dump(
        head_fields(document) | dict(document.extra),
        Dumper=_PlainDumper,
        allow_unicode=True,
        sort_keys=False,
        width=1_000_000,
    )
    if len(head) > _LONG_HEAD:
        read_yaml(head)  # what could not be read back is not written
    return f"{FENCE}\n{head}{FENCE}\n\n{document.text}\n"
