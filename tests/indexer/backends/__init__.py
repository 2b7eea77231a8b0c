"""Tests of what only one backend promises."""
