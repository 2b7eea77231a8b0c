"""What requests of a crawl carry in their ``meta``: the words that spider and middlewares share."""

from __future__ import annotations

# The key in a request's meta that says what the answer is to be read as.
KIND = "fundstelle_kind"
ROBOTS, RIGHTS, PAGE, SITEMAP, FEED = "robots", "rights", "page", "sitemap", "feed"
# An address that nobody has linked: what does the host answer to it?
INVENTED = "invented"
# Requests that somebody waits for and asks again by himself.
ASIDE = frozenset([ROBOTS, RIGHTS, INVENTED])
