"""How is it said in German, and shown safely?"""
