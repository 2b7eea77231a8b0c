"""From the corpus to the index and to measured quality; what is learnt, and places from the register."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kb.corpus.shipped import shipped_corpus
from kb.errors import IndexLockedError
from kb.model import Failure, Step
from kb.ports import Annotator, Progress
from kb.private import OTHERS_WRITE
from kb.settings import Settings
from kb.wiring.parts import (
    make_private,
    open_annotator,
    open_backend,
    open_bare_backend,
    open_corpus,
    open_failures,
    open_topics,
)

if TYPE_CHECKING:
    from indexer.annotate.places.merging import Completion
    from indexer.annotate.topics.learning import TopicReport
    from indexer.backends.whoosh_backend import WhooshBackend
    from indexer.evaluation.annotations import AnnotationReport
    from indexer.evaluation.search import EvalReport
    from indexer.updating.update import IndexReport, Problem


def update_index(settings: Settings, *, rebuild: bool = False, progress: Progress) -> IndexReport:
    """Bring the index up to the corpus, and note which documents failed.

    Where another process writes the index for too long, it is left word to look at the corpus once more; and
    where somebody left word for this one, it does.

    Raises:
        ConfigurationError: no corpus, or broken topics.
        IndexLockedError: another process is writing.
        StorageError: the index cannot be written.
    """
    make_private(settings.cache_dir, OTHERS_WRITE)
    annotator = open_annotator(settings)
    backend = open_backend(settings, annotator)
    backend.take_word()  # what others changed before this moment is looked at anyway
    try:
        report = _update(settings, backend, annotator, rebuild=rebuild, progress=progress)
    except IndexLockedError:
        backend.ask_again()
        if not backend.is_free():
            raise
        # The other one ended without seeing the word.
        report = _update(settings, backend, annotator, rebuild=rebuild, progress=progress)
    while backend.take_word():
        report = _together(report, _update(settings, backend, annotator, rebuild=False, progress=progress))
    return report


def _update(
    settings: Settings, backend: WhooshBackend, annotator: Annotator, *, rebuild: bool, progress: Progress
) -> IndexReport:
    from indexer.updating.corpus_words import CorpusWords
    from indexer.updating.update import IndexOptions, update_index

    words = CorpusWords()
    report = update_index(
        open_corpus(settings),
        backend,
        annotator,
        # What was learned from the corpus is learned anew when the corpus has become another one.
        options=IndexOptions(
            rebuild=rebuild or backend.has_drifted(),
            known_topics=frozenset(open_topics(settings)),
            note=words.note,
            annotator=partial(open_annotator, settings),
        ),
        progress=progress,
    )
    words.save(settings.words_file, whole=report.unchanged == 0)
    failures = open_failures(settings)
    failures.replace(Step.INDEX, (failure_of(problem) for problem in report.problems if not problem.indexed))
    failures.replace(Step.PAGE, ())  # a page that fails still is noted again
    return report


def _together(first: IndexReport, second: IndexReport) -> IndexReport:
    """What two runs did, one after the other."""
    return replace(
        second,
        added=first.added + second.added,
        updated=first.updated + second.updated,
        removed=first.removed + second.removed,
        problems=tuple(dict.fromkeys((*first.problems, *second.problems))),
        seconds=first.seconds + second.seconds,
    )


def failure_of(problem: Problem) -> Failure:
    """What is kept of a problem."""
    return Failure(problem.location, Step.INDEX, problem.reason, doc_id=problem.doc_id, trace=problem.trace)


def evaluate(settings: Settings, folder: Path, queries: Path | None, k: int) -> EvalReport:
    """Measure the search on a set, in a temporary index, with the corpus's synonyms (or the shipped ones).

    Raises:
        ConfigurationError: a file of the set is missing or wrong.
    """
    from indexer.evaluation.search import evaluate

    corpus = settings.corpus if settings.corpus.is_dir() else shipped_corpus()
    with TemporaryDirectory(prefix="fundstelle-eval-") as temporary:
        chosen = replace(settings, corpus=corpus, var=Path(temporary))
        return evaluate(folder, open_bare_backend(chosen), queries, k=k)


def evaluate_annotations(settings: Settings, folder: Path) -> AnnotationReport:
    """Measure the annotators on a labelled folder, with the corpus's topics and places (or the shipped ones).

    Raises:
        ConfigurationError: a topic or place file cannot be understood.
        UnreadableInputError: a file of the folder is missing or wrong.
    """
    from indexer.evaluation.annotations import evaluate_annotations

    corpus = settings.corpus if settings.corpus.is_dir() else shipped_corpus()
    annotator = open_annotator(replace(settings, corpus=corpus))
    return evaluate_annotations(folder, annotator.annotate)


def learn_topics(settings: Settings) -> tuple[TopicReport, ...]:
    """Learn topics from the editors' decisions in the corpus and keep what was learnt for the desk.

    Raises:
        ConfigurationError: there is no corpus, or a topic cannot be understood.
        StorageError: the result cannot be written.
    """
    from indexer.annotate.topics.suggester import learn_from

    corpus, topics = open_corpus(settings), open_topics(settings)
    return learn_from(corpus, open_annotator(settings), topics, settings.learned_file)


def import_places(register_file: Path, places_file: Path) -> Completion:
    """Complete the places of a corpus from the official municipal register.

    Raises:
        ConfigurationError: the places file is wrong.
        UnreadableInputError: the register is wrong.
    """
    from indexer.annotate.places.merging import import_register

    return import_register(register_file, places_file)
