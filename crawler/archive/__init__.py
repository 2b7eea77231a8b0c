"""How does a text survive its website?"""
