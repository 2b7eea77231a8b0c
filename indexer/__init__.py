"""From a document of the corpus to a search hit."""
