"""What does the crawler meet in the demonstration and in tests? The website of a town that does not exist."""

from webapp.demosite.serve import serve_demo_site
from webapp.demosite.site import create_demo_site

__all__ = ["create_demo_site", "serve_demo_site"]
