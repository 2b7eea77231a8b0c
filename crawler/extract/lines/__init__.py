"""What do the lines of any text tell: its language, title, authors and dates?"""
