"""What became of every address of a crawl, for machines and for people?"""
