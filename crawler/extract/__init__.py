"""What text and which details are in these bytes? One module per format, one class in front of them."""

from crawler.extract.content import ContentExtractor
from crawler.extract.input.options import ExtractOptions, Selectors

__all__ = ["ContentExtractor", "ExtractOptions", "Selectors"]
