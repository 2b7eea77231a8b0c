"""Opening files of the corpus: ordinary ones that lie in it, and not what a link leads to.

A link in a folder of documents may have come with a clone or an unpacked archive; followed, it would put any
file of the machine that the program can read among the documents. It is refused and named, never left out in
silence. The corpus itself, or its folder ``documents``, may be a link: that is the operator's to say.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from kb.errors import InvalidDocumentError


def open_own(path: Path, subject: str = "") -> BinaryIO:
    """A file of the corpus, open for reading; ``subject`` is what it is called where it is refused.

    Raises:
        InvalidDocumentError: it is a link, or nothing that can be read to its end (a pipe, a device).
        OSError: it cannot be opened.
    """
    try:
        # Not to wait for whoever writes into a pipe, and not to be interrupted by what a link may lead to.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise link_refused(subject or str(path)) from error
        if error.errno == errno.ENXIO:
            raise _no_file(subject or str(path)) from error
        raise
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _no_file(subject or str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def linked_folder(path: Path, root: Path) -> Path | None:
    """The folder between ``root`` and a file in it that is a link, if one is."""
    folder = path.parent
    while folder not in (root, folder.parent):
        if folder.is_symlink():
            return folder
        folder = folder.parent
    return None


def link_refused(subject: str) -> InvalidDocumentError:
    """What is said of a link, a file's or a folder's."""
    return InvalidDocumentError(
        "das ist ein Verweis (symbolischer Link), und Verweisen wird im Korpus nicht gefolgt",
        subject=subject,
        remedy="entfernen, oder die Dateien selbst hierher kopieren",
    )


def _no_file(subject: str) -> InvalidDocumentError:
    return InvalidDocumentError("das ist keine gewöhnliche Datei", subject=subject, remedy="entfernen")
