"""What only an index on disk can get wrong: damage, other versions, segments, permissions, killed writers."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from indexer.backends.whoosh_backend import WhooshBackend
from indexer.backends.whoosh_files import SCHEMA_VERSION
from indexer.german import GermanAnalyzer
from indexer.storage.manifest import Generation, read_manifest
from kb.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexOutdatedError,
    StorageError,
)
from kb.model import IndexEntry, SearchQuery
from tests import limits

ANALYZER = GermanAnalyzer()


def backend(path: Path, **fields: object) -> WhooshBackend:
    return WhooshBackend(path / "index", ANALYZER, **({"lock_timeout": 0.05} | fields))  # type: ignore[arg-type]


def entry(number: int, text: str = "Das Quartier feiert") -> IndexEntry:
    return IndexEntry(
        f"d{number}", f"r{number}", f"Fest {number}", text, "hof", "sonstiges", topics=("quartier",)
    )


def fill(target: WhooshBackend, *entries: IndexEntry) -> WhooshBackend:
    with target.writer() as writer:
        for one in entries:
            writer.put(one)
    return target


def current(path: Path) -> Path:
    return path / "index" / (path / "index" / "CURRENT").read_text().strip()


def generations(path: Path) -> list[Path]:
    return sorted(path.glob("index/g*"))


# --- generations ---


def test_the_folder_is_private(tmp_path: Path) -> None:
    fill(backend(tmp_path), entry(1))
    assert (tmp_path / "index").stat().st_mode & 0o777 == 0o700
    assert current(tmp_path).stat().st_mode & 0o777 == 0o700


def test_the_manifest_lists_every_file_and_verifies(tmp_path: Path) -> None:
    made = fill(backend(tmp_path), entry(1), entry(2))
    folder = current(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) | {"manifest.json"} == {path.name for path in folder.iterdir()}
    for name, seal in manifest["files"].items():
        data = (folder / name).read_bytes()
        assert seal == {"size": len(data), "blake2b": hashlib.blake2b(data, digest_size=32).hexdigest()}
    assert manifest["documents"] == 2
    made.verify()


def test_only_the_current_and_the_previous_generation_are_kept(tmp_path: Path) -> None:
    made = backend(tmp_path)
    for number in range(5):
        fill(made, entry(number))
    assert len(generations(tmp_path)) == 2
    assert generations(tmp_path)[-1] == current(tmp_path)


def test_nothing_changed_means_no_new_generation(tmp_path: Path) -> None:
    made = fill(backend(tmp_path), entry(1))
    before = current(tmp_path)
    fill(made)
    with made.writer() as writer:
        writer.remove("nirgends")
    assert current(tmp_path) == before


def test_a_failed_writer_leaves_no_folder(tmp_path: Path) -> None:
    made = fill(backend(tmp_path), entry(1))

    def fail() -> None:
        with made.writer() as writer:
            writer.put(entry(2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert generations(tmp_path) == [current(tmp_path)]


def test_leftovers_of_a_killed_writer_are_removed_by_the_next(tmp_path: Path) -> None:
    made = fill(backend(tmp_path), entry(1))
    (tmp_path / "index" / "g00000099-dead").mkdir()
    (tmp_path / "index" / "g00000099-dead" / "MAIN_x.pst").write_bytes(b"x")
    (tmp_path / "index" / ".tmp-1-CURRENT").write_bytes(b"x")
    fill(made, entry(2))
    assert not list(tmp_path.glob("index/*dead*"))
    assert not list(tmp_path.glob("index/.tmp-*"))
    assert made.search(SearchQuery("Quartier")).total == 2


def test_ctrl_c_after_the_switch_keeps_the_new_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer cleans up behind itself when interrupted; what is current is no litter."""
    made = fill(backend(tmp_path), entry(1))
    replaced = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        done = replaced(self, target)
        if target.name == "CURRENT":
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            fill(made, entry(2))
    assert set(backend(tmp_path).revisions()) == {"d1", "d2"}
    fill(made, entry(3))
    made.verify()


def test_a_folder_that_others_may_write_is_closed(tmp_path: Path) -> None:
    """Whoever writes a pickle there runs code here; reading may stay shared."""
    (tmp_path / "index").mkdir()
    (tmp_path / "index").chmod(0o777)
    fill(backend(tmp_path), entry(1))
    assert (tmp_path / "index").stat().st_mode & 0o777 == 0o755


def test_whoosh_never_changes_a_linked_file(tmp_path: Path) -> None:
    """Generations share inodes: were a segment changed in place, the previous state would change too."""
    made = fill(backend(tmp_path), *(entry(number) for number in range(80)))
    old = current(tmp_path)
    before = {path.name: (path.stat().st_ino, path.read_bytes()) for path in old.iterdir()}
    with made.writer() as writer:
        writer.remove("d3")
        writer.put(entry(4, "Neuer Text"))
        writer.put(entry(100))
    assert {path.name: (path.stat().st_ino, path.read_bytes()) for path in old.iterdir()} == before
    shared = {
        path.name
        for path in current(tmp_path).iterdir()
        if path.stat().st_ino in {i for i, _ in before.values()}
    }
    assert any(name.endswith(".pst") for name in shared)
    assert any(name.startswith("columns-") for name in shared)
    made.verify()


def test_where_links_are_refused_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = fill(backend(tmp_path), *(entry(number) for number in range(80)))

    def refuse(source: object, target: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "copies").mkdir()
    copied = Generation(current(tmp_path), read_manifest(current(tmp_path))).link_into(tmp_path / "copies")
    assert copied == {}, "a copy must be synced and sealed like any new file"
    fill(made, entry(100))
    made.verify()
    assert made.search(SearchQuery("Quartier")).total == 81


def test_many_small_updates_leave_few_segments(tmp_path: Path) -> None:
    made = fill(backend(tmp_path), *(entry(number) for number in range(100)))
    for number in range(100, 170):
        fill(made, entry(number))
    assert len(list(current(tmp_path).glob("*.pst"))) <= 4
    assert made.search(SearchQuery("Quartier", limit=0)).total == 170
    assert sorted(made.revisions()) == sorted(f"d{number}" for number in range(170))


def test_a_segment_of_deleted_documents_is_rewritten(tmp_path: Path) -> None:
    made = fill(backend(tmp_path), *(entry(number) for number in range(3_000)))
    before = sum(path.stat().st_size for path in current(tmp_path).glob("MAIN_*"))
    with made.writer() as writer:
        for number in range(10, 3_000):
            writer.remove(f"d{number}")
    assert sum(path.stat().st_size for path in current(tmp_path).glob("MAIN_*")) < before / 10
    assert made.search(SearchQuery("Quartier")).total == 10


def test_all_documents_can_be_removed(tmp_path: Path) -> None:
    made = fill(backend(tmp_path), entry(1), entry(2))
    with made.writer() as writer:
        writer.remove("d1")
        writer.remove("d2")
    assert made.search(SearchQuery()).total == made.search(SearchQuery("Quartier")).total == 0
    fill(made, entry(3))
    assert made.revisions() == {"d3": "r3"}


def test_another_process_sees_the_new_state(tmp_path: Path) -> None:
    reader = fill(backend(tmp_path), entry(1))
    assert reader.search(SearchQuery("Quartier")).total == 1
    fill(backend(tmp_path), entry(2))
    assert reader.search(SearchQuery("Quartier")).total == 2


def test_learned_sentence_ends_are_frozen_until_a_rebuild(tmp_path: Path) -> None:
    made = fill(backend(tmp_path), entry(1))
    before = (current(tmp_path) / "sentences.json").stat().st_ino
    fill(made, entry(2))
    assert (current(tmp_path) / "sentences.json").stat().st_ino == before


# --- other versions ---


def test_an_index_of_another_analysis_asks_for_a_rebuild(tmp_path: Path) -> None:
    fill(backend(tmp_path), entry(1))

    class Newer(GermanAnalyzer):
        @property
        def version(self) -> str:
            return "newer"

    newer = WhooshBackend(tmp_path / "index", Newer())
    with pytest.raises(IndexOutdatedError, match="run `kb index`"):
        newer.search(SearchQuery("Quartier"))
    with pytest.raises(IndexOutdatedError), newer.writer():
        pytest.fail("must not continue an index of another version")
    assert "Version" in (newer.needs_rebuild() or "")
    assert newer.revisions() == {}
    for number in (2, 3):  # the first of those that renew it rebuilds
        with newer.writer(renew=True) as writer:
            assert len(writer.known) == number - 2
            writer.put(entry(number))
    assert newer.revisions() == {"d2": "r2", "d3": "r3"}


def test_an_index_of_another_schema_asks_for_a_rebuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(backend(tmp_path), entry(1))
    monkeypatch.setattr("indexer.backends.whoosh_backend.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    with pytest.raises(IndexOutdatedError):
        backend(tmp_path).search(SearchQuery())


def test_other_annotation_rules_ask_for_a_rebuild_but_searching_goes_on(tmp_path: Path) -> None:
    fill(backend(tmp_path, annotations_version="1"), entry(1))
    newer = backend(tmp_path, annotations_version="2")
    assert newer.needs_rebuild() is not None
    assert newer.search(SearchQuery("Quartier")).total == 1
    assert backend(tmp_path, annotations_version="1").needs_rebuild() is None


def test_entries_of_two_versions_of_the_rules_are_never_mixed(tmp_path: Path) -> None:
    fill(backend(tmp_path, annotations_version="1"), entry(1))
    with pytest.raises(IndexOutdatedError, match="run `kb index`"):
        fill(backend(tmp_path, annotations_version="2"), entry(2))
    assert backend(tmp_path, annotations_version="1").revisions() == {"d1": "r1"}


# --- damage ---


def truncate(folder: Path) -> None:
    (segment,) = folder.glob("*.trm")
    segment.write_bytes(segment.read_bytes()[:-10])


def remove_segment(folder: Path) -> None:
    next(folder.glob("*.pst")).unlink()


def remove_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def garble_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"files": []}')


def point_nowhere(folder: Path) -> None:
    (folder.parent / "CURRENT").write_text("g00000009-none")


def point_outside(folder: Path) -> None:
    (folder.parent / "CURRENT").write_text("../../etc")


def empty_pointer(folder: Path) -> None:
    (folder.parent / "CURRENT").write_text("")


def zero_toc(folder: Path) -> None:
    (toc,) = folder.glob("*.toc")
    toc.write_bytes(b"\0" * toc.stat().st_size)


def zero_segment(folder: Path) -> None:
    (segment,) = folder.glob("*.trm")
    segment.write_bytes(b"\0" * segment.stat().st_size)


def zero_columns(folder: Path) -> None:
    (columns,) = folder.glob("columns-*")
    columns.write_bytes(b"\0" * columns.stat().st_size)


def zero_sentences(folder: Path) -> None:
    (folder / "sentences.json").write_bytes(b"\0" * (folder / "sentences.json").stat().st_size)


DAMAGES = [
    truncate,
    remove_segment,
    remove_manifest,
    garble_manifest,
    point_nowhere,
    point_outside,
    empty_pointer,
    zero_toc,
    zero_segment,
    zero_columns,
    zero_sentences,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_told_with_its_remedy_and_a_rebuild_heals_it(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    fill(backend(tmp_path), entry(1), entry(2))
    damage(current(tmp_path))
    broken = backend(tmp_path)
    with pytest.raises(IndexDamagedError, match=r"beschädigt.*kb index --rebuild"):
        broken.search(SearchQuery("Quartier"))
    assert "beschädigt" in (broken.needs_rebuild() or "")
    assert broken.revisions() == {}
    with pytest.raises(IndexDamagedError), broken.writer():
        pytest.fail("must not continue a damaged index")
    for number in (3, 4):
        with broken.writer(renew=True) as writer:
            writer.put(entry(number))
    assert broken.search(SearchQuery("Quartier")).total == 2
    broken.verify()


def test_a_flipped_bit_is_found_by_verifying(tmp_path: Path) -> None:
    made = fill(backend(tmp_path), entry(1))
    (segment,) = current(tmp_path).glob("*.pst")
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 1
    segment.write_bytes(bytes(data))
    with pytest.raises(IndexDamagedError, match="Prüfsumme"):
        made.verify()


def test_damage_is_not_merged_under_a_right_checksum(tmp_path: Path) -> None:
    """Some bytes may be wrong without anybody noticing, until a merge writes them into a new, sealed file."""
    fill(backend(tmp_path), *(entry(number) for number in range(20)))
    before = current(tmp_path)
    (segment,) = before.glob("*.col")
    data = segment.read_bytes()
    unnoticed = 0
    for offset in range(0, len(data), len(data) // 12):
        segment.write_bytes(data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1 :])
        with suppress(IndexDamagedError):
            unnoticed += backend(tmp_path).search(SearchQuery("Quartier")).total == 20
        with pytest.raises(IndexDamagedError):
            fill(backend(tmp_path), *(entry(number) for number in range(20, 60)))
        assert generations(tmp_path) == [before]
    assert unnoticed


def test_any_flipped_bit_is_told_as_damage_or_does_no_harm(tmp_path: Path) -> None:
    """Neither reading nor going on to write lets Whoosh's own exceptions through."""
    fill(backend(tmp_path), *(entry(number, f"Runde {number} im Quartier") for number in range(40)))
    chosen = random.Random(7)
    told = 0
    for number in range(40):
        home = tmp_path / f"copy{number}"
        shutil.copytree(tmp_path / "index", home / "index")
        path = chosen.choice(sorted(current(home).iterdir()))
        data = bytearray(path.read_bytes())
        data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
        path.write_bytes(bytes(data))
        for attempt in (
            lambda home=home: backend(home).search(SearchQuery('"Runde 7" Quartier')),
            lambda home=home: fill(backend(home), *(entry(number) for number in range(30, 90))),
        ):
            try:
                attempt()
            except (IndexDamagedError, IndexOutdatedError):
                told += 1
    assert told > 40


def test_a_deleted_index_is_missing_not_damaged(tmp_path: Path) -> None:
    made = fill(backend(tmp_path), entry(1))
    (tmp_path / "index" / "CURRENT").unlink()
    with pytest.raises(IndexMissingError):
        made.search(SearchQuery())


# --- the file system refuses ---


def test_a_file_in_the_way_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("eine Datei")
    with pytest.raises(StorageError), backend(tmp_path).writer():
        pytest.fail("there is no folder to write to")


def test_a_full_disk_leaves_the_old_state(tmp_path: Path) -> None:
    """No file may grow beyond 20 kB in the child: what a full disk does, without needing one."""
    fill(backend(tmp_path), entry(1))
    code = f"""
        import resource, signal
        from pathlib import Path
        from kb.errors import StorageError
        from tests.indexer.backends.test_whoosh_backend import backend, entry
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            with backend(Path({str(tmp_path)!r})).writer() as writer:
                for number in range(2, 400):
                    writer.put(entry(number, " ".join(f"Wort{{n}}x{{number}}" for n in range(40))))
        except StorageError as error:
            print("told:", error)
    """
    assert "told:" in run_python(code)
    made = backend(tmp_path)
    assert made.revisions() == {"d1": "r1"}
    made.verify()
    assert generations(tmp_path) == [current(tmp_path)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_a_storage_error(tmp_path: Path) -> None:
    fill(backend(tmp_path), entry(1))
    (tmp_path / "index").chmod(0o500)
    try:
        with pytest.raises(StorageError, match="rechte"):
            fill(backend(tmp_path), entry(2))
    finally:
        (tmp_path / "index").chmod(0o700)


# --- other processes ---


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=limits.SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_writer_in_another_process_is_waited_for_or_told(tmp_path: Path) -> None:
    code = f"""
        import sys
        from pathlib import Path
        from tests.indexer.backends.test_whoosh_backend import backend, entry
        with backend(Path({str(tmp_path)!r})).writer() as writer:
            writer.put(entry(1))
            print("writing", flush=True)
            sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        with pytest.raises(IndexLockedError, match="KB_LOCK_TIMEOUT"):
            fill(backend(tmp_path), entry(2))
        other.stdin.close()
        fill(backend(tmp_path, lock_timeout=limits.SECONDS), entry(2))
        assert other.wait() == 0
    assert set(backend(tmp_path).revisions()) == {"d1", "d2"}


UPDATES = """
    import sys
    from pathlib import Path
    from tests.indexer.backends.test_whoosh_backend import backend, entry
    made = backend(Path(sys.argv[1]))
    first = int(sys.argv[2])
    for round in range(first, first + 100_000):
        with made.writer(rebuild=round % 7 == 6) as writer:
            for number in range(5):
                writer.put(entry(number, f"Runde{round} im Quartier"))
        print(round, flush=True)
"""


@pytest.mark.kill
def test_a_writer_killed_at_any_moment_leaves_old_or_new(tmp_path: Path) -> None:
    """Every commit replaces all five entries by those of one round: a mixture would be neither."""
    moments = random.Random(5)
    last = 0
    for _ in range(8):
        command = [sys.executable, "-c", textwrap.dedent(UPDATES), str(tmp_path), str(last + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(moments.randint(2, 9)):
                started = time.perf_counter()
                last = int(writer.stdout.readline())
            # Somewhere inside the next round, as long as the last one was: the writer is never waited for.
            moment = time.perf_counter() + moments.random() * (time.perf_counter() - started)
            while time.perf_counter() < moment:
                pass
            writer.send_signal(signal.SIGKILL)
            for line in writer.stdout:
                last = int(line)
        made = backend(tmp_path)
        hits = made.search(SearchQuery("Quartier")).hits
        texts = {hit.entry.text for hit in hits}
        assert len(hits) == 5
        assert len(texts) == 1
        # The commit may have been finished and not yet printed.
        assert texts <= {f"Runde{last} im Quartier", f"Runde{last + 1} im Quartier"}
        made.verify()
        last += 1
    fill(backend(tmp_path), entry(77))
    assert len(generations(tmp_path)) == 2
    assert not list(tmp_path.glob("index/.tmp-*"))


@pytest.mark.parametrize("others", [1, 300])
def test_purge_leaves_no_byte_of_what_was_dropped_before(tmp_path: Path, others: int) -> None:
    """Also where the removal itself was an earlier change, and whatever became of the segment that had it."""
    index = backend(tmp_path)
    with index.writer() as writer:
        writer.put(entry(0, "Unter der Zirbelkiefer"))
        for number in range(1, others + 1):
            writer.put(entry(number))

    def files_with_the_word() -> int:
        files = [path for path in (tmp_path / "index").rglob("*") if path.is_file()]
        return sum(b"irbelkief" in path.read_bytes() for path in files)

    with index.writer() as writer:
        writer.remove("d0")
    assert files_with_the_word() > 0, "or this proves nothing"
    with index.writer() as writer:
        writer.remove("d0")
        writer.purge()
    assert files_with_the_word() == 0
    assert index.search(SearchQuery("Quartier")).total == others


def test_processes_that_draw_the_same_random_numbers_name_segments_apart(tmp_path: Path) -> None:
    """Servers forked from one process do."""
    backend = WhooshBackend(tmp_path / "index", ANALYZER)
    before = random.getstate()
    try:
        for number in range(3):
            random.seed(1)
            with backend.writer() as writer:
                for each in range(40):
                    text = "Quartiersmanagement für Übergänge"
                    writer.put(IndexEntry(f"d{number}-{each}", "r", "", text, "s", "sonstiges"))
    finally:
        random.setstate(before)
    assert backend.search(SearchQuery("Quartier")).total == 120
