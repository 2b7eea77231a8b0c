"""Where the measured documents come from."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.documents import (
    SavedEntries,
    Text,
    cut_passages,
    demo_texts,
    make_entries,
    read_texts,
    save_entries,
)
from kb.errors import ConfigurationError
from kb.model import FACETS

CORPUS = Path(__file__).parents[2] / "corpus"
TEXTS = [
    Text(f"Bericht {number}", f"Erster Absatz {number}. Noch ein Satz.\n\nZweiter Absatz {number}.")
    for number in range(7)
]


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_json_lines_are_read_packed_or_not(tmp_path: Path) -> None:
    content = lines(
        {"id": "1", "title": " Übergänge \n gestalten ", "text": "Im Kreis."}, {"id": "2", "text": "  "}
    )
    (tmp_path / "texte.jsonl").write_text(content, "utf-8")
    with gzip.open(tmp_path / "texte.jsonl.gz", "wt", encoding="utf-8") as packed:
        packed.write(content)
    expected = [Text("Übergänge gestalten", "Im Kreis.")]
    assert read_texts(tmp_path / "texte.jsonl") == expected
    assert read_texts(tmp_path / "texte.jsonl.gz") == expected


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.jsonl", b'{"id": "1", "text": "gut"}\n{kaputt\n', "a.jsonl:2: die Zeile ist kein JSON"),
        ("a.jsonl", b'{"id": "1"}\n', "a.jsonl:1: der Zeile fehlt text"),
        ("a.jsonl", b'["text"]\n', "a.jsonl:1: der Zeile fehlt text"),
        ("a.jsonl", b"\n", "a.jsonl: die Datei enthält keinen Text"),
        ("a.jsonl", b"\xff\xfe\x00", "a.jsonl: nicht lesbar"),
        ("a.jsonl.gz", b"nicht gepackt", "a.jsonl.gz: nicht lesbar"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigurationError) as error:
        read_texts(tmp_path / name)
    assert problem in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"fehlt\.jsonl: nicht lesbar"):
        read_texts(tmp_path / "fehlt.jsonl")


def test_each_text_comes_once_before_new_ones_are_made_of_passages() -> None:
    entries = make_entries(TEXTS, 40)
    passages = {passage for text in TEXTS for passage in cut_passages(text.text)}
    assert {entry.text for entry in entries[:7]} == {text.text for text in TEXTS}
    assert len({entry.id for entry in entries}) == 40
    for entry in entries[7:]:
        assert set(entry.text.split("\n\n")) <= passages
    assert len({entry.text for entry in entries}) > 30


def test_the_same_texts_give_the_same_documents_and_more_of_them_begin_alike() -> None:
    assert make_entries(TEXTS, 30) == make_entries(TEXTS, 30)
    assert make_entries(TEXTS, 30)[:20] == make_entries(TEXTS, 20)


def test_facets_are_spread_unevenly_and_all_of_them_used() -> None:
    entries = make_entries(TEXTS, 300)
    for facet in FACETS:
        values = [value for entry in entries for value in entry.facet_values(facet)]
        assert len(set(values)) > 4
    assert {len(entry.topics) for entry in entries} >= {0, 1, 2}


def test_entries_pass_to_another_process_unchanged(tmp_path: Path) -> None:
    entries = make_entries(TEXTS, 20)
    save_entries(entries, tmp_path / "documents.jsonl")
    assert list(SavedEntries(tmp_path / "documents.jsonl")) == entries


@given(st.text(alphabet="abcÄß.!? \n„»", max_size=1500))
def test_passages_lose_nothing_but_white_space(text: str) -> None:
    assert "".join("".join(cut_passages(text)).split()) == "".join(text.split())


def test_long_paragraphs_are_cut_between_sentences() -> None:
    sentence = "Die Stadtteilmütter begleiten Familien beim Übergang in die Schule. "
    passages = list(cut_passages(sentence * 30))
    assert len(passages) > 3
    assert all(passage.endswith("Schule.") and len(passage) <= 400 for passage in passages)


def test_the_demonstration_corpus_is_enough_to_start_with() -> None:
    assert len(demo_texts(CORPUS)) > 20
