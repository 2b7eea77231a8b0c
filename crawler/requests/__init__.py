"""May a request leave now, and what does its failure mean? Scrapy's middlewares and Twisted's resolver."""
