"""What becomes of one fetched page? No network and no Scrapy here."""
