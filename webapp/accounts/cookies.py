"""How cookies are set: ``Secure`` and ``__Host-`` everywhere but in plain HTTP on this very machine."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


def is_secure_cookie() -> bool:
    """Whether the cookies of this answer may travel by TLS alone."""
    return request.is_secure or not _is_loopback(request.host)


def host_cookie_name(name: str) -> str:
    """A cookie's name; with the prefix, browsers take it from this very host alone."""
    return f"__Host-{name}" if is_secure_cookie() else name


class SessionCookies(SecureCookieSessionInterface):
    """Flask's signed sessions, in such cookies."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """See ``is_secure_cookie``."""
        return is_secure_cookie()

    def get_cookie_name(self, app: Flask) -> str:
        """See ``host_cookie_name``."""
        return host_cookie_name("fundstelle")

    def get_cookie_samesite(self, app: Flask) -> str:
        """Other sites may link to this one, and send nothing to it in a visitor's name."""
        return "Lax"


def _is_loopback(host: str) -> bool:
    name = host.rsplit(":", 1)[0].strip("[]") if not host.endswith("]") else host.strip("[]")
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
