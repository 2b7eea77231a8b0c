"""Export formats: one file a format, found by being here; copy ``jsonl.py`` to add one.

A format is a module with an ``exporter`` that satisfies ``kb.ports.Exporter``.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from kb.errors import ConfigurationError
from kb.ports import Exporter


def exporters() -> dict[str, Exporter]:
    """All formats by name."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found: list[Exporter] = [module.exporter for module in modules]
    return {exporter.name: exporter for exporter in found}


def exporter(name: str) -> Exporter:
    """One format.

    Raises:
        ConfigurationError: names the formats that exist.
    """
    formats = exporters()
    if name not in formats:
        raise ConfigurationError(
            "dieses Ausgabeformat gibt es nicht",
            subject=name,
            remedy=f"möglich sind: {', '.join(sorted(formats))}",
        )
    return formats[name]
