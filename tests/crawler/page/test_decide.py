from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.page.decide import COMPARED, FOR_REVIEW, Action, decide, merge
from kb.model import (
    Decision,
    Decisions,
    Document,
    Event,
    PartialDate,
    SourceNews,
    Status,
    Withdrawal,
    news,
    taken_over,
    text_hash,
    weighed,
    with_marks,
)

TEXT = "Rund 80 Koordinator*innen kamen nach Hof."
NEWER = "Rund 90 Koordinator*innen kamen nach Hof."
EDITED = "Rund achtzig Koordinator*innen kamen nach Hof."


def document(text: str = TEXT, **values: Any) -> Document:
    usual: dict[str, Any] = {
        "id": "fachtag",
        "title": "Fachtag",
        "text": text,
        "source_hash": text_hash(text),
    }
    return Document(**(usual | values))


def edited(**values: Any) -> Document:
    """As stored after an editor has worked on the text."""
    return replace(document(**values), text=EDITED)


CASES = [
    pytest.param(document(), None, Action.ADD, "neu", id="unknown"),
    pytest.param(document(), document(), Action.UNCHANGED, "unverändert", id="same"),
    pytest.param(
        document(fetched_at=datetime(2024, 5, 2, tzinfo=UTC)),
        document(fetched_at=datetime(2024, 5, 1, tzinfo=UTC)),
        Action.UNCHANGED,
        "unverändert",
        id="only fetched again",
    ),
    pytest.param(document(NEWER), document(), Action.UPDATE, "geändert: Text, Stand der Quelle", id="new text"),
    pytest.param(
        document(title="Der Fachtag", published=PartialDate(2019)),
        document(),
        Action.UPDATE,
        "geändert: Titel, Veröffentlichungsdatum",
        id="new metadata",
    ),
    pytest.param(
        document(), document(published=PartialDate(2019)), Action.UNCHANGED, "unverändert", id="date gone"
    ),
    pytest.param(document(), edited(), Action.UNCHANGED, "unverändert", id="edited, source as before"),
    pytest.param(
        document(publisher="Stadt Hof"),
        edited(),
        Action.UPDATE,
        "geändert: Herausgeber",
        id="edited, new metadata",
    ),
    pytest.param(
        document(NEWER),
        edited(),
        Action.KEEP,
        FOR_REVIEW,
        id="edited, source changed",
    ),
    pytest.param(
        document(EDITED), edited(), Action.UPDATE, "geändert: Stand der Quelle", id="source took over the edit"
    ),
    pytest.param(
        document(), document(source_hash=None), Action.UNCHANGED, "unverändert", id="by hand, same text"
    ),
    pytest.param(
        document(NEWER),
        document(source_hash=None),
        Action.KEEP,
        FOR_REVIEW,
        id="by hand, other text",
    ),
    pytest.param(
        document("Noch eine Fassung.", source_hash=text_hash(TEXT)),
        edited(),
        Action.KEEP,
        FOR_REVIEW,
        id="two editors",
    ),
    pytest.param(document(title="Der Fachtag"), edited(), Action.KEEP, FOR_REVIEW, id="edited, new title"),
    pytest.param(
        document(),
        document(title="Fachtag in Hof", edited={"title": "Fachtag"}),
        Action.UNCHANGED,
        "unverändert",
        id="title worded by editors, source as before",
    ),
    pytest.param(
        document(title="Der Fachtag"),
        document(title="Fachtag in Hof", edited={"title": "Fachtag"}),
        Action.KEEP,
        FOR_REVIEW,
        id="title worded by editors, source has a third",
    ),
    pytest.param(
        document(title="Fachtag in Hof"),
        document(title="Fachtag in Hof", edited={"title": "Fachtag"}),
        Action.UPDATE,
        "geändert: Angaben der Redaktion",
        id="source took over the title",
    ),
    pytest.param(
        document(NEWER, publisher="Stadt Hof"),
        document(title="Fachtag in Hof", edited={"title": "Fachtag"}),
        Action.UPDATE,
        "geändert: Text, Herausgeber, Stand der Quelle",
        id="title worded by editors, other fields follow",
    ),
    pytest.param(
        document(publisher="Stadt Hof"),
        document(publisher="Bildungsbüro Hof", edited={"publisher": ""}),
        Action.KEEP,
        FOR_REVIEW,
        id="editors knew a publisher, the source names another",
    ),
    pytest.param(document(NEWER), document(status=Status.DRAFT), Action.KEEP, FOR_REVIEW, id="draft, new text"),
    pytest.param(
        document(NEWER), document(status=Status.PENDING), Action.KEEP, FOR_REVIEW, id="in review, new text"
    ),
    pytest.param(
        document(NEWER), document(status=Status.WITHDRAWN), Action.KEEP, FOR_REVIEW, id="withdrawn, new text"
    ),
    pytest.param(
        document(modified=PartialDate(2024, 5, 1)),
        document(status=Status.WITHDRAWN, modified=PartialDate(2024, 4, 1)),
        Action.UNCHANGED,
        "unverändert",
        id="withdrawn, a newer day of change alone",
    ),
    pytest.param(
        document(NEWER, status=Status.DRAFT),
        document(status=Status.DRAFT),
        Action.UPDATE,
        "geändert: Text, Stand der Quelle",
        id="imported as draft again",
    ),
    pytest.param(document(), document(status=Status.DRAFT), Action.UNCHANGED, "unverändert", id="draft stays"),
    pytest.param(
        document(), document(status=Status.WITHDRAWN), Action.UNCHANGED, "unverändert", id="withdrawn stays"
    ),
    pytest.param(
        document(status=Status.WITHDRAWN),
        document(),
        Action.UPDATE,
        "geändert: Status",
        id="the source withdraws",
    ),
    pytest.param(
        document(status=Status.DRAFT), document(), Action.UNCHANGED, "unverändert", id="import as draft"
    ),
    pytest.param(
        document(url="https://hof.example/neu"),
        document(url="https://hof.example/alt"),
        Action.UPDATE,
        "geändert: Adresse, weitere Adressen",
        id="moved",
    ),
]


@pytest.mark.parametrize(("new", "old", "action", "reason"), CASES)
def test_every_rule(new: Document, old: Document | None, action: Action, reason: str) -> None:
    decision = decide(new, old)
    assert (decision.action, decision.reason) == (action, reason)


@pytest.mark.parametrize(("new", "old"), [(case.values[0], case.values[1]) for case in CASES if case.values[1]])
def test_what_was_merged_is_unchanged_the_next_time(new: Document, old: Document) -> None:
    if decide(new, old).action is not Action.KEEP:
        assert decide(new, merge(new, old)).action is Action.UNCHANGED


def test_what_is_the_editors_stays() -> None:
    old = replace(
        edited(title="Fachtag in Hof", other_urls=("https://hof.example/a",), edited={"title": "Neuer Titel"}),
        url="https://hof.example/alt",
        source="hof",
        decisions=Decisions(topics={"migration": Decision("rejected", "öz", "2024-01-01")}),
    )
    new = document(title="Neuer Titel", url="https://hof.example/neu", licence="CC0-1.0")
    assert decide(new, old).action is Action.UPDATE
    merged = merge(replace(new, id="anders", source="import"), old)
    assert merged == replace(
        old,
        url="https://hof.example/neu",
        other_urls=("https://hof.example/a", "https://hof.example/alt"),
        licence="CC0-1.0",
    )


def test_a_withdrawal_by_an_editor_outlives_every_recrawl() -> None:
    withdrawal = Withdrawal(at="2024-05-01", reason="auf Wunsch der Stadt", by="öz")
    old = document(status=Status.WITHDRAWN, withdrawal=withdrawal)
    merged = merge(document(NEWER), old)
    assert (merged.text, merged.status, merged.withdrawal) == (TEXT, Status.WITHDRAWN, withdrawal)


def test_a_withdrawal_by_the_source_brings_its_reason() -> None:
    gone = Withdrawal(at="2024-05-01", reason="die Seite ist offline")
    merged = merge(document(status=Status.WITHDRAWN, withdrawal=gone), document())
    assert (merged.status, merged.withdrawal) == (Status.WITHDRAWN, gone)


def test_every_field_is_compared_or_known_to_be_no_change() -> None:
    """A field that is added to the model must be thought about here, or its change goes unseen."""
    assert set(COMPARED) | {"id", "source", "fetched_at"} == {field.name for field in fields(Document)}


def test_addresses_come_together_without_the_one_that_is_current() -> None:
    old = document(url="https://hof.example/a", other_urls=("https://hof.example/b",))
    new = document(url="https://hof.example/b", other_urls=("https://hof.example/c",))
    assert merge(new, old).other_urls == ("https://hof.example/c", "https://hof.example/a")


def test_what_the_source_no_longer_says_is_not_lost() -> None:
    old = document(
        publisher="Stadt Hof",
        authors=("Şeyma Öz",),
        published=PartialDate(2019),
        event=Event(PartialDate(2018, 11, 29)),
        licence="CC0-1.0",
        extra={"format": "pdf"},
    )
    assert merge(document(), old) == old


def test_a_later_decision_wins_and_an_undated_one_does_not_beat_a_dated_one() -> None:
    dated = Decision("confirmed", "öz", "2024-01-02T10:00:00+00:00")
    earlier = Decision("rejected", "weiß", "2023-01-02T10:00:00+00:00")
    undated = Decision("rejected")

    def decided(decision: Decision) -> Document:
        return document(decisions=Decisions(topics={"quartier": decision}, doc_type=decision))

    for new, old, expected in [(dated, earlier, dated), (earlier, dated, dated), (undated, dated, dated)]:
        assert merge(decided(new), decided(old)).decisions == decided(expected).decisions
    hand = merge(decided(undated), decided(Decision("confirmed")))
    assert hand.decisions.topics["quartier"] == undated


def test_decisions_on_other_things_are_added() -> None:
    old = document(decisions=Decisions(topics={"migration": Decision("confirmed")}))
    new = document(decisions=Decisions(topics={"quartier": Decision("rejected")}, event=Decision("none")))
    merged = merge(new, old).decisions
    assert set(merged.topics) == {"migration", "quartier"}
    assert merged.event == Decision("none")


HELD = document(status=Status.WITHDRAWN, publisher="Stadt Hof")
WORDED = with_marks(document(authors=("Şeyma Öz",)), edited(title="Fachtag in Hof", authors=("Ş. Öz",)))
SAID = document(NEWER, title="Der Fachtag", publisher="Landkreis Hof", authors=("Şeyma Öz", "Jürgen Groß"))


@pytest.mark.parametrize("old", [HELD, WORDED, edited()], ids=["held", "worded", "edited"])
def test_what_editors_have_weighed_is_proposed_only_when_the_source_changes_once_more(old: Document) -> None:
    assert decide(SAID, old).action is Action.KEEP
    kept = weighed(old, SAID)
    assert (kept.text, kept.title, kept.publisher, kept.authors) == (
        old.text,
        old.title,
        old.publisher,
        old.authors,
    )
    assert news(SAID, kept) == ()
    assert decide(SAID, kept).action is Action.UNCHANGED
    once_more = replace(SAID, text=TEXT + " Neu.", source_hash=text_hash(TEXT + " Neu."))
    assert decide(once_more, kept).action is Action.KEEP
    agreed = merge(old, kept)
    assert decide(SAID, agreed).action is Action.KEEP, "what was weighed is news once it was taken back"


@pytest.mark.parametrize("old", [HELD, WORDED, edited()], ids=["held", "worded", "edited"])
def test_what_was_taken_over_follows_the_source_again(old: Document) -> None:
    taken = taken_over(old, SAID)
    assert (taken.text, taken.title, taken.authors) == (NEWER, "Der Fachtag", SAID.authors)
    assert (taken.status, taken.edited) == (old.status, {})
    assert decide(SAID, taken).action is Action.UNCHANGED
    published = replace(taken, status=Status.PUBLISHED)
    assert decide(document(TEXT, title="Der Fachtag"), published).action is Action.UPDATE


def test_an_editors_words_are_noted_with_what_the_source_had_said() -> None:
    before = document(publisher="Stadt Hof", url="https://hof.example/alt")
    after = with_marks(
        before, replace(before, title="Fachtag in Hof", publisher=None, url="https://hof.example/neu")
    )
    assert after.edited == {"title": "Fachtag", "publisher": "Stadt Hof", "url": "https://hof.example/alt"}
    assert after.other_urls == ("https://hof.example/alt",)
    again = with_marks(after, replace(after, title="Hofer Fachtag"))
    assert again.edited["title"] == "Fachtag"
    assert "title" not in with_marks(again, replace(again, title="Fachtag")).edited
    assert merge(before, after) == after, "the source says what it said"


def test_news_is_the_same_news_whenever_it_is_seen() -> None:
    first, later = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
    digest = SourceNews(SAID, first).digest
    assert SourceNews(replace(SAID, fetched_at=later, url="https://hof.example/b"), later).digest == digest
    assert SourceNews(replace(SAID, licence="CC0-1.0"), first).digest != digest
