"""What do earlier runs tell this one, of pages and of hosts?"""
