"""Tests of the German analysis chain."""
