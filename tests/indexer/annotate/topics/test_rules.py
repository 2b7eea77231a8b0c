"""Topic rules: every topic's own sentences, traps of the field, weights, diminishing return, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.annotate import DocumentAnnotator
from indexer.annotate.phrases.matching import PatternIndex
from indexer.annotate.topics.rules import TopicMatcher
from kb.model import TopicTag
from kb.topics import Topic, TopicExclusion, TopicRule, load_topics
from tests.indexer.annotate.conftest import CORPUS, document, reading

TOPICS = load_topics(CORPUS / "topics")
SENTENCES = [
    pytest.param(topic.id, sentence, expected, id=f"{topic.id}-{expected}-{number}")
    for topic in TOPICS.values()
    for expected, sentences in ((True, topic.match), (False, topic.no_match))
    for number, sentence in enumerate(sentences)
]


@pytest.fixture(scope="module")
def matcher() -> TopicMatcher:
    return TopicMatcher(TOPICS, PatternIndex())


@pytest.mark.parametrize(("topic", "sentence", "expected"), SENTENCES)
def test_sentences_of_the_topic_files(matcher: TopicMatcher, topic: str, sentence: str, expected: bool) -> None:
    assert (topic in {tag.id for tag in matcher.tags(reading(sentence))}) is expected


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.id)
def test_every_topic_brings_enough_sentences(topic: Topic) -> None:
    assert len(topic.match) >= 10
    assert len(topic.no_match) >= 10
    assert not set(topic.match) & set(topic.no_match)


def test_shipped_topics() -> None:
    assert {"migration", "uebergaenge", "quartier"} <= set(TOPICS)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Geflu\u0308chtete Kinder besuchen die Kita.", set()),  # decomposed umlaut: not repaired silently
        ("Viele Gefluechtete und Fluechtlinge besuchen den Kurs.", {"migration"}),
        ("Kolleg_innen aus dem Quartiers- und Stadtteilmanagement berichten.", {"quartier"}),
        ("Die JugendberufsAgentur öffnet. Jugendberufsagenturen helfen.", {"uebergaenge"}),
        ("Der Übergang\nvon der Schule in\nden Beruf gelingt.", {"uebergaenge"}),
        ("Der Übergang endet. Die Schule hat Ferien. Ein Beruf ist schön.", set()),
        ("JUGEND STÄRKEN im Quartier hilft am Übergang Schule–Beruf. Das Quartiersmanagement hilft mit.",
         {"uebergaenge", "quartier"}),
    ],
)  # fmt: skip
def test_spellings_of_real_texts(matcher: TopicMatcher, text: str, topics: set[str]) -> None:
    assert {tag.id for tag in matcher.tags(reading(text))} == topics


def test_navigation_and_link_lists_do_not_count(matcher: TopicMatcher) -> None:
    text = """Der Bauausschuss tagt am Montag.

## Weitere Meldungen

Quartiersmanagement lädt ein
Geflüchtete lernen Deutsch

## Kontakt

- [Quartiersbüro Nord](https://a.example/quartiersmanagement)
- [Stadtteilfest im Quartier](https://a.example/b)
- [Migranten beraten Migranten](https://a.example/c)
"""
    assert matcher.tags(reading(text)) == ()


def test_addresses_do_not_count(matcher: TopicMatcher) -> None:
    text = "Der Bericht steht unter https://stadt.example/quartiersmanagement/quartiersentwicklung bereit."
    assert matcher.tags(reading(text)) == ()


def test_a_document_about_servers_migrates_data(annotator: DocumentAnnotator) -> None:
    text = """Der alte Schulserver wird abgeschaltet.

## Vor der Migration

Erstellen Sie ein Backup.

## Nach der Migration

Jedes Benutzerkonto bekommt ein neues Kennwort."""
    tags = annotator.annotate(document(text, title="Umzug des Schulservers")).topics
    assert "migration" not in {tag.id for tag in tags}


def one_rule(weight: float = 1.0, **more: float) -> TopicRule:
    return TopicRule(
        "Garten", ("Garten",), weight, more.get("title", 2 * weight), more.get("heading", 1.5 * weight)
    )


def garden(threshold: float, rule: TopicRule, *exclusions: TopicExclusion) -> Mapping[str, Topic]:
    return {"garten": Topic("garten", "Garten", "Garden", "Gärten", threshold, (rule,), exclusions)}


def tags(topics: Mapping[str, Topic], text: str, title: str = "Ohne Titel") -> tuple[TopicTag, ...]:
    return TopicMatcher(topics, PatternIndex()).tags(reading(text, title))


@pytest.mark.parametrize(
    ("text", "title", "score"),
    [
        ("Ein Garten.", "Probe", 1.0),
        ("Ein Garten. Zwei Gärten.", "Probe", 1.5),
        ("Ein Garten. Zwei Gärten. Drei Gärten.", "Probe", 1.833),
        ("Ein Feld.", "Der Garten", 2.0),
        ("Ein Garten.", "Der Garten", 2.5),
        ("## Im Garten\n\nText.", "Probe", 1.5),
    ],
)
def test_score_is_points_over_threshold_with_diminishing_return(text: str, title: str, score: float) -> None:
    assert [tag.score for tag in tags(garden(1.0, one_rule()), text, title)] == [score]


def test_below_the_threshold_there_is_no_tag() -> None:
    assert tags(garden(1.01, one_rule()), "Ein Garten.") == ()


def test_a_long_text_needs_more() -> None:
    long = "Ein Garten. " + "Vieles andere steht hier geschrieben. " * 200
    assert tags(garden(1.0, one_rule()), long) == ()
    assert tags(garden(1.0, one_rule(weight=3.0)), long)


def test_exclusion_by_phrase_company_and_subject() -> None:
    phrase = TopicExclusion("Wendung", patterns=("botanischer Garten",))
    company = TopicExclusion("Umgebung", near=("Zaun",), window=3)
    subject = TopicExclusion("Thema", about=("Zoo",), at_least=2)
    rules = garden(1.0, one_rule(), phrase, company, subject)
    assert tags(rules, "Der botanische Garten öffnet.") == ()
    assert tags(rules, "Der Zaun am Garten fehlt.") == ()
    assert tags(rules, "Der Zaun steht schon sehr lange Zeit nicht mehr beim Garten.")
    assert tags(rules, "Im Zoo gibt es einen Garten.")
    assert tags(rules, "Im Zoo gibt es einen Garten. Der Zoo ist groß.") == ()


def test_evidence_names_the_rule_and_the_words() -> None:
    (tag,) = tags(garden(1.0, one_rule()), "Die Gärten blühen.")
    assert [(item.start, item.end, item.text, item.rule) for item in tag.evidence] == [
        (4, 10, "Gärten", "Garten")
    ]


def test_a_new_topic_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "sprache.toml").write_text(
        """id = "sprache"
label_de = "Sprache"
label_en = "Language"
description = "Sprachbildung"
threshold = 1.0
[[rules]]
name = "Sprachbildung"
weight = 1.0
patterns = ["sprachbild*", "*vorlese*"]
""",
        encoding="utf-8",
    )
    matcher = TopicMatcher(load_topics(tmp_path), PatternIndex())
    assert [tag.id for tag in matcher.tags(reading("Alltagsintegrierte Sprachbildung in der Kita"))] == [
        "sprache"
    ]


def test_what_is_only_mentioned_beside_a_stronger_topic_is_none() -> None:
    strong = replace(garden(1.0, one_rule(weight=4.0))["garten"], id="garten")
    field = TopicRule("Feld", patterns=("Feld",), weight=1.0, title_weight=2.0, heading_weight=1.5)
    weak = replace(strong, id="feld", rules=(field,), beside=0.3)
    text = "Ein Garten und ein Feld."
    assert [tag.id for tag in tags({"garten": strong, "feld": weak}, text)] == ["garten"]
    assert [tag.id for tag in tags({"feld": weak}, text)] == ["feld"]
    assert {tag.id for tag in tags({"garten": strong, "feld": replace(weak, beside=0.2)}, text)} == {
        "garten",
        "feld",
    }


def test_a_note_needs_half_of_a_threshold_but_not_for_its_title_alone(matcher: TopicMatcher) -> None:
    """„Übergang gesichert“ may be that of toads; what its text says once is enough."""
    of_toads = reading(
        "Damit Kröten heil über die Kreisstraße kommen, stehen ab Samstag wieder grüne Zäune und viele Eimer.",
        "Übergang gesichert",
    )
    of_people = reading(
        "Vierzig Menschen aus dem Viertel kamen am Wochenende zusammen und deckten am Markt eine lange Tafel.",
        "Gut besucht",
    )
    assert "uebergaenge" not in {tag.id for tag in matcher.tags(of_toads)}
    assert "quartier" in {tag.id for tag in matcher.tags(of_people)}
