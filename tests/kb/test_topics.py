"""Topic files: read whole or refused with the file, the problem and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import ConfigurationError
from kb.topics import load_topics

WHOLE = """
id = "garten"
label_de = "Garten"
label_en = "Garden"
description = "Gärten aller Art"
threshold = 2.0

[[rules]]
name = "Wort"
weight = 1.0
patterns = ["Garten"]

[[exclude]]
name = "Zoo"
near = ["Zoo"]
rules = ["Wort"]

[tests]
match = ["Ein Garten."]
no_match = ["Ein Haus."]
"""


def write(folder: Path, text: str, name: str = "garten") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_file(tmp_path: Path) -> None:
    write(tmp_path, WHOLE)
    topic = load_topics(tmp_path)["garten"]
    assert (topic.label_de, topic.threshold, topic.match, topic.no_match) == (
        "Garten",
        2.0,
        ("Ein Garten.",),
        ("Ein Haus.",),
    )
    rule = topic.rules[0]
    assert (rule.weight, rule.title_weight, rule.heading_weight, rule.window) == (1.0, 2.0, 1.5, 8)
    assert topic.exclusions[0].rules == ("Wort",)


def test_a_missing_folder_has_no_topics(tmp_path: Path) -> None:
    assert load_topics(tmp_path / "fehlt") == {}


def test_no_topic_is_called_like_the_lack_of_one(tmp_path: Path) -> None:
    write(tmp_path, WHOLE.replace('id = "garten"', 'id = "unbestimmt"'), "unbestimmt")
    with pytest.raises(ConfigurationError, match="steht in jedem Filter"):
        load_topics(tmp_path)


def test_topics_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    for name in ("zaun", "acker", "garten"):
        write(tmp_path, WHOLE.replace('"garten"', f'"{name}"'), name)
    assert list(load_topics(tmp_path)) == ["acker", "garten", "zaun"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("threshold = 2.0", "threshold = ", "kein gültiges TOML"),
        ("threshold = 2.0", "threshold = 0", "threshold"),
        ("threshold = 2.0", 'threshold = "zwei"', "threshold"),
        ("threshold = 2.0", "threshold = 2.0\nschwelle = 3", "„schwelle“ ist unbekannt"),
        ('id = "garten"', 'id = "park"', "passt nicht zum Dateinamen"),
        ('id = "garten"', "", "„id“ fehlt"),
        ('label_de = "Garten"', "", "„label_de“ fehlt"),
        ('patterns = ["Garten"]', "patterns = []", "patterns ist leer"),
        ('patterns = ["Garten"]', 'patterns = "Garten"', "keine Liste von Texten"),
        ('patterns = ["Garten"]', 'patterns = ["Garten"]\ngewicht = 3', "Wort.*„gewicht“ ist unbekannt"),
        ('near = ["Zoo"]', "", "weder patterns noch near"),
        ('rules = ["Wort"]', 'rules = ["Wert"]', "„Wert“ gibt es nicht"),
        ("[tests]", "[tests]\nmatcht = []", "„matcht“ ist unbekannt"),
        ("threshold = 2.0", 'threshold = 2.0\nrelated = ["wiese"]', "„wiese“ gibt es nicht"),
        ("[[rules]]", "[rules]", "keine Liste von Tabellen"),
    ],
)
def test_mistakes_name_file_and_remedy(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in WHOLE
    path = write(tmp_path, WHOLE.replace(old, new, 1))
    with pytest.raises(ConfigurationError, match=problem) as caught:
        load_topics(tmp_path)
    assert caught.value.subject == str(path)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    rule = '[[rules]]\nname = "Wort"\nweight = 1.0\npatterns = ["Beet"]\n'
    write(tmp_path, WHOLE.replace("[[exclude]]", rule + "\n[[exclude]]"))
    with pytest.raises(ConfigurationError, match="denselben Namen"):
        load_topics(tmp_path)


def test_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "garten.toml").write_bytes(WHOLE.encode("utf-16"))
    with pytest.raises(ConfigurationError, match=r"UTF-8|TOML"):
        load_topics(tmp_path)
