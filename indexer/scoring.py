"""What a document scores for a query, once as plain integer arithmetic: what every backend must rank by.

Four fields of postings are made of a document's words: ``stems``, ``parts`` (members of compounds, or
the stem of a word that is none), ``grams`` (folded 5-grams) and ``pairs`` (neighbouring content words).
A word counts by where it stands (``WEIGHTS``), its frequencies are added over all places first and
saturated once: Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields"
(2004). The length norm divides by the average length at the time of the last rebuild, so that what a
posting is worth (its *impact*) is fixed when it is written, in one byte.

A query's postings have whole-number weights, so a score is a sum of whole numbers: exact, the same in
any order of summation and on any machine, and ties are true ties.
"""

from __future__ import annotations

import math
from functools import lru_cache

# Where a word stands → how often it counts. nDCG@10 on integreat-de for a title weight of 1, 2, 3, 4:
# .722, .725, .727, .724. xquad-de has no titles; headings and topics are set between title and text.
TITLE, HEADING, TOPIC, TEXT = 3, 2, 2, 1
# xquad-de / integreat-de for K1 of .9, 1.2, 1.6: .960/.717, .958/.725, .956/.725; for B of .6, .75, .85:
# .959/.723, .958/.725, .957/.722.
K1 = 1.2
B = 0.75
# The largest impact.
FULL = 255
# What an impact of FULL is worth times the idf, field by field. Measured on xquad-de / integreat-de:
# stems alone .938/.703; with parts .944/.717; with grams .957/.724; with both .958/.725. Neighbouring
# words raise that from .962/.738 (with the phrases of questions as words) to .964/.748.
FIELDS = ("stems", "parts", "grams", "pairs")
FIELD_WEIGHTS = {"stems": 1.0, "parts": 0.5, "grams": 0.3, "pairs": 0.32}
# What a word brings that only stands around a text (author, publisher, address, state of a place), as an
# impact in place of all others, whatever the length of the text. Where a word of the text itself stands once,
# stem, part and grams bring together as much down to a text of fifty times the average length.
# xquad-de / integreat-de where every document was given author, publisher, address and state at random:
# .962/.743, without them .961/.741.
FAINT_IMPACT = 16
# What the very address brings that was typed, and each level of it above that, likewise.
ADDRESS_IMPACT, LEVEL_IMPACT = FULL, FULL // 16
# Thousandths of a stem's worth that a document loses that holds only another word of this stem („Lehre“ for
# „Lehrer“, see query.forms); what parts and grams they share stays. xquad-de / integreat-de / keyword queries /
# practice texts for 0, 250, 500, 1000: .9614/.7410/.7136/.8973, .9614/.7410/.7137/.8973,
# .9614/.7410/.7144/.8978, .9616/.7410/.7148/.8978.
OTHER_WORD_LOSES = 1000
# What the very form of a word adds to a total: among equals it decides. As a share of a stem's weight (0, .002,
# .005, .01, .02, .03) it takes from one set what it gives another: .9644/.7421/.7170/.8951,
# .9641/.7421/.7171/.8951, .9641/.7412/.7173/.8951, .9641/.7421/.7170/.8951, .9643/.7422/.7166/.8957,
# .9647/.7417/.7183/.8958. Grams prefer the form already.
VERY_FORM = 1
# Thousandths of the documents from which on a gram says nothing. nDCG@10 on xquad-de / integreat-de / the
# keyword queries for 100, 200, 250, 300, 500, never: .961/.737/.707, .962/.741/.715, .962/.742/.717,
# .963/.742/.718, .962/.741/.713, .961/.741/.714. It also leaves out a half of what a query reads.
FREQUENT_GRAM = 250
# Among few documents anything is frequent.
MANY = 30
# Content words are neighbours when at most two stop words stand between them; xquad-de / integreat-de
# for 0, 1, 2, 4 stop words: .963/.742, .964/.747, .964/.748, .964/.748.
NEAR = 3
# Thousandths of the best score, and of the words' summed worth, that a further document must reach. On the
# development half of the keyword queries (321 documents) nDCG@10 is .550 with hits alone; with further ones
# for 0, 100, 200, 250, 300, 400 of the words' worth .714, .714, .714, .713, .711, .698, in the median 75, 62,
# 26, 21, 15, 8 documents; for 100, 150, 200, 250, 300 of the best score .714, .712, .711, .705, .695.
FURTHER_OF_BEST = 100
FURTHER_OF_WORDS = 200
# Steps to one unit of idf.
_STEPS = 64


def impact(frequency: int, norm: float) -> int:
    """What one posting is worth, 1 to ``FULL``: the weighted frequency, length-normalised and saturated."""
    return max(1, round(FULL * frequency / (frequency + K1 * norm)))


def length_norm(length: int, average: float) -> float:
    """1 for a document of average length in content words; longer documents have larger norms."""
    return 1.0 - B + B * (length / average) if average else 1.0


@lru_cache(maxsize=100_000)
def inverse_document_frequency(documents: int, frequency: int) -> float:
    """Never negative, so that no matching term lowers a score."""
    return math.log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5))


@lru_cache(maxsize=100_000)
def weight(field: str, documents: int, frequency: int, factor: float = 1.0) -> int:
    """By what the impacts of a query's term are multiplied; ``factor`` is below 1 for synonyms."""
    if field == "grams" and frequency > MANY and frequency * 1000 > documents * FREQUENT_GRAM:
        return 0
    return round(_STEPS * FIELD_WEIGHTS[field] * factor * inverse_document_frequency(documents, frequency))


def of_words(worths: int) -> int:
    """Thousandths that a further document must score of what all words of the query would bring at their
    fullest; ``worths`` is the sum of the weights of those that some document holds."""
    return worths * FULL * FURTHER_OF_WORDS


def least_further(best: int, worths: int) -> int:
    """What a further document must score; ``best`` is the best document's score."""
    return max(best * FURTHER_OF_BEST, of_words(worths)) // 1000


def as_score(total: int) -> float:
    """A sum of weights times impacts in units of BM25's idf."""
    return total * (K1 + 1.0) / (_STEPS * FULL)
