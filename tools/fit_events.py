"""Learn indexer/annotate/data/event_weights.tsv from labelled documents, and measure it on unseen ones.

Run it after tools/fit_doctype.py, with scikit-learn at hand:

    python -m tools.fit_events tests/quality/annotations/*/ tests/quality/notes/*/

For every author's sets (see tools/fit_doctype.py) the weights are learnt from all others and measured on them:
dates right of those stated and dates wrong of those claimed, for several probabilities. The kinds of documents
are those of the labels in learning and in measuring. Then the weights are learnt from everything and written.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.annotate import open_annotator
from indexer.annotate.events.choice import COLUMN, WEIGHTS
from indexer.evaluation.annotations import event_text, read_labelled
from tools.fit_doctype import KIN, ROOT, UNLEARNT
from tools.weights import learn, table

TARGET = ROOT / "indexer" / "annotate" / "data" / WEIGHTS
INVERSE_PENALTY = 0.1
LEVELS = (0.3, 0.4, 0.5, 0.6, 0.7)
HEAD = """# Gewichte der Merkmale, an denen das Programm das Datum der Veranstaltung erkennt, gelernt mit
# tools/fit_events.py aus {documents} beschrifteten Dokumenten. Über 0 spricht es dafür, unter 0 dagegen.
"""


@dataclass(frozen=True)
class Example:
    """One document: its options as features, which of them are right, and whether a date is stated at all."""

    author: str
    options: list[dict[str, float]]
    right: list[bool]
    stated: bool


def examples(folders: Sequence[Path]) -> list[Example]:
    """The options of all documents."""
    annotator = open_annotator(ROOT / "corpus" / "topics", ROOT / "corpus" / "places.tsv")
    found = []
    for folder in folders:
        if folder.name in UNLEARNT:
            continue
        for document, wanted in read_labelled(folder):
            options = annotator.event_options(document, wanted.doc_type)
            author = next((name for name, sets in KIN.items() if folder.name in sets), folder.name)
            right = [event_text(option.tag.event) == wanted.event for option in options]
            found.append(
                Example(author, [dict(option.features) for option in options], right, wanted.event is not None)
            )
    return found


def fit(learnt_from: Sequence[Example]) -> Any:
    """A model that gives a probability for each option."""
    rows = [option for example in learnt_from for option in example.options]
    return learn(rows, [right for example in learnt_from for right in example.right], INVERSE_PENALTY)


def measure(model: Any, unseen: Sequence[Example]) -> str:
    """Right of stated / wrong of claimed, at each level."""
    stated = sum(example.stated for example in unseen)
    parts = []
    for level in LEVELS:
        right = wrong = 0
        for example in unseen:
            if not example.options:
                continue
            values = list(model.predict_proba(example.options)[:, 1])
            best = values.index(max(values))
            if values[best] >= level:
                right += example.right[best]
                wrong += not example.right[best]
        parts.append(f"{level}: {right / max(1, stated):.2f}/{wrong / max(1, right + wrong):.2f}")
    return "  ".join(parts)


def main(folders: Sequence[str]) -> None:
    """Measure, learn, write."""
    known = examples([Path(folder) for folder in folders])
    for author in sorted({example.author for example in known}):
        own = [example for example in known if example.author == author]
        others = [example for example in known if example.author != author]
        print(f"{author:>12} {sum(e.stated for e in own):3} stated  {measure(fit(others), own)}")
    TARGET.write_text(HEAD.format(documents=len(known)) + table(fit(known), (COLUMN,)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
