"""What do editors see and do?"""
