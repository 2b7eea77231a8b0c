"""The commands as people and programs use them: what they print, and with which exit code they end."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kb.corpus import shipped_corpus
from tests.crawler.extract.samples import partly_scanned
from tests.kb.conftest import Kb

JAHRESFORUM = """Gute Übergänge brauchen gute Nachbarschaft
Zum Jahresforum am 12./13. März 2020 in Dortmund kamen 140 Teilnehmer:innen aus 30 Kommunen zusammen.
Im Mittelpunkt standen die Übergänge von der Schule in die Arbeitswelt und die Quartiersentwicklung.
Die Jugendberufsagentur und das Quartiersmanagement stellten ihre gemeinsame Beratung im Stadtteil vor.
Die Schul- und Berufswahl begleiten Lotsinnen und Lotsen; das Quartiersbüro ist ihr Treffpunkt im Quartier.
"""
MIGRANTENKLASSE = """Dr. Ayla Sommer
Am 4. Juni endete in Bremen die Reihe der Werkstätten. Zum Abschluss tauschten sich die Teilnehmenden aus.
Vorgestellt wurde die Migrantenklasse, in der neu zugewanderte Jugendliche Deutsch lernen.


Man muss anfangen, auch wenn noch nicht alles fertig ist.
Paul BergerWichtig sei die Integration der Neuzugewanderten, berichteten die Koordinatoren. Alle fanden:
Flüchtlinge und Migranten brauchen verlässliche Sprachkurse. In fünf Workshops wurde dazu gearbeitet.
Downloads
Ansprechperson
"""


@pytest.fixture
def filled(kb: Kb, kept: Path, tmp_path: Path) -> Kb:
    """A corpus with two imported texts, indexed."""
    (tmp_path / "jahresforum.txt").write_text(JAHRESFORUM, "utf-8")
    (tmp_path / "migrantenklasse.txt").write_text(MIGRANTENKLASSE, "utf-8")
    kb.import_once(kept, tmp_path / "jahresforum.txt", tmp_path / "migrantenklasse.txt")
    return kb


def test_help_names_every_command_and_loads_no_heavy_library() -> None:
    heavy = ["pydantic", "scrapy", "spacy", "nltk", "whoosh", "flask", "numpy"]
    program = (
        "import sys\n"
        "from kb.cli import main\n"
        "sys.argv = ['kb', '--help']\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        f"print('LOADED', [name for name in {heavy} if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "LOADED []" in shown
    for command in [
        "init",
        "import",
        "crawl",
        "index",
        "search",
        "show",
        "annotate",
        "extract",
        "export",
        "eval",
        "serve",
        "demo",
        "doctor",
    ]:
        assert f"\n  {command} " in shown


def test_import_into_nothing_makes_a_corpus_and_an_index(kb: Kb, tmp_path: Path) -> None:
    (tmp_path / "bericht.txt").write_text(JAHRESFORUM, "utf-8")
    result = kb("import", "--json", tmp_path / "bericht.txt")
    assert result.exit_code == 0
    assert result.json == {
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "alike": [],
        "warnings": [],
        "rejected": [],
    }
    assert (kb.corpus / "topics/uebergaenge.toml").exists()
    assert kb("search", "--json", "Arbeitswelt").json["total"] == 1
    assert kb("import", "--json", tmp_path / "bericht.txt").json["unchanged"] == 1


def test_a_search_finds_tags_and_marks(filled: Kb) -> None:
    found = filled("search", "Übergänge Schule Arbeitswelt Dortmund", "--json").json
    first = found["hits"][0]
    assert first["title"] == "Gute Übergänge brauchen gute Nachbarschaft"
    assert {"uebergaenge", "quartier"} <= set(first["topics"])
    assert first["date"] == "2020-03-12"
    assert "<mark>Dortmund</mark>" in first["snippet"]
    assert set(found) == {"total", "further", "took_ms", "corrected", "notices", "hits", "facets"}
    assert set(found["facets"]) == {"topic", "doc_type", "year", "place", "source"}
    keys = {"id", "title", "url", "score", "date", "doc_type", "source", "topics", "places", "snippet", "tier"}
    assert set(first) == keys | {"reasons"}


def test_a_report_with_page_leftovers(filled: Kb) -> None:
    first = filled("search", "Migrantenklasse", "--json").json["hits"][0]
    assert "migration" in first["topics"]
    assert first["doc_type"] == "veranstaltungsbericht"
    assert first["title"].startswith("Am 4. Juni endete in Bremen")


def test_filters_sort_and_paging(filled: Kb) -> None:
    assert filled("search", "--topic", "migration", "--json").json["total"] == 1
    assert filled("search", "--topic", "migration", "--topic", "quartier", "--json").json["total"] == 2
    assert filled("search", "--year", "2020", "--json").json["facets"]["year"] == {"2020": 1, "unbestimmt": 1}
    page = filled("search", "--sort", "date", "--limit", "1", "--offset", "1", "--json").json
    assert page["total"] == 2
    assert len(page["hits"]) == 1
    assert filled("search", "--place", "Nirgendwo", "--json").json["total"] == 0


def test_people_get_lines(filled: Kb) -> None:
    result = filled("search", "Quartiersmanagement")
    assert result.out.startswith("1 Treffer")
    assert "Gute Übergänge" in result.out
    assert "<mark>" not in result.out


def test_search_without_an_index_says_what_to_do(kb: Kb) -> None:
    result = kb("search", "irgendwas")
    assert result.exit_code == 1
    assert "run `kb index`" in result.err
    assert "Traceback" not in result.err


def test_no_index_leaves_the_index(kb: Kb, tmp_path: Path) -> None:
    (tmp_path / "bericht.txt").write_text(JAHRESFORUM, "utf-8")
    kb("import", "--no-index", tmp_path / "bericht.txt")
    assert kb("search", "Dortmund").exit_code == 1
    assert kb("index", "--json").json["added"] == 1
    assert kb("index", "--json").json == {"unchanged": 1} | dict.fromkeys(
        ("added", "updated", "removed"), 0
    ) | {"problems": [], "seconds": pytest.approx(0, abs=60)}
    assert kb("index", "--rebuild", "--json").json["added"] == 1


def test_drafts_are_in_the_corpus_and_nowhere_else(kb: Kb, tmp_path: Path) -> None:
    (tmp_path / "entwurf.txt").write_text(JAHRESFORUM, "utf-8")
    kb("import", "--draft", tmp_path / "entwurf.txt")
    assert kb("search", "Dortmund", "--json").json["total"] == 0
    assert kb("export").out == ""
    (path,) = (kb.corpus / "documents").rglob("*.md")
    assert "status: draft" in path.read_text("utf-8")


def test_show_and_export_and_import_again(filled: Kb, tmp_path: Path) -> None:
    exported = filled("export", "--format", "jsonl").out
    documents = [json.loads(line) for line in exported.splitlines()]
    assert documents[0]["title"] == "Gute Übergänge brauchen gute Nachbarschaft"
    shown = filled("show", documents[0]["id"], "--json").json
    assert shown["text"] == documents[0]["text"]
    assert shown["status"] == "published"
    target = tmp_path / "alles.jsonl"
    assert filled("export", "--output", target).exit_code == 0
    assert target.read_text("utf-8") == exported
    assert filled("import", target, "--json").json["unchanged"] == 2


def test_an_editors_word_outlives_rebuilds_and_new_imports(kb: Kb, tmp_path: Path) -> None:
    fields = {"id": "forum", "title": "Jahresforum", "text": JAHRESFORUM}
    (tmp_path / "forum.jsonl").write_text(json.dumps(fields), "utf-8")
    kb("import", tmp_path / "forum.jsonl")
    (path,) = (kb.corpus / "documents").rglob("forum.md")
    head = (
        "decisions:\n  topics: {quartier: rejected, migration: confirmed}\n  doc_type: sonstiges\n"
        "  event: none\n  places: {Dortmund: rejected}\n---\n\n"
    )
    path.write_text(path.read_text("utf-8").replace("---\n\n", head, 1), "utf-8")
    (tmp_path / "forum.jsonl").write_text(json.dumps(fields | {"text": JAHRESFORUM + "Neu."}), "utf-8")
    for command in (("index",), ("index", "--rebuild"), ("import", str(tmp_path / "forum.jsonl"))):
        assert kb(*command).exit_code == 0
        (hit,) = kb("search", "Jugendberufsagentur", "--json").json["hits"]
        assert (set(hit["topics"]), hit["doc_type"]) == ({"migration", "uebergaenge"}, "sonstiges")
        assert (hit["places"], hit["date"]) == ([], None)
    assert kb("show", "forum", "--json").json["text"].endswith("Neu.")


def test_an_unknown_export_format_names_the_known_ones(filled: Kb) -> None:
    assert "möglich sind: jsonl" in filled("export", "--format", "doc").err


def test_annotate_points_into_the_text_that_show_prints(filled: Kb) -> None:
    lines = [json.loads(line) for line in filled("annotate").out.splitlines()]
    assert len(lines) == 2
    for line in lines:
        assert set(line) == {"id", "topics", "doc_type", "places", "event"}
        text = filled("show", line["id"], "--json").json["text"]
        spans = [one for topic in line["topics"] for one in topic["evidence"] if one["end"]]
        assert spans
        assert all(text[one["start"] : one["end"]] == one["text"] for one in spans)
    assert lines[0]["event"] | {"evidence": []} == {
        "start": "2020-03-12", "end": "2020-03-13", "inferred": False, "evidence": [],
    }  # fmt: skip


def test_annotate_one_document_or_a_file(kb: Kb, tmp_path: Path) -> None:
    (tmp_path / "jahresforum.txt").write_text(JAHRESFORUM, "utf-8")
    assert kb("import", tmp_path / "jahresforum.txt", "--no-index").exit_code == 0
    (document,) = [json.loads(line) for line in kb("annotate", tmp_path / "jahresforum.txt").out.splitlines()]
    again = kb("annotate", document["id"]).json
    assert again["topics"] == document["topics"]
    missing = kb("annotate", "gibts-nicht")
    assert missing.exit_code == 1
    assert "gibts-nicht: weder ein Dokument des Korpus noch eine Datei" in missing.err


def test_extract_prints_a_line_for_every_input(kb: Kb, tmp_path: Path) -> None:
    page = tmp_path / "seite.html"
    page.write_text(
        "<html lang='de'><head><title>Stadtteilmütter in Hof</title>"
        "<meta property='article:published_time' content='2019-05-07T10:00:00+02:00'></head>"
        "<body><nav>Menü</nav><main>"
        "<h1>Stadtteilmütter in Hof</h1><p>"
        + "Die Stadtteilmütter besuchen Familien im Quartier. " * 12
        + "</p></main></body>",
        "utf-8",
    )
    (tmp_path / "leer.txt").write_bytes(b"")
    result = kb("extract", page, tmp_path / "leer.txt")
    good, bad = [json.loads(line) for line in result.out.splitlines()]
    assert (good["title"], good["published"], good["language"], good["error"]) == (
        "Stadtteilmütter in Hof", "2019-05-07", "de", None,
    )  # fmt: skip
    assert "Menü" not in good["text"]
    assert bad["input"].endswith("leer.txt")
    assert bad["text"] is None
    assert bad["error"]
    assert result.exit_code == 1


def test_pages_without_text_are_told_by_extract_and_import(kb: Kb, tmp_path: Path) -> None:
    (tmp_path / "halb.pdf").write_bytes(partly_scanned(3, text_on=[1]))
    told = "Seiten 2 und 3 haben keinen Text, sie sind vermutlich Scans oder Bilder"
    assert kb("extract", tmp_path / "halb.pdf").json["warnings"] == [told]
    result = kb("import", "--json", tmp_path / "halb.pdf")
    assert [one["warning"] for one in result.json["warnings"]] == [told]
    assert result.json["warnings"][0]["input"].endswith("halb.pdf")
    assert result.exit_code == 0
    assert f"halb.pdf: {told}" in kb("import", tmp_path / "halb.pdf").out


def test_eval_measures_a_folder(kb: Kb, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    texts = {
        "a": "Das Quartiersmanagement lädt ein.",
        "b": "Die Jugendberufsagentur berät.",
        "c": "Sprachkurse im Kreis.",
    }
    documents = [json.dumps({"id": key, "title": "", "text": text}) for key, text in texts.items()]
    (folder / "docs.jsonl").write_text("\n".join(documents), "utf-8")
    (folder / "queries.jsonl").write_text('{"id": "1", "text": "Jugendberufsagentur"}\n', "utf-8")
    (folder / "qrels.tsv").write_text("1\tb\t1\n", "utf-8")
    result = kb("eval", folder, "--json").json
    assert set(result) == {"queries", "ndcg@10", "mrr@10", "recall@10", "p50_ms", "p95_ms"}
    assert (result["queries"], result["ndcg@10"], result["mrr@10"], result["recall@10"]) == (1, 1.0, 1.0, 1.0)
    assert not (kb.var / "cache").exists()


def test_init_copies_once(kb: Kb, tmp_path: Path) -> None:
    target = tmp_path / "neu"
    assert "angelegt mit topics, sources, synonyms.txt, places.tsv, states.tsv" in kb("init", target).out
    assert "nichts geändert" in kb("init", target).out


def test_doctor_says_what_to_do(filled: Kb) -> None:
    healthy = filled("doctor", "--json")
    assert healthy.exit_code == 0
    assert healthy.json["ok"]
    (filled.corpus / "documents/import/kaputt.md").write_text("---\nid: [\n---\n", "utf-8")
    broken = filled("doctor", "--json")
    assert broken.exit_code == 1
    (error,) = [check for check in broken.json["checks"] if check["level"] == "error"]
    assert "kaputt.md" in error["found"]
    assert error["remedy"]


def test_what_an_import_says_against_an_editor_waits_and_is_counted(kb: Kb, tmp_path: Path) -> None:
    path = tmp_path / "bericht.md"
    path.write_text("---\nid: bericht\ntitle: Bericht\n---\n\nRund 80 kamen nach Hof.\n", "utf-8")
    assert kb("import", path).exit_code == 0
    (stored,) = (kb.corpus / "documents").rglob("*.md")
    stored.write_text(stored.read_text("utf-8").replace("Rund 80", "Etwa achtzig"), "utf-8")
    path.write_text("---\nid: bericht\ntitle: Bericht\n---\n\nRund 90 kamen nach Hof.\n", "utf-8")
    again = kb("import", path)
    assert again.exit_code == 1
    assert "zur Durchsicht vorgemerkt" in again.err
    assert "Etwa achtzig" in stored.read_text("utf-8")
    checks = {check["check"]: check for check in kb("doctor", "--json").json["checks"]}
    assert checks["Neues der Quellen"]["found"] == "1 warten auf Durchsicht"
    path.write_text("---\nid: bericht\ntitle: Bericht\n---\n\nEtwa achtzig kamen nach Hof.\n", "utf-8")
    assert kb("import", path).exit_code == 0
    assert "nichts wartet" in kb("doctor").out


def test_doctor_finds_nothing_to_warn_of_in_an_untouched_checkout(kb: Kb) -> None:
    shutil.copytree(shipped_corpus(), kb.corpus)
    findings = kb("doctor", "--json").json["checks"]
    assert {finding["level"] for finding in findings} == {"ok", "note"}
    assert any(finding["remedy"] == "kb index" for finding in findings)
    source = kb.corpus / "sources" / "demo.toml"
    source.write_text(source.read_text("utf-8").replace("enabled = false", "enabled = true"), "utf-8")
    warned = [finding for finding in kb("doctor", "--json").json["checks"] if finding["level"] == "warning"]
    assert ["kein Kontakt" in finding["found"] for finding in warned] == [True]


def test_doctor_asks_for_the_name_of_a_site_behind_a_proxy(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(shipped_corpus(), kb.corpus)
    monkeypatch.setenv("KB_PROXIES", "1")
    assert "KB_PUBLIC_URL auf ihre öffentliche Adresse setzen" in kb("doctor").out
    monkeypatch.setenv("KB_PUBLIC_URL", "https://suche.example.de")
    assert "KB_PUBLIC_URL" not in kb("doctor").out


def test_doctor_names_fields_that_nobody_knows(filled: Kb) -> None:
    (path, *_) = sorted((filled.corpus / "documents").rglob("*.md"))
    path.write_text(
        path.read_text("utf-8").replace("---\n", "---\ntitel: vertippt\noriginal: {}\n", 1), "utf-8"
    )
    (warning,) = [one for one in filled("doctor", "--json").json["checks"] if one["level"] == "warning"][:1]
    assert warning["found"].endswith("unbekannte Felder titel")


def test_doctor_without_a_corpus(kb: Kb) -> None:
    result = kb("doctor")
    assert result.exit_code == 1
    assert "kb init" in result.out


def test_duplicates_are_told_after_an_import_and_listed(filled: Kb, tmp_path: Path) -> None:
    copy = JAHRESFORUM.replace("ü", "ue").replace("Jugendberufsagentur", "Jugendberufs-\nagentur")
    (tmp_path / "forum-kopie.txt").write_text(copy, "utf-8")
    imported = filled("import", tmp_path / "forum-kopie.txt", "--no-index")
    assert "gleicher Text wie" in imported.out
    listed = filled("duplicates")
    assert listed.exit_code == 0
    assert "gleicher Text:" in listed.out
    assert "1 Gruppen, 2 Dokumente" in listed.out
    (group,) = filled("duplicates", "--json").json["groups"]
    assert (group["similarity"], group["same"], len(group["documents"])) == (1.0, True, 2)
