"""The scoring snapshot: what of an index is searched by arrays instead of by Whoosh."""
