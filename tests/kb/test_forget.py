"""``kb forget`` end to end: nothing of the document stays anywhere, and nothing brings it back."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kb.model import Change, Role, VersionDraft
from kb.record import Database, SqlAccountStore, SqlVersionLog
from kb.settings import load_settings
from kb.wiring import open_site
from tests.crawler.loopback import SENTENCE, Site, link_list, page, serve
from tests.kb.conftest import Kb

pytestmark = pytest.mark.crawl

SECRET = "Zirbelkiefer"
REASON = "Bitte der Abgebildeten"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("KB_ALLOW_LOOPBACK", "true")
    monkeypatch.setenv("KB_CRAWL_DELAY", "0")
    answers = {
        "/": link_list("/berichte/eins", "/berichte/zwei"),
        "/berichte/eins": page(
            f"Fachtag {SECRET}", f"Die {SECRET} in der Jugendberufsagentur. " + SENTENCE * 5
        ),
        "/berichte/zwei": page("Übergänge gestalten", "Im Quartier. " + SENTENCE * 5),
    }
    with serve(answers) as running:
        yield running


@pytest.fixture
def crawled(kb: Kb, site: Site) -> str:
    """A crawled and indexed corpus; the id of the document that is to go."""
    assert kb("init").exit_code == 0
    assert kb("source", "add", site.base, "--name", "auenbrueck").exit_code == 0
    path = kb.corpus / "sources" / "auenbrueck.toml"
    path.write_text(path.read_text("utf-8").replace("delay = 2", "delay = 0"), "utf-8")
    assert kb("crawl", "auenbrueck").exit_code == 0
    (hit,) = kb("search", SECRET, "--json").json["hits"]
    return str(hit["id"])


def _versions(kb: Kb, doc_id: str) -> SqlVersionLog:
    database = Database("", state_dir=kb.var / "state")
    SqlAccountStore(database).add("berit", "eine lange Losung", Role.EDITOR)
    log = SqlVersionLog(database)
    log.plan(VersionDraft(doc_id, "berit", Change.EDITED, before=SECRET, after=f"{SECRET} geändert"))
    return log


def _traces(folder: Path) -> list[str]:
    """Files that hold the secret word, plain or in any zlib or gzip stream."""
    wanted = [SECRET.encode(), SECRET.lower().encode()]
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        streams = [data, *_inflated(data)]
        if any(word in stream for stream in streams for word in wanted):
            found.append(str(path.relative_to(folder)))
    return found


def _inflated(data: bytes) -> Iterator[bytes]:
    for mark, bits in ((b"\x1f\x8b", 31), (b"\x78", 15)):
        at = data.find(mark)
        while at >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj(bits).decompress(data[at:], 1_000_000)
            at = data.find(mark, at + 1)


def test_nothing_stays_and_nothing_comes_back(kb: Kb, site: Site, crawled: str) -> None:
    log = _versions(kb, crawled)
    assert {name.split("/")[0] for name in _traces(kb.var)} == {"cache", "state"}, "or this proves nothing"
    assert kb("archive", crawled).exit_code == 0

    done = kb("forget", f"{site.base}/berichte/eins#teil?", "--yes", "--reason", REASON, "--json")
    assert (done.exit_code, done.json["documents"], done.json["versions"]) == (0, 1, 1)
    assert done.json["archived"] == 1
    assert _traces(kb.var) == _traces(kb.corpus) == []
    assert (log.versions(crawled), log.unfinished()) == ([], [])
    assert kb("search", SECRET, "--no-correct", "--json").json["total"] == 0
    assert kb("search", "Übergänge", "--json").json["total"] == 1, "the other document is still found"

    before = len(site.paths)
    assert kb("crawl", "auenbrueck").exit_code == 0
    assert "/berichte/eins" not in site.paths[before:], "it is not even asked for"
    assert REASON in kb("crawl", "--report").out
    assert kb("index", "--rebuild").exit_code == 0
    assert kb("search", SECRET, "--no-correct", "--json").json["total"] == 0


def test_an_import_of_its_address_is_rejected(kb: Kb, site: Site, crawled: str, tmp_path: Path) -> None:
    assert kb("forget", crawled, "--yes").exit_code == 0
    file = tmp_path / "zurück.md"
    file.write_text(f"---\ntitle: Zurück\nurl: {site.base}/berichte/eins\n---\n{SENTENCE}\n", "utf-8")
    again = kb("import", str(file))
    assert (again.exit_code, "auf Wunsch gelöscht" in again.err) == (1, True)
    assert kb("forget", "--undo", f"{site.base}/berichte/eins").exit_code == 0
    assert kb("import", str(file)).exit_code == 0
    assert kb("forget", "--list").out.strip() == "nichts wurde auf Wunsch gelöscht"


def test_its_page_says_that_it_is_gone(kb: Kb, crawled: str) -> None:
    settings = load_settings(corpus=kb.corpus, var=kb.var)
    client = open_site(settings).test_client()
    assert client.get(f"/dokument/{crawled}").status_code == 200
    assert kb("forget", crawled, "--yes").exit_code == 0
    answer = client.get(f"/dokument/{crawled}")
    assert (answer.status_code, "für immer entfernt" in answer.text) == (410, True)
    assert client.get("/dokument/auenbrueck/anderes").status_code == 404


def test_a_second_call_finishes_what_a_crash_interrupted(
    kb: Kb, site: Site, crawled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Crash after crash, each at a later step; named by its address, which alone does not tell the id."""
    from kb import forgetting

    log = _versions(kb, crawled)
    _upload(kb)
    url = f"{site.base}/berichte/eins"

    def crash(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    for step in ("upload", "fetched", "versions", "document", "entry"):
        with monkeypatch.context() as patched:
            patched.setattr(forgetting, f"_forget_{step}", crash)
            assert kb("forget", url, "--yes").exit_code != 0
        assert _traces(kb.var) != []
    assert kb("forget", url, "--yes").exit_code == 0
    assert _traces(kb.var) == _traces(kb.corpus) == []
    assert log.unfinished() == []


def _upload(kb: Kb) -> None:
    """An original that the document came from, as if an editor had uploaded it."""
    folder = kb.var / "state" / "uploads"
    folder.mkdir(parents=True)
    (folder / "abc.original").write_text(SECRET, "utf-8")
    (path,) = [one for one in (kb.corpus / "documents").rglob("*.md") if SECRET in one.read_text("utf-8")]
    original = "original:\n  name: Bericht.pdf\n  stored: abc.original\n  sha256: ab\n"
    path.write_text(path.read_text("utf-8").replace("---\n", f"---\n{original}", 1), "utf-8")


def test_an_address_that_is_none_saves_no_document(kb: Kb, crawled: str) -> None:
    path = kb.corpus / "documents" / "import" / "alt.md"
    path.parent.mkdir()
    head = "id: alt\ntitle: Alt\nsource: import\nurl: www.stadt.example/alt\n"
    path.write_text(f"---\n{head}---\nDie {SECRET}.\n", "utf-8")
    done = kb("forget", "alt", "--yes")
    assert (done.exit_code, done.err, path.exists()) == (0, "", False)


def test_who_asks_for_nothing_known_is_told(kb: Kb, crawled: str) -> None:
    unknown = kb("forget", "auenbrueck/gibt-es-nicht", "--yes")
    assert (unknown.exit_code, "auenbrueck/gibt-es-nicht" in unknown.err) == (1, True)
    assert kb("forget", "--undo", crawled).exit_code == 1
    assert kb("forget").exit_code == 1
    assert kb("forget", crawled).exit_code == 1, "nobody said yes"
    assert kb("show", crawled).exit_code == 0


def test_an_address_can_be_forbidden_before_anybody_crawled_it(kb: Kb, site: Site, crawled: str) -> None:
    site.answers["/"] = link_list("/berichte/eins", "/berichte/zwei", "/berichte/drei")
    site.answers["/berichte/drei"] = page("Drei", SENTENCE * 5)
    assert kb("forget", f"{site.base}/berichte/drei", "--yes").exit_code == 0
    before = len(site.paths)
    assert kb("crawl", "auenbrueck").exit_code == 0
    assert "/berichte/drei" not in site.paths[before:]


def test_the_archive_gives_back_what_was_fetched(kb: Kb, crawled: str, tmp_path: Path) -> None:
    target = tmp_path / "seite.html"
    assert kb("archive", crawled, "--output", str(target)).exit_code == 0
    assert SECRET in target.read_text("utf-8")
    assert kb("archive", "auenbrueck/nie-gesehen").exit_code == 1
