"""In which order is a source visited, and what does each answer mean? Scrapy's engine and spider."""
