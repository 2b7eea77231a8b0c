"""What do annotators see of a document: its words, its layout, its language?"""
