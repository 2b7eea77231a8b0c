"""What is a source, and what may its file say?"""
