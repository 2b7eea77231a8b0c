"""What the desk proposes: the practice card as a draft, the roles of places, topics learnt from decisions."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from indexer.annotate import DocumentAnnotator
from kb.model import Document, Evidence, TopicTag
from tests.annotators import shipped
from tests.webapp.desk_site import DeskSite, Visitor, form_fields

CORPUS = Path(__file__).parents[3] / "corpus"
PRACTICE = Document(
    id="bus",
    title="Der Bücherbus von Pforzheim",
    text=(
        "In Pforzheim hält jede Woche ein Bus am Hochhaus, und Kinder leihen Bücher aus.\n\n"
        "## Ziel\n\nAlle Kinder sollen lesen.\n\n## Stolpersteine\n\nIm Winter ist es <kalt>.\n\n"
        "## Finanzierung\n\nDie Stadt bezahlt den Diesel."
    ),
)


class Learned:
    """Stands for what was learnt: suggests migration for every text that names children."""

    version = "1"

    def suggest(self, document: Document, known: Collection[str] = ()) -> tuple[TopicTag, ...]:
        start = document.text.find("Kinder")
        if start < 0 or "migration" in known or "migration" in document.decisions.topics:
            return ()
        return (TopicTag("migration", 0.87, (Evidence(start, start + 6, "Kinder", "gelernt"),)),)


@pytest.fixture(scope="module")
def annotator() -> DocumentAnnotator:
    return shipped()


@pytest.fixture
def site(tmp_path: Path, annotator: DocumentAnnotator) -> DeskSite:
    return DeskSite(tmp_path, PRACTICE, annotator=annotator, suggester=Learned())


def proposed(editor: Visitor) -> dict[str, str]:
    """Kind and name of each proposal, and the whole of its line."""
    page = editor.page("/redaktion/pruefen/bus")
    lines = [" ".join(one.get_text(" ").split()) for one in page.select(".suggestion .what")]
    return {" ".join(line.split()[:2]): line for line in lines}


def decide(editor: Visitor, kind: str, name: str, value: str) -> None:
    stand = form_fields(editor.page("/redaktion/pruefen/bus"), "/redaktion/status/")["stand"]
    fields = {"stand": stand, "art": kind, "name": name, "wert": value}
    assert editor.send("/redaktion/entscheiden/bus", fields).status_code == 302


def test_the_card_is_shown_as_a_draft_with_its_quotes(site: DeskSite) -> None:
    editor = site.signed_in()
    lines = proposed(editor)
    assert lines["Karte Ziel"] == "Karte Ziel maschineller Entwurf"
    assert "Karte Stolpersteine" in lines
    page = editor.page("/redaktion/pruefen/bus")
    quotes = [quote.get_text() for quote in page.select(".suggestion .words q")]
    assert "Alle Kinder sollen lesen." in quotes
    assert "Im Winter ist es <kalt>." in quotes


def test_a_card_field_is_confirmed_or_rejected_and_both_can_be_taken_back(site: DeskSite) -> None:
    editor = site.signed_in()
    decide(editor, "card", "ziel", "confirmed")
    decide(editor, "card", "stolpersteine", "rejected")
    lines = proposed(editor)
    assert lines["Karte Ziel"].startswith("Karte Ziel angenommen oezlem")
    assert lines["Karte Stolpersteine"].startswith("Karte Stolpersteine abgelehnt")
    document = site.corpus.get("bus").document
    assert {name: one.value for name, one in document.decisions.card.items()} == {
        "ziel": "confirmed",
        "stolpersteine": "rejected",
    }
    card = {field.id: field.evidence for field in site.annotator.annotate(document).card}
    assert "stolpersteine" not in card
    assert card["ziel"][0].rule == "editor"
    assert [one.rule for one in card["laufzeit_foerderung"]] == ["Überschrift „Finanzierung“"]
    decide(editor, "card", "ziel", "")
    assert "ziel" not in site.corpus.get("bus").document.decisions.card


def test_the_role_of_a_place_stands_beside_it(site: DeskSite) -> None:
    assert proposed(site.signed_in())["Ort Pforzheim"] == "Ort Pforzheim Ort der Praxis"


def test_a_learned_topic_is_marked_and_accepting_it_makes_it_a_decision(site: DeskSite) -> None:
    editor = site.signed_in()
    assert proposed(editor)["Thema Migration"] == "Thema Migration aus Entscheidungen gelernt, 87 %"
    assert "migration" not in {tag.id for tag in site.annotator.annotate(PRACTICE).topics}
    decide(editor, "topic", "migration", "rejected")
    assert "gelernt" not in proposed(editor)["Thema Migration"]
    decide(editor, "topic", "migration", "confirmed")
    document = site.corpus.get("bus").document
    assert "migration" in {tag.id for tag in site.annotator.annotate(document).topics}


def test_without_anything_learnt_there_are_only_the_rules(tmp_path: Path, annotator: DocumentAnnotator) -> None:
    site = DeskSite(tmp_path, PRACTICE, annotator=annotator)
    assert "Thema Migration" not in proposed(site.signed_in())


def test_a_kind_that_the_text_does_not_tell_is_undecided_until_an_editor_says_it(
    tmp_path: Path, annotator: DocumentAnnotator
) -> None:
    site = DeskSite(tmp_path, Document("bus", "Wald", "Der Wald ist groß und grün."), annotator=annotator)
    editor = site.signed_in()
    assert proposed(editor)["Art nicht"] == "Art nicht bestimmt"
    (undecided,) = editor.page("/redaktion/pruefen/bus").select(".suggestion")
    assert not undecided.select(".steps form")
    decide(editor, "doc_type", "", "praxisbeispiel")
    assert "angenommen" in proposed(editor)["Art Praxisbeispiel"]
    decide(editor, "doc_type", "", "")
    assert "Art nicht" in proposed(editor)
