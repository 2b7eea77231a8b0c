"""The German analysis chain: analyzer, sentence splitter, synonyms and the data files behind them."""

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
