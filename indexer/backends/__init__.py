"""Search engines behind the ``SearchBackend`` port; all of them pass ``tests/contracts/test_search_backend.py``."""
