"""Which network addresses a crawler may connect to."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.networks import AddressPolicy, is_loopback_name


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
        *("255.255.255.255", "fe80::1%eth0", "fc00::1", "ff02::1", "::", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
        *("2002:a00:1::", "192.0.2.1", "2001:db8::1", "kein-name", ""),
    ],
)
def test_private_and_reserved_addresses_are_refused_always(address: str) -> None:
    assert AddressPolicy(allow_loopback=True).refusal(address) is not None


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_loopback_only_where_allowed(address: str) -> None:
    assert AddressPolicy().refusal(address) is not None
    assert AddressPolicy(allow_loopback=True).refusal(address) is None


# Carried inside an IPv6 address in every way that there is: one of documentation, others private or reserved.
# None is public, so none may be reached by any spelling.
CARRIED = ("192.0.2.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1")


def _spellings(inner: str) -> Iterator[str]:
    value = int(IPv4Address(inner))
    high, low = f"{value >> 16:x}", f"{value & 0xFFFF:x}"
    turned = value ^ 0xFFFFFFFF
    yield f"::ffff:{inner}"  # mapped
    yield f"::ffff:{high}:{low}"
    yield f"::{inner}"  # compatible
    yield f"::ffff:0:{inner}"  # translated (SIIT)
    yield f"64:ff9b::{inner}"  # NAT64
    yield f"64:ff9b:1::{inner}"  # NAT64 of a network's own
    yield f"64:ff9b:1:{high}:{low}::"
    yield f"2002:{high}:{low}::1"  # 6to4
    yield f"2001:0:{high}:{low}::"  # Teredo, the server
    yield f"2001:0:5e00:1::{turned >> 16:x}:{turned & 0xFFFF:x}"  # Teredo, the client, each bit turned
    yield f"fe80::5efe:{inner}"  # ISATAP
    yield f"2606:2800::5efe:{inner}"
    yield f"2606:2800::200:5efe:{inner}"


@pytest.mark.parametrize("inner", CARRIED)
def test_no_spelling_of_an_address_that_must_not_be_reached_is_allowed(inner: str) -> None:
    policy = AddressPolicy(allow_loopback=True)
    spellings = [inner, *_spellings(inner)]
    assert [one for one in spellings if policy.refusal(one) is None] == []
    assert [one for one in spellings if policy.refusal(f"{one}%eth0") is None] == []
    long = [IPv6Address(one).exploded.upper() for one in spellings[1:]]
    assert [one for one in long if policy.refusal(one) is None] == []


@pytest.mark.parametrize("spelling", list(_spellings("127.0.0.1")))
def test_this_machine_is_meant_by_no_spelling_where_it_is_not_allowed(spelling: str) -> None:
    assert AddressPolicy().refusal(spelling) is not None


@pytest.mark.parametrize("spelling", list(_spellings("93.184.216.34")))
def test_a_public_address_is_reached_by_the_spellings_in_use_alone(spelling: str) -> None:
    in_use = spelling.startswith(("::ffff:93", "::ffff:5d", "64:ff9b::"))
    assert (AddressPolicy().refusal(spelling) is None) is in_use


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_what_is_carried_is_judged_as_it_would_be_by_itself(inner: IPv4Address) -> None:
    policy = AddressPolicy()
    for carrier in ("::ffff:", "64:ff9b::"):
        assert policy.refusal(f"{carrier}{inner}") == policy.refusal(str(inner))


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_of_ipv6_only_what_is_handed_out_is_allowed(address: IPv6Address) -> None:
    if AddressPolicy(allow_loopback=True).refusal(str(address)) is None and not is_loopback_name(str(address)):
        assert address in IPv6Network("2000::/3") or address in IPv6Network("64:ff9b::/96")


@pytest.mark.parametrize("address", ["fec0::1", "3fff::1", "5f00::1", "4000::1", "192.88.99.1", "192.0.0.8"])
def test_what_nobody_has_is_refused(address: str) -> None:
    assert AddressPolicy().refusal(address) is not None


def test_public_addresses_need_a_contact() -> None:
    assert AddressPolicy().refusal("93.184.216.34") is None
    assert AddressPolicy().refusal("2606:2800:220:1::1") is None
    assert "KB_CONTACT" in (AddressPolicy(allow_public=False).refusal("93.184.216.34") or "")


@pytest.mark.parametrize(
    ("name", "is_loopback"),
    [
        ("localhost", True),
        ("demo.localhost.", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("localhost.de", False),
    ],
)
def test_names_of_this_machine(name: str, is_loopback: bool) -> None:
    assert is_loopback_name(name) is is_loopback
