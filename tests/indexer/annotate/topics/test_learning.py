"""The learned suggester: silent until enough is decided, right on unseen texts, below rules and editors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.annotate.text.language import german
from indexer.annotate.topics.learning import MIN_CONFIRMED, MIN_OTHERS, Lesson, examples, learn
from indexer.annotate.topics.linear import fit, matrix
from indexer.annotate.topics.suggester import (
    FileSuggester,
    LearnedSuggester,
    learn_from,
    read_learned,
    write_learned,
)
from kb.corpus import DirectoryCorpus
from kb.errors import UnreadableInputError
from kb.model import Annotations, Decision, Decisions, DocTypeTag, Document, TopicTag

# Two kinds of texts in words that vary: gardens and councils.
GARDEN = ["Gemüsebeet", "Kompost", "Gießkanne", "Obstbäume", "Hochbeet", "Regentonne", "Kräuter", "Bienen"]
COUNCIL = ["Haushalt", "Ausschuss", "Vorlage", "Beschluss", "Fraktion", "Satzung", "Sitzung", "Gebühren"]
PLAIN = ["Menschen", "Nachmittag", "Straße", "Woche", "Sommer", "Angebot", "Herbst", "Verein"]


def sentence(words: list[str], number: int) -> str:
    own = [words[(number * step + step) % len(words)] for step in (1, 3, 5)]
    plain = [PLAIN[(number + step) % len(PLAIN)] for step in (0, 3)]
    return f"Hier geht es um {own[0]}, {own[1]} und {own[2]}. Dazu kommen {plain[0]} und {plain[1]}."


def text(number: int, *, about_gardens: bool) -> Document:
    words = GARDEN if about_gardens else COUNCIL
    return Document(
        id=f"{'g' if about_gardens else 'r'}{number:03}", title="Ein Text", text=sentence(words, number)
    )


def decided(document: Document, **topics: str) -> Document:
    return replace(document, decisions=Decisions(topics={name: Decision(one) for name, one in topics.items()}))


class Rules:
    """Stands for the annotator: claims the topics that it is told to, by document."""

    version = "1"

    def __init__(self, claims: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._claims = claims or {}

    def annotate(self, document: Document) -> Annotations:
        assert not document.decisions, "rules must not see what editors decided"
        return Annotations(
            DocTypeTag("sonstiges"), tuple(TopicTag(name, 1.0) for name in self._claims.get(document.id, ()))
        )


def reviewed(confirmed: int, others: int) -> Iterator[Document]:
    for number in range(confirmed):
        yield decided(text(number, about_gardens=True), garten="confirmed")
    for number in range(others):
        yield decided(text(number, about_gardens=False), garten="rejected")


def lesson(documents: Iterator[Document], rules: Rules | None = None) -> Lesson:
    return learn(examples(documents, rules or Rules(), ["garten"], german()), ["garten"])


def suggester(confirmed: int = 20, others: int = 30) -> LearnedSuggester:
    return LearnedSuggester(lesson(reviewed(confirmed, others)).learned, german())


@pytest.mark.parametrize(
    ("confirmed", "others", "reason"),
    [
        (0, 0, "zu wenige bestätigt (0 von 10)"),
        (MIN_CONFIRMED - 1, 50, "zu wenige bestätigt (9 von 10)"),
        (MIN_CONFIRMED, MIN_OTHERS - 1, "zu wenige ohne das Thema (19 von 20)"),
    ],
)
def test_off_until_there_are_enough_decisions(confirmed: int, others: int, reason: str) -> None:
    found = lesson(reviewed(confirmed, others))
    assert [report.reason for report in found.reports] == [reason]
    silent = LearnedSuggester(found.learned, german())
    assert silent.version == ""
    assert silent.suggest(text(99, about_gardens=True)) == ()


def test_an_unseen_text_gets_the_topic_with_the_words_that_speak_for_it() -> None:
    new = Document(id="neu", title="Bienen", text="Wir bauen ein Hochbeet. Im Sommer wachsen Kräuter darin.")
    (tag,) = suggester().suggest(new)
    assert tag.id == "garten"
    assert 0.5 <= tag.score <= 1
    assert {"Hochbeet", "Kräuter", "Bienen"} <= {one.text for one in tag.evidence}
    for one in tag.evidence:
        assert one.rule == "gelernt"
        assert one.end == 0 or new.text[one.start : one.end] == one.text


def test_other_texts_get_nothing() -> None:
    learned = suggester()
    assert learned.suggest(Document(id="a", title="Haushalt", text="Der Ausschuss berät die Gebühren.")) == ()
    assert learned.suggest(Document(id="b", title="Leer", text="Guten Tag.")) == ()
    english = (
        "The garden of the school and the compost are what we talk about when we talk of them in the spring "
        * 3
    )
    assert learned.suggest(Document(id="c", title="Garden", text=english, language="en")) == ()


def test_rules_and_editors_come_first() -> None:
    learned, new = suggester(), text(77, about_gardens=True)
    assert [tag.id for tag in learned.suggest(new)] == ["garten"]
    assert learned.suggest(new, known=["garten"]) == ()
    for verdict in ("confirmed", "rejected"):
        assert learned.suggest(decided(new, garten=verdict)) == ()


def test_words_of_link_lists_do_not_speak() -> None:
    links = "\n".join(f"- [{word} im Garten](https://a.example/{word})" for word in GARDEN)
    assert suggester().suggest(Document(id="p", title="Portal", text=f"Willkommen hier.\n\n{links}")) == ()


def test_what_rules_claim_undecided_is_no_counterexample() -> None:
    documents = [decided(text(0, about_gardens=True), anderes="confirmed")]
    (plain,) = examples(documents, Rules(), ["garten", "anderes"], german())
    assert plain.others == {"garten"}
    (claimed,) = examples(documents, Rules({"g000": ("garten",)}), ["garten", "anderes"], german())
    assert claimed.others == set()
    assert list(examples([text(0, about_gardens=True)], Rules(), ["garten"], german())) == []


def test_decisions_without_a_pattern_teach_nothing() -> None:
    """Half of the same texts confirmed, half rejected: no claim would hold, so none is made."""
    documents = [
        decided(replace(text(number % 5, about_gardens=True), id=f"d{number}"), garten=verdict)
        for number in range(60)
        for verdict in (("confirmed", "rejected", "rejected")[number % 3],)
    ]
    (report,) = lesson(iter(documents)).reports
    assert "zu oft falsch" in report.reason


def test_the_figures_are_of_unseen_texts() -> None:
    (report,) = lesson(reviewed(20, 30)).reports
    assert (report.confirmed, report.others, report.reason) == (20, 30, "")
    assert report.precision is not None
    assert report.recall is not None
    assert report.precision >= 0.8
    assert 0 < report.recall <= 1


def test_the_order_of_documents_changes_nothing_and_a_decision_changes_the_version() -> None:
    forward = list(reviewed(20, 30))
    one, other = lesson(iter(forward)), lesson(iter(forward[::-1]))
    assert one == other
    assert one.learned.version != lesson(reviewed(21, 30)).learned.version


def test_kept_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "learned.json"
    learned = lesson(reviewed(20, 30)).learned
    write_learned(learned, path)
    assert read_learned(path) == learned
    new = text(55, about_gardens=True)
    assert FileSuggester(path).suggest(new) == LearnedSuggester(learned, german()).suggest(new)


def test_a_running_server_notices_what_was_learnt_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "learned.json"
    suggester = FileSuggester(path)
    new = text(55, about_gardens=True)
    assert (suggester.version, suggester.suggest(new)) == ("", ())
    learned = lesson(reviewed(20, 30)).learned
    write_learned(learned, path)
    assert suggester.version == learned.version
    assert suggester.suggest(new)
    path.unlink()
    assert suggester.suggest(new) == ()


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"format": 1}', "version", "weight"])
def test_a_damaged_file_is_told_and_suggests_nothing(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "learned.json"
    write_learned(lesson(reviewed(20, 30)).learned, path)
    if damage in ("version", "weight"):
        data = json.loads(path.read_text(encoding="utf-8"))
        data["version"] = "0" if damage == "version" else data["version"]
        data["topics"]["garten"]["bias"] += 0 if damage == "version" else 1
        damage = json.dumps(data)
    path.write_text(damage, encoding="utf-8")
    with pytest.raises(UnreadableInputError, match="kb learn"):
        read_learned(path)
    assert FileSuggester(path).suggest(text(0, about_gardens=True)) == ()


def test_learning_from_a_corpus_passes_over_broken_documents(tmp_path: Path) -> None:
    corpus = DirectoryCorpus(tmp_path / "corpus")
    for document in reviewed(20, 30):
        corpus.put(document, expected=None)
    broken = tmp_path / "corpus" / "documents" / "kaputt.md"
    broken.write_text("---\nid: [\n---\n", encoding="utf-8")
    (report,) = learn_from(corpus, Rules(), ["garten"], tmp_path / "learned.json")
    assert report.reason == ""
    assert FileSuggester(tmp_path / "learned.json").version


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.sets(st.integers(0, 5)), st.booleans()), min_size=2, max_size=30))
def test_the_line_is_where_the_loss_has_its_minimum(rows: list[tuple[set[int], bool]]) -> None:
    """At the minimum the loss has no slope: neither along a weight nor along the bias."""
    labels = [label for _, label in rows]
    values = matrix([sorted(features) for features, _ in rows], 6)
    if len(set(labels)) < 2:
        with pytest.raises(ValueError, match="both classes"):
            fit(values, labels)
        return
    line = fit(values, labels)
    wanted = np.array(labels, dtype=float)
    share = np.where(wanted == 1, 0.5 / wanted.sum(), 0.5 / (len(wanted) - wanted.sum()))
    error = share * (line.probabilities(values) - wanted)
    assert abs(error.sum()) < 0.01
    assert np.abs(values.T @ error + 0.3 / len(wanted) * line.weights).max() < 0.01
