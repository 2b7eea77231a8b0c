"""What ``kb search`` says beside its hits: corrections, notices and reasons, for people and for programs."""

from __future__ import annotations

from pathlib import Path

import pytest

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
