"""From a search hit to a person, and from an editor to the corpus."""
