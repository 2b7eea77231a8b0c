"""What is written is read back equal; what is damaged is noticed, never unpickled, never believed."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.german import CompoundSplitter, GermanAnalyzer, SentenceSplitter
from indexer.ranking import gathering
from indexer.ranking.array_file import Array, map_arrays, save_arrays
from indexer.ranking.build import SegmentBuilder
from indexer.ranking.gathering import Gatherer
from indexer.ranking.kernels import MOST_OCCURRENCES
from indexer.ranking.keys import pair_key, term_key, term_keys
from indexer.ranking.learned import Learned
from indexer.ranking.segment import Segment
from kb.model import IndexEntry

ANALYZER = GermanAnalyzer()


def segment(folder: Path, *texts: str) -> Segment:
    gatherer = Gatherer(ANALYZER, {}, folder / "spill", SentenceSplitter())
    for text in texts:
        gatherer.add(IndexEntry("x", "r", "", text, "s", "sonstiges"))
    gatherer.close()
    gatherer.end()
    learned = Learned(3.0, len(texts), CompoundSplitter({}, ANALYZER.stem))
    builder = SegmentBuilder(gatherer.segments[0], gatherer.words)
    return builder.build(learned, gatherer.counted, gatherer.counted.lengths[0])


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
    built = segment(tmp_path, "Die Schul- und Berufswahl. Ende.", "Übergänge gelingen", "")
    built.save(tmp_path / "s")
    loaded = Segment.load(tmp_path / "s")
    assert contents(loaded) == contents(built)
    assert loaded.vocabulary.words.all() == built.vocabulary.words.all()
    assert [loaded.sentences.of(number) for number in range(3)] == [[26, 32], [18], []]
    assert loaded.size == 3


def test_words_know_their_places_in_any_text(tmp_path: Path) -> None:
    long = "Wort " * 300 + "ä" * 70_000 + " Zeppelin und " + "Hort " * 2
    built = segment(tmp_path, "Kita und Hort", long, "Hort")
    hort, zeppelin, wort = (built.vocabulary.number(word) for word in ("hort", "zeppelin", "wort"))
    flags = np.zeros(len(built.vocabulary), dtype=np.bool_)
    flags[np.array([hort, zeppelin, wort], dtype=np.int64)] = True
    begin = len("\n") + long.index("Zeppelin")
    assert built.words.places(flags, 0) == [[10, 14, hort]]
    found = built.words.places(flags, 1)
    assert [place for place in found if place[2] == zeppelin] == [[begin, begin + 8, zeppelin]]
    assert [start for start, _, word in found if word == hort] == [begin + 13, begin + 18]
    assert len([place for place in found if place[2] == wort]) == MOST_OCCURRENCES
    assert built.words.places(flags, 2) == [[1, 5, hort]]


def test_what_is_much_waits_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["Kita und Hort", "Hort im Quartier", "Übergang Schule", "Schule Kita"]
    expected = contents(segment(tmp_path, *texts))
    monkeypatch.setattr(gathering, "_HELD_TOKENS", 4)
    monkeypatch.setattr(gathering, "_BATCH", 1)
    assert contents(segment(tmp_path, *texts)) == expected
    assert len(list((tmp_path / "spill").iterdir())) > 1


def test_helpers_analyse_as_it_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"Kita {number} und Hort im Quartier {number % 7}. Ende!" for number in range(40)]
    expected = segment(tmp_path, *texts)
    monkeypatch.setattr(gathering, "processors", lambda: 2)
    monkeypatch.setattr(gathering, "_BATCH", 3)
    monkeypatch.setattr(gathering, "_FEW_BATCHES", 2)
    helped = segment(tmp_path, *texts)
    assert contents(helped) == contents(expected)
    assert helped.vocabulary.spellings.all() == expected.vocabulary.spellings.all()
    assert helped.sentences.ends.tolist() == expected.sentences.ends.tolist()


@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=20, unique=True))
def test_keys_tell_terms_apart_and_arrays_agree(terms: list[str]) -> None:
    keys = term_keys(terms)
    assert keys.tolist() == [term_key(term) for term in terms]
    if not any("\x00" in term for term in terms):
        assert len(set(keys.tolist())) == len(terms)


@given(st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=20))
def test_neighbours_have_the_keys_of_their_pairs(words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        built = segment(Path(folder), " ".join(f"{word}burg" for word in words))
    keys = {pair_key(*(ANALYZER.stem(f"{word}burg") for word in pair)) for pair in pairwise(words)}
    assert set(built.tables["pairs"].keys.tolist()) == keys


def test_the_order_of_a_pair_counts() -> None:
    assert pair_key("schule", "beruf") != pair_key("beruf", "schule")
