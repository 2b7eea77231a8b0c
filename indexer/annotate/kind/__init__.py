"""Of what kind is a document?"""
