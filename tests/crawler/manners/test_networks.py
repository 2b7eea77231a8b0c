"""Which network addresses a crawler may connect to."""

from __future__ import annotations

import pytest

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
