"""How does an editor's change reach corpus, record and index, so that no crash loses it?"""
