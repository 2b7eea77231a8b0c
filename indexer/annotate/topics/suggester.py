"""Suggests topics that editors confirmed in documents with similar words, apart from the rules' conclusions."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Collection
from pathlib import Path
from typing import Any

from indexer.annotate.text.foreign import foreign_language
from indexer.annotate.text.language import German, german, normal_form
from indexer.annotate.text.reading import Reading, read
from indexer.annotate.text.spans import TokenSpan
from indexer.annotate.topics.learning import (
    NOTHING,
    LearnedTopics,
    TopicReport,
    TopicWords,
    examples,
    learn,
    version_of,
    words_of,
)
from kb.corpus.atomic import storage_error
from kb.errors import UnreadableInputError
from kb.failures import documents_of, passed_over
from kb.model import Document, Evidence, TopicTag
from kb.ports import Annotator, CorpusStore
from kb.private import write_privately

RULE = "gelernt"
# So many of the words that speak for a topic most are shown, each at its first place.
_SHOWN = 8
_FORMAT = 1


class LearnedSuggester:
    """Implements ``kb.ports.TopicSuggester``; without anything learnt it suggests nothing."""

    def __init__(self, learned: LearnedTopics, language: German) -> None:
        self._learned = learned
        self._language = language

    @property
    def version(self) -> str:
        """Hash of what was learnt; empty where nothing was."""
        return self._learned.version if self._learned.topics else ""

    def suggest(self, document: Document, known: Collection[str] = ()) -> tuple[TopicTag, ...]:
        """Likely topics, best first, that are neither ``known`` nor decided on; the score is a probability."""
        left = set(self._learned.topics) - set(known) - set(document.decisions.topics)
        if not left or not document.language.lower().startswith("de"):
            return ()
        reading = read(document, self._language)
        if foreign_language(reading.words) is not None:
            return ()
        words = words_of(reading)
        found = {word: words[word] for word in words.keys() & self._learned.vocabulary}
        tags = (self._tag(topic, self._learned.topics[topic], found, reading) for topic in sorted(left))
        return tuple(sorted((tag for tag in tags if tag is not None), key=lambda tag: -tag.score))

    @staticmethod
    def _tag(
        topic: str, model: TopicWords, words: dict[str, list[TokenSpan]], reading: Reading
    ) -> TopicTag | None:
        score = sum(model.weights.get(word, 0.0) for word in sorted(words)) / math.sqrt(max(1, len(words)))
        probability = 0.5 * (1 + math.tanh((score + model.bias) / 2))
        if probability < model.threshold:
            return None
        speaking = sorted(
            (word for word in words if model.weights.get(word, 0.0) > 0),
            key=lambda word: (-model.weights[word], word),
        )
        evidence = tuple(_quote(word, words[word], reading) for word in speaking[:_SHOWN])
        return TopicTag(topic, round(probability, 4), tuple(sorted(evidence, key=lambda one: one.start)))


def _quote(word: str, spans: list[TokenSpan], reading: Reading) -> Evidence:
    if spans:
        return reading.quote(spans[0], RULE)
    index = next(index for index, form in enumerate(reading.title.words) if normal_form(form) == word)
    return reading.quote_title(TokenSpan(index, index + 1), RULE)


class FileSuggester:
    """Implements ``kb.ports.TopicSuggester`` over a file; a running server notices when it is learnt anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._suggester = LearnedSuggester(NOTHING, german())

    @property
    def version(self) -> str:
        """See ``LearnedSuggester.version``."""
        return self._current().version

    def suggest(self, document: Document, known: Collection[str] = ()) -> tuple[TopicTag, ...]:
        """See ``LearnedSuggester.suggest``."""
        return self._current().suggest(document, known)

    def _current(self) -> LearnedSuggester:
        """A damaged file suggests nothing, because it can be learnt again."""
        try:
            stat = self._path.stat()
            now = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        except OSError:
            now = None
        if now != self._seen:
            try:
                learned = read_learned(self._path)
            except UnreadableInputError as error:
                logging.getLogger(__name__).warning("%s", error)
                learned = NOTHING
            self._suggester, self._seen = LearnedSuggester(learned, german()), now
        return self._suggester


def learn_from(
    corpus: CorpusStore, annotator: Annotator, topics: Collection[str], path: Path
) -> tuple[TopicReport, ...]:
    """Learn from all decisions in a corpus and keep what was learnt; broken documents teach nothing.

    Raises:
        StorageError: the corpus cannot be read, or the result not written.
    """
    readable = (stored.document for stored in documents_of(corpus, passed_over))
    lesson = learn(examples(readable, annotator, topics, german()), topics)
    write_learned(lesson.learned, path)
    return lesson.reports


def write_learned(learned: LearnedTopics, path: Path) -> None:
    """Keep what was learnt; an old file is replaced whole.

    Raises:
        StorageError: the file cannot be written.
    """
    data = {
        "format": _FORMAT,
        "version": learned.version,
        "vocabulary": sorted(learned.vocabulary),
        "topics": {
            topic: {"bias": model.bias, "threshold": model.threshold, "weights": dict(model.weights)}
            for topic, model in learned.topics.items()
        },
    }
    try:
        write_privately(path, json.dumps(data, ensure_ascii=False, sort_keys=True).encode())
    except OSError as error:
        raise storage_error(error, path) from error


def read_learned(path: Path) -> LearnedTopics:
    """What was learnt; nothing where there is no file.

    Raises:
        UnreadableInputError: the file is damaged or of another version; learning again helps.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        learned = _learned(data)
        if data["format"] != _FORMAT or data["version"] != learned.version:
            raise ValueError("die Prüfsumme stimmt nicht")
    except FileNotFoundError:
        return NOTHING
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableInputError(
            f"nicht zu lesen ({error})", subject=str(path), remedy="mit `kb learn` neu lernen"
        ) from error
    return learned


def _learned(data: dict[str, Any]) -> LearnedTopics:
    topics = {
        topic: TopicWords(
            {word: float(weight) for word, weight in model["weights"].items()},
            float(model["bias"]),
            float(model["threshold"]),
        )
        for topic, model in data["topics"].items()
    }
    vocabulary = frozenset(str(word) for word in data["vocabulary"])
    return LearnedTopics(vocabulary, topics, version_of(vocabulary, topics))
