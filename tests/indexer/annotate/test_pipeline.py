"""All annotators together: right conclusions, true evidence, editors' word above all."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.annotate import DocumentAnnotator, open_annotator, pipeline
from indexer.annotate.pipeline import is_german
from indexer.annotate.text.language import german
from kb.errors import ConfigurationError
from kb.model import Annotations, Decision, Decisions, Document, Event, Evidence, PartialDate, normalise_text
from kb.running_text import running_text
from tests.annotators import open_once
from tests.cost import assert_costs_at_most, assert_linear, cost
from tests.indexer.annotate.conftest import CORPUS, document
from tests.indexer.annotate.texts import ALL, ANNOUNCED_FORUM, PRACTICE, REPORT_WITH_DIRT, Labelled


def all_evidence(found: Annotations) -> list[Evidence]:
    event = found.event.evidence if found.event else ()
    quoted = [tag.evidence for tag in found.topics] + [tag.evidence for tag in found.places]
    quoted += [field.evidence for field in found.card]
    return [
        item
        for evidence in (*quoted, found.doc_type.evidence if found.doc_type else (), event)
        for item in evidence
    ]


def check_evidence(source: Document, found: Annotations) -> None:
    for item in all_evidence(found):
        if item.end:
            assert running_text(source.text[item.start : item.end]) == item.text
            assert item.text.strip()
            assert "**" not in item.text
        else:
            assert item.start == 0
            assert item.text in source.title
        assert item.rule


def event_text(found: Annotations) -> str | None:
    if found.event is None:
        return None
    event = found.event.event
    return f"{event.start}/{event.end}" if event.end else str(event.start)


@pytest.mark.parametrize("labelled", ALL, ids=lambda labelled: labelled.doc_type)
def test_whole_texts(annotator: DocumentAnnotator, labelled: Labelled) -> None:
    found = annotator.annotate(labelled.document)
    assert {tag.id for tag in found.topics} & {"migration", "quartier", "uebergaenge"} == labelled.topics
    assert (found.doc_type.id if found.doc_type else None) == labelled.doc_type
    assert event_text(found) == labelled.event
    assert {tag.name for tag in found.places} == labelled.places


@pytest.mark.parametrize("labelled", ALL, ids=lambda labelled: labelled.doc_type)
def test_every_conclusion_quotes_the_text(annotator: DocumentAnnotator, labelled: Labelled) -> None:
    found = annotator.annotate(labelled.document)
    check_evidence(labelled.document, found)
    assert all(tag.evidence for tag in found.topics)
    assert all(tag.evidence for tag in found.places)


def demo_texts() -> list[Path]:
    return sorted((CORPUS / "documents" / "demo").glob("*.md"))


def test_evidence_of_the_demonstration_corpus(annotator: DocumentAnnotator) -> None:
    texts = demo_texts()
    assert len(texts) >= 40
    tagged = 0
    for path in texts:
        source = document(path.read_text(encoding="utf-8").split("---\n", 2)[2], title=path.stem)
        found = annotator.annotate(source)
        check_evidence(source, found)
        assert not {"|", "\\"} & set("".join(item.text for item in all_evidence(found)))
        tagged += bool(found.topics)
    assert tagged >= 20


pieces = st.sampled_from(
    [
        "Übergang", "Schule–Beruf", "Quartiersmanagement", "Geflüchtete", "Flüchtlinge ", "im Kreis Unna",
        "in Essen,", "Dortmunder", "am 29./30.11.2018", "7. bis 9. Mai 2019", "26. Juni", "\n", "\n\n", "## ",
        "- ", "🙂", "ß", "Schüler:innen", "KI", "\u00ad", "[Quartier](https://q.example/quartier)",
        "fand statt", ".", "Prüfen Sie", "ﬁ", "e\u0301", "„", "“", "1)", "| a | b |",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(pieces | st.text(max_size=12), min_size=1, max_size=40))
def test_evidence_is_true_for_any_text(annotator: DocumentAnnotator, parts: list[str]) -> None:
    text = normalise_text(" ".join(parts)) or "leer"
    source = Document(
        id="x", title="Quartier am 3. Mai 2020 in Köln", text=text, published=PartialDate(2020, 6, 1)
    )
    check_evidence(source, annotator.annotate(source))


def test_the_same_document_gives_the_same_annotations(annotator: DocumentAnnotator) -> None:
    first = annotator.annotate(PRACTICE.document)
    assert annotator.annotate(REPORT_WITH_DIRT.document) != first
    assert annotator.annotate(PRACTICE.document) == first


def test_other_languages_get_no_tags(annotator: DocumentAnnotator) -> None:
    english = replace(ANNOUNCED_FORUM.document, language="en")
    found = annotator.annotate(english)
    assert found == Annotations(found.doc_type)
    assert found.doc_type is None


@pytest.mark.parametrize(
    ("language", "expected"), [("de", True), ("de-AT", True), ("DE", True), ("den", False)]
)
def test_which_languages_are_german(language: str, expected: bool) -> None:
    assert is_german(language) is expected


def test_an_event_stated_by_the_source_wins(annotator: DocumentAnnotator) -> None:
    stated = Event(PartialDate(2020, 11, 9))
    found = annotator.annotate(replace(ANNOUNCED_FORUM.document, event=stated))
    assert found.event is not None
    assert found.event.event == stated


def test_editors_decisions_win(annotator: DocumentAnnotator) -> None:
    decisions = Decisions(
        topics={
            "quartier": Decision("rejected"),
            "migration": Decision("confirmed"),
            "weg": Decision("confirmed"),
        },
        places={"Bochum": Decision("rejected"), "Kreis Unna": Decision("confirmed")},
        doc_type=Decision("praxisbeispiel"),
        event=Decision("2021-01"),
    )
    found = annotator.annotate(replace(ANNOUNCED_FORUM.document, decisions=decisions))
    assert {tag.id for tag in found.topics} == {"uebergaenge", "migration"}
    assert [(tag.name, tag.ags) for tag in found.places] == [("Kreis Unna", "05978")]
    assert found.doc_type is not None
    assert found.doc_type.id == "praxisbeispiel"
    assert event_text(found) == "2021-01"
    assert {item.rule for tag in found.places for item in tag.evidence} == {"editor"}


def test_an_editor_can_say_that_there_is_no_event(annotator: DocumentAnnotator) -> None:
    decisions = Decisions(event=Decision("none"))
    assert annotator.annotate(replace(ANNOUNCED_FORUM.document, decisions=decisions)).event is None


def test_a_practice_example_keeps_its_card_under_decisions(annotator: DocumentAnnotator) -> None:
    plain = annotator.annotate(PRACTICE.document)
    assert {"ausgangslage", "vorgehen", "ergebnis", "uebertragbarkeit"} <= {field.id for field in plain.card}
    decisions = Decisions(topics={"migration": Decision("confirmed")})
    assert annotator.annotate(replace(PRACTICE.document, decisions=decisions)).card == plain.card
    assert annotator.annotate(ANNOUNCED_FORUM.document).card == ()


def test_a_confirmed_topic_keeps_the_machines_evidence(annotator: DocumentAnnotator) -> None:
    decisions = Decisions(topics={"migration": Decision("confirmed")})
    found = annotator.annotate(replace(PRACTICE.document, decisions=decisions))
    rules = [item.rule for item in found.topics[0].evidence]
    assert rules[0] == "editor"
    assert len(rules) > 1


def write_topic(folder: Path, **changes: str) -> None:
    values = {"id": "probe", "pattern": "Garten"} | changes
    text = f"""id = "{values["id"]}"
label_de = "Probe"
label_en = "Probe"
description = "Nur zur Probe."
threshold = 1.0
[[rules]]
name = "Wort"
weight = 1.0
patterns = ["{values["pattern"]}"]
"""
    (folder / f"{values['id']}.toml").write_text(text, encoding="utf-8")


def test_version_follows_rules_and_places(tmp_path: Path) -> None:
    places = tmp_path / "places.tsv"
    write_topic(tmp_path)
    plain = open_annotator(tmp_path, places).version
    assert open_annotator(tmp_path, places).version == plain
    write_topic(tmp_path, pattern="Gärten*")
    changed = open_annotator(tmp_path, places).version
    assert changed != plain
    places.write_text(
        (CORPUS / "places.tsv").read_text(encoding="utf-8").split("Land Bremen")[0], encoding="utf-8"
    )
    assert open_annotator(tmp_path, places).version != changed


def test_without_places_file_there_are_no_places(tmp_path: Path) -> None:
    write_topic(tmp_path)
    found = open_annotator(tmp_path, tmp_path / "fehlt.tsv").annotate(document("Ein Garten in Köln."))
    assert found.places == ()
    assert [tag.id for tag in found.topics] == ["probe"]


def test_a_pattern_that_means_nothing_names_the_topic(tmp_path: Path) -> None:
    write_topic(tmp_path, pattern="a*b*c")
    with pytest.raises(ConfigurationError, match=r"Thema probe.*a\*b\*c"):
        open_annotator(tmp_path, tmp_path / "fehlt.tsv")


def test_spacy_is_loaded_by_annotators_only() -> None:
    code = "import sys, json, kb.topics, kb.ports, indexer; print(json.dumps('spacy' in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) is False


def test_annotating_costs_a_few_times_what_cutting_into_words_costs(annotator: DocumentAnnotator) -> None:
    """Some fourteen times: what runs are cut into is remembered, and most of what is asked of words is too."""
    sources = [
        document(path.read_text(encoding="utf-8").split("---\n", 2)[2], title=path.stem)
        for path in demo_texts()
    ]
    cut = cost(lambda: [german().tokens(source.text) for source in sources])
    assert_costs_at_most(30 * cut, lambda: [annotator.annotate(source) for source in sources])


def test_annotating_costs_linear_time(annotator: DocumentAnnotator) -> None:
    text = demo_texts()[0].read_text(encoding="utf-8").split("---\n", 2)[2]
    assert_linear(lambda times: annotator.annotate(document("\n\n".join([text] * times))), 5)


def limited(most_chars: int) -> DocumentAnnotator:
    return open_once(CORPUS / "topics", CORPUS / "places.tsv", most_chars=most_chars)


def test_of_a_long_text_the_beginning_is_read_and_that_is_said(caplog: pytest.LogCaptureFixture) -> None:
    days = "\n\n".join(f"Am Tag {number} wird im Quartier gefeiert." for number in range(60))
    source = document(f"{days}\n\nDie Migrantinnen kamen aus Dortmund.")
    whole, part = limited(5_000).annotate(source), limited(1_000).annotate(source)
    assert "nur-anfang" not in whole.flags
    assert part.flags == ("nur-anfang",)
    assert {tag.id for tag in part.topics} == {"quartier"}
    check_evidence(source, part)
    assert max(item.end for item in all_evidence(part)) <= 1_000
    assert "probe: nur die ersten 1000 von" in caplog.text


@given(st.text(alphabet="ab \n", min_size=1, max_size=60), st.integers(1, 30))
def test_a_beginning_ends_where_a_word_does_if_one_ends_late_enough(text: str, most: int) -> None:
    found = pipeline._beginning(text, most)
    assert len(found) <= most
    assert text.startswith(found)
    rest = text[len(found) : len(found) + 1]
    late = any(char.isspace() for char in text[most // 2 : most])
    assert not late or not rest or rest.isspace()


def test_another_limit_is_another_version() -> None:
    assert limited(1_000).version != limited(5_000).version
