"""Which words does a German text hold? Analyzer, sentence splitter, synonyms and the data behind them."""

from indexer.german.analyze import GermanAnalyzer, Token
from indexer.german.compounds import CompoundSplitter
from indexer.german.grams import fold, grams
from indexer.german.sentences import SentenceSplitter
from indexer.german.synonyms import Synonyms, load_synonyms

__all__ = [
    "CompoundSplitter",
    "GermanAnalyzer",
    "SentenceSplitter",
    "Synonyms",
    "Token",
    "fold",
    "grams",
    "load_synonyms",
]
