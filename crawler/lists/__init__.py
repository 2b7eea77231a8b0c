"""Which addresses does a sitemap or a feed name?"""
