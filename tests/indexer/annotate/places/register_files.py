"""Files in the layout of the municipal register, and places files, for the tests around them."""

from __future__ import annotations

from pathlib import Path

from indexer.annotate.places.rows import COLUMNS


def municipality(ags: str, name: str, kind: str = "63", population: int = 1000, day: str = "20240930") -> str:
    """A record of kind 60, 220 characters wide."""
    head = f"60{day}{ags}{'0000'}{name:<50}{'':<50}{kind}    {123:011d}{population:011d}"
    return f"{head}{population // 2:011d}".ljust(220)


def district(ags: str, name: str, kind: str = "44", day: str = "20240930") -> str:
    """A record of kind 40."""
    return f"40{day}{ags:<12}{name:<50}{'Kreishaus':<50}{kind}".ljust(220)


def register(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A file of these records, with the state before them as the register has it."""
    path = folder / "GV100AD.txt"
    path.write_text("\n".join([f"10{'20240930':<218}", *lines]) + "\n", encoding=encoding)
    return path


def row(name: str, kind: str, state: str, **more: str) -> str:
    """A line of a places file."""
    cells = dict.fromkeys(COLUMNS, "") | {"name": name, "kind": kind, "state": state} | more
    return "\t".join(cells[column] for column in COLUMNS)


def places_file(folder: Path, *rows: str) -> Path:
    """A places file with three states and these rows."""
    states = (
        row("Hessen", "state", "Hessen", ags="06"),
        row("Bayern", "state", "Bayern", ags="09"),
        row("Thüringen", "state", "Thüringen", ags="16"),
    )
    path = folder / "places.tsv"
    path.write_text("\n".join(["# Quelle", "\t".join(COLUMNS), *states, *rows]) + "\n", encoding="utf-8")
    return path
