"""What is every page given, how is an error answered, and how is the site served?"""
