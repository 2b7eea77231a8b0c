"""How is an index kept so that it is old or new, never half?"""
