"""A little of everything that nobody would send: refused or answered, never an error that nobody foresaw."""

from __future__ import annotations

import logging

import pytest

from tests.hostile.material import Material
from tests.hostile.trials import TRIALS, Outcome, run

# A second or two each; more by `python -m tests.hostile`.
NUMBERS = {"queries": 250, "documents": 120, "forms": 100, "addresses": 1_500}


def quiet(outcome: Outcome) -> None:
    """Nobody watches."""


@pytest.mark.parametrize("name", sorted(TRIALS))
def test_hostile_material_breaks_nothing(name: str) -> None:
    trial = TRIALS[name](20)
    try:
        outcome = run(trial, lambda outcome: outcome.tried < NUMBERS[name], quiet)
    finally:
        trial.close()
    assert outcome.failures == []
    assert outcome.tried == NUMBERS[name]
    assert 0 < outcome.refused < outcome.tried, "some of it is refused, some is answered"


def test_the_same_seed_gives_the_same_material() -> None:
    first, second = Material(7), Material(7)
    assert [first.document("a") for _ in range(5)] == [second.document("a") for _ in range(5)]


class Clumsy:
    """A trial that fails in each of the ways that must be noticed."""

    name, budget = "Probe", 50.0

    def __init__(self) -> None:
        self._next = iter(["raises", "contains", "slow", "fine", "refuses"])

    def ordinary(self) -> list[str]:
        return ["fine"]

    def hostile(self) -> str:
        return next(self._next)

    def attempt(self, what: str) -> bool:
        if what == "raises":
            raise KeyError(what)
        if what == "contains":
            logging.getLogger("webapp.site.failing").error("unerwarteter Fehler")
        if what == "slow":
            sum(range(20_000_000))
        return what == "refuses"

    def look_back(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is held."""


def test_each_kind_of_failure_is_noticed() -> None:
    outcome = run(Clumsy(), lambda outcome: outcome.tried < 5, quiet)
    assert (outcome.tried, outcome.refused, outcome.failed) == (5, 1, 3)
    said = "\n".join(outcome.lines())
    assert "KeyError" in said
    assert "contained: unerwarteter Fehler" in said
    assert "times the ordinary cost, allowed are 50" in said
