"""What kind of file are the bytes, in which characters, and how much of it may be read?"""
