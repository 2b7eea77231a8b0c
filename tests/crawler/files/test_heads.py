"""Heads of Markdown files from anywhere: read as what they mean, or named; and no draft becomes public."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import ContentExtractor
from crawler.files.heads import refuse_mistyped_head
from crawler.files.importer import ImportOptions, ImportReport, import_paths
from kb.errors import InvalidDocumentError
from kb.model import Document, Event, PartialDate, Status
from tests.doubles import MemoryCorpus

BODY = "Vierzig Menschen kamen in die Werkstatt.\n"


def taken(path: Path, text: str, encoding: str = "utf-8") -> tuple[ImportReport, Document | None]:
    path.write_text(text, encoding)
    corpus = MemoryCorpus()
    report = import_paths([path], corpus, ContentExtractor(), ImportOptions())
    (ref,) = corpus.refs() if report.added else (None,)
    return report, corpus.load(ref).document if ref is not None else None


def document(path: Path, head: str) -> Document:
    report, found = taken(path, f"---\nid: w\ntitle: Werkstatt\n{head}\n---\n\n{BODY}")
    assert found is not None, report.rejected
    return found


DRAFT = "id: w\ntitle: Werkstatt\nstatus: draft\n"


@pytest.mark.parametrize(
    "text",
    [
        f"\n---\n{DRAFT}---\n{BODY}",
        f"\n\n  \n---\n{DRAFT}---\n{BODY}",
        f"\ufeff---\n{DRAFT}---\n{BODY}",
        f"\ufeff\n---\n{DRAFT}---\n{BODY}",
        f"\u200b---  \n{DRAFT}---  \n{BODY}",
        f"---\n{DRAFT}...\n{BODY}",
        f"---\n{DRAFT}...\n{BODY}\n---\n\nUnd mehr.",
        f"---\n\n# von Hand\n{DRAFT}---\n{BODY}",
        f"---\n{DRAFT}---\n{BODY}".replace("\n", "\r\n"),
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.txt"])
def test_a_head_is_read_where_it_may_stand(tmp_path: Path, text: str, name: str) -> None:
    if name == "a.txt" and "# von Hand" in text:
        return
    report, found = taken(tmp_path / name, text)
    assert found is not None, report.rejected
    assert (found.id, found.title, found.status) == ("w", "Werkstatt", Status.DRAFT)
    assert found.text.startswith("Vierzig Menschen")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"---\n{DRAFT}\n{BODY}", 1),
        (f"\n\n---\n{DRAFT}\n{BODY}", 3),
        (f"—\n{DRAFT}—\n{BODY}", 1),
        (f"–--\n{DRAFT}–--\n{BODY}", 1),
        (f"----\n{DRAFT}----\n{BODY}", 1),
        (f" ***\n{DRAFT}***\n{BODY}", 1),
        (f"```yaml\n{DRAFT}```\n{BODY}", 1),
        (f"<!--\n{DRAFT}-->\n{BODY}", 1),
        ('+++\ntitle = "Werkstatt"\ndraft = true\n+++\n' + BODY, 1),
        ('{\n"title": "Werkstatt",\n"draft": true\n}\n' + BODY, 1),
        (f"\\-\\-\\-\n{DRAFT}\\-\\-\\-\n{BODY}", 1),
        (f"# Werkstatt\n\n---\n{DRAFT}---\n{BODY}", 3),
        (f"{DRAFT}---\n{BODY}", 1),
        (f"Title: Werkstatt\nStatus: Entwurf\n\n{BODY}", 1),
        (f"---\nid: w\ntitle: A: B\nstatus: draft\n---\n{BODY}", 3),
        (f"\n\n---\nid: w\ntitle: A: B\nstatus: draft\n---\n{BODY}", 5),
    ],
)
def test_a_mistyped_head_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    report, found = taken(tmp_path / "a.md", text)
    assert found is None
    (rejected,) = report.rejected
    assert f"Zeile {line}" in rejected.reason


@pytest.mark.parametrize(
    "text",
    [
        f"Datum: 3. Juni\nOrt: Auenbrück\n\n{BODY}",
        f"---\n\n{BODY}\n---\n",
        f"# Werkstatt\n\n---\n\n{BODY}",
        f"Ergebnis:\n\n***\n\n{BODY}",
        f"* Ziel: Begegnung\n* Dauer: ein Jahr\n\n{BODY}",
        f"Werkstatt\n---\nOrt: Auenbrück\n\n{BODY}",
    ],
)
def test_a_text_that_only_looks_like_a_head_is_a_text(tmp_path: Path, text: str) -> None:
    refuse_mistyped_head(text)
    report, found = taken(tmp_path / "a.txt", text)
    assert found is not None, report.rejected


@pytest.mark.parametrize(
    "line",
    [
        "draft: true", "Entwurf: ja", "published: false", "veröffentlicht: nein", "private: yes", "intern: x",
        "status: Entwurf", "Status: In Arbeit", "Sichtbarkeit: intern", "Sichtbarkeit: nur das Kollegium",
        "sperrfrist: 2031-01-01", "public: no", "freigegeben: nein", "hidden: 'true'", "draft: vielleicht",
    ],
)  # fmt: skip
def test_what_says_that_it_is_not_public_is_a_draft(tmp_path: Path, line: str) -> None:
    assert document(tmp_path / "a.md", line).status is Status.DRAFT


@pytest.mark.parametrize("line", ["draft: false", "published: true", "Status: Veröffentlicht", "entwurf: nein"])
def test_what_says_that_it_is_public_is(tmp_path: Path, line: str) -> None:
    assert document(tmp_path / "a.md", line).status is Status.PUBLISHED


def test_a_status_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    report, found = taken(tmp_path / "a.md", f"---\nid: w\ntitle: W\nstatus: halbfertig\n---\n{BODY}")
    assert found is None
    assert "erlaubt sind draft" in report.rejected[0].reason


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        ("date: 2021-06-03", "published", PartialDate(2021, 6, 3)),
        ("Datum: 3. Juni 2021", "published", PartialDate(2021, 6, 3)),
        ("veröffentlicht: 03.06.2021", "published", PartialDate(2021, 6, 3)),
        ("published: 3.6.2021", "published", PartialDate(2021, 6, 3)),
        ("published: Juni 2021", "published", PartialDate(2021, 6)),
        ("published: 06.2021", "published", PartialDate(2021, 6)),
        ("pubDate: 2021-06-02T22:30:00Z", "published", PartialDate(2021, 6, 3)),
        ("date: 2021-06-03 10:00:00 +0200", "published", PartialDate(2021, 6, 3)),
        ("lastmod: 2021-07-01", "modified", PartialDate(2021, 7, 1)),
        ("author: Ida Beispielmann", "authors", ("Ida Beispielmann",)),
        ("authors: Ida Beispielmann; Paul Musterer", "authors", ("Ida Beispielmann", "Paul Musterer")),
        ("Autor:innen: [Ida Beispielmann, Paul Musterer]", "authors", ("Ida Beispielmann", "Paul Musterer")),
        ("Autor: Sabine Beispielmann und Paul Musterer", "authors", ("Sabine Beispielmann", "Paul Musterer")),
        ("authors: Ida Beispielmann, Öz van der Muster", "authors", ("Ida Beispielmann", "Öz van der Muster")),
        ("author: Beispielmann, Sabine", "authors", ("Sabine Beispielmann",)),
        ("author: Amt für Bildung, Jugend und Sport", "authors", ("Amt für Bildung, Jugend und Sport",)),
        ("authors: [{name: Ida Beispielmann, email: x}]", "authors", ("Ida Beispielmann",)),
        ("license: CC-BY-4.0", "licence", "CC-BY-4.0"),
        ("Lizenz: CC0-1.0", "licence", "CC0-1.0"),
        ("Herausgeberin: Stadt Auenbrück", "publisher", "Stadt Auenbrück"),
        ("lang: de_DE", "language", "de"),
        ("Sprache: Englisch", "language", "en"),
        ("link: https://auenbrueck.example/w", "url", "https://auenbrueck.example/w"),
        ("source: https://auenbrueck.example/w", "url", "https://auenbrueck.example/w"),
        ("Termin: 3.6.2021", "event", Event(PartialDate(2021, 6, 3))),
        ("event: 03.06.2021/04.06.2021", "event", Event(PartialDate(2021, 6, 3), PartialDate(2021, 6, 4))),
        ("dc.creator: Ida Beispielmann", "authors", ("Ida Beispielmann",)),
    ],
)  # fmt: skip
def test_names_of_other_programs_are_read_as_what_they_mean(
    tmp_path: Path, lines: str, field: str, value: object
) -> None:
    assert getattr(document(tmp_path / "a.md", lines), field) == value


def test_german_names_alone_are_enough(tmp_path: Path) -> None:
    report, found = taken(tmp_path / "a.md", f"---\nKennung: w\nTitel: Werkstatt\n---\n{BODY}")
    assert found is not None, report.rejected
    assert (found.id, found.title, report.warnings) == ("w", "Werkstatt", ())


def test_what_is_not_understood_is_named_and_kept(tmp_path: Path) -> None:
    head = "tags: [lernen, werkstatt]\nlayout: post\ndate: irgendwann\nquelle: Amtsblatt"
    report, found = taken(tmp_path / "a.md", f"---\nid: w\ntitle: Werkstatt\n{head}\n---\n{BODY}")
    assert found is not None
    assert found.extra == {
        "tags": ["lernen", "werkstatt"], "layout": "post", "date": "irgendwann", "quelle": "Amtsblatt",
    }  # fmt: skip
    assert [one.warning for one in report.warnings] == [
        "unbekannte Felder, nicht ausgewertet: date, layout, quelle, tags"
    ]


def test_our_own_name_comes_first(tmp_path: Path) -> None:
    found = document(tmp_path / "a.md", "date: 2019-01-01\npublished: 2021-06-03")
    assert (found.published, found.extra) == (PartialDate(2021, 6, 3), {"date": "2019-01-01"})


@given(st.text(st.sampled_from("-—:*#{}`\\ \nabtitle=status.+ü"), max_size=80))
def test_any_beginning_is_taken_or_refused(text: str) -> None:
    with suppress(InvalidDocumentError):
        refuse_mistyped_head(text)
