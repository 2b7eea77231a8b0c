"""Learn the weights of kinds of documents from labelled ones, and measure them on unseen ones.

scikit-learn is no dependency of Fundstelle; this script alone needs it:

    pip install scikit-learn
    python -m tools.fit_doctype tests/quality/annotations/*/ --notes tests/quality/notes/*/

Each folder is a set by one author. For every set the weights are learnt from all others and measured on it: the
accuracy is one on texts whose author was not learnt from (the sets of `KIN` share one). Then the weights are
learnt from everything and written: those for whole pages from the pages, those for notes from the notes and the
pages that are as short.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.annotate import open_annotator
from indexer.annotate.kind.classify import KINDS, SHORT_WEIGHTS, WEIGHTS
from indexer.annotate.text.notes import is_note
from indexer.evaluation.annotations import read_labelled
from tools.weights import learn, table

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "indexer" / "annotate" / "data"
# Sets by one author are left out together.
KIN = {
    "kin": frozenset({"tuning", "development", "second", "third", "fourth", "fifth"}),
    "databases": frozenset({"readings", "projects", "coordinators", "portal"}),
}
# Sets that nothing is learnt from: they say what to expect.
UNLEARNT = frozenset({"fourteenth"})
# Inverse strength of the penalty on features of unit deviation: .05 to .3 differ by less than a point on pages,
# .01 to .05 on notes.
INVERSE_PENALTY = 0.2
SHORT_INVERSE_PENALTY = 0.04
HEAD = """# Gewichte der Merkmale aus doctype.toml für jede Art von Dokument, gelernt mit tools/fit_doctype.py
# aus {documents} beschrifteten {what}. Eine Zahl über 0 spricht für die Art, eine unter 0 dagegen.
"""


@dataclass(frozen=True)
class Example:
    """One labelled document."""

    author: str
    features: dict[str, float]
    kind: str
    is_note: bool


def examples(folders: Sequence[Path]) -> list[Example]:
    """The features and kinds of all documents that have a kind."""
    annotator = open_annotator(ROOT / "corpus" / "topics", ROOT / "corpus" / "places.tsv")
    return [
        Example(
            next((name for name, sets in KIN.items() if folder.name in sets), folder.name),
            annotator.doc_type_features(document),
            wanted.doc_type,
            is_note(document.text),
        )
        for folder in folders
        if folder.name not in UNLEARNT
        for document, wanted in read_labelled(folder)
        if wanted.doc_type is not None
    ]


def fit(learnt_from: Sequence[Example], inverse_penalty: float) -> Any:
    """A model that guesses a kind from features."""
    rows, kinds = [example.features for example in learnt_from], [example.kind for example in learnt_from]
    return learn(rows, kinds, inverse_penalty)


def accuracy(model: Any, unseen: Sequence[Example]) -> float:
    """The share of right kinds."""
    guesses = model.predict([example.features for example in unseen])
    right = sum(bool(guess == example.kind) for guess, example in zip(guesses, unseen, strict=True))
    return right / len(unseen)


def measure(known: Sequence[Example], inverse_penalty: float, beside: Sequence[Example] = ()) -> None:
    """Print what is reached on each author when learning from the others, and from what stands beside."""
    for author in sorted({example.author for example in known}):
        others = [example for example in known if example.author != author]
        own = [example for example in known if example.author == author]
        right = accuracy(fit([*others, *beside], inverse_penalty), own)
        print(f"{author:>12} {len(own):4} documents, accuracy unseen {right:.3f}")


def main() -> None:
    """Measure, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--notes", nargs="*", type=Path, default=[])
    options = parser.parse_args()
    pages, notes = examples(options.pages), examples(options.notes)
    measure(pages, INVERSE_PENALTY)
    head = HEAD.format(documents=len(pages), what="Dokumenten")
    (DATA / WEIGHTS).write_text(head + table(fit(pages, INVERSE_PENALTY), KINDS), encoding="utf-8")
    if notes:
        short = [one for one in pages if one.is_note]
        measure(notes, SHORT_INVERSE_PENALTY, short)
        head = HEAD.format(documents=len(notes) + len(short), what="Notizen und kurzen Dokumenten")
        learnt = fit([*notes, *short], SHORT_INVERSE_PENALTY)
        (DATA / SHORT_WEIGHTS).write_text(head + table(learnt, KINDS), encoding="utf-8")


if __name__ == "__main__":
    main()
