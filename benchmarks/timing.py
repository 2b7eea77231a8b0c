"""Questions in turn: engine A first question, engine B first question, …, the order rotated each time."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from benchmarks.documents import one_more
from benchmarks.engine import BenchQuery, Engine, Task
from benchmarks.results import TaskResult, WorstResult
from kb.errors import InvalidQueryError

# How often an added document is looked for in vain before the run gives up, and how many are added.
_PATIENCE_SECONDS = 30.0
_ADDITIONS = 5
_WORST_REPETITIONS = 3
# Letters that make words which no document holds.
_ENDINGS = "bdfgkl"


@dataclass(frozen=True, slots=True)
class Turns:
    """How often each question is asked, and the seconds after which an engine sits out the rest of a task."""

    repetitions: int
    budget: float


@dataclass(slots=True)
class _Tally:
    rows: list[list[float]]
    hits: int = 0
    pages: dict[int, frozenset[str]] = field(default_factory=dict)
    spent: float = 0.0


def rotated(keys: Sequence[str], turn: int) -> list[str]:
    """The same keys, each turn another one first: nobody always finds the caches as the same one left them."""
    start = turn % len(keys) if keys else 0
    return [*keys[start:], *keys[:start]]


def schedule(keys: Sequence[str], questions: int, repetitions: int) -> Iterator[tuple[int, str]]:
    """Number of a question and who is to answer it, in the order of measuring."""
    for repetition in range(repetitions):
        for number in range(questions):
            for key in rotated(keys, repetition + number):
                yield number, key


def measure_task(
    engines: Mapping[str, Engine],
    questions: Sequence[BenchQuery],
    turns: Turns,
    listen: Callable[[], None],
    *,
    warm_up: Sequence[BenchQuery] = (),
) -> dict[str, TaskResult]:
    """Times of all engines that can do the questions' task; ``warm_up`` are other questions, not timed."""
    able = {key: engine for key, engine in engines.items() if questions[0].task in engine.tasks}
    for query in warm_up:
        for engine in able.values():
            engine.search(query)
    gc.collect()
    tallies = {key: _Tally([[] for _ in questions]) for key in able}
    for number, key in schedule(list(able), len(questions), turns.repetitions):
        tally = tallies[key]
        if tally.spent < turns.budget:
            started = time.perf_counter()
            answer = able[key].search(questions[number])
            taken = time.perf_counter() - started
            tally.spent += taken
            if not tally.rows[number]:
                tally.hits += answer.total
                tally.pages[number] = frozenset(hit.id for hit in answer.hits)
            tally.rows[number].append(taken * 1000)
        listen()
    compared = next(iter(tallies.values())).pages if tallies else {}
    return {key: _result(tally, compared) for key, tally in tallies.items()}


def _result(tally: _Tally, compared: Mapping[int, frozenset[str]]) -> TaskResult:
    shares = [
        len(compared[number] & page) / len(compared[number])
        for number, page in tally.pages.items()
        if compared.get(number)
    ]
    times = tuple(tuple(row) for row in tally.rows if row)
    return TaskResult(times, tally.hits, fmean(shares) if shares else 0.0)


def measure_additions(engines: Mapping[str, Engine], size: int) -> dict[str, tuple[float, ...]]:
    """Milliseconds from handing over one document until a search for its own word finds it.

    Raises:
        TimeoutError: it is not found at all.
    """
    able = {key: engine for key, engine in engines.items() if engine.updatable}
    found: dict[str, list[float]] = {key: [] for key in able}
    for addition in range(_ADDITIONS):
        word = f"Quirlzapfen{_ENDINGS[addition]}olm"
        entry = one_more(size + addition, word)
        query = BenchQuery(Task.WORDS, word, word)
        for key in rotated(list(able), addition):
            started = time.perf_counter()
            able[key].add(entry)
            while entry.id not in {hit.id for hit in able[key].search(query).hits}:
                if time.perf_counter() - started > _PATIENCE_SECONDS:
                    raise TimeoutError(f"{key} does not find what was added")
            found[key].append((time.perf_counter() - started) * 1000)
    return {key: tuple(times) for key, times in found.items()}


def worst_inputs() -> dict[str, str]:
    """Inputs that are meant to hurt, with what to call them."""
    words = " ".join(f"wort{number}" for number in range(1000))
    return {
        "`*a*`": "*a*",
        "`[a TO z]`": "[a TO z]",
        "5.000 Zeichen": "übergang " * 555 + "a" * 5,
        "5.000 Zeichen ohne Leerzeichen": "quartier" * 625,
        "2.000 Klammern": "(" * 1000 + "quartier" + ")" * 1000,
        "1.000 Wörter": words,
        "ein Buchstabe mit Stern": "a*",
        "lauter häufige Wörter": "die der und in zu den von mit für ist auf nicht ein eine als auch es an",
        "Folge häufiger Wörter": '"in der" "und die" "für die" "von der" "mit der" "auf die"',
        "NUL-Zeichen": "quar\x00tier \x00\x00 über\x00gang",
        "Emoji": "🏘️ Quartier 👩\u200d👩\u200d👧\u200d👦 🤝🏽",
        "von rechts nach links": "\u062d\u064a Quartier \u202e\u05e8\u05d5\u05d1\u202c \u0628\u0644\u062f",
        "vierzig Wortanfänge": " ".join(f"{letter}{vowel}r*" for letter in "bdfghklmns" for vowel in "aeiu"),
        "knapp unter 2.000 Zeichen": " ".join(f"{word} übergang" for word in words.split())[:1990],
        "Operatoren ohne Ende": "NICHT (a ODER -b UND +c* " * 60,
    }


def measure_worst(engine: Engine) -> tuple[WorstResult, ...]:
    """The longest of several answers to each; an input that is refused as invalid is answered, too."""
    results = []
    for label, text in worst_inputs().items():
        longest, outcome = 0.0, ""
        for _ in range(_WORST_REPETITIONS):
            started = time.perf_counter()
            try:
                outcome = f"{engine.search(BenchQuery(Task.FILTERED, text, text)).total} Treffer"
            except InvalidQueryError as error:
                outcome = f"abgelehnt: {error.problem}"
            longest = max(longest, (time.perf_counter() - started) * 1000)
        results.append(WorstResult(label, longest, outcome))
    return tuple(results)
