"""Which engines can answer? All of them pass ``tests/contracts/test_search_backend.py``."""
