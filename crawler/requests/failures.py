"""Why a request failed, in German; the exceptions of Scrapy and Twisted end here."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet import error as network
from twisted.internet.defer import TimeoutError as DeferredTimeoutError
from twisted.web.client import ResponseFailed

from crawler.manners.hosts import Trouble
from crawler.requests.resolver import installed_guard

MOVED = "leitet auf eine andere Adresse um"


class Refused(IgnoreRequest):
    """The policy forbids a request; ``reason`` says why.

    ``is_failure`` marks what the host, not the policy, is to blame for: its robots.txt could not be read.
    ``instead`` is the address that is read in place of the refused one; ``leaves``: it leads out of the source.
    """

    def __init__(
        self, reason: str, *, is_failure: bool = False, instead: str | None = None, leaves: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_failure = is_failure
        self.instead = instead
        self.leaves = leaves


class Resting(IgnoreRequest):
    """The host wants to be left alone for now; the request is kept and comes again later."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} rests")


_NOT_RESOLVED = "der Name des Servers ist nicht auflösbar"
# First match counts; subclasses stand before their base classes.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (DownloadTimeoutError, "Zeitgrenze überschritten"),
    (DeferredTimeoutError, "Zeitgrenze überschritten"),
    (network.TimeoutError, "Zeitgrenze überschritten"),
    (ResponseDataLossError, "die Antwort ist unvollständig"),
    (DownloadCancelledError, "die Antwort ist größer als erlaubt (KB_MAX_FILE_BYTES)"),
    (DownloadConnectionRefusedError, "der Server nimmt keine Verbindung an"),
    (network.ConnectionRefusedError, "der Server nimmt keine Verbindung an"),
    (CannotResolveHostError, _NOT_RESOLVED),
    (network.DNSLookupError, _NOT_RESOLVED),
    (network.SSLError, "die verschlüsselte Verbindung ist nicht vertrauenswürdig"),
    (DownloadFailedError, "die Verbindung ist abgebrochen"),
    (ResponseFailed, "die Verbindung ist abgebrochen"),
    (network.ConnectError, "die Verbindung kam nicht zustande"),
    (network.ConnectionClosed, "die Verbindung ist abgebrochen"),
    (OSError, "die Verbindung ist abgebrochen"),
)


# Judgements that another try would not change.
_FINAL = (IgnoreRequest, DownloadCancelledError, network.SSLError)
_PASSING = (DownloadFailedError, ResponseFailed, OSError, CannotResolveHostError, network.ConnectError)
_PASSING_TOO = (DeferredTimeoutError, network.TimeoutError, network.ConnectionClosed, network.DNSLookupError)


def trouble_of_error(error: BaseException, host: str) -> Trouble | None:
    """What a failed request says about its host; None where it failed for good and by itself."""
    if isinstance(error, _FINAL):
        return None
    guard = installed_guard()
    if guard is not None and host.lower() in guard.refused:
        return None
    if isinstance(error, ResponseDataLossError):
        return Trouble.PAGE
    timed_out = isinstance(error, DownloadTimeoutError | DownloadConnectionRefusedError)
    return Trouble.OVERLOAD if timed_out or isinstance(error, _PASSING + _PASSING_TOO) else None


def failure_reason(error: BaseException, host: str) -> str:
    """One German clause for a failed request to ``host``."""
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, IgnoreRequest):
        # The redirect and decompression middlewares raise it with English texts and nothing to tell them by.
        return "zu viele Weiterleitungen" if "redirect" in str(error) else "die Antwort ist entpackt zu groß"
    reason = next((text for kind, text in _REASONS if isinstance(error, kind)), None)
    if reason in (None, _NOT_RESOLVED) or isinstance(error, DownloadFailedError):
        guard = installed_guard()
        if guard is not None and host.lower() in guard.refused:
            return guard.refused[host.lower()]
    return reason or f"Abruf fehlgeschlagen ({type(error).__name__})"
