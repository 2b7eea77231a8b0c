"""Scripts that build data files from public packages and from labelled documents."""
