"""What leaves by an export comes back as it was; lines of other programs are read as what they mean."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given

from crawler.files.json_lines import NumberedLine, Parsed, parse_line
from kb.errors import FundstelleError, InvalidDocumentError
from kb.exports import exporter
from kb.model import Decision, Decisions, Document, PartialDate, Shown, Status, Withdrawal
from tests.strategies import documents

TEXT = "Vierzig Menschen kamen in die Werkstatt."


def exported(shown: Shown) -> str:
    out = io.StringIO()
    problems: list[FundstelleError] = []
    exporter("jsonl").export([shown], out, problems.append)
    assert problems == []
    return out.getvalue()


def parsed(line: str) -> Parsed:
    return parse_line(NumberedLine(1, line.encode()), name="a.jsonl:1", max_text_chars=10_000)


def read(**fields: object) -> Document:
    return parsed(json.dumps({"id": "w", "text": TEXT} | fields)).document


@given(documents)
def test_an_internal_export_comes_back_equal(document: Document) -> None:
    document = replace(document, text=f"{TEXT}\n{document.text}".strip("\n"))
    back = parsed(exported(Shown(document, is_internal=True)))
    assert back.document == document
    assert back.fields.unknown == ()


@given(documents)
def test_a_public_export_comes_back_without_what_the_house_alone_knows(document: Document) -> None:
    document = replace(document, text=f"{TEXT}\n{document.text}".strip("\n"))
    line = exported(Shown(document))
    back = parsed(line).document
    assert back == replace(
        document, decisions=back.decisions, edited={}, withdrawal=None, extra={}
    )  # fmt: skip
    decided = document.decisions
    assert back.decisions == Decisions(
        **{
            name: {key: Decision(one.value) for key, one in getattr(decided, name).items()}
            for name in ("topics", "places", "card")
        },
        doc_type=Decision(decided.doc_type.value) if decided.doc_type else None,
        event=Decision(decided.event.value) if decided.event else None,
    )


def test_nobody_of_the_house_is_named_to_the_public() -> None:
    document = Document(
        "w", "Werkstatt", TEXT, status=Status.WITHDRAWN, edited={"title": "Früher"}, extra={"notiz": "geheim"},
        withdrawal=Withdrawal("2021-06-03", "Bitte", "geheim"),
        decisions=Decisions(topics={"migration": Decision("confirmed", "geheim", "2021-06-03")}),
    )  # fmt: skip
    assert "geheim" not in exported(Shown(document))
    assert exported(Shown(document, is_internal=True)).count("geheim") == 3


@pytest.mark.parametrize(
    ("written", "published"),
    [
        (2021, PartialDate(2021)),
        ("2021", PartialDate(2021)),
        (2021.0, PartialDate(2021)),
        (20210603, PartialDate(2021, 6, 3)),
        ("03.06.2021", PartialDate(2021, 6, 3)),
        ("3. Juni 2021", PartialDate(2021, 6, 3)),
        ("Juni 2021", PartialDate(2021, 6)),
        ("2021-06-02T22:30:00Z", PartialDate(2021, 6, 3)),
        (1622673000, PartialDate(2021, 6, 3)),
        (1622673000000, PartialDate(2021, 6, 3)),
        ("", None),
        (None, None),
    ],
)
def test_days_of_other_programs(written: object, published: PartialDate | None) -> None:
    assert read(published=written).published == published
    assert read(Datum=written).published == published


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Ida Beispielmann; Paul Musterer", ("Ida Beispielmann", "Paul Musterer")),
        (["Ida Beispielmann", "Paul Musterer"], ("Ida Beispielmann", "Paul Musterer")),
        ([{"name": "Ida Beispielmann"}], ("Ida Beispielmann",)),
        ({"name": "Ida Beispielmann"}, ("Ida Beispielmann",)),
        ("", ()),
        (None, ()),
    ],
)
def test_authors_of_other_programs(authors: object, names: tuple[str, ...]) -> None:
    assert read(authors=authors).authors == names
    assert read(author=authors).authors == names


@pytest.mark.parametrize(
    "fields", [{"draft": True}, {"published": False}, {"status": "Entwurf"}, {"status": 3}, {"private": 1}]
)
def test_a_line_that_is_not_public_is_a_draft(fields: dict[str, object]) -> None:
    assert read(**fields).status is Status.DRAFT


def test_a_text_of_another_name_is_the_text() -> None:
    found = parsed(
        json.dumps({"id": 3, "headline": "Werkstatt", "content": TEXT, "lang": "de", "vector": [0.1]})
    )
    assert (found.document.id, found.document.title, found.document.text) == ("3", "Werkstatt", TEXT)
    assert found.fields.unknown == ("vector",)


def test_fields_of_other_programs_do_no_harm() -> None:
    foreign = {
        "source": "Amt X",
        "event": {"name": "Fest"},
        "language": "??",
        "decisions": 3,
        "modified": "neulich",
    }
    found = parsed(json.dumps({"id": "w", "text": TEXT} | foreign))
    assert found.document == Document("w", TEXT.rstrip("."), TEXT)
    assert set(found.fields.unknown) == set(foreign)


def test_the_parts_of_our_own_lines_are_checked() -> None:
    with pytest.raises(InvalidDocumentError, match="decisions"):
        read(source="hof", decisions={"laune": "gut"})
