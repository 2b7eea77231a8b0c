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
from indexer.annotate.doctype import KINDS, WEIGHTS
from indexer.annotate.weights import CONSTANT
from indexer.annotation_evaluation import read_labelled

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "indexer" / "annotate" / "data" / WEIGHTS
# Sets by one author are left out together.
KIN = frozenset({"tuning", "development", "second", "third", "fourth", "fifth"})
# Inverse strength of the penalty on features of unit deviation: .05 to .3 differ by less than a point.
INVERSE_PENALTY = 0.2
# A feature of fewer documents is chance.
FEWEST_DOCUMENTS = 3
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
    """A pipeline that guesses a kind from features."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    counts: dict[str, int] = {}
    for example in learnt_from:
        for name in example.features:
            counts[name] = counts.get(name, 0) + 1
    kept = {name for name, count in counts.items() if count >= FEWEST_DOCUMENTS}
    model = make_pipeline(
        DictVectorizer(),
        StandardScaler(with_mean=False),
        LogisticRegression(C=INVERSE_PENALTY, max_iter=5000),
    )
    rows = [
        {name: value for name, value in example.features.items() if name in kept} for example in learnt_from
    ]
    return model.fit(rows, [example.kind for example in learnt_from])


def accuracy(model: Any, unseen: Sequence[Example]) -> float:
    """The share of right kinds."""
    guesses = model.predict([example.features for example in unseen])
    right = sum(bool(guess == example.kind) for guess, example in zip(guesses, unseen, strict=True))
    return right / len(unseen)


def table(model: Any) -> str:
    """The weights by feature, for values as they are (the scaling is folded in)."""
    names, scaler, regression = model[0].get_feature_names_out(), model[1], model[2]
    order = [list(regression.classes_).index(kind) for kind in KINDS]
    rows = [(CONSTANT, regression.intercept_[order])]
    rows += sorted((name, regression.coef_[order, at] / scaler.scale_[at]) for at, name in enumerate(names))
    lines = ["\t".join(("Merkmal", *KINDS))]
    lines += ["\t".join((name, *(f"{value:.3f}" for value in values))) for name, values in rows]
    return "\n".join(lines) + "\n"


def main(folders: Sequence[str]) -> None:
    """Measure, learn, write."""
    known = examples([Path(folder) for folder in folders])
    for author in sorted({example.author for example in known}):
        others = [example for example in known if example.author != author]
        own = [example for example in known if example.author == author]
        print(f"{author:>12} {len(own):4} documents, accuracy unseen {accuracy(fit(others), own):.3f}")
    TARGET.write_text(HEAD.format(documents=len(known)) + table(fit(known)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
