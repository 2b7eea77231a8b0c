"""What did a visitor ask, and what is shown of the answer?"""
