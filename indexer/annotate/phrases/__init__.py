"""Where in a text stand the words that an editor or a linguist wrote down?"""
