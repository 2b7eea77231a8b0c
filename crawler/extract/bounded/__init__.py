"""How is a file read by a process that may die of it?"""
