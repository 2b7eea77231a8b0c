"""Names and their additions, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate.places.spelling import alike, base_key, official, spell, states_of


@pytest.mark.parametrize(
    ("names", "base", "words"),
    [
        (
            ["Halle (Westf.)", "Halle in Westfalen", "Halle (Westfalen)", "HALLE (WESTF.)"],
            "halle",
            {"westfalen"},
        ),
        (["Weiden i.d.OPf.", "Weiden i. d. OPf.", "Weiden in der Oberpfalz"], "weiden", {"oberpfalz"}),
        (["Haag i.OB", "Haag in Oberbayern"], "haag", {"oberbayern"}),
        (["Altdorf b.Nürnberg", "Altdorf b. Nürnberg", "Altdorf bei Nürnberg"], "altdorf", {"nuernberg"}),
        (["Niesky/O.L.", "Niesky/Oberlausitz"], "niesky", {"oberlausitz"}),
        (["Homburg v.d.Höhe", "Homburg vor der Höhe"], "homburg", {"hoehe"}),
        (["Sankt Wendel", "St. Wendel"], "sanktwendel", set()),
        (["Lutherstadt Wittenberg", "Wittenberg"], "wittenberg", set()),
        (["Am Mellensee"], "ammellensee", set()),
        (["Bad Neustadt a.d.Saale"], "badneustadt", {"saale"}),
    ],
)
def test_one_name_in_all_its_spellings(names: list[str], base: str, words: set[str]) -> None:
    for name in names:
        spelt = spell(name)
        assert spelt.base == base
        assert spelt.words == words or alike(spelt.words, words)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"westf."}, {"westfalen"}, True),
        ({"saale"}, {"saale", "neustadt"}, True),
        ({"saale"}, {"elbe"}, False),
        ({"s."}, {"saale"}, False),
        (set(), {"saale"}, False),
    ],
)
def test_additions_alike(one: set[str], other: set[str], same: bool) -> None:
    assert alike(one, other) is alike(other, one) is same


@pytest.mark.parametrize(
    ("written", "name", "others"),
    [
        ("Kleve, Stadt", "Kleve", ()),
        ("Eisleben, Lutherstadt", "Eisleben", ("Lutherstadt Eisleben",)),
        ("Bautzen / Budyšin, Stadt", "Bautzen", ("Bautzen / Budyšin", "Budyšin")),
        ("Weiden i.d.OPf., St", "Weiden in der Oberpfalz", ("Weiden i.d.OPf.",)),
        ("Hausen i.UFr.", "Hausen in Unterfranken", ("Hausen i.UFr.",)),
        ("Aschau i.Chiemgau", "Aschau im Chiemgau", ("Aschau i.Chiemgau",)),
        ("Neukirch a.Inn, M", "Neukirch am Inn", ("Neukirch a.Inn",)),
        ("Rade b. Rendsburg", "Rade bei Rendsburg", ("Rade b. Rendsburg",)),
        ("Weiler / Pfalz", "Weiler/Pfalz", ()),
        ("Garding, Kirchspiel", "Kirchspiel Garding", ()),
    ],
)
def test_names_of_the_register(written: str, name: str, others: tuple[str, ...]) -> None:
    found = official(written)
    assert (found.name, found.names) == (name, (name, *others))


def test_lands_and_rivers_have_states() -> None:
    assert states_of({"westf."}) == frozenset({"Nordrhein-Westfalen"})
    assert states_of({"hausboot"}) is None


@given(st.text(max_size=60))
def test_whatever_is_a_name_has_a_spelling(name: str) -> None:
    spelt = spell(name)
    assert name.startswith(spelt.short)
    assert spelt.base == base_key(spelt.short)
    if name.strip():
        official(name)
