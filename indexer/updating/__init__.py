"""How does an index follow the corpus?"""
