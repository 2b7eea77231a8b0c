"""Who is calling: the robot's name, and that nobody else's server is visited without a contact."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from crawler.manners.networks import is_loopback_name
from crawler.sources.source import Source
from kb import __version__
from kb.errors import ConfigurationError

ROBOT_NAME = "Fundstelle"
# The name as a word of its own, in any case, with or without a version; "Fundstelle-Bilder" is another robot.
_OUR_NAME = re.compile(rf"(?<![\w-]){re.escape(ROBOT_NAME)}(?![^\W\d_])(?![-_](?!v?\d)\w)", re.IGNORECASE)


def user_agent(contact: str) -> str:
    """``Fundstelle/0.1.0 (+contact)``; without a contact the bracket is left out."""
    contact = re.sub(r"[^\x20-\x7e]|[()]", "", contact).strip()
    return f"{ROBOT_NAME}/{__version__} (+{contact})" if contact else f"{ROBOT_NAME}/{__version__}"


def is_our_name(text: str) -> bool:
    """Whether rules for robots of this name bind this one (RFC 9309, 2.2.1: the case does not matter)."""
    return _OUR_NAME.search(text) is not None


def require_contact(sources: Iterable[Source], contact: str) -> None:
    """Refuse to visit anybody else's server without saying who is calling.

    Raises:
        ConfigurationError: a source has a host beyond this machine and no contact is set.
    """
    if contact.strip():
        return
    for source in sources:
        for host in sorted(source.hosts):
            if not is_loopback_name(urlsplit(f"//{host}").hostname or ""):
                raise ConfigurationError(
                    f"für den Abruf von {host} ist kein Kontakt angegeben",
                    subject=source.id,
                    remedy="KB_CONTACT auf eine E-Mail- oder Webadresse setzen, unter der Sie erreichbar sind",
                )
