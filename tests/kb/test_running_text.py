"""Markdown as running text."""

from __future__ import annotations

import pytest

from kb.running_text import running_text
from tests.cost import assert_linear


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("## Ein *Titel*", "Ein Titel"),
        ("- Punkt\n* Punkt\n+ Punkt", "Punkt\nPunkt\nPunkt"),
        ("> Zitat", "Zitat"),
        ("**fett**, __fett__, _schräg_, `Code`", "fett, fett, schräg, Code"),
        ("Koordinator*innen und Kolleg_innen", "Koordinator*innen und Kolleg_innen"),
        ("**Schüler*innen**", "Schüler*innen"),
        ("[Text](https://a.example/b?c=d) und ![Bild](x.png)", "Text und Bild"),
        ('[Text](https://a.example "Titel")', "Text"),
        ("[Text][1]", "Text"),
        ("<https://a.example>", "https://a.example"),
        ("3 * 4 und 5 < 6", "3 * 4 und 5 < 6"),
        (r"1\. Mai \*kein\* Kursiv", "1. Mai *kein* Kursiv"),
        ("1. Mai", "1. Mai"),
        ("a<br>b <!-- weg --> c", "a b   c"),
        ("---", ""),
    ],
)
def test_marks_go_and_words_stay(markdown: str, text: str) -> None:
    assert running_text(markdown) == text


@pytest.mark.parametrize("mark", ["[", "![", "<a", "> ", "*", "<!--"])
def test_hostile_marks_take_linear_time(mark: str) -> None:
    assert_linear(lambda times: running_text(mark * times), 2_500)
