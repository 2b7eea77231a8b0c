"""How good are the search and the annotators, against what people judged?"""
