"""Which network addresses a crawler may connect to: pure judgement, no name resolution."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_Address = IPv4Address | IPv6Address

# Addresses that carry an IPv4 address inside, which is the one that would be reached.
_NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Public addresses are allowed; loopback only where a setting says so; nothing else, ever.

    ``allow_public`` is off when no contact is set, since then nobody else's server may be visited.
    """

    allow_loopback: bool = False
    allow_public: bool = True

    def refusal(self, address: str) -> str | None:
        """Why no connection to this IP address may be opened (in German), or None."""
        try:
            judged = _innermost(ip_address(address.partition("%")[0]))
        except ValueError:
            return "keine gültige Netzadresse"
        if judged.is_loopback:
            return None if self.allow_loopback else "Adresse auf diesem Rechner (KB_ALLOW_LOOPBACK ist aus)"
        if judged.is_multicast or judged.is_unspecified or judged.is_link_local or not judged.is_global:
            return "Adresse in einem privaten oder reservierten Netz"
        return None if self.allow_public else "öffentliche Adresse, aber kein Kontakt angegeben (KB_CONTACT)"


def is_loopback_name(host: str) -> bool:
    """Whether a host name or IP literal can only mean this machine (RFC 6761 for ``localhost``)."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return _innermost(ip_address(name)).is_loopback
    except ValueError:
        return False


def _innermost(address: _Address) -> _Address:
    if not isinstance(address, IPv6Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if isinstance(_NAT64, IPv6Network) and address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
