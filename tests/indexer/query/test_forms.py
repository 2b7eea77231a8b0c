"""Which forms of one stem are one word."""

from __future__ import annotations

import pytest

from indexer.query.forms import same_word


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("lehrer", "lehre", False),
        ("lehrern", "lehren", False),
        ("lehrer", "lehrers", True),
        ("schuler", "schule", False),
        ("schul", "schulern", False),
        ("schule", "schulen", True),
        ("arbeit", "arbeiter", False),
        ("ausbilder", "ausbildung", False),
        ("berater", "beratungen", False),
        ("kind", "kinder", True),
        ("mitglieder", "mitglied", True),
        ("kommunale", "kommunaler", True),
        ("ubergang", "ubergange", True),
        ("haus", "hauses", True),
        ("", "", True),
    ],
)
def test_a_person_is_another_word_than_what_it_does(one: str, other: str, same: bool) -> None:
    assert same_word(one, other) is same_word(other, one) is same
