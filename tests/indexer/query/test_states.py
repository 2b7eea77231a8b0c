"""The file of states, and what its names mean in a query."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.german import GermanAnalyzer
from indexer.query.states import States, load_states, plain_name
from kb.errors import ConfigurationError

CORPUS = Path(__file__).parents[3] / "corpus"
ANALYZER = GermanAnalyzer()
STATES = load_states(CORPUS / "states.tsv", ANALYZER)


def named(text: str) -> list[str]:
    return [
        name.state for _, name in STATES.named([one for one in ANALYZER.analyze(text) if not one.extra], text)
    ]


def test_the_shipped_file_has_every_state_of_the_places() -> None:
    lines = (CORPUS / "places.tsv").read_text("utf-8").splitlines()
    states = {line.split("\t")[4] for line in lines if not line.startswith("#")} - {"state", ""}
    assert {plain_name(state) for state in states} == set(STATES.fields.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kita in NRW und Baden-Württemberg", ["Nordrhein-Westfalen", "Baden-Württemberg"]),
        ("Sachsen-Anhalt", ["Sachsen-Anhalt"]),
        ("Sachsen Anhalt Thüringens", ["Sachsen-Anhalt", "Thüringen"]),
        (
            "Ba-Wü bawue RLP LSA",
            ["Baden-Württemberg", "Baden-Württemberg", "Rheinland-Pfalz", "Sachsen-Anhalt"],
        ),
        ("SH sh ST Sh St. Josef", ["Schleswig-Holstein", "Schleswig-Holstein", "Sachsen-Anhalt"]),
        ("BE BB HH NI he", []),
        ("Westfalen Rheinland Anhalt", []),
    ],
)
def test_names_in_a_query(text: str, expected: list[str]) -> None:
    assert named(text) == expected


def test_no_short_name_means_two_states_and_a_missing_file_none(tmp_path: Path) -> None:
    seen: dict[str, str] = {}
    for line in (CORPUS / "states.tsv").read_text("utf-8").splitlines():
        if not line.startswith(("#", "state\t")):
            state, *others = line.split("\t")
            for name in (state, *(one for cell in others for one in cell.split("|") if one)):
                assert seen.setdefault(plain_name(name), state) == state, name
    assert load_states(tmp_path / "none.tsv", ANALYZER) == States()


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "states.tsv"
    path.write_text("# Kopf\nstate\tshort\nBayern\tBY\tx\ty\tz\n", "utf-8")
    with pytest.raises(ConfigurationError, match="keine Zeile") as caught:
        load_states(path, ANALYZER)
    assert str(path) in str(caught.value)
    path.write_text("Tirol\tTir\n", "utf-8")
    assert load_states(path, ANALYZER).key("tir") == "~tirol"
