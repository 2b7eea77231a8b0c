"""How often a password may be guessed: by address, and by name and address, counted for all workers together.

Only wrong passwords count, and what is refused here is not even compared, whether the name exists or not.
The waits grow, since a longer limit begins where a shorter one has been used up. Nobody locks a name for
others: what counts is the name as tried from one address, or in one browser where it has signed in before.
"""

from __future__ import annotations

import hmac
import math
import time
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter, RequestLimit

from webapp.accounts.known_browsers import known_browser
from webapp.site.services import Counters

# A person mistypes a few times; then the waits grow from a minute to a day.
_BY_NAME = "5 per minute; 20 per hour; 50 per day"
# A town hall sends many people by one address.
_BY_ADDRESS = "30 per minute; 300 per day"
# The key of what is counted changes so often: what is left of an older day can be traced to nobody.
_KEY_SECONDS = 24 * 3600

Refusal = Callable[[int], Response]


def limit_guesses(
    app: Flask, counters: Counters, *, guessed_name: Callable[[], str], refusals: Mapping[str, Refusal]
) -> None:
    """Limit the wrong passwords at these endpoints, whose views call ``note_wrong_password``.

    A refusal makes the answer from the seconds that are to be waited. Where the counters' server is away, each
    worker counts for itself.
    """
    limiter = Limiter(
        _address_mark,
        app=app,
        storage_uri=counters.uri,
        storage_options=cast(dict[str, str | int], dict(counters.options)),
        strategy="fixed-window",
        in_memory_fallback_enabled=True,
    )

    def name_mark() -> str:
        name = guessed_name().strip().lower()
        browser = known_browser(name)
        return _mark("name", name, _network() if browser is None else f"browser {browser}")

    for endpoint, refusal in refusals.items():

        def refuse(limit: RequestLimit, refusal: Refusal = refusal) -> Response:
            return _refused(limit, refusal)

        common: dict[str, Any] = {"deduct_when": _was_wrong, "on_breach": refuse}
        by_name = limiter.shared_limit(_BY_NAME, "name", key_func=name_mark, **common)
        by_address = limiter.shared_limit(
            _BY_ADDRESS, "address", exempt_when=lambda: known_browser(guessed_name()) is not None, **common
        )
        view: Any = app.view_functions[endpoint]
        app.view_functions[endpoint] = by_address(by_name(view))


def note_wrong_password() -> None:
    """Count this request as a wrong guess."""
    g.wrong_password = True


def _was_wrong(response: Response) -> bool:
    return bool(g.get("wrong_password", False))


def _refused(limit: RequestLimit, refusal: Refusal) -> Response:
    seconds = max(1, math.ceil(limit.window.reset_time - _now()))
    response = refusal(seconds)
    response.status_code = 429
    response.headers["Retry-After"] = str(seconds)
    return response


def _address_mark() -> str:
    return _mark("address", _network())


def _network() -> str:
    """The visitor's address; of IPv6 the part that one household or office has to itself."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def _mark(*parts: str) -> str:
    """What is counted under, and kept: a hash under a key of the day, from which no address can be told."""
    secret = current_app.secret_key
    assert isinstance(secret, bytes)
    key = hmac.digest(secret, f"counters {int(_now() // _KEY_SECONDS)}".encode(), "sha256")
    return hmac.new(key, "\0".join(parts).encode(), "sha256").hexdigest()[:32]


def _now() -> float:
    """Seconds since 1970; a function of its own, so that tests can move the clock."""
    return time.time()
