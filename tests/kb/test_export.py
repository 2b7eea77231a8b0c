"""What leaves by ``kb export``: what visitors see, or with ``--internal`` all; an excerpt never comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.corpus import DirectoryCorpus
from kb.exports import exporters
from kb.model import Decision, Decisions, Display, Document, Event, PartialDate
from tests.kb.conftest import Kb

TEXT = "\n\n".join(["Die Übergangsbegleitung berät Schülerinnen und Schüler."] * 20 + ["Der Schlusssatz."])
FOREIGN = Document(
    "bericht",
    "Bericht",
    TEXT,
    source="stadt",
    url="https://www.stadt.example/bericht",
    fetched_at=datetime(2026, 3, 1, tzinfo=UTC),
)


@pytest.fixture
def filled(kb: Kb) -> Kb:
    kb("init", kb.corpus)
    (kb.corpus / "sources" / "stadt.toml").write_text('start_urls = ["https://www.stadt.example/"]', "utf-8")
    DirectoryCorpus(kb.corpus).put(FOREIGN, expected=None)
    return kb


@pytest.mark.parametrize("name", sorted(exporters()))
def test_no_format_gives_more_than_the_excerpt(filled: Kb, name: str) -> None:
    result = filled("export", "--format", name)
    assert result.exit_code == 0
    assert "Schlusssatz" not in result.out
    assert "bericht" in result.out


def test_the_source_decides_and_the_operator_may_have_all(filled: Kb) -> None:
    line = filled("export").json
    assert line["excerpt"] is True
    assert TEXT.startswith(line["text"])
    assert "Schlusssatz" in filled("export", "--internal").json["text"]
    assert "Schlusssatz" in filled("show", "bericht", "--json").json["text"]
    source = filled.corpus / "sources" / "stadt.toml"
    source.write_text(source.read_text("utf-8") + '\ndisplay = "full"\npermission = "Brief vom 1.3."', "utf-8")
    line = filled("export").json
    assert "Schlusssatz" in line["text"]
    assert "excerpt" not in line


def test_a_corpus_goes_into_another_by_export_and_import(filled: Kb, tmp_path: Path) -> None:
    whole = replace(
        FOREIGN,
        id="ganz/eigen",
        title="  „Ganz\u00a0eigen“ ",
        source="import",
        authors=("Ida Beispielmann", "Amt; Bildung"),
        language="de-AT",
        published=PartialDate(2021, 6),
        modified=PartialDate(2021, 6, 3),
        event=Event(PartialDate(2021, 6, 3), inferred=True),
        decisions=Decisions(
            topics={"migration": Decision("confirmed", "Ida", "2021-06-04")},
            places={"Auenbrück": Decision("rejected")},
            doc_type=Decision("sonstiges", "Ida"),
            event=Decision("2021-06-03/2021-06-04"),
        ),
        edited={"title": "Früher"},
        display=Display.FULL,
        extra={"notiz": ["eins", "zwei"]},
    )
    DirectoryCorpus(filled.corpus).put(whole, expected=None)
    exported = tmp_path / "export.jsonl"
    filled("export", "--internal", "--output", exported)
    other = tmp_path / "anderer"
    result = filled("--corpus", other, "import", "--no-index", exported)
    assert result.exit_code == 0, result.err
    assert DirectoryCorpus(other).get("ganz/eigen").document == whole
    assert DirectoryCorpus(other).get("bericht").document == FOREIGN


def test_an_excerpt_never_takes_the_place_of_the_whole_text(filled: Kb, tmp_path: Path) -> None:
    exported = tmp_path / "export.jsonl"
    filled("export", "--output", exported)
    result = filled("import", exported)
    assert result.exit_code == 1
    assert "nur einen Auszug" in result.err
    assert "--internal" in result.err
    assert "Schlusssatz" in DirectoryCorpus(filled.corpus).get("bericht").document.text
    filled("export", "--internal", "--output", exported)
    assert filled("import", exported).exit_code == 0
    other = json.loads(exported.read_text("utf-8")) | {"id": "anders", "excerpt": "ein Anreißer", "url": None}
    exported.write_text(json.dumps(other), "utf-8")
    assert filled("import", exported).exit_code == 0, "another program's field of this name is no mark of ours"
