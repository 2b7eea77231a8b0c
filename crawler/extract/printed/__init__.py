"""How do the lines of printed pages become paragraphs and headings again?"""
