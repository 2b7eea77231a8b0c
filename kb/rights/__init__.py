"""What visitors may see of a document: the whole text, or an excerpt and the way to the source."""

from kb.rights.display import DisplayByRights, DisplayBySource
from kb.rights.excerpt import EXCERPT_CHARS, excerpt
from kb.rights.licences import is_open

__all__ = ["EXCERPT_CHARS", "DisplayByRights", "DisplayBySource", "excerpt", "is_open"]
