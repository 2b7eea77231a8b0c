"""From a source (website, file) to a document of the corpus."""
