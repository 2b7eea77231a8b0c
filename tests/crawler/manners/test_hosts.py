"""When a host rests, for how long, and when it is given up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.hosts import Hosts, Patience, Trouble, retry_after, trouble_of_status

NOON = 1_735_732_800.0  # 2025-01-01T12:00:00Z


class Clock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Wed, 01 Jan 2025 12:05:00 GMT", 300.0),
        ("Wed, 01 Jan 2025 11:00:00 GMT", 0.0),
        ("-5", None),
        ("bald", None),
        ("", None),
        (None, None),
        ("9" * 40, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOON) == seconds


@given(st.text(max_size=60))
def test_no_header_is_an_accident(value: str) -> None:
    seconds = retry_after(value, NOON)
    assert seconds is None or seconds >= 0


def test_rest_doubles_up_to_its_cap_and_begins_anew_after_a_success() -> None:
    clock = Clock()
    hosts = Hosts(Patience(first_rest=5, longest_rest=60, give_up_after=50), now=clock)
    rests = []
    for _ in range(6):
        hosts.trouble("a", Trouble.OVERLOAD, "Status 503")
        rests.append(hosts.seconds_to_rest("a"))
        clock.time += 100
    assert rests == [5, 10, 20, 40, 60, 60]
    hosts.success("a")
    hosts.trouble("a", Trouble.OVERLOAD, "Status 503")
    assert hosts.seconds_to_rest("a") == 5
    clock.time += 5
    assert hosts.seconds_to_rest("a") == 0
    assert hosts.seconds_to_rest("b") == 0


def test_host_is_given_up_after_overloads_in_a_row_and_the_report_says_why() -> None:
    hosts = Hosts(Patience(give_up_after=3))
    for _ in range(2):
        hosts.trouble("a", Trouble.OVERLOAD, "Status 503")
    assert hosts.given_up("a") is None
    hosts.trouble("a", Trouble.OVERLOAD, "Zeitgrenze überschritten")
    assert "Zeitgrenze überschritten" in (hosts.given_up("a") or "")
    assert hosts.notes(["b", "a"]) == (f"a: {hosts.given_up('a')}",)


def test_pages_that_always_fail_weigh_less_than_an_overload() -> None:
    hosts = Hosts(Patience(give_up_after=3))
    for _ in range(11):
        hosts.trouble("a", Trouble.PAGE, "Status 500")
    assert hosts.given_up("a") is None
    hosts.trouble("a", Trouble.PAGE, "Status 500")
    assert hosts.given_up("a") is not None


def test_longer_rest_than_a_run_can_wait_ends_it_for_this_host() -> None:
    hosts = Hosts(Patience(longest_rest=300))
    hosts.trouble("a", Trouble.OVERLOAD, "Status 429", wanted=300)
    assert hosts.given_up("a") is None
    hosts.trouble("a", Trouble.OVERLOAD, "Status 429", wanted=3_600)
    assert "60 Minuten" in (hosts.given_up("a") or "")


@given(st.lists(st.tuples(st.sampled_from(Trouble), st.none() | st.floats(0, 10_000)), min_size=1, max_size=40))
def test_no_rest_is_longer_than_the_cap_unless_the_host_is_given_up(
    troubles: list[tuple[Trouble, float | None]],
) -> None:
    hosts = Hosts(Patience(first_rest=1, longest_rest=60, give_up_after=1_000), now=Clock())
    for kind, wanted in troubles:
        hosts.trouble("a", kind, "Status 503", wanted=wanted)
        assert hosts.seconds_to_rest("a") <= 60 or hosts.given_up("a") is not None
        assert wanted is None or hosts.seconds_to_rest("a") == wanted


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(429, Trouble.OVERLOAD), (503, Trouble.OVERLOAD), (500, Trouble.PAGE), (404, None), (200, None)],
)
def test_status_says_who_is_troubled(status: int, trouble: Trouble | None) -> None:
    assert trouble_of_status(status) is trouble
