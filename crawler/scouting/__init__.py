"""What would a person see who looks at a few pages, before a crawl or after it?"""
