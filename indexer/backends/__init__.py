"""Search engines behind the ``SearchBackend`` port; all pass ``tests/contracts/test_search_backend.py``."""
