"""Tables of learnt weights: one feature a line, one column for each thing that is weighed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from kb.errors import ConfigurationError

# The line of the weight that counts always.
CONSTANT = "(Grundwert)"

Weights = Mapping[str, Mapping[str, float]]


def read_weights(name: str, columns: tuple[str, ...]) -> Weights:
    """The weights of ``data/<name>`` by feature and column.

    Raises:
        ConfigurationError: the file was edited into something else.
    """
    lines = (files("indexer.annotate") / "data" / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    try:
        if tuple(rows[0][1:]) != columns:
            raise ValueError(f"die Spalten sind nicht {', '.join(columns)}")
        weights = {feature: dict(zip(columns, map(float, cells), strict=True)) for feature, *cells in rows[1:]}
        if CONSTANT not in weights:
            raise ValueError(f"die Zeile {CONSTANT} fehlt")
        return weights
    except (ValueError, IndexError) as error:
        raise ConfigurationError(
            f"keine Tabelle von Gewichten ({error})",
            subject=f"indexer/annotate/data/{name}",
            remedy="eine Zeile je Merkmal, durch Tabulatoren getrennt, oder mit tools/ neu lernen",
        ) from error
