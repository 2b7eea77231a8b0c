"""Which documents visitors must not find now, whatever an index says that was built a moment ago.

An index follows the corpus; until it does, a document that was withdrawn, made a draft or deleted, by a person
with an editor as well as by a program, must not be shown. So every hit is looked up before it is shown: whether
its file is as it was when its status was last read costs one ``stat``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import stat
from pathlib import Path
from threading import RLock

from kb.corpus.locations import Locations, is_settled, read_head
from kb.corpus.own_files import linked_folder
from kb.errors import FundstelleError
from kb.model import Status

# A file, the time of its last change of any kind, its inode, and whether visitors may see it.
_Seen = tuple[str, int, int, bool]


class CorpusVisibility:
    """``Visibility`` of a folder of documents: knows the status of every one that was asked for.

    Safe to use from several threads. It knows no more of the corpus than that, so that a search need not load
    what reads and writes documents.
    """

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._locations = Locations(corpus / "documents")
        self._mutex = RLock()
        self._seen: dict[str, _Seen] = {}

    def hidden(self, ids: Iterable[str], located: Callable[[str], str] = lambda doc_id: "") -> set[str]:
        """See ``Visibility.hidden``."""
        seen = self._seen
        found = set()
        for doc_id in ids:
            try:
                path, changed, inode, is_public = seen[doc_id]
                now = stat(path)  # noqa: PTH116 - for every hit; Path takes three times as long
                if now.st_ctime_ns != changed or now.st_ino != inode:
                    is_public = self._look(doc_id, located)
            except (KeyError, OSError):
                is_public = self._look(doc_id, located)
            if not is_public:
                found.add(doc_id)
        return found

    def _look(self, doc_id: str, located: Callable[[str], str]) -> bool:
        """Read whether visitors may see a document: not where there is none, or nobody can tell what it is."""
        self._seen.pop(doc_id, None)
        place = located(doc_id)
        found = self._read(doc_id, self._corpus / place) if place else None
        if found is None:
            try:
                with self._mutex:
                    path = self._locations.find(doc_id)
            except FundstelleError:
                path = None
            found = self._read(doc_id, path) if path is not None else None
        return bool(found)

    def _read(self, doc_id: str, path: Path) -> bool | None:
        """Whether the document in a file is public; None where it is another one, or none."""
        try:
            now = path.lstat()
        except OSError:
            return None
        if linked_folder(path, self._corpus / "documents") is not None:
            return None
        head = read_head(path)
        if head.id != doc_id:
            return None
        is_public = (head.status or Status.PUBLISHED) == Status.PUBLISHED
        # File systems stamp files with a clock that ticks: what was changed just now may be changed once more
        # in the same tick, and look the same.
        if is_settled(now.st_ctime_ns):
            self._seen[doc_id] = str(path), now.st_ctime_ns, now.st_ino, is_public
        return is_public
