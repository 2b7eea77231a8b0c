"""The last limit of a wait: only what hangs for good comes to it, on however busy a machine."""

from __future__ import annotations

SECONDS = 300.0
