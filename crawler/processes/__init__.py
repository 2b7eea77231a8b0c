"""How do our processes end together, take turns, and keep what they noted when one is killed?"""
