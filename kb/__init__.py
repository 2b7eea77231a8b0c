"""What a document is, where it lives and what a search is; knows no web, crawler or engine."""

__version__ = "0.1.0"
