"""Publishing through a real server: found by the next search, whole or not at all when it is killed."""

from __future__ import annotations

import json
import random
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from kb.corpus import DirectoryCorpus
from tests.kb.conftest import Kb
from tests.kb.server import EDITOR, GONE, PASSWORD, Server

KILLS = 5


@pytest.fixture
def editors(kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kb:
    import io

    (tmp_path / "erste.txt").write_text("Erste Notiz\nDas Stadtteilfest war gut besucht.\n", "utf-8")
    kb("import", tmp_path / "erste.txt")
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    kb("user", "add", EDITOR, "--password-stdin")
    return kb


def test_what_is_published_is_found_by_the_next_search(editors: Kb) -> None:
    server = Server(editors.corpus, editors.var)
    doc_id = server.write(1)
    assert not server.found("Werkstatt")
    server.publish(doc_id)
    assert server.found("Werkstatt")
    server.stop()
    # An editor's word outlives a rebuild, and a draft is on no way out.
    assert editors("index", "--rebuild").exit_code == 0
    exported = [json.loads(line)["id"] for line in editors("export").out.splitlines()]
    assert doc_id in exported


@pytest.mark.kill
def test_kill_9_while_publishing_leaves_a_whole_document_or_none(editors: Kb) -> None:
    moments = random.Random(9)
    server = Server(editors.corpus, editors.var)
    published = []
    for number in range(KILLS):
        doc_id = server.write(number)
        publishing = threading.Thread(target=_try, args=(server, doc_id))
        publishing.start()
        time.sleep(moments.uniform(0, 0.25))  # not a wait for anything: the moment is what is varied
        server.kill()
        publishing.join()
        stored = DirectoryCorpus(editors.corpus).get(doc_id).document  # loads whole
        assert stored.text == f"Übergänge in Hof, Teil {number}.\n\nEnde."
        server = Server(editors.corpus, editors.var)
        is_public = stored.status == "published"
        assert server.found(f'"Werkstatt Nummer {number}"') == is_public
        published += [doc_id] if is_public else []
    server.stop()
    found = {hit["id"] for hit in editors("search", "Werkstatt", "--json").json["hits"]}
    assert found == set(published)


def _try(server: Server, doc_id: str) -> None:
    with suppress(*GONE):
        server.publish(doc_id)
