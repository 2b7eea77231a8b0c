"""What may become of the files under a server that runs: it says so, goes on, and needs no restart."""

from __future__ import annotations

import shutil
import urllib.error
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from crawler.archive.archive import PageArchive
from kb.corpus import DirectoryCorpus
from kb.model import Document
from tests.crawler.loopback import Answer, link_list, page, serve
from tests.kb.conftest import Kb, Result
from tests.kb.server import Server


@pytest.fixture
def server(kb: Kb, tmp_path: Path) -> Iterator[Server]:
    for name, text in (("eins", "Die Stadtteilmütter besuchen Familien."), ("zwei", "Ein Fest in Hof.")):
        (tmp_path / f"{name}.txt").write_text(f"Bericht {name}\n{text}\n", "utf-8")
    kb("import", tmp_path / "eins.txt", tmp_path / "zwei.txt")
    server = Server(kb.corpus, kb.var, sign_in=False)
    yield server
    server.stop()


def _refusal(server: Server, path: str) -> tuple[int, str] | None:
    """The status and the text of a page that is none; None where it is there."""
    try:
        server.page(path)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    return None


def test_truncated_index_files_are_told_and_a_rebuild_heals_them(kb: Kb, server: Server) -> None:
    assert server.found("Stadtteilmütter")
    (generation,) = (path.parent for path in (kb.var / "cache/index").glob("*/manifest.json"))
    for file in sorted(path for path in generation.iterdir() if path.is_file()):
        # A new file in its place, as a failing disk or a broken copy leaves it: what a server has mapped stays.
        half = file.read_bytes()[: file.stat().st_size // 2]
        file.unlink()
        file.write_bytes(half)
        refused = _refusal(server, "/?q=Stadtteilm%C3%BCtter")
        assert refused is None or (refused[0] == 503 and "kb index" in refused[1]), file.name
        server.page("/hilfe")
    assert kb("index", "--rebuild").exit_code == 0
    assert server.found("Stadtteilmütter")
    assert server.found("Hof")


def test_another_branch_of_the_corpus_is_shown_and_nothing_that_it_does_not_have(
    kb: Kb, server: Server, tmp_path: Path
) -> None:
    assert server.found("Stadtteilmütter")
    (gone,) = (ref.location for ref in DirectoryCorpus(kb.corpus).refs() if "eins" in ref.location)
    other = tmp_path / "anderer-zweig"
    shutil.copytree(kb.corpus, other)
    (other / gone).unlink()
    DirectoryCorpus(other).put(Document("drei", "Bericht drei", "Ein Lesefest in Kiel."), expected=None)
    for path in sorted((kb.corpus / "documents").rglob("*.md")):
        path.unlink()
    shutil.copytree(other / "documents", kb.corpus / "documents", dirs_exist_ok=True)
    assert not server.found("Stadtteilmütter")
    assert server.found("Hof")
    assert "Lesefest" in server.page("/dokument/drei").get_text()
    assert kb("index").exit_code == 0
    assert server.found("Lesefest")
    assert not server.found("Stadtteilmütter")


def _crawl(kb: Kb, monkeypatch: pytest.MonkeyPatch, pages: Mapping[str, Answer]) -> Result:
    """Visit a site of these pages, which its start page lists."""
    monkeypatch.setenv("KB_ALLOW_LOOPBACK", "1")
    monkeypatch.setenv("KB_CRAWL_DELAY", "0")
    with serve({"/": link_list(*pages), **pages}) as site:
        (kb.corpus / "sources/stadt.toml").write_text(
            f'name = "Stadt"\nenabled = true\nstart_urls = ["{site.base}/"]\n', "utf-8"
        )
        return kb("crawl", "stadt", "--no-index")


def test_a_crawl_onto_a_full_disk_keeps_what_it_has_and_says_so(
    kb: Kb, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb("init")
    shutil.rmtree(kb.corpus / "documents", ignore_errors=True)
    (kb.corpus / "documents").symlink_to(small_disk)
    paths = [f"/bericht-{number}" for number in range(30)]
    pages = {path: page(f"Bericht {path}", f"{path} " + "Übergang in Hof. " * 1_500) for path in paths}
    result = _crawl(kb, monkeypatch, pages)
    assert result.exit_code == 1
    assert "der Datenträger ist voll" in result.out + result.err
    assert "Traceback" not in result.out + result.err
    corpus = DirectoryCorpus(kb.corpus)
    texts = [corpus.load(ref).document.text for ref in corpus.refs()]
    assert 3 < len(texts) < 30
    assert all(text.rstrip().endswith("Hof.") for text in texts)
    assert not list(small_disk.rglob(".tmp-*"))


def test_a_crawl_into_a_full_archive_says_so_and_what_is_archived_is_whole(
    kb: Kb, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb("init")
    (kb.var / "state").mkdir(parents=True, mode=0o700)
    (kb.var / "state/archive").symlink_to(small_disk)
    noise = "".join(f"<!-- {number * 7919 % 1_000_003} -->" for number in range(8_000))
    paths = [f"/bericht-{number}" for number in range(20)]
    result = _crawl(kb, monkeypatch, {path: page(f"Bericht {path}", links=noise) for path in paths})
    assert result.exit_code == 1
    assert "der Datenträger ist voll" in result.out + result.err
    assert "Traceback" not in result.out + result.err
    corpus = DirectoryCorpus(kb.corpus)
    found = [corpus.load(ref).document for ref in corpus.refs()]
    archive = PageArchive(kb.var / "state/archive")
    kept = [record for document in found for record in archive.records(document.id)]
    assert 1 < len(kept) <= len(found)
    assert all(noise.encode() in archive.read(record).body for record in kept)
