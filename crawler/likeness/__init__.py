"""When do two documents have the same text?"""
