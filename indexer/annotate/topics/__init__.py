"""Which topics does a document have, by rules and by what editors confirmed?"""
