from __future__ import annotations

import json
import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.extract import ContentExtractor
from crawler.files.importer import ImportOptions, ImportReport, import_paths
from crawler.files.local_files import derived_id, unreadable
from kb.corpus import DirectoryCorpus
from kb.errors import StorageError
from kb.model import Decision, Document, PartialDate, Status, StoredDocument, text_hash
from kb.ports import CorpusStore
from kb.record import FolderSourceNews
from tests.crawler.extract.samples import PARAGRAPH, docx, page, pdf
from tests.doubles import MemoryCorpus

TOPICS = frozenset({"migration", "uebergaenge", "quartier"})
HEAD = "---\nid: fachtag-hof\ntitle: Der Fachtag\n"
OPTIONS = ImportOptions(known_topics=TOPICS)


@pytest.fixture
def corpus() -> MemoryCorpus:
    return MemoryCorpus()


def run(corpus: CorpusStore, *paths: Path, options: ImportOptions = OPTIONS) -> ImportReport:
    return import_paths(paths, corpus, ContentExtractor(), options)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding)
    return path


def lines(path: Path, *values: object) -> Path:
    return write(path, "\n".join(one if isinstance(one, str) else json.dumps(one) for one in values))


def one(corpus: CorpusStore) -> Document:
    (ref,) = corpus.refs()
    return corpus.load(ref).document


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, len(report.rejected)


def reason(report: ImportReport) -> str:
    (rejected,) = report.rejected
    return rejected.reason


def test_every_format_goes_in_and_a_second_time_changes_nothing(corpus: MemoryCorpus, tmp_path: Path) -> None:
    write(tmp_path / "a.txt", f"Übergänge für Köln\n{PARAGRAPH}", "latin-1")
    write(tmp_path / "b.txt", f"Migration in Jena\n{PARAGRAPH} Ende.", "utf-16")
    write(tmp_path / "c.md", f"# Das Quartier\n\n{PARAGRAPH} Schluss.")
    write(tmp_path / "d.md", f"{HEAD}---\n\n{PARAGRAPH}")
    (tmp_path / "e.html").write_bytes(page(f"<h1>Der Tag</h1><p>{PARAGRAPH} Danke.</p>"))
    (tmp_path / "f.pdf").write_bytes(pdf([[PARAGRAPH[:90]]], title="Das Konzept"))
    (tmp_path / "g.docx").write_bytes(docx([("Title", "Der Leitfaden"), ("", f"{PARAGRAPH} Gut.")]))
    lines(tmp_path / "h.jsonl", {"id": 7, "title": "Sieben", "text": "Ein Text."})
    report = run(corpus, tmp_path)
    assert counts(report) == (8, 0, 0, 0)
    assert {corpus.get(doc_id).document.title for doc_id in report.ids} == {
        "Übergänge für Köln",
        "Migration in Jena",
        "Das Quartier",
        "Der Fachtag",
        "Der Tag",
        "Das Konzept",
        "Der Leitfaden",
        "Sieben",
    }
    again = run(corpus, tmp_path)
    assert counts(again) == (0, 0, 8, 0)
    assert again.ids == report.ids


def test_what_an_imported_document_is(corpus: MemoryCorpus, tmp_path: Path) -> None:
    head = '<link rel="canonical" href="https://hof.example/tag"><meta name="date" content="12.03.2019">'
    (tmp_path / "Über den Fluß!.html").write_bytes(page(f"<h1>Der Tag</h1><p>{PARAGRAPH}</p>", head=head))
    run(corpus, tmp_path)
    document = one(corpus)
    assert document.id.startswith("ueber-den-fluss-")
    assert len(document.id) == len("ueber-den-fluss-") + 8
    assert document == Document(
        id=document.id,
        title="Der Tag",
        text=PARAGRAPH,
        source="import",
        url="https://hof.example/tag",
        published=PartialDate(2019, 3, 12),
        source_hash=text_hash(PARAGRAPH),
    )


def test_derived_ids_depend_on_the_place(tmp_path: Path) -> None:
    assert derived_id(tmp_path / "a" / "x.txt") != derived_id(tmp_path / "b" / "x.txt")
    assert derived_id(tmp_path / "a" / ".." / "x.txt") == derived_id(tmp_path / "x.txt")
    assert derived_id(tmp_path / "！！.txt").startswith("dokument-")


def test_a_moved_file_is_the_same_document(corpus: MemoryCorpus, tmp_path: Path) -> None:
    first = run(corpus, write(tmp_path / "alt/bericht.txt", f"Titel\n{PARAGRAPH}"))
    (tmp_path / "alt").rename(tmp_path / "neu")
    (tmp_path / "neu/bericht.txt").rename(tmp_path / "neu/umbenannt.txt")
    second = run(corpus, tmp_path / "neu")
    assert counts(second) == (0, 0, 1, 0)
    assert second.ids == first.ids


def test_a_changed_file_updates_its_document(corpus: MemoryCorpus, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", f"Titel\n{PARAGRAPH}")
    run(corpus, path)
    write(path, f"Neuer Titel\n{PARAGRAPH}")
    assert counts(run(corpus, path)) == (0, 1, 0, 0)
    assert one(corpus).title == "Neuer Titel"


def test_an_editors_text_is_never_overwritten(corpus: MemoryCorpus, tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", f"{HEAD}---\n\nAlt.")
    run(corpus, path)
    stored = corpus.get("fachtag-hof")
    corpus.put(replace(stored.document, text="Bearbeitet."), expected=stored.revision)
    assert counts(run(corpus, path)) == (0, 0, 1, 0)
    write(path, f"{HEAD}---\n\nNeu.")
    news = FolderSourceNews(tmp_path / "news")
    report = run(corpus, path, options=replace(OPTIONS, news=news))
    assert "zur Durchsicht vorgemerkt" in reason(report)
    assert [waiting.document.text for waiting in news.waiting()] == ["Neu."]
    assert one(corpus).text == "Bearbeitet."


def test_front_matter_says_what_a_document_is(corpus: MemoryCorpus, tmp_path: Path) -> None:
    fields = "source: hof\nstatus: withdrawn\nauthors: [Şeyma Öz]\n"
    fields += "decisions: {topics: {migration: confirmed}}\n"
    run(corpus, write(tmp_path / "a.md", f"{HEAD}{fields}---\n\nDer Text."))
    document = one(corpus)
    assert (document.source, document.status, document.authors) == ("hof", Status.WITHDRAWN, ("Şeyma Öz",))
    assert document.decisions.topics == {"migration": Decision("confirmed")}
    assert document.source_hash == text_hash("Der Text.")


def test_front_matter_without_an_id_gets_the_derived_one(corpus: MemoryCorpus, tmp_path: Path) -> None:
    path = write(tmp_path / "notiz.md", "---\ntitle: Notiz\n---\n\nDer Text.")
    assert run(corpus, path).ids == (derived_id(path),)


def test_front_matter_in_latin_1(corpus: MemoryCorpus, tmp_path: Path) -> None:
    run(corpus, write(tmp_path / "a.md", "---\nid: a\ntitle: Größe\n---\n\nÜbergänge für alle.", "latin-1"))
    assert one(corpus).title == "Größe"


def test_drafts(corpus: MemoryCorpus, tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "Ein Titel\n\nEin Text.")
    write(tmp_path / "b.md", f"{HEAD}---\n\nNoch ein Text.")
    lines(tmp_path / "c.jsonl", {"id": "c", "title": "C", "text": "Dritter Text."})
    report = run(corpus, tmp_path, options=replace(OPTIONS, draft=True))
    assert {corpus.get(doc_id).document.status for doc_id in report.ids} == {Status.DRAFT}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("leer.txt", b"", "leer"),
        ("bild.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "Binärdaten"),
        ("halb.pdf", b"%PDF-1.4 abgebrochen", "beschädigt"),
        ("halb.docx", b"PK\x03\x04abgebrochen", "beschädigt"),
        ("tabelle.xlsx", b"Spalte", "gelesen werden .md, .txt, .html, .pdf, .docx"),
        ("kopf.md", b"---\nid: a\ntitle: A: B\n---\nText", "Zeile 3"),
        ("ohne.md", b"---\nid: a\n---\nText", "title"),
        ("nichts.md", b"---\nid: a\ntitle: A\n---\n", "kein Text"),
        ("adresse.md", b"---\nid: a\ntitle: A\nurl: javascript:alert(1)\n---\nText", "keine Webadresse"),
        ("klammer.md", b"---\nid: a\ntitle: A\nurl: 'http://[stadt'\n---\nText", "keine Webadresse"),
        ("hostlos.md", b"---\nid: a\ntitle: A\nurl: 'http://'\n---\nText", "keine Webadresse"),
        ("pfad.md", b"---\nid: ../a\ntitle: A\n---\nText", "Kennung"),
    ],
)
def test_bad_files_are_named_and_the_rest_goes_on(
    corpus: MemoryCorpus, tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    (tmp_path / name).write_bytes(content)
    good = write(tmp_path / "z.txt", "Ein Titel\n\nEin Text.")
    report = run(corpus, tmp_path / name, good)
    assert counts(report) == (1, 0, 0, 1)
    assert report.rejected[0].input == str(tmp_path / name)
    assert expected in reason(report)
    assert str(tmp_path) not in reason(report)


def test_an_unknown_topic_names_the_known_ones(corpus: MemoryCorpus, tmp_path: Path) -> None:
    report = run(
        corpus, write(tmp_path / "a.md", f"{HEAD}decisions: {{topics: {{migrazion: confirmed}}}}\n---\n\nText")
    )
    assert (
        reason(report) == "das Thema „migrazion“ gibt es nicht – bekannt sind: migration, quartier, uebergaenge"
    )


def test_a_second_input_with_the_same_id_names_the_first(corpus: MemoryCorpus, tmp_path: Path) -> None:
    write(tmp_path / "a.md", f"{HEAD}---\n\nErster Text.")
    write(tmp_path / "b.md", f"{HEAD}---\n\nZweiter Text.")
    lines(tmp_path / "c.jsonl", {"id": "fachtag-hof", "title": "C", "text": "Dritter Text."})
    report = run(corpus, tmp_path)
    assert [rejected.input for rejected in report.rejected] == [
        str(tmp_path / "b.md"),
        f"{tmp_path / 'c.jsonl'}:1",
    ]
    assert all(f"kam schon in {tmp_path / 'a.md'} vor" in rejected.reason for rejected in report.rejected)
    assert one(corpus).text == "Erster Text."


def test_a_file_that_is_named_twice_counts_once(corpus: MemoryCorpus, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Ein Titel\n\nEin Text.")
    assert counts(run(corpus, path, tmp_path, path)) == (1, 0, 0, 0)


def test_limits(corpus: MemoryCorpus, tmp_path: Path) -> None:
    options = ImportOptions(max_text_chars=40, max_file_bytes=400)
    write(tmp_path / "a.md", f"{HEAD}---\n\n{'Text ' * 20}")
    lines(
        tmp_path / "b.jsonl", {"id": "b", "title": "", "text": "Wort " * 20}, {"id": "c", "text": "Kurz genug."}
    )
    write(tmp_path / "c.txt", "Wort " * 100)
    report = run(corpus, tmp_path, options=options)
    assert [Path(rejected.input).name for rejected in report.rejected] == ["a.md", "b.jsonl:1", "c.txt"]
    assert "99 Zeichen, erlaubt sind 40" in report.rejected[0].reason
    assert "KB_MAX_TEXT_CHARS" in report.rejected[1].reason
    assert "500 Byte, erlaubt sind 400" in report.rejected[2].reason
    assert report.ids == ("c",)


def test_a_line_longer_than_memory_should_hold_is_passed_over(corpus: MemoryCorpus, tmp_path: Path) -> None:
    long = json.dumps({"id": "a", "text": "x" * 3_500_000})
    report = run(
        corpus,
        lines(tmp_path / "a.jsonl", long, {"id": "b", "text": "Ein Text."}),
        options=replace(OPTIONS, max_text_chars=1000),
    )
    assert report.ids == ("b",)
    assert report.rejected[0].input.endswith("a.jsonl:1")
    assert "1000" in reason(report)


def test_json_lines(corpus: MemoryCorpus, tmp_path: Path) -> None:
    full = {
        "id": "rückblick/2019",
        "title": " Der\nFachtag ",
        "text": "Zu\u0308gig beraten.\r\n",
        "url": "https://hof.example/",
        "published": "12. März 2019",
        "publisher": "Stadt Hof",
        "licence": "CC0-1.0",
        "score": {"egal": 1},
    }
    path = write(
        tmp_path / "a.jsonl",
        "\ufeff" + json.dumps(full) + '\n\n{"id": 12, "title": "", "text": "Nur Text. Mehr."}\n',
    )
    assert counts(run(corpus, path)) == (2, 0, 0, 0)
    assert corpus.get("rückblick/2019").document == Document(
        id="rückblick/2019",
        title="Der Fachtag",
        text="Zügig beraten.",
        url="https://hof.example/",
        published=PartialDate(2019, 3, 12),
        publisher="Stadt Hof",
        licence="CC0-1.0",
        source_hash=text_hash("Zügig beraten."),
    )
    assert corpus.get("12").document.title == "Nur Text"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{kaputt", "kein gültiges JSON"),
        ("[1]", "kein JSON-Objekt"),
        ("null", "kein JSON-Objekt"),
        ('{"title": "A", "text": "B"}', "das Feld id fehlt"),
        ('{"id": "", "text": "B"}', "das Feld id fehlt"),
        ('{"id": true, "text": "B"}', "id ist keine Zeichenkette"),
        ('{"id": 1.5, "text": "B"}', "id ist keine Zeichenkette"),
        ('{"id": "a", "text": ["B"]}', "text ist keine Zeichenkette"),
        ('{"id": "a", "text": "B", "title": 7}', "title ist keine Zeichenkette"),
        ('{"id": "a", "text": " "}', "der Text fehlt"),
        ('{"id": "a"}', "der Text fehlt"),
        ('{"id": "a", "text": "B", "published": "gestern"}', "„gestern“ ist kein Datum"),
        ('{"id": "a", "text": "B", "url": "ftp://hof.example"}', "keine Webadresse"),
        ('{"id": "a/../b", "text": "B"}', "Kennung"),
        ("[" * 100_000, "kein gültiges JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(
    corpus: MemoryCorpus, tmp_path: Path, line: str, expected: str
) -> None:
    path = lines(tmp_path / "a.jsonl", {"id": "x", "text": "Vorher."}, line, {"id": "y", "text": "Nachher."})
    report = run(corpus, path)
    assert report.ids == ("x", "y")
    assert report.rejected[0].input == f"{path}:2"
    assert expected in reason(report)


def test_folders_skip_what_is_not_read(
    corpus: MemoryCorpus, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path / "b/c.txt", "Titel C\n\nText C.")
    write(tmp_path / "a.txt", "Titel A\n\nText A.")
    write(tmp_path / ".versteckt.txt", "Versteckt")
    write(tmp_path / ".git/x.txt", "Versteckt")
    write(tmp_path / "bild.png", "Bild")
    with caplog.at_level(logging.INFO):
        report = run(corpus, tmp_path)
    assert [corpus.get(doc_id).document.title for doc_id in report.ids] == ["Titel A", "Titel C"]
    assert report.rejected == ()
    assert "bild.png" in caplog.text


def test_missing_paths_and_odd_files(corpus: MemoryCorpus, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rohr.txt")
    (tmp_path / "ziel.txt").symlink_to("gibtsnicht")
    good = write(tmp_path / "z.txt", "Ein Titel\n\nEin Text.")
    report = run(
        corpus, tmp_path / "weg.txt", tmp_path / "weg.jsonl", tmp_path / "rohr.txt", tmp_path / "ziel.txt", good
    )
    assert [rejected.reason.split(" – ")[0] for rejected in report.rejected] == [
        "die Datei gibt es nicht",
        "die Datei gibt es nicht",
        "das ist keine gewöhnliche Datei",
        "die Datei gibt es nicht",
    ]
    assert report.added == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_without_permission(corpus: MemoryCorpus, tmp_path: Path) -> None:
    path = write(tmp_path / "zu.txt", "Text")
    path.chmod(0)
    assert "darf nicht gelesen werden" in reason(run(corpus, path))


def test_file_names_that_are_no_utf8(corpus: MemoryCorpus, tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/gr\xfc\xdfe.txt")).write_bytes(b"")
    report = run(corpus, tmp_path)
    assert report.rejected[0].input.endswith("gr??e.txt")


class InterruptedCorpus(MemoryCorpus):
    """Somebody else writes between our reading and writing, as often as told; then the disk may be full."""

    def __init__(self, *, interruptions: int = 0, room: int = 1000) -> None:
        super().__init__()
        self.interruptions = interruptions
        self.room = room

    def put(self, document: Document, *, expected: str | None) -> StoredDocument:
        if self.interruptions:
            self.interruptions -= 1
            title = f"Von anderswo {self.interruptions}"
            super().put(replace(document, title=title), expected=expected)
        if self.room == 0:
            raise StorageError("kein Platz mehr", subject="corpus", remedy="Platz schaffen")
        self.room -= 1
        return super().put(document, expected=expected)


def test_a_conflict_is_tried_once_more(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Ein Titel\n\nEin Text.")
    corpus = InterruptedCorpus(interruptions=1)
    assert counts(run(corpus, path)) == (0, 1, 0, 0)
    assert one(corpus).title == "Ein Titel"


def test_a_document_that_never_holds_still_is_rejected(tmp_path: Path) -> None:
    report = run(InterruptedCorpus(interruptions=2), write(tmp_path / "a.txt", "Ein Titel\n\nEin Text."))
    assert counts(report) == (0, 0, 0, 1)
    assert "inzwischen geändert" in reason(report)


@pytest.mark.parametrize("kind", ["files", "lines"])
def test_a_full_disk_ends_the_run_and_what_was_put_is_in(tmp_path: Path, kind: str) -> None:
    values = [
        {"id": f"d{number}", "title": f"Titel {number}", "text": f"Text {number}."} for number in range(3)
    ]
    if kind == "lines":
        lines(tmp_path / "a.jsonl", *values)
    else:
        for value in values:
            write(tmp_path / f"{value['id']}.txt", f"{value['title']}\n\n{value['text']}")
    corpus = InterruptedCorpus(room=2)
    with pytest.raises(StorageError, match="kein Platz"):
        run(corpus, tmp_path)
    assert [corpus.load(ref).document.title for ref in corpus.refs()] == ["Titel 0", "Titel 1"]


def test_progress_is_told(corpus: MemoryCorpus, tmp_path: Path) -> None:
    told: list[tuple[int, int | None, str]] = []

    def listen(done: int, total: int | None, label: str) -> None:
        told.append((done, total, Path(label).name))

    write(tmp_path / "a.txt", "Titel A\n\nText A.")
    write(tmp_path / "b.txt", "")
    import_paths([tmp_path], corpus, ContentExtractor(), OPTIONS, listen)
    assert told == [(1, 2, "a.txt"), (2, 2, "b.txt")]
    told.clear()
    path = lines(tmp_path / "c.jsonl", {"id": "x", "text": "Eins."}, {"id": "y", "text": "Zwei."})
    import_paths([path], corpus, ContentExtractor(), OPTIONS, listen)
    assert told == [(1, None, "c.jsonl:1"), (2, None, "c.jsonl:2")]


def test_a_document_that_is_broken_in_the_corpus_is_named(tmp_path: Path) -> None:
    corpus = DirectoryCorpus(tmp_path / "corpus")
    path = write(tmp_path / "a.md", f"{HEAD}---\n\nDer Text.")
    assert counts(run(corpus, path)) == (1, 0, 0, 0)
    (ref,) = corpus.refs()
    write(corpus.path / ref.location, "---\nid: fachtag-hof\nstatus: kaputt\ntitle: T\n---\nText")
    assert "fachtag-hof.md" in reason(run(corpus, path))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (FileNotFoundError(2, "x"), "bericht.txt: die Datei gibt es nicht – Pfad und Schreibweise prüfen"),
        (
            PermissionError(13, "x"),
            "bericht.txt: die Datei darf nicht gelesen werden – Leserecht geben (chmod u+r)",
        ),
        (OSError(5, "Input/output error"), "bericht.txt: die Datei ist nicht lesbar (Input/output error)"),
        (ValueError("embedded null byte"), "'bericht.txt': der Dateiname ist ungültig"),
    ],
)
def test_errors_of_the_file_system_say_what_to_do(error: Exception, expected: str) -> None:
    assert str(unreadable(error, Path("bericht.txt"))) == expected


def test_a_new_text_that_is_like_an_old_one_is_in_and_told(corpus: MemoryCorpus, tmp_path: Path) -> None:
    corpus.put(Document("land-1", "Übergänge", PARAGRAPH.strip(), source="land"), expected=None)
    spelt = PARAGRAPH.replace("ü", "ue").replace("ä", "ae")
    report = run(corpus, write(tmp_path / "kopie.md", f"---\nid: kopie\ntitle: Uebergaenge\n---\n\n{spelt}\n"))
    assert counts(report) == (1, 0, 0, 0)
    assert [(one.doc_id, one.twin.doc_id, one.twin.is_same) for one in report.alike] == [
        ("kopie", "land-1", True)
    ]
    again = run(corpus, tmp_path / "kopie.md")
    assert (counts(again), again.alike) == ((0, 0, 1, 0), ())
