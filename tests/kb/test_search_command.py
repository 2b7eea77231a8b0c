"""What ``kb search`` says beside its hits: corrections, notices and reasons, for people and for programs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import limits
from tests.kb.conftest import Kb

TEXT = """Jahresforum der Jugendberufsagentur
In Dortmund stellte die Jugendberufsagentur ihre Beratung im Quartier vor. Die Übergänge von der Schule in die
Ausbildung begleiten Lotsinnen und Lotsen; auch das Schulschwänzen war ein Thema.
"""


@pytest.fixture
def filled(kb: Kb, kept: Path, tmp_path: Path) -> Kb:
    """A corpus with one imported text, indexed."""
    (tmp_path / "jahresforum.txt").write_text(TEXT, "utf-8")
    kb.import_once(kept, tmp_path / "jahresforum.txt")
    return kb


def test_a_correction_is_said_and_can_be_declined(filled: Kb) -> None:
    said = filled("search", "Jugendberufsagenur").out
    assert said.startswith("1 Treffer")
    assert "Ergebnisse für „Jugendberufsagentur“ – stattdessen nach „Jugendberufsagenur“ suchen" in said
    assert filled("search", "Jugendberufsagenur", "--json").json["corrected"] == "Jugendberufsagentur"
    exactly = filled("search", "Jugendberufsagenur", "--no-correct", "--json").json
    assert exactly["corrected"] is None


def test_notices_are_said(filled: Kb) -> None:
    assert "Der Stern in „be*“ blieb unbeachtet" in filled("search", "be* Quartier").out
    assert filled("search", "be* Quartier", "--json").json["notices"][0] == {
        "kind": "star_dropped",
        "subject": "be*",
    }
    assert filled("search", "Quartier", "--json").json["notices"] == []


def test_why_gives_reasons_and_nothing_is_said_unasked(filled: Kb) -> None:
    words = ("Schulabsentismus", "uebergang")
    said = filled("search", *words, "--why").out
    assert "↳ Text: Schulschwänzen wegen ‚Schulabsentismus‘ (Synonym)" in said
    assert "↳ Text: Übergänge wegen ‚uebergang‘ (Wortform)" in said
    assert "↳" not in filled("search", *words).out


def test_programs_get_reasons_with_their_shares(filled: Kb) -> None:
    (hit,) = filled("search", "Schulabsentismus Quartier", "--json").json["hits"]
    by_word = {reason["word"]: reason for reason in hit["reasons"]}
    synonym = by_word["Schulabsentismus"]
    assert set(synonym) == {"word", "form", "match", "where", "share"}
    assert (synonym["form"], synonym["match"], synonym["where"]) == ("Schulschwänzen", "synonym", "text")
    assert all(0 < reason["share"] <= 1 for reason in hit["reasons"])


def test_places_like_mine(kb: Kb, tmp_path: Path) -> None:
    for place in ("Kreis Borken", "Kreis Unna", "Landkreis Harz"):
        text = (
            f"Praxisbeispiel aus dem {place}\nDer {place} begleitet Jugendliche auf dem Weg in die Ausbildung."
        )
        (tmp_path / f"{place}.txt").write_text(text, "utf-8")
    assert kb("import", tmp_path).exit_code == 0
    said = kb("search", "Ausbildung", "--like-place", "kreis unna", "--sort", "place").out
    assert said.startswith("2 Treffer")
    assert said.index("Kreis Unna") < said.index("Kreis Borken")
    assert "Kreis Borken: etwa gleich groß" in said
    assert "– ähnlich wie Kreis Unna" in said
    told = kb("search", "Ausbildung", "--like-place", "Kreis Unna", "--json").json
    assert told["total"] == 2
    assert told["like_place"]["name"] == "Kreis Unna"
    assert "Kreis Borken" in [place["name"] for place in told["like_place"]["places"]]
    assert "like_place" not in kb("search", "Ausbildung", "--json").json
    unknown = kb("search", "Ausbildung", "--like-place", "Atlantis")
    assert unknown.exit_code == 2
    assert "„Atlantis“ ist nicht bekannt" in unknown.err


@pytest.fixture
def partly(kb: Kb, tmp_path: Path) -> Kb:
    """One text with both words, two with one of them, two with none."""
    for name, text in {
        "beides": "Bericht aus der Lernwerkstatt\nDie Lernwerkstatt liegt gleich neben der Bibliothek.",
        "eines": "Tage des offenen Buches\nIm Mai lud die Bibliothek alle Kinder zum Vorlesen ein.",
        "auch": "Umbau im Rathaus\nDas Rathaus und die Bibliothek bekommen im Herbst einen Aufzug.",
        "keines": "Fest am Hafen\nAm Hafen feierten Vereine und Schulen ein Fest.",
        "nichts": "Neue Sporthalle\nDie Sporthalle steht seit Juni allen offen.",
    }.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    assert kb("import", *sorted(tmp_path.glob("*.txt"))).exit_code == 0
    return kb


HEADING = "Weitere Dokumente, die nicht alle Wörter enthalten"


def test_further_documents_stand_below_the_hits_and_say_what_they_lack(partly: Kb) -> None:
    said = partly("search", "Lernwerkstatt Bibliothek").out
    lines = said.splitlines()
    assert re.fullmatch(r"1 Treffer, 2 weitere Dokumente \(\d+,\d ms\)", lines[0])
    assert said.index("\n1. Bericht aus") < said.index(f"\n{HEADING} (2)\n") < said.index("\n2. ")
    assert "\n3. " in said
    assert lines.count("   Es fehlt ‚Lernwerkstatt‘") == 2
    assert said.index(HEADING) < said.index("Es fehlt")
    assert re.match(r"3 Treffer \(\d+,\d ms\)\n", partly("search", "Bibliothek").out)
    assert HEADING not in partly("search", "Bibliothek").out


def test_numbers_go_on_where_an_earlier_page_ended(partly: Kb) -> None:
    begins = partly("search", "Lernwerkstatt Bibliothek", "--offset", "1", "--limit", "1").out
    assert f"\n{HEADING} (2)\n\n2. " in begins
    goes_on = partly("search", "Lernwerkstatt Bibliothek", "--offset", "2").out
    assert f"\n{HEADING} (2, Fortsetzung)\n\n3. " in goes_on
    beyond = partly("search", "Lernwerkstatt Bibliothek", "--offset", "3").out
    assert HEADING not in beyond


def test_without_hits_and_by_date_it_is_said_where_the_others_are(partly: Kb) -> None:
    said = partly("search", "Lernwerkstatt Rathaus").out
    assert said.startswith("0 Treffer, 2 weitere Dokumente (")
    assert "Kein Dokument passt zur ganzen Anfrage." in said
    by_date = partly("search", "Lernwerkstatt Bibliothek", "--sort", "date").out
    assert "\n1. " in by_date
    assert "\n2. " not in by_date
    assert by_date.endswith(
        f"\n{HEADING} (2)\nNach Datum sortiert stehen hier nur Treffer: --sort relevance --offset 1\n"
    )
    assert "--sort" not in partly("search", "Bibliothek", "--sort", "date").out


def test_programs_get_the_tier_and_what_is_missing(partly: Kb) -> None:
    found = partly("search", "Lernwerkstatt Bibliothek", "--json").json
    assert (found["total"], found["further"]) == (1, 2)
    assert [hit["tier"] for hit in found["hits"]] == ["hit", "further", "further"]
    assert [hit.get("missing") for hit in found["hits"]] == [None, ["Lernwerkstatt"], ["Lernwerkstatt"]]
    assert sum(found["facets"]["doc_type"].values()) == 1
    by_date = partly("search", "Lernwerkstatt Bibliothek", "--sort", "date", "--json").json
    assert (len(by_date["hits"]), by_date["further"]) == (1, 2)


# What a search does without, and what would be half of its time to load.
UNNEEDED = (
    "alembic", "asyncio", "bs4", "crawler", "flask", "gunicorn", "llvmlite", "markdown_it", "multiprocessing",
    "nltk", "numba", "pydantic", "scrapy", "spacy", "sqlalchemy", "twisted", "werkzeug", "yaml",
)  # fmt: skip


def test_a_search_loads_what_it_needs(filled: Kb) -> None:
    words = ("Schulabsentismus", "im", "Quartier", '"Übergänge von der Schule"')
    program = (
        "import json, sys\n"
        "from kb.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end: assert not end.code\n"
        f"print(json.dumps([name for name in {UNNEEDED} if name in sys.modules]))"
    )
    options = ("--corpus", str(filled.corpus), "--var", str(filled.var), "search", "--json", *words)
    done = subprocess.run(
        [sys.executable, "-c", program, *options],
        capture_output=True,
        text=True,
        check=True,
        timeout=limits.SECONDS,
    )
    found, loaded = map(json.loads, done.stdout.splitlines())
    assert loaded == []
    here = filled("search", "--json", *words).json
    assert found["hits"]
    assert found | {"took_ms": 0} == here | {"took_ms": 0}
