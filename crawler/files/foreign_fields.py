"""Fields of heads and JSON lines, of whatever program, as the fields of a document (``data/field_names.toml``).

What says that it is not public does not become public, and nothing is dropped without a word: what is not
understood is named. Fields are strings, lists and mappings, as ``kb.corpus.plain_yaml`` reads them; ``plain``
makes them of JSON.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from crawler.extract.lines.dates import read_date
from crawler.extract.lines.language import declared_language
from crawler.extract.lines.tidy import tidy_line
from crawler.extract.lines.titles import as_person
from kb.errors import InvalidDocumentError
from kb.model import Status

_FILE = files("crawler.extract.data") / "field_names.toml"
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_VOCABULARY = re.compile(r"^(?:dc|dcterms|og|article|meta|schema)[.:](?=.)")
_HERE = ZoneInfo("Europe/Berlin")
_EPOCH = re.compile(r"[01]?\d{9}(\d{3})?")
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_BETWEEN = re.compile(r" ?(?:[,/&|]| und | and ) ?")
# Two to four words with capitals, as „Amt für Bildung“ and „Sport“ are not.
_FULL_NAME = re.compile(r"[^\W\d_a-zäöüß][\w.’'-]*(?: (?:[^\W\d_a-zäöüß][\w.’'-]*|von|van|de|der|zu)){1,3}")
_ISO = re.compile(r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?|--\d\d-\d\d)")
_GERMAN_MONTH = re.compile(r"(0?[1-9]|1[0-2])[./] ?(\d{4})")
_GERMAN_DAY = re.compile(r"\d{1,2}\. ?\d{1,2}\. ?\d{4}")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MAX_NESTING = 20


@dataclass(frozen=True, slots=True)
class Understood:
    """Fields under their own names, and the names of those that say nothing to us, as they were written."""

    fields: Mapping[str, object]
    unknown: tuple[str, ...]

    def warning(self, already: Iterable[str] = ()) -> tuple[str, ...]:
        """The sentence that names the unknown ones, except those told already; none where there are none."""
        names = sorted(set(self.unknown).difference(already))
        if not names:
            return ()
        return (f"unbekannte Felder, nicht ausgewertet: {', '.join(name[:60] for name in names[:20])}",)


@dataclass(frozen=True, slots=True)
class _Names:
    means: Mapping[str, str]
    order: Mapping[str, int]
    hides: frozenset[str]
    shows: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    status: Mapping[str, str]
    language: Mapping[str, str]


@cache
def _names() -> _Names:
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    means = [(_folded(name), field) for field, names in tables["means"].items() for name in names]
    return _Names(
        means=dict(means),
        order={name: place for place, (name, _) in enumerate(means)},
        hides=frozenset(map(_folded, tables["hides"]["names"])),
        shows=frozenset(map(_folded, tables["shows"]["names"])),
        yes=frozenset(tables["words"]["yes"]),
        no=frozenset(tables["words"]["no"]),
        status={_folded(word): own for own, words in tables["status"].items() for word in words},
        language={word: own for own, words in tables["language"].items() for word in words},
    )


def _folded(name: str) -> str:
    """The letters and digits of a name, without the vocabulary in front of it."""
    plain = _VOCABULARY.sub("", name.strip().casefold()).translate(_UMLAUTS)
    return "".join(filter(str.isalnum, plain))


def meaning(name: str) -> str | None:
    """The own field that a name stands for, or ``status`` where it only says whether a text is public."""
    folded, known = _folded(name), _names()
    return known.means.get(folded) or ("status" if folded in known.hides | known.shows else None)


def plain(value: object, depth: int = 0) -> object:
    """A value of JSON as strings, lists and mappings; what is null is left out."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if depth > _MAX_NESTING or value is None:
        return ""
    if isinstance(value, Mapping):
        return {str(key): plain(one, depth + 1) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [plain(one, depth + 1) for one in value if one is not None]
    return value if isinstance(value, str) else str(value)


def understand(fields: Mapping[str, object], own: frozenset[str]) -> Understood:
    """Fields of any program as those of a document; ``own`` are names that mean just what they say.

    Raises:
        InvalidDocumentError: an own status that is none, so that nobody knows whether the text is public, or a
            date of publication that is none.
    """
    found: dict[str, object] = {}
    unknown: list[str] = []
    hidden = False
    known = _names()
    # Our own spelling first, then the names of the lists in their order.
    for name in sorted(fields, key=lambda name: (name not in own, known.order.get(_folded(name), 0))):
        value, folded = fields[name], _folded(name)
        verdict = _publicity(folded, value)
        if verdict is not None:
            hidden = hidden or not verdict
            continue
        strict = name in own and not (name == "source" and _WEB.fullmatch(_one(value) or ""))
        field = name if strict else known.means.get(folded)
        converted = _converted(field, value, strict=strict) if field is not None else None
        hidden = hidden or (field == "status" and converted is None)  # nobody knows what it says
        if field is None or converted is None or (found.get(field)):
            unknown.append(name)
        else:
            found[field] = converted
    if hidden and found.get("status", Status.PUBLISHED) == Status.PUBLISHED:
        found["status"] = str(Status.DRAFT)
    return Understood(found, tuple(unknown))


def _publicity(folded: str, value: object) -> bool | None:
    """Whether a field says that the text is public; None where it says nothing about that."""
    known = _names()
    word = value.strip().casefold() if isinstance(value, str) else "?"
    if folded in known.hides:
        return word in known.no
    if folded in known.shows and word in known.yes | known.no - {""}:
        return word in known.yes
    return None


def _converted(field: str, value: object, *, strict: bool) -> object | None:
    """The value as the field takes it; None where it does not. ``strict``: the model says what is wrong."""
    match field:
        case "authors":
            return _people(value) if not strict or not _is_plain_list(value) else value
        case "published" | "modified":
            return _day(value, field, strict=strict)
        case "status":
            return _status(value, strict=strict)
        case "language":
            return _language(value)
        case "event":
            return value if strict else _event(value)
        case "url":
            found = _one(value) or ""
            return found if strict or _WEB.fullmatch(found) else None
        case "title" | "id" | "text" | "publisher" | "licence":
            return value if strict else _one(value)
    return value


def _is_plain_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _one(value: object) -> str | None:
    """A single value: of a list its first, of a thing with a name its name."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, Mapping):
        named = (value.get(key) for key in ("name", "title", "url", "id", "value"))
        value = next((one for one in named if isinstance(one, str) and one.strip()), None)
    return value if isinstance(value, str) else None


def _people(value: object) -> list[str] | None:
    """Names of one string or of a list; None where there are none in it."""
    if isinstance(value, list):
        told = [_one(one) for one in value]
        return [name for one in told if one for name in _names_in(one)] if all(told) else None
    one = _one(value)
    return _names_in(one) if one is not None else None


def _names_in(text: str) -> list[str]:
    """„A; B“ are two; so are „A B und C D“ where both are full names; „Nachname, Vorname“ is one."""
    names: list[str] = []
    for part in (tidy_line(part) for part in text.split(";")):
        pieces = [piece for piece in _BETWEEN.split(part) if piece]
        if (
            len(pieces) == 2
            and " " not in pieces[0]
            and (turned := as_person(f"{pieces[1]} {pieces[0]}")) is not None
        ):
            names.append(turned)
        elif len(pieces) > 1 and all(map(_FULL_NAME.fullmatch, pieces)):
            names += pieces
        elif part:
            names.append(part)
    return names


def _day(value: object, field: str, *, strict: bool) -> str | None:
    """A date in ISO 8601, a moment as the day that it was here; None where it is none, unless ``strict``."""
    text = _one(value)
    if text is not None and (not text.strip() or _ISO.fullmatch(text.strip())):
        return text.strip()
    date = _moment(text.strip()) or _month(text.strip()) or read_date(text) if text is not None else None
    if date is not None:
        return str(date)
    if field == "published" and strict:
        raise InvalidDocumentError(
            f"published „{str(value)[:60]}“ ist kein Datum",
            remedy="JJJJ-MM-TT, TT.MM.JJJJ, JJJJ-MM oder JJJJ schreiben",
        )
    return None


def _month(text: str) -> str | None:
    """``2021-06`` for „06.2021“ and „6/2021“, which in the middle of a text might be anything."""
    month = _GERMAN_MONTH.fullmatch(text)
    return f"{month[2]}-{int(month[1]):02}" if month is not None else None


def _moment(text: str) -> str | None:
    """The day of a moment with a time zone, or of seconds or milliseconds since 1970."""
    epoch = _EPOCH.fullmatch(text)
    try:
        if epoch is not None:
            seconds = int(text) / (1000 if epoch[1] else 1)
            return datetime.fromtimestamp(seconds, UTC).astimezone(_HERE).date().isoformat()
        moment = datetime.fromisoformat(text)
        return moment.astimezone(_HERE).date().isoformat() if moment.tzinfo is not None else None
    except (ValueError, OverflowError, OSError):
        return None


def _event(value: object) -> str | None:
    """``START`` or ``START/END``; whoever writes more than days into such a field means something else."""
    text = _one(value) or ""
    days = [
        read_date(day) if _is_day(day) else None for day in re.split(r" ?(?:/|–| bis | - ) ?", text.strip())
    ]
    return "/".join(map(str, days)) if 1 <= len(days) <= 2 and None not in days else None


def _is_day(text: str) -> bool:
    return _ISO.fullmatch(text) is not None or _GERMAN_DAY.fullmatch(text) is not None


def _status(value: object, *, strict: bool) -> str | None:
    word = _one(value)
    if word is not None and not word.strip():
        return ""
    own = _names().status.get(_folded(word)) if word is not None else None
    if own is None and strict:
        raise InvalidDocumentError(
            f"status „{str(value)[:60]}“ ist unbekannt", remedy=f"erlaubt sind {', '.join(Status)}"
        )
    return own


def _language(value: object) -> str | None:
    word = (_one(value) or "").strip()
    own = _names().language.get(word.casefold())
    return own or (word if _TAG.fullmatch(word) else declared_language(word))
