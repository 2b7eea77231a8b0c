"""Which network addresses a crawler may connect to: pure judgement, no name resolution.

An IPv6 address may carry an IPv4 address inside, which is the one that is reached in the end; there are more
ways to spell that than the standard library knows. So of IPv6 only what is handed out to the public is allowed
at all (RFC 4291: global unicast is 2000::/3, so far), less what is set apart there, and two kinds that are in
use are judged by what they carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_Address = IPv4Address | IPv6Address

# Judged by the IPv4 address inside: RFC 4291, 2.5.5.2 (mapped), RFC 6052 (NAT64, by which networks without IPv4
# reach everybody else).
_CARRIERS = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
_PUBLIC = IPv6Network("2000::/3")
_SET_APART = (
    IPv6Network("2001::/23"),  # protocol assignments (RFC 2928), Teredo among them (RFC 4380)
    IPv6Network("2001:db8::/32"),  # documentation (RFC 3849)
    IPv6Network("2002::/16"),  # 6to4 (RFC 3056, no longer in use by RFC 7526)
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
)
_SET_APART_4 = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments (RFC 6890)
    IPv4Network("192.88.99.0/24"),  # relays of 6to4 (RFC 7526)
)
# The middle of an interface identifier of ISATAP (RFC 5214), before the IPv4 address; the second with the flag
# that says that it is globally unique.
_ISATAP = (0x00005EFE, 0x02005EFE)


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
            judged = _carried(ip_address(address.partition("%")[0]))
        except ValueError:
            return "keine gültige Netzadresse"
        if judged.is_loopback:
            return None if self.allow_loopback else "Adresse auf diesem Rechner (KB_ALLOW_LOOPBACK ist aus)"
        if not _is_public(judged):
            return "Adresse in einem privaten oder reservierten Netz"
        return None if self.allow_public else "öffentliche Adresse, aber kein Kontakt angegeben (KB_CONTACT)"


def is_loopback_name(host: str) -> bool:
    """Whether a host name or IP literal can only mean this machine (RFC 6761 for ``localhost``)."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return _carried(ip_address(name)).is_loopback
    except ValueError:
        return False


def _carried(address: _Address) -> _Address:
    if isinstance(address, IPv6Address) and any(address in network for network in _CARRIERS):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: _Address) -> bool:
    if isinstance(address, IPv4Address):
        is_set_apart = any(address in network for network in _SET_APART_4)
        return address.is_global and not address.is_multicast and not is_set_apart
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return False
    return address in _PUBLIC and not any(address in network for network in _SET_APART)
