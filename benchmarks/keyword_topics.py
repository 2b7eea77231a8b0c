"""The three required topics by plain keyword stems, beside the rules: is the work on rules worth it?

    python -m benchmarks.keyword_topics tests/quality/annotations/*/

A document has a topic when its stems occur often enough in text and title (a hit in the title counts twice).
The number of hits is the one that suits the keywords best over all sets given: more than they could know.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean

from indexer.annotate import open_annotator
from indexer.evaluation.agreement import Agreement, agreement
from indexer.evaluation.annotations import Conclusions, read_labelled
from kb.model import Document

ROOT = Path(__file__).resolve().parent.parent
STEMS = {
    "migration": (
        "migra", "geflücht", "flücht", "zugewander", "zuwander", "einwander", "integration", "asyl",
        "interkultur", "sprachmittl", "willkommensk", "ausländ", "drittstaat", "bleiberecht", "sprachkurs",
    ),
    "uebergaenge": (
        "übergang", "übergäng", "beruf", "ausbildung", "praktik", "lehrstelle", "azubi", "bewerbung", "kaoa",
        "koordinierung", "anschluss", "schulabgänger",
    ),
    "quartier": (
        "quartier", "stadtteil", "sozialraum", "sozialräum", "nachbarschaft", "stadtviertel", "gemeinwesen",
        "kiez", "zusammenhalt",
    ),
}  # fmt: skip
HITS = (1, 2, 3, 4)

Topics = frozenset[str]


def by_stems(document: Document, least: int) -> Topics:
    """The topics whose stems occur at least so often."""
    text, title = document.text.lower(), document.title.lower()
    return frozenset(
        topic
        for topic, stems in STEMS.items()
        if sum(text.count(stem) + 2 * title.count(stem) for stem in stems) >= least
    )


def macro_f1(wanted: Sequence[Topics], found: Sequence[Topics]) -> float:
    """Mean F1 of the required topics."""
    return fmean(_of_topic(topic, wanted, found).f1 for topic in STEMS)


def _of_topic(topic: str, wanted: Sequence[Topics], found: Sequence[Topics]) -> Agreement:
    return agreement((one & {topic} for one in wanted), (one & {topic} for one in found))


def main(folders: Sequence[str]) -> None:
    """Print one line for each set and one for all."""
    annotator = open_annotator(ROOT / "corpus" / "topics", ROOT / "corpus" / "places.tsv")
    sets = {Path(folder).name: list(read_labelled(Path(folder))) for folder in folders}
    everything = [pair for pairs in sets.values() for pair in pairs]

    def score(pairs: Sequence[tuple[Document, Conclusions]], find: Callable[[Document], Topics]) -> float:
        wanted = [label.topics for _, label in pairs]
        return macro_f1(wanted, [find(document) for document, _ in pairs])

    def rules(document: Document) -> Topics:
        return frozenset(tag.id for tag in annotator.annotate(document).topics)

    least = max(HITS, key=lambda hits: score(everything, lambda document: by_stems(document, hits)))
    print(f"{'set':>12} documents  keywords ({least} hits)  rules")
    for name, pairs in {**sets, "all": everything}.items():
        keywords = score(pairs, lambda document: by_stems(document, least))
        print(f"{name:>12} {len(pairs):9} {keywords:18.3f} {score(pairs, rules):6.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
