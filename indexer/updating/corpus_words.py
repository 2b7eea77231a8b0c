"""Which words the corpus has and how often, noted while documents are indexed.

The list (``WORD<TAB>COUNT`` a line, the usual ones first) tells a PDF reader which hyphens at line ends
belong to a word. It is derived: deleted, it comes again with the next rebuild.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from kb.corpus.atomic import storage_error
from kb.model import Document
from kb.private import write_privately

_WORD = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})*")
_FEWEST_LETTERS = 6  # shorter words are rarely divided
_FEWEST = 2  # what stands once may be a typing error
# Of this many words a reader's table is some 40 MB.
_MOST_WORDS = 300_000
_CROWDED = 5 * _MOST_WORDS


class CorpusWords:
    """The words of documents, counted; memory is bounded by forgetting, now and then, what stood once."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def note(self, document: Document) -> None:
        """Count the words of one document."""
        self._counts.update(
            word.casefold() for word in _WORD.findall(document.text) if len(word) >= _FEWEST_LETTERS
        )
        if len(self._counts) > _CROWDED:
            self._counts = Counter({word: count for word, count in self._counts.items() if count > 1})

    def save(self, path: Path, *, whole: bool) -> None:
        """Write the list; unless the ``whole`` corpus was counted, what the old list says is added.

        Raises:
            StorageError: the file cannot be written.
        """
        if not self._counts:
            return
        counts = self._counts if whole else self._counts + _read(path)
        usual = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_WORDS]
        lines = (f"{word}\t{count}\n" for word, count in usual if count >= _FEWEST)
        try:
            write_privately(path, "".join(lines).encode())
        except OSError as error:
            raise storage_error(error, path) from error


def _read(path: Path) -> Counter[str]:
    try:
        lines = path.read_text("utf-8").splitlines()
        return Counter({word: int(count) for word, _, count in (line.partition("\t") for line in lines)})
    except (OSError, ValueError):  # none yet, or damaged: the next rebuild counts all
        return Counter()
