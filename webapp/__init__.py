"""From a search hit to a person, and from an editor to the corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.app import create_app as create_app
    from webapp.site.services import SiteServices

__all__ = ["SiteServices", "create_app"]


def __getattr__(name: str) -> object:
    """Load the factory on first use: who needs only one room of this package does not pay for Flask."""
    if name == "create_app":
        from webapp.app import create_app

        return create_app
    if name == "SiteServices":
        from webapp.site.services import SiteServices

        return SiteServices
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
