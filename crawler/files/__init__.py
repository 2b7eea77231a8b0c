"""What becomes of files that a person hands in?"""
