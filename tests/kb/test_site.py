"""What the site has loaded when its workers are forked, and what it loads only when somebody needs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests import limits
from tests.kb.conftest import Kb

TEXT = """Jahresforum der Jugendberufsagentur
In Dortmund stellte die Jugendberufsagentur ihre Beratung im Quartier vor. Die Übergänge von der Schule in die
Ausbildung begleiten Lotsinnen und Lotsen; auch das Schulschwänzen war ein Thema.
"""
PROGRAM = """
import json, sys
from pathlib import Path
from kb import wiring
from kb.settings import load_settings
corpus, var = map(Path, sys.argv[1:])
def loaded():
    return [name for name in ("numba", "spacy", "alembic", "crawler.visit") if name in sys.modules]
site = wiring.open_site(load_settings(corpus=corpus, var=var))
seen = [loaded()]
client = site.test_client()
for path in ("/?q=Quartier", "/vorschlaege?q=Qua", "/dokument/jahresforum-der-jugendberufsagentur"):
    answer = client.get(path)
    seen.append([answer.status_code, "Jugendberufsagentur" in answer.text, loaded()])
print(json.dumps(seen))
"""


def test_searching_needs_no_annotator_and_finds_its_loops_compiled(kb: Kb, tmp_path: Path) -> None:
    (tmp_path / "jahresforum.txt").write_text(TEXT, "utf-8")
    assert kb("import", tmp_path / "jahresforum.txt").exit_code == 0
    (doc,) = kb("search", "--json", "Quartier").json["hits"]
    assert kb("user", "list").exit_code == 0
    program = PROGRAM.replace("jahresforum-der-jugendberufsagentur", doc["id"])
    done = subprocess.run(
        [sys.executable, "-c", program, str(kb.corpus), str(kb.var)],
        capture_output=True,
        text=True,
        check=True,
        timeout=limits.SECONDS,
    )
    begun, searched, completed, read = json.loads(done.stdout)
    assert begun == ["numba"]
    assert searched == [200, True, ["numba"]]
    assert completed == [200, False, ["numba"]]
    assert read == [200, True, ["numba", "spacy"]]
