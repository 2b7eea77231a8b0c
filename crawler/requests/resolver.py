"""The address guard at connection time: a Twisted name resolver that hands out permitted addresses only.

Every connection of the crawler process asks the reactor's resolver, IP literals and redirect targets included,
and connects to exactly the addresses that it is given; so a name that answers differently the second time (DNS
rebinding) gains nothing. Scrapy would let a setting name the resolver, but ignores it in a spider's own
settings; installing it on the reactor leaves no such gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.interfaces import IAddress, IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawler.manners.networks import AddressPolicy

# zope's interfaces declare methods without ``self``, so a type checker cannot use them as types.
_Resolver = Any
_Receiver = Any
_Resolution = Any


@implementer(IHostnameResolver)
class GuardedResolver:
    """Asks the resolver behind it and drops every address that the policy refuses."""

    def __init__(self, behind: _Resolver, policy: AddressPolicy) -> None:
        self._behind = behind
        self._policy = policy
        # Host name → why its address was refused; a failed request looks here for the true reason.
        self.refused: dict[str, str] = {}

    def resolveHostName(  # noqa: N802 - the interface's name
        self,
        resolutionReceiver: _Receiver,  # noqa: N803 - the interface's name
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> _Resolution:
        """Resolve a name or literal as ``IHostnameResolver`` says, refused addresses left out."""
        receiver = _GuardedReceiver(resolutionReceiver, hostName, self)
        return self._behind.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)

    def permits(self, host: str, address: IAddress) -> bool:
        """Whether the policy allows an address that a host name resolved to."""
        reason = self._policy.refusal(str(getattr(address, "host", "")))
        if reason is not None:
            self.refused[host.lower()] = reason
        return reason is None


@implementer(IResolutionReceiver)
class _GuardedReceiver:
    def __init__(self, behind: _Receiver, host: str, guard: GuardedResolver) -> None:
        self._behind, self._host, self._guard = behind, host, guard

    def resolutionBegan(self, resolutionInProgress: _Resolution) -> None:  # noqa: N802, N803
        self._behind.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        if self._guard.permits(self._host, address):
            self._behind.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._behind.resolutionComplete()


def install_guard(policy: AddressPolicy) -> None:
    """Put the guard in front of the installed reactor's resolver."""
    from twisted.internet import reactor

    pluggable: Any = reactor
    pluggable.installNameResolver(GuardedResolver(pluggable.nameResolver, policy))


def installed_guard() -> GuardedResolver | None:
    """The guard of this process, if one was installed."""
    from twisted.internet import reactor

    resolver = getattr(reactor, "nameResolver", None)
    return resolver if isinstance(resolver, GuardedResolver) else None
