"""The data files beside the annotators: phrases and word lists that a linguist can edit."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from kb.errors import ConfigurationError


def read_data(name: str) -> dict[str, Any]:
    """A TOML file of ``indexer/annotate/data``.

    Raises:
        ConfigurationError: the file was edited into something that is not TOML.
    """
    try:
        return tomllib.loads((files("indexer.annotate") / "data" / name).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"kein gültiges TOML ({error})",
            subject=f"indexer/annotate/data/{name}",
            remedy="die genannte Zeile berichtigen",
        ) from error


def read_lines(name: str) -> list[str]:
    """The lines of a text file of ``indexer/annotate/data`` without blank ones and remarks (``//``)."""
    raw = (files("indexer.annotate") / "data" / name).read_text(encoding="utf-8")
    return [line.strip() for line in raw.splitlines() if line.strip() and not line.startswith("//")]


def data_bytes() -> bytes:
    """All data files, for the version of the annotations."""
    folder = files("indexer.annotate") / "data"
    paths = sorted(
        (path for path in folder.iterdir() if path.is_file() and not path.name.endswith(".py")),
        key=lambda path: path.name,
    )
    return b"\0".join(path.name.encode() + b"\0" + path.read_bytes() for path in paths)
