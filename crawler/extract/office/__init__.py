"""What does a document of an office program hold?"""
