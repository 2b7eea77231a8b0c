"""Bad input and bad luck: each gives one clear line, loses nothing, and the rest goes on."""

from __future__ import annotations

import json
import random
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from crawler.archive.archive import PageArchive
from crawler.archive.warc_file import FetchedOriginal
from tests.kb.conftest import Kb, Result, read_only

GOOD = (
    "Das Quartiersmanagement in Görlitz\nDie Nachbarschaft im Quartier traf sich im Bürgerhaus zu einem Fest.\n"
)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "gut.txt"
    path.write_text(GOOD, "utf-8")
    return path


def only_rejected(result: Result) -> dict[str, str]:
    """The one rejected input of an import whose other input went in."""
    assert result.exit_code == 1
    assert result.json["added"] == 1
    assert "Traceback" not in result.err
    (rejected,) = result.json["rejected"]
    found: dict[str, str] = rejected
    return found


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-8-sig"])
def test_other_encodings_are_recognised(kb: Kb, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "alt.txt"
    path.write_bytes(GOOD.encode(encoding))
    assert kb("import", path, "--json").json["added"] == 1
    (hit,) = kb("search", "Görlitz", "--json").json["hits"]
    assert hit["title"] == "Das Quartiersmanagement in Görlitz"


def test_of_a_very_long_text_the_beginning_is_read_and_every_command_says_so(
    kb: Kb, tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_ANNOTATED_CHARS", "2000")
    path = tmp_path / "lang.txt"
    path.write_text(
        "Die Übergänge gestalten wir in der Stadt. " * 200 + "Das Zauberwort steht am Ende.", "utf-8"
    )
    imported = kb("import", path, good)
    assert imported.exit_code == 0
    assert "nur am Anfang gelesen" in imported.err
    indexed = kb("index", "--rebuild", "--json")
    assert indexed.exit_code == 0
    (location,) = indexed.json["partly"]
    (hit,) = kb("search", "Zauberwort", "--json").json["hits"]
    assert "lang" in location
    (note,) = [
        one for one in kb("doctor", "--json").json["checks"] if "wird nur der Anfang gelesen" in one["found"]
    ]
    assert note["level"] == "note"
    assert location in note["found"]
    assert kb("annotate", hit["id"]).json["flags"] == ["nur-anfang"]


def test_a_text_beyond_the_limit_names_the_limit(
    kb: Kb, tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_MAX_TEXT_CHARS", "5000")
    (tmp_path / "lang.txt").write_text("Übergänge gestalten. " * 400, "utf-8")
    rejected = only_rejected(kb("import", tmp_path / "lang.txt", good, "--json"))
    assert rejected["input"].endswith("lang.txt")
    assert "5000" in rejected["reason"].replace(".", "").replace(" ", "")
    assert "KB_MAX_TEXT_CHARS" in rejected["reason"]


# Long words: a text counts by its letters here, and costs by its words.
LONG = "Kommunalverwaltungsgemeinschaftsversammlungsgeschäftsführungsstelle"


def test_texts_longer_than_spacys_own_limit_go_in(kb: Kb, tmp_path: Path) -> None:
    path = tmp_path / "sehr-lang.txt"
    path.write_text("Ein Bericht aus dem Quartier\n" + f"Die {LONG} berät Jugendliche. " * 11_000, "utf-8")
    assert path.stat().st_size > 1_000_000
    assert kb("import", path, "--json").json["added"] == 1
    assert kb("search", "Jugendliche", "--json").json["total"] == 1


def test_an_empty_file(kb: Kb, tmp_path: Path, good: Path) -> None:
    (tmp_path / "leer.txt").write_bytes(b"")
    assert "leer" in only_rejected(kb("import", tmp_path / "leer.txt", good, "--json"))["reason"]


def test_a_binary_renamed_to_txt(kb: Kb, tmp_path: Path, good: Path) -> None:
    (tmp_path / "bild.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(5000))
    rejected = only_rejected(kb("import", tmp_path / "bild.txt", good, "--json"))
    assert rejected["input"].endswith("bild.txt")
    assert rejected["reason"]


def _pdf(path: Path) -> None:
    canvas = Canvas(str(path))
    canvas.drawString(72, 720, "Die Jugendberufsagentur im Überblick")
    canvas.save()


def test_an_encrypted_pdf(kb: Kb, tmp_path: Path, good: Path) -> None:
    _pdf(tmp_path / "offen.pdf")
    writer = PdfWriter(clone_from=PdfReader(tmp_path / "offen.pdf"))
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(tmp_path / "zu.pdf")
    assert "verschlüsselt" in only_rejected(kb("import", tmp_path / "zu.pdf", good, "--json"))["reason"]


def test_a_broken_pdf(kb: Kb, tmp_path: Path, good: Path) -> None:
    _pdf(tmp_path / "ganz.pdf")
    (tmp_path / "halb.pdf").write_bytes((tmp_path / "ganz.pdf").read_bytes()[:300])
    assert only_rejected(kb("import", tmp_path / "halb.pdf", good, "--json"))["input"].endswith("halb.pdf")


def test_broken_front_matter_names_the_line(kb: Kb, tmp_path: Path, good: Path) -> None:
    (tmp_path / "kopf.md").write_text("---\nid: kopf\ntitle: Ankommen: ein Weg\n---\nText", "utf-8")
    assert "Zeile 3" in only_rejected(kb("import", tmp_path / "kopf.md", good, "--json"))["reason"]


def test_two_files_with_one_id_in_one_import(kb: Kb, tmp_path: Path) -> None:
    for name in ("eins.md", "zwei.md"):
        (tmp_path / name).write_text(f"---\nid: gleich\ntitle: {name}\n---\n\nText {name}", "utf-8")
    rejected = only_rejected(kb("import", tmp_path / "eins.md", tmp_path / "zwei.md", "--json"))
    assert rejected["input"].endswith("zwei.md")
    assert "eins.md" in rejected["reason"]


def test_two_files_with_one_id_in_the_corpus(kb: Kb, good: Path) -> None:
    kb("import", good)
    for name in ("a", "b"):
        path = kb.corpus / "documents/hand" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\nid: gleich\ntitle: Fassung {name}\n---\n\nText", "utf-8")
    result = kb("index")
    assert result.exit_code == 1
    assert "documents/hand/b.md" in result.err
    assert "documents/hand/a.md" in result.err
    titles = [hit["title"] for hit in kb("search", "--json").json["hits"]]
    assert sorted(titles) == ["Das Quartiersmanagement in Görlitz", "Fassung a"]


def test_an_unknown_topic_in_front_matter(kb: Kb, tmp_path: Path, good: Path) -> None:
    head = "---\nid: t\ntitle: Titel\ndecisions: {topics: {migrazion: confirmed}}\n---\n\nText"
    (tmp_path / "thema.md").write_text(head, "utf-8")
    reason = only_rejected(kb("import", tmp_path / "thema.md", good, "--json"))["reason"]
    assert "migrazion" in reason
    assert "migration" in reason


def test_a_corpus_without_write_permission(kb: Kb, good: Path, forbidden: Path) -> None:
    kb.corpus = forbidden / "corpus"
    result = kb("import", good)
    assert result.exit_code == 1
    assert re.search("keine Schreib- oder Leserechte|lässt sich nur lesen", result.err)
    assert "Traceback" not in result.err


def test_a_read_only_corpus_is_searched_and_says_why_it_is_not_changed(
    kb: Kb, tmp_path: Path, good: Path
) -> None:
    kb("import", good)
    before = {path: path.read_bytes() for path in kb.corpus.rglob("*") if path.is_file()}
    (tmp_path / "neu.txt").write_text("Eine neue Notiz\nDie Nachbarschaft traf sich im Bürgerhaus.\n", "utf-8")
    with read_only(kb.corpus):
        for command in (["import", tmp_path / "neu.txt"], ["forget", "--yes", "https://www.example.org/a"]):
            result = kb(*command)
            assert result.exit_code == 1
            assert "der Datenträger lässt sich nur lesen" in result.err
            assert "Traceback" not in result.err
        assert kb("index", "--rebuild").exit_code == 0
        assert kb("search", "Görlitz", "--json").json["total"] == 1
        assert kb("export").exit_code == 0
        checked = [
            one for one in kb("doctor", "--json").json["checks"] if "lässt sich nur lesen" in one["found"]
        ]
        assert [one["level"] for one in checked] == ["note"]
    assert {path: path.read_bytes() for path in kb.corpus.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "command",
    [["export", "--output"], ["archive", "a", "--output"], ["init"]],
    ids=["export", "archive", "init"],
)
def test_commands_that_write_on_a_full_disk(
    kb: Kb, tmp_path: Path, good: Path, small_disk: Path, command: list[str]
) -> None:
    kb("import", good, "--no-index")
    archive = PageArchive(kb.var / "state/archive")
    page = FetchedOriginal("https://www.example.org/a", b"x" * 300_000, "text/html")
    archive.keep(page, "a", "hof", datetime(2026, 3, 1, tzinfo=UTC))
    archive.close()
    target = small_disk / "ziel"
    if command[0] != "init":
        target.write_bytes(b"vorher")
    for number in range(30):
        name = f"d{number}"
        text = f"---\nid: {name}\ntitle: {name}\nlicence: CC0-1.0\n---\n\n{'Übergang ' * 2_000}"
        (kb.corpus / f"documents/import/{name}.md").write_text(text, "utf-8")
    if command[0] == "init":
        (small_disk / "voll").write_bytes(b"x" * 200_000)
    result = kb(*command, target)
    assert result.exit_code == 1
    assert "der Datenträger ist voll" in result.err
    assert "Traceback" not in result.err
    if command[0] != "init":
        assert target.read_bytes() == b"vorher"
    assert not list(small_disk.rglob(".tmp-*"))


def test_an_output_that_takes_nothing_more(kb: Kb, good: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    kb("import", good, "--no-index")
    command = [sys.executable, "-m", "kb", "--corpus", str(kb.corpus), "--var", str(kb.var), "export"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Fehler: Ausgabe: der Datenträger ist voll")
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_an_export_replaces_an_older_one_whole(kb: Kb, tmp_path: Path, good: Path) -> None:
    kb("import", good, "--no-index")
    target = tmp_path / "export.jsonl"
    target.write_text("vorher", "utf-8")
    assert kb("export", "--output", target).exit_code == 0
    assert json.loads(target.read_text("utf-8"))["title"] == "Das Quartiersmanagement in Görlitz"
    assert kb("export", "--output", tmp_path / "nirgends/export.jsonl").exit_code == 1


def test_links_among_documents_are_named_and_not_followed(kb: Kb, tmp_path: Path, good: Path) -> None:
    kb("import", good)
    outside = tmp_path / "woanders"
    outside.mkdir()
    (outside / "fremd.md").write_text("---\nid: fremd\ntitle: Fremdes\n---\n\nGeheime Notiz.\n", "utf-8")
    (kb.corpus / "documents/fremd.md").symlink_to(outside / "fremd.md")
    (kb.corpus / "documents/ordner").symlink_to(outside)
    for command in ("index", "doctor", "export"):
        result = kb(command)
        said = result.out + result.err
        assert result.exit_code == 1
        assert "documents/fremd.md: das ist ein Verweis (symbolischer Link)" in said
        assert "documents/ordner: das ist ein Verweis (symbolischer Link)" in said
        assert "Geheime Notiz" not in said
    assert kb("search", "geheime", "--json").json["total"] == 0


def test_a_full_disk(kb: Kb, tmp_path: Path, small_disk: Path) -> None:
    lines = [json.dumps({"id": f"d{n}", "title": f"Notiz {n}", "text": "Übergang " * 1500}) for n in range(40)]
    (tmp_path / "viele.jsonl").write_text("\n".join(lines), "utf-8")
    kb("init")
    (kb.corpus / "documents").rmdir()
    (kb.corpus / "documents").symlink_to(small_disk)
    result = kb("import", "--no-index", tmp_path / "viele.jsonl")
    assert result.exit_code == 1
    assert "der Datenträger ist voll" in result.err
    assert "Traceback" not in result.err
    (kb.corpus / "documents").unlink()
    (kb.corpus / "documents").mkdir()
    for path in small_disk.rglob("*.md"):
        (kb.corpus / "documents" / path.name).write_bytes(path.read_bytes())
    written = len(list(small_disk.rglob("*.md")))
    assert 5 < written < 40
    assert kb("index", "--json").json["added"] == written


def test_a_malformed_topic_and_a_malformed_source(kb: Kb, good: Path) -> None:
    kb("import", good)
    (kb.corpus / "sources/kaputt.toml").write_text('label = "offen\n', "utf-8")
    result = kb("crawl")
    assert "kaputt.toml" in result.err
    assert "Zeile 1" in result.err
    (kb.corpus / "topics/kaputt.toml").write_text("label = ", "utf-8")
    result = kb("index")
    assert result.exit_code == 1
    assert "kaputt.toml" in result.err
    assert "Traceback" not in result.err
    assert kb("search", "Quartiersmanagement", "--json").json["total"] == 1


def test_a_port_in_use(kb: Kb, good: Path) -> None:
    kb("import", good)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = kb("serve", "--port", str(port))
    assert result.exit_code == 1
    assert str(port) in result.err
    assert "Traceback" not in result.err


def test_an_index_from_another_version(kb: Kb, good: Path) -> None:
    kb("import", good)
    (manifest,) = (kb.var / "cache/index").glob("*/manifest.json")
    fields = json.loads(manifest.read_text("utf-8"))
    fields["versions"]["schema"] = 0
    manifest.write_text(json.dumps(fields), "utf-8")
    result = kb("search", "Görlitz")
    assert result.exit_code == 1
    assert "kb index" in result.err
    assert kb("index").exit_code == 0
    assert kb("search", "Görlitz", "--json").json["total"] == 1


@pytest.mark.parametrize("damage", ["truncate", "delete", "garbage"])
def test_a_damaged_index_is_rebuilt(kb: Kb, good: Path, damage: str) -> None:
    kb("import", good)
    victim = max((kb.var / "cache/index").glob("*/*.col"), key=lambda path: path.stat().st_size)
    match damage:
        case "truncate":
            victim.write_bytes(victim.read_bytes()[:10])
        case "delete":
            victim.unlink()
        case _:
            victim.write_bytes(b"x" * 17)
    result = kb("search", "Görlitz")
    assert result.exit_code == 1
    assert "kb index" in result.err
    assert "Traceback" not in result.err
    assert kb("index").exit_code == 0
    assert kb("search", "Görlitz", "--json").json["total"] == 1


def test_missing_paths_are_rejected_by_name(kb: Kb, tmp_path: Path, good: Path) -> None:
    assert "nirgends" in only_rejected(kb("import", tmp_path / "nirgends.txt", good, "--json"))["input"]


def test_lines_of_a_jsonl_file_are_named(kb: Kb, tmp_path: Path) -> None:
    lines = ['{"id": "a", "title": "A", "text": "Eins"}', "{kaputt", '{"title": "ohne id", "text": "x"}']
    lines += ['{"id": "b", "title": "B", "text": 7}', '{"id": "c", "title": "C", "text": "Drei"}']
    (tmp_path / "daten.jsonl").write_text("\n".join(lines), "utf-8")
    result = kb("import", tmp_path / "daten.jsonl", "--json")
    assert result.exit_code == 1
    assert result.json["added"] == 2
    named = [one["input"].rpartition("/")[2] for one in result.json["rejected"]]
    assert named == ["daten.jsonl:2", "daten.jsonl:3", "daten.jsonl:4"]


KILLS = 6


@pytest.mark.kill
def test_kill_9_while_importing_and_indexing(kb: Kb, tmp_path: Path) -> None:
    """The corpus loads whole, the index opens old or new, and the next run ends complete."""
    total = 300
    lines = [
        json.dumps({"id": f"d{n}", "title": f"Notiz {n}", "text": f"Übergang Nummer {n}. " * 20})
        for n in range(total)
    ]
    data = tmp_path / "viele.jsonl"
    data.write_text("\n".join(lines), "utf-8")
    command = [sys.executable, "-m", "kb", "--corpus", str(kb.corpus), "--var", str(kb.var)]
    moments = random.Random(20)
    for attempt in range(KILLS):
        rebuild = attempt % 2 == 1
        process = subprocess.Popen(
            [*command, *(["index", "--rebuild"] if rebuild else ["import", str(data)])],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_for_work(kb, process)
        time.sleep(moments.uniform(0, 0.6))  # not a wait for anything: the moment is what is varied
        process.send_signal(signal.SIGKILL)
        process.wait()
        # What a kill leaves half written is no document; the next writer sweeps it, as the end shows.
        for path in (kb.corpus / "documents").rglob("[!.]*.md"):
            assert kb("show", path.stem, "--json").json["text"].startswith("Übergang Nummer")
        found = kb("search", "--json")
        assert found.exit_code == 0 or "run `kb index`" in found.err
    assert kb("import", data, "--json").exit_code == 0
    assert kb("search", "Übergang", "--json").json["total"] == total
    assert not list(kb.corpus.rglob(".tmp-*"))


def _wait_for_work(kb: Kb, process: subprocess.Popen[bytes]) -> None:
    """Until the process has begun to write: the lock file's or a generation's time moves."""
    started = time.time()
    while process.poll() is None:
        folders = [kb.corpus / "documents", kb.corpus / "documents/import", kb.var / "cache/index"]
        if any(folder.exists() and folder.stat().st_mtime >= started for folder in folders):
            return
        time.sleep(0.01)
