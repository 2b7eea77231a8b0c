"""Front matter: what is saved loads equal, and what an editor mistypes is explained."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.corpus import has_front_matter, parse_document, render_document
from kb.errors import InvalidDocumentError
from kb.model import Decision, Document, Event, PartialDate, Status
from tests.strategies import documents


@given(documents)
def test_what_is_saved_loads_equal(document: Document) -> None:
    text = render_document(document)
    assert has_front_matter(text)
    assert parse_document(text, location="a.md") == document
    assert render_document(parse_document(text, location="a.md")) == text


def complaint(text: str, default_id: str | None = None) -> str | None:
    """What the parser objects to, if anything; any other exception fails the test."""
    try:
        parse_document(text, location="fall.md", default_id=default_id)
    except InvalidDocumentError as error:
        return str(error)
    return None


def check_error(message: str | None) -> None:
    assert message is None or (message.startswith("fall.md: ") and "\n" not in message)


@given(st.text())
def test_any_text_is_a_document_or_a_clear_error(text: str) -> None:
    check_error(complaint(text, default_id="fall"))


@given(st.text(st.sampled_from("-: \n[]{}'\"abid&*!|>#%@`\t"), max_size=60))
def test_any_head_is_a_document_or_a_clear_error(head: str) -> None:
    check_error(complaint(f"---\nid: x\ntitle: y\n{head}\n---\nText"))


def test_what_an_editor_writes_by_hand() -> None:
    head = """---
id: 0012
title: No
authors: Jürgen Weiß
published: 2018-11
event: 2018-11-29/2018-11-30
decisions:
  topics:
    migration: confirmed
    quartier: {value: rejected, by: öz}
  card: {ziel: confirmed}
---

Text
"""
    document = parse_document(head.replace("\n", "\r\n"), location="hand.md")
    assert (document.id, document.title, document.text) == ("0012", "No", "Text")
    assert document.authors == ("Jürgen Weiß",)
    assert document.published == PartialDate(2018, 11)
    assert document.event == Event(PartialDate(2018, 11, 29), PartialDate(2018, 11, 30))
    assert document.decisions.topics == {
        "migration": Decision("confirmed"),
        "quartier": Decision("rejected", "öz"),
    }
    assert document.decisions.card == {"ziel": Decision("confirmed")}
    assert document.status is Status.PUBLISHED


def test_several_authors_in_one_line_and_the_place_of_an_event() -> None:
    head = (
        "---\nid: a\ntitle: b\nauthors: Beispiel, Ida; Jürgen Weiß ;\n"
        "event: {start: 2018-11-29, place: Hof}\n---\n\nc"
    )
    document = parse_document(head, location="a.md")
    assert document.authors == ("Beispiel, Ida", "Jürgen Weiß")
    assert document.event == Event(PartialDate(2018, 11, 29), place="Hof")


def test_fields_of_a_later_version_are_kept() -> None:
    text = "---\nid: a\ntitle: b\nstimmung: [gut, No]\n---\n\nText\n"
    assert "stimmung:\n- gut\n- 'No'" in render_document(parse_document(text, location="a.md"))


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("id: a\nid: b\ntitle: c", "das Feld id steht zweimal im Kopf (Zeile 3)"),
        ("title: c", "das Feld id fehlt"),
        ("id: a", "das Feld title fehlt"),
        ("id: a\ntitle: Ankommen: ein Bericht", "Zeile 3"),
        ("id: a\ntitle: b\npublished: gestern", "das Feld published ist kein Datum: „gestern“"),
        ("id: a\ntitle: b\npublished: 2019-02-30", "das Feld published ist kein Datum"),
        ("id: a\ntitle: b\nstatus: fertig", "erlaubt sind draft, pending, published, withdrawn"),
        ("id: a\ntitle: b\ndecisions: {topics: {migration: ja}}", "weder confirmed noch rejected"),
        ("id: a\ntitle: b\ndecisions: {laune: gut}", "decisions"),
        ("id: a\ntitle: b\ndecisions: {places: {'': confirmed}}", "Entscheidung places: „“ ist kein Name"),
        ("id: a\ntitle: b\ndecisions: {places: {' ': rejected}}", "ist kein Name"),
        (f"id: a\ntitle: b\ndecisions: {{places: {{{'x' * 201}: confirmed}}}}", "1 bis 200 sichtbare Zeichen"),
        ("id: a\ntitle: [b, c]", "das Feld title darf nur einen Wert haben"),
        ("id: ../../x\ntitle: b", "Kennung"),
        ("id: a\ntitle: b\nsource: ../x", "Quelle „../x“"),
        ("- a\n- b", "keine Liste von Feldern"),
    ],
)  # fmt: skip
def test_mistakes_are_named(head: str, message: str) -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        parse_document(f"---\n{head}\n---\nText", location="falsch.md")
    assert str(caught.value).startswith("falsch.md: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"), [("Nur Text", "beginnt nicht mit einem Kopf"), ("---\nid: a", "kein Ende")]
)
def test_missing_fences_are_named(text: str, message: str) -> None:
    with pytest.raises(InvalidDocumentError, match=message):
        parse_document(text, location="falsch.md")


def test_a_markdown_rule_is_not_front_matter() -> None:
    assert not has_front_matter("---\nEin Strich und kein Ende")
    assert has_front_matter("\ufeff---\nid: a\n---\n")
