"""The options before a command's name: which corpus, which state."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.settings import Settings


@dataclass(frozen=True, slots=True)
class Global:
    """The global options; settings are read only when a command asks for them."""

    corpus: Path | None
    var: Path | None

    def settings(self, **overrides: object) -> Settings:
        """Environment, then global options, then a command's own options.

        Raises:
            ConfigurationError: a value is not allowed.
        """
        from kb.settings import load_settings

        return load_settings(corpus=self.corpus, var=self.var, **overrides)
