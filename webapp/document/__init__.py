"""What is shown of one document, and why?"""
