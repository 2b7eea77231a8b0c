"""What remains of a forgotten document, so that nothing brings it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kb.errors import InvalidDocumentError

_HASH_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The day and the reason of a removal, and hashes (SHA-256, hexadecimal) of what names the document.

    Raises:
        InvalidDocumentError: there are no hashes, or they are none.
    """

    day: date
    reason: str
    hashes: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.hashes or any(
            len(one) != _HASH_LENGTH or set(one) - set("0123456789abcdef") for one in self.hashes
        ):
            raise InvalidDocumentError("ein Eintrag braucht mindestens eine Prüfsumme")

    def told(self) -> str:
        """For reports and pages."""
        reason = f" ({self.reason})" if self.reason else ""
        return f"am {self.day.strftime('%d.%m.%Y')} auf Wunsch gelöscht{reason}"


def names_of(doc_id: str | None, address_keys: Iterable[str] = ()) -> list[str]:
    """What a tombstone hashes: the id of a document, keys of its addresses (the crawler's ``page_key``)."""
    return [*([f"id:{doc_id}"] if doc_id else []), *(f"url:{key}" for key in address_keys)]
