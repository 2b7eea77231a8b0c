"""Which places does a text mean, and what are they to it?"""
