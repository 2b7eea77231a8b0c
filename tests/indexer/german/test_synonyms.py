"""The synonyms file: its format, its mistakes, and the shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.german import GermanAnalyzer, Synonyms, load_synonyms
from kb.errors import ConfigurationError

ANALYZER = GermanAnalyzer()
SHIPPED = Path(__file__).parents[3] / "corpus" / "synonyms.txt"


def read(tmp_path: Path, text: str) -> Synonyms:
    path = tmp_path / "synonyms.txt"
    path.write_text(text, "utf-8")
    return load_synonyms(path, ANALYZER)


def others(synonyms: Synonyms, text: str) -> list[str]:
    row = [token.term for token in ANALYZER.analyze(text) if not token.extra]
    return [" ".join(phrase) for _, phrases in synonyms.expand(row) for phrase in phrases]


def test_each_member_of_a_group_stands_for_the_others(tmp_path: Path) -> None:
    synonyms = read(tmp_path, "# Kommentar\n\nKita, Kindergarten, Kindertagesstätte # noch einer\n")
    assert others(synonyms, "Kindergärten") == ["kita", "kindertagesstatt"]
    assert others(synonyms, "Kitas in Hof") == ["kindergart", "kindertagesstatt"]


def test_a_rule_leads_one_way(tmp_path: Path) -> None:
    synonyms = read(tmp_path, "Arbeitsamt => Agentur für Arbeit, Jobcenter")
    assert others(synonyms, "Arbeitsamt") == ["agentur fur arbeit", "jobcent"]
    assert others(synonyms, "Agentur für Arbeit") == others(synonyms, "Jobcenter") == []


def test_phrases_match_in_a_row_only_and_longer_ones_come_first(tmp_path: Path) -> None:
    synonyms = read(tmp_path, "Agentur für Arbeit, Arbeitsamt\nArbeit, Beschäftigung")
    assert others(synonyms, "die Agentur für Arbeit Hof") == ["arbeitsamt", "beschaft"]
    assert others(synonyms, "Arbeit für die Agentur") == ["beschaft"]


def test_a_missing_file_means_no_synonyms(tmp_path: Path) -> None:
    assert load_synonyms(tmp_path / "keine.txt", ANALYZER) == Synonyms()


@pytest.mark.parametrize(
    "line", ["allein", "a => b => c", "Kita,,Hort", "Kita, ...", "=> Kita", "Amt, " + "sehr " * 8 + "lang"]
)
def test_a_wrong_line_is_named_with_a_remedy(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigurationError, match=r"synonyms\.txt:2: .* – "):
        read(tmp_path, f"Kita, Hort\n{line}\n")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_bytes("Kita, Kindertagesstätte".encode("latin-1"))
    with pytest.raises(ConfigurationError, match="UTF-8"):
        load_synonyms(path, ANALYZER)


def test_the_shipped_file_is_valid_and_knows_the_field() -> None:
    synonyms = load_synonyms(SHIPPED, ANALYZER)
    assert len(synonyms.rules) >= 100
    assert "haus der beruf" in others(synonyms, "Jugendberufsagentur")
    assert "kommunal integrationszentrum" in others(synonyms, "KI")
    assert "agentur fur arbeit" in others(synonyms, "Arbeitsamt")
    assert "arbeitsamt" not in others(synonyms, "Agentur für Arbeit")
    assert "schulverweiger" in others(synonyms, "Schulabsentismus")
