"""Which part of a web page is its text, and what does the page say about itself?"""
