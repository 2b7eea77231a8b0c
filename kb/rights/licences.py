"""Whether a licence, as pages and editors spell it, lets everybody show the whole text."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_SEPARATORS = re.compile(r"[\s_/(),:–—-]+")


def is_open(licence: str | None) -> bool:
    """Whether the whole statement names one of the licences in ``data/open_licences.txt``.

    What is not understood is not open.
    """
    if licence is None:
        return False
    return _open_licences().fullmatch(_SEPARATORS.sub(" ", licence.casefold()).strip()) is not None


@cache
def _open_licences() -> re.Pattern[str]:
    text = files("kb.rights").joinpath("data", "open_licences.txt").read_text(encoding="utf-8")
    patterns = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
