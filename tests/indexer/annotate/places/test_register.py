"""The municipal register: records of fixed width in, municipalities and districts out, broken lines named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate.places.register import District, Municipality, read_register
from kb.errors import UnreadableInputError
from tests.indexer.annotate.places.register_files import district, municipality, register


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_record(tmp_path: Path, encoding: str) -> None:
    path = register(
        tmp_path, municipality("06531005", "Gießen, Universitätsstadt", "63", 93912), encoding=encoding
    )
    read = read_register(path)
    assert read.municipalities == (
        Municipality("06531005", "Gießen, Universitätsstadt", "Stadt", 93912, "2024-09-30"),
    )
    assert (read.date, read.problems) == ("2024-09-30", ())


def test_independent_cities_are_told_and_empty_areas_left_out(tmp_path: Path) -> None:
    lines = [
        municipality("09464000", "Hof", "61", 46000),
        municipality("09274444", "Forst", "66"),
        municipality("09271111", "Aura", "60", 900),
        district("09464", "Hof", "41"),
        district("09475", "Hof", "44"),
    ]
    read = read_register(register(tmp_path, *lines))
    assert [(one.name, one.type, one.independent) for one in read.municipalities] == [
        ("Hof", "Kreisfreie Stadt", True),
        ("Aura", "Markt", False),
    ]
    assert read.districts == (District("09475", "Hof", "Landkreis"),)
    assert read.problems == ()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("60 kein Satz", "Stand"),
        (municipality("0653100X", "Gießen"), "Spalte 11–18"),
        (municipality("06531006", ""), "Spalte 23–72"),
        (municipality("06531006", "Hungen", "99"), "Spalte 123–124"),
        (municipality("06531006", "Hungen")[:130], "Spalte 140–150"),
        (municipality("06531006", "Hungen", day="20231231"), "2023-12-31 ist nicht der der Datei"),
        (municipality("06531005", "Gießen noch einmal"), "steht schon in Zeile 2"),
        ("Gemeinde;Einwohner", "Satzart"),
        ("40202409300653", "keinen Schlüssel"),
    ],
)
def test_a_broken_line_is_named_and_the_others_count(tmp_path: Path, line: str, wrong: str) -> None:
    good = (municipality("06531005", "Gießen"), municipality("06531008", "Laubach"))
    path = register(tmp_path, *good, line)
    read = read_register(path)
    assert [one.name for one in read.municipalities] == ["Gießen", "Laubach"]
    (problem,) = read.problems
    assert problem.startswith(f"{path}:4: ")
    assert wrong in problem


@pytest.mark.parametrize("content", ["", "60 kein Satz", "name\tkind\n", "10" + " " * 200])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "falsch.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableInputError, match="GV100AD") as caught:
        read_register(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="fehlt"):
        read_register(tmp_path / "fehlt.txt")


@given(st.lists(st.text(alphabet="0164 ABÄ\t", max_size=230), max_size=8))
def test_whatever_stands_in_a_file_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = register(tmp_path_factory.mktemp("gv"), municipality("06531005", "Gießen"), *lines)
    read = read_register(path)
    assert "Gießen" in {one.name for one in read.municipalities}
    assert all(problem.startswith(f"{path}:") for problem in read.problems)


def official_lines() -> list[str]:
    """Records as the register orders them: state, district, association, municipalities; all columns."""

    def line(kind: str, key: str, name: str, seat: str, type_: str, numbers: tuple[int, int] | None) -> str:
        figures = f"{numbers[0]:011d}{numbers[1]:011d}{numbers[1] // 2:011d}" if numbers else " " * 33
        association = "5401" if kind in ("50", "60") else ""
        text = f"{kind}20181231{key:<8}{association:<4}{name:<50}{seat:<50}{type_:<2}    {figures}"
        return f"{text}    37154**  2603{'':<40}"

    return [
        line("10", "03", "Niedersachsen", "Hannover", "", None),
        line("40", "03155", "Northeim", "Northeim, Stadt", "44", None),
        line("50", "03155", "Nörten-Hardenberg, Flecken", "", "50", None),
        line("60", "03155011", "Northeim, Stadt", "", "63", (14567, 29107)),
        line("60", "03155009", "Nörten-Hardenberg, Flecken", "", "64", (5622, 8112)),
        line("60", "03155501", "Solling (Landkreis Northeim), gemfr. Gebiet", "", "66", (17815, 0)),
    ]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8"])
def test_the_official_layout(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "GV100AD_311218.txt"
    path.write_bytes("\r\n".join(official_lines()).encode(encoding))
    read = read_register(path)
    assert read.municipalities == (
        Municipality("03155011", "Northeim, Stadt", "Stadt", 29107, "2018-12-31"),
        Municipality("03155009", "Nörten-Hardenberg, Flecken", "Gemeinde", 8112, "2018-12-31"),
    )
    assert read.districts == (District("03155", "Northeim", "Landkreis"),)
    assert read.problems == ()
