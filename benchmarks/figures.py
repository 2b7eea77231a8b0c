"""Numbers as a German page writes them."""

from __future__ import annotations


def grouped(value: int) -> str:
    """``20000`` → ``20.000``."""
    return f"{value:,}".replace(",", ".")


def decimal(value: float) -> str:
    """Three significant digits with a comma, no more: ``0,61``, ``7,9``, ``138``, ``1.240``."""
    if value >= 100:
        return grouped(round(value))
    digits = 1 if value >= 10 else 2
    return f"{value:.{digits}f}".replace(".", ",")
