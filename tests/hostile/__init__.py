"""Hostile but harmless input, made on the spot: what does the house do with what nobody would write?

A small part runs in the suite; ``python -m tests.hostile --minutes 10`` goes on. Nothing here harms any other
software: texts are short, nesting is shallow, addresses are those of documentation (RFC 2606, 3849, 5737).
"""
