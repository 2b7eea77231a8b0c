"""What is said of a hit: its snippet, and why it is one?"""
