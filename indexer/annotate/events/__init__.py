"""Which of a text's dates is its event's?"""
