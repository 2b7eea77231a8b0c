"""What is written is read back equal; what is damaged is noticed, never unpickled, never believed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.german import CompoundSplitter, GermanAnalyzer
from indexer.ranking.array_file import Array, map_arrays, save_arrays
from indexer.ranking.build import SegmentBuilder
from indexer.ranking.document_words import document_words
from indexer.ranking.keys import pair_key, pair_keys, term_key, term_keys
from indexer.ranking.learned import Learned
from indexer.ranking.segment import KeptSegment, Segment, join_segments
from kb.model import IndexEntry

ANALYZER = GermanAnalyzer()


def segment(*texts: str) -> Segment:
    builder = SegmentBuilder()
    for text in texts:
        builder.add(document_words(ANALYZER, IndexEntry("x", "r", "", text, "s", "sonstiges"), {}))
    return builder.build(Learned(3.0, len(texts), CompoundSplitter({}, ANALYZER.stem)))


def contents(found: Segment) -> dict[str, dict[int, list[int]]]:
    return {
        name: {
            int(key): table.documents[table.starts[row] : table.starts[row + 1]].tolist()
            for row, key in enumerate(table.keys)
        }
        for name, table in found.tables.items()
    }


def test_arrays_are_mapped_as_they_were(tmp_path: Path) -> None:
    arrays: dict[str, Array] = {
        "a": np.arange(7, dtype=np.uint16),
        "leer": np.zeros(0, dtype=np.int64),
        "ü": np.array([True, False]),
    }
    save_arrays(tmp_path / "f", arrays)
    found = map_arrays(tmp_path / "f")
    assert {name: array.tolist() for name, array in found.items()} == {
        name: array.tolist() for name, array in arrays.items()
    }
    with pytest.raises(ValueError, match="read-only"):
        found["a"][0] = 1


@pytest.mark.parametrize("cut", [0, 5, 20, 200])
def test_a_cut_file_is_an_error(tmp_path: Path, cut: int) -> None:
    save_arrays(tmp_path / "f", {"a": np.arange(1000, dtype=np.int64)})
    (tmp_path / "f").write_bytes((tmp_path / "f").read_bytes()[:cut])
    with pytest.raises((ValueError, OSError)):
        map_arrays(tmp_path / "f")


def test_a_file_cannot_name_objects(tmp_path: Path) -> None:
    save_arrays(tmp_path / "f", {"a": np.arange(4, dtype=np.int64)})
    raw = (tmp_path / "f").read_bytes()
    (tmp_path / "f").write_bytes(raw.replace(b'"<i8"', b'"|O8"'))
    with pytest.raises((ValueError, TypeError)):
        map_arrays(tmp_path / "f")


def test_a_segment_is_loaded_as_it_was_built(tmp_path: Path) -> None:
    built = segment("Die Schul- und Berufswahl", "Übergänge gelingen", "")
    built.save(tmp_path / "s")
    loaded = Segment.load(tmp_path / "s")
    assert contents(loaded) == contents(built)
    assert loaded.vocabulary.words.all() == built.vocabulary.words.all()
    assert loaded.size == 3


def test_joining_segments_is_building_one() -> None:
    texts = ["Kita und Hort", "Hort im Quartier", "Übergang Schule", "Schule Kita"]
    one = segment(*texts)
    first, second = segment(*texts[:2]), segment(*texts[2:])
    joined = join_segments([KeptSegment(first, np.array([0, 1])), KeptSegment(second, np.array([2, 3]))], 4)
    assert contents(joined) == contents(one)
    less = join_segments([KeptSegment(first, np.array([0, -1])), KeptSegment(second, np.array([-1, 1]))], 2)
    assert contents(less) == contents(segment(texts[0], texts[3])), "words of dropped documents go"
    assert less.vocabulary.number("quartier") is None


@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=20, unique=True))
def test_keys_tell_terms_apart_and_arrays_agree(terms: list[str]) -> None:
    keys = term_keys(terms)
    assert keys.tolist() == [term_key(term) for term in terms]
    if not any("\x00" in term for term in terms):
        assert len(set(keys.tolist())) == len(terms)
    assert pair_keys(keys[:-1], keys[1:]).tolist() == [
        pair_key(first, second) for first, second in pairwise(terms)
    ]


def test_the_order_of_a_pair_counts() -> None:
    assert pair_key("schule", "beruf") != pair_key("beruf", "schule")
