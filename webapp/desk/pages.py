"""All pages of the desk: importing them adds their routes to its blueprint."""

from webapp.desk import add, edit, failing, review, source_news, start, troubles, versions
from webapp.desk.blueprint import blueprint

__all__ = ["add", "blueprint", "edit", "failing", "review", "source_news", "start", "troubles", "versions"]
