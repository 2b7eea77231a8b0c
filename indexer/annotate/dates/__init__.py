"""Which days does a text name, and of which year?"""
