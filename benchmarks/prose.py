"""Invented reports of invented municipalities: German prose without end, no two texts alike."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Sentences of a paragraph: more than 300 characters.
_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class Report:
    """A title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


def report(number: int, *, paragraphs: int = 3, seed: int = 0) -> Report:
    """The report with this number, which stands in its first paragraph: no two texts are the same."""
    dice = random.Random(f"{seed}/{number}")
    words = _words()
    topic = {"town": dice.choice(words["towns"]), "project": dice.choice(words["projects"])}
    texts = [_paragraph(dice, topic) for _ in range(paragraphs)]
    texts[0] = f"Aktenzeichen {seed}-{number}: {texts[0]}"
    return Report(f"{topic['project']} in {topic['town']}: Bericht {number}", tuple(texts))


def _paragraph(dice: random.Random, topic: dict[str, str]) -> str:
    words = _words()
    return " ".join(
        sentence.format(
            **topic,
            office=dice.choice(words["offices"]),
            group=dice.choice(words["groups"]),
            place=dice.choice(words["places"]),
            month=dice.choice(words["months"]),
            day=dice.randrange(1, 29),
            year=dice.randrange(2016, 2026),
            years=dice.randrange(2, 9),
            count=dice.randrange(12, 900),
            money=dice.randrange(10, 400),
        )
        for sentence in dice.sample(words["sentences"], _SENTENCES)
    )


@cache
def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return found
