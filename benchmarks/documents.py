"""The documents of a run: read from a file or the demonstration corpus, recombined where more are wanted."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from kb.corpus import DirectoryCorpus
from kb.errors import ConfigurationError
from kb.model import IndexEntry, PartialDate, normalise_text

SEED = 20_180_101
# A passage is a paragraph, or sentences of a long one up to this many characters.
_PASSAGE = 400
_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„»])")

_TOPICS = (
    "uebergaenge",
    "migration",
    "quartier",
    "sprache",
    "engagement",
    "inklusion",
    "gesundheit",
    "digitales",
)
_TYPES = ("veranstaltungsbericht", "praxisbeispiel", "pressemitteilung", "konzept", "leitfaden", "sonstiges")
_YEARS = tuple(range(2025, 2004, -1))
_PLACES = tuple(f"Ort {number:03}" for number in range(300))
_SOURCES = tuple(f"quelle-{number:02}" for number in range(12))


@dataclass(frozen=True, slots=True)
class Text:
    """A document before it has facets."""

    title: str
    text: str


def read_texts(path: Path) -> list[Text]:
    """A JSON Lines file with id, title and text, packed by gzip or not; empty texts are left out.

    Raises:
        ConfigurationError: not readable, no JSON, or no text at all; names file and line.
    """
    texts: list[Text] = []
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as lines
        ):
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    texts.extend(_text_of(line, f"{path}:{number}"))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "nicht lesbar", subject=str(path), remedy="eine Datei in JSON Lines angeben, auch mit gzip gepackt"
        ) from error
    if not texts:
        raise ConfigurationError("die Datei enthält keinen Text", subject=str(path))
    return texts


def _text_of(line: str, where: str) -> Iterator[Text]:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise ConfigurationError("die Zeile ist kein JSON", subject=where) from error
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        raise ConfigurationError("der Zeile fehlt text", subject=where)
    text = normalise_text(fields["text"]).strip()
    if text:
        yield Text(" ".join(str(fields.get("title") or "").split()), text)


def demo_texts(corpus: Path) -> list[Text]:
    """The demonstration documents."""
    store = DirectoryCorpus(corpus)
    documents = [store.load(ref).document for ref in store.refs()]
    return [Text(one.title, one.text) for one in documents if one.text.strip()]


def make_entries(texts: Sequence[Text], size: int) -> list[IndexEntry]:
    """``size`` entries with facets; always the same for the same texts.

    The texts in random order come first, each once; where they do not suffice, new ones are made of
    their passages, as long as some text of the file, each passage from another text.
    """
    random = Random(SEED)
    order = list(texts)
    random.shuffle(order)
    chosen = order[:size]
    if len(chosen) < size:
        passages = [list(cut_passages(one.text)) for one in order]
        chosen += [_recombined(order, passages, random) for _ in range(size - len(chosen))]
    return [_entry(number, one) for number, one in enumerate(chosen)]


def one_more(number: int, word: str) -> IndexEntry:
    """A small document that alone holds a word, to see when it is found."""
    text = f"Neu aufgenommen: {word} berichtet aus dem Quartiersmanagement über den Übergang in die Ausbildung."
    return _entry(number, Text(f"Bericht {number}", text))


def cut_passages(text: str) -> Iterator[str]:
    """Paragraphs, long ones cut between sentences; nothing is lost but white space."""
    for paragraph in _PARAGRAPH.split(text):
        held = ""
        for sentence in _SENTENCE_END.split(paragraph.strip()):
            if held and len(held) + len(sentence) > _PASSAGE:
                yield held
                held = ""
            held = f"{held} {sentence}".strip()
        if held:
            yield held


def _recombined(texts: Sequence[Text], passages: Sequence[Sequence[str]], random: Random) -> Text:
    wanted = len(random.choice(texts).text)
    parts: list[str] = []
    held = 0
    while held < wanted:
        part = random.choice(random.choice(passages))
        parts.append(part)
        held += len(part) + 2
    return Text(random.choice(texts).title, "\n\n".join(parts))


def _entry(number: int, one: Text) -> IndexEntry:
    """Facets are drawn for each number alone, so a document has the same ones at every size."""
    random = Random(SEED + number)
    return IndexEntry(
        id=f"d{number:06}",
        revision="1",
        title=one.title,
        text=one.text,
        source=_skewed(_SOURCES, random),
        doc_type=_skewed(_TYPES, random),
        url=f"https://www.example.org/{number}",
        date=PartialDate(random.choice(_YEARS), random.randint(1, 12)),
        topics=tuple(dict.fromkeys(_skewed(_TOPICS, random) for _ in range(random.randint(0, 3)))),
        places=tuple(dict.fromkeys(_skewed(_PLACES, random) for _ in range(random.randint(0, 2)))),
    )


def _skewed(values: Sequence[str], random: Random) -> str:
    """Early values often, late ones seldom, as sources and places are."""
    return values[int(len(values) * random.random() ** 2)]


def save_entries(entries: Sequence[IndexEntry], path: Path) -> None:
    """For the processes that build; a line each."""
    with path.open("w", encoding="utf-8") as out:
        for number, entry in enumerate(entries):
            out.write(json.dumps([number, entry.title, entry.text], ensure_ascii=False) + "\n")


@dataclass(frozen=True, slots=True)
class SavedEntries:
    """What ``save_entries`` wrote, read anew each time: many documents never are in memory at once."""

    path: Path

    def __iter__(self) -> Iterator[IndexEntry]:
        """Facets follow from the numbers."""
        with self.path.open(encoding="utf-8") as lines:
            for number, title, text in map(json.loads, lines):
                yield _entry(number, Text(title, text))
