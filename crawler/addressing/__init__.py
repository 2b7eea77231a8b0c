"""How is an address spelled, where does a page lead, and which addresses never end?"""
