"""Which documents are the best, found by arrays instead of by Whoosh? The scoring snapshot."""
