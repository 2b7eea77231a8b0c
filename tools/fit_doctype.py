"""Learn indexer/annotate/data/doctype_weights.tsv from labelled documents, and measure it on unseen ones.

scikit-learn is no dependency of Fundstelle; this script alone needs it:

    pip install scikit-learn
    python -m tools.fit_doctype tests/quality/annotations/*/

Each folder is a set by one author. For every set the weights are learnt from all others and measured on it: the
accuracy is one on texts whose author was not learnt from (the sets of `KIN` share one). Then the weights are
learnt from everything and written.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.annotate import open_annotator
from indexer.annotate.kind.classify import KINDS, WEIGHTS
from indexer.evaluation.annotations import read_labelled
from tools.weights import learn, table

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "indexer" / "annotate" / "data" / WEIGHTS
# Sets by one author are left out together.
KIN = frozenset({"tuning", "development", "second", "third", "fourth", "fifth"})
# Inverse strength of the penalty on features of unit deviation: .05 to .3 differ by less than a point.
INVERSE_PENALTY = 0.2
HEAD = """# Gewichte der Merkmale aus doctype.toml für jede Art von Dokument, gelernt mit tools/fit_doctype.py
# aus {documents} beschrifteten Dokumenten. Eine Zahl über 0 spricht für die Art, eine unter 0 dagegen.
"""


@dataclass(frozen=True)
class Example:
    """One labelled document."""

    author: str
    features: dict[str, float]
    kind: str


def examples(folders: Sequence[Path]) -> list[Example]:
    """The features and kinds of all documents."""
    annotator = open_annotator(ROOT / "corpus" / "topics", ROOT / "corpus" / "places.tsv")
    return [
        Example(
            "kin" if folder.name in KIN else folder.name, annotator.doc_type_features(document), wanted.doc_type
        )
        for folder in folders
        for document, wanted in read_labelled(folder)
    ]


def fit(learnt_from: Sequence[Example]) -> Any:
    """A model that guesses a kind from features."""
    rows, kinds = [example.features for example in learnt_from], [example.kind for example in learnt_from]
    return learn(rows, kinds, INVERSE_PENALTY)


def accuracy(model: Any, unseen: Sequence[Example]) -> float:
    """The share of right kinds."""
    guesses = model.predict([example.features for example in unseen])
    right = sum(bool(guess == example.kind) for guess, example in zip(guesses, unseen, strict=True))
    return right / len(unseen)


def main(folders: Sequence[str]) -> None:
    """Measure, learn, write."""
    known = examples([Path(folder) for folder in folders])
    for author in sorted({example.author for example in known}):
        others = [example for example in known if example.author != author]
        own = [example for example in known if example.author == author]
        print(f"{author:>12} {len(own):4} documents, accuracy unseen {accuracy(fit(others), own):.3f}")
    TARGET.write_text(HEAD.format(documents=len(known)) + table(fit(known), KINDS), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
