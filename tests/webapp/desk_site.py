"""A site with editors: real accounts and versions in SQLite, corpus and engine in memory, real indexing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse

from crawler.extract import ContentExtractor, ExtractOptions
from indexer.backends.memory import MemoryBackend
from indexer.german import GermanAnalyzer
from indexer.updating.update import update_document, update_index
from kb.failure_file import FailureFile
from kb.model import Document, Role
from kb.ports import Annotator, TopicSuggester
from kb.record import Database, FolderSourceNews, Passwords, SqlAccountStore, SqlSessionStore, SqlVersionLog
from kb.record.counters import SCHEME
from tests.doubles import MemoryCorpus
from tests.webapp.small_site import LABELS, WordAnnotator
from webapp import SiteServices, create_app
from webapp.changes.desk import Desk
from webapp.site.services import LOCAL_HOSTS, Counters, DeskServices

# A real hash that takes no time: what a guess costs is the business of tests/contracts/test_record.py.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "ein recht langes Kennwort"
PEOPLE = {"oezlem": Role.EDITOR, "juergen": Role.EDITOR, "chefin": Role.ADMIN}


class DeskSite:
    """The application and what stands behind it."""

    def __init__(
        self,
        folder: Path,
        *documents: Document,
        annotator: Annotator | None = None,
        suggester: TopicSuggester | None = None,
        hasher: PasswordHasher | Passwords = CHEAP,
        proxies: int = 0,
    ) -> None:
        self.corpus = MemoryCorpus()
        self.backend = MemoryBackend(GermanAnalyzer(), lock_timeout=0.01, visibility=self.corpus)
        self.annotator = annotator if annotator is not None else WordAnnotator()
        for document in documents:
            self.corpus.put(document, expected=None)
        update_index(self.corpus, self.backend, self.annotator)
        database = self.database = Database("", state_dir=folder)
        self.accounts, self.versions = SqlAccountStore(database, hasher), SqlVersionLog(database)
        for name, role in PEOPLE.items():
            self.accounts.add(name, PASSWORD, role)
        self.news = FolderSourceNews(folder / "source-news")
        self.desk = Desk(self.corpus, self.versions, self.news, self.index_document)
        self.uploads = folder / "uploads"
        self.failures = FailureFile(folder / "failures.json")
        self.app: Flask = create_app(
            SiteServices(
                corpus=self.corpus,
                backend=self.backend,
                labels=LABELS,
                version="0.1.0",
                hosts=(*LOCAL_HOSTS, "suche.example", "fundstelle.example"),
                hsts_seconds=3600,
                failures=self.failures,
                desk=DeskServices(
                    accounts=self.accounts,
                    sessions=SqlSessionStore(database),
                    versions=self.versions,
                    news=self.news,
                    desk=self.desk,
                    extractor=ContentExtractor(ExtractOptions(max_text_chars=50_000)),
                    annotator=self.annotator,
                    suggester=suggester,
                    topics=tuple(LABELS["topic"]),
                    secret_key=b"nur fuer Tests, nirgends sonst...",
                    uploads=self.uploads,
                    max_upload_bytes=1_000_000,
                    proxies=proxies,
                    counters=Counters(f"{SCHEME}://", {"database": database}),
                ),
            )
        )

    def index_document(self, doc_id: str) -> None:
        update_document(self.corpus, self.backend, self.annotator, doc_id)

    def client(self, address: str = "127.0.0.1", user_agent: str = "Probe") -> Visitor:
        """A browser without a session, at this address."""
        return Visitor(self.app.test_client(), address, user_agent)

    def signed_in(self, name: str = "oezlem", user_agent: str = "Probe") -> Visitor:
        """A browser of somebody who has signed in."""
        visitor = self.client(user_agent=user_agent)
        answer = visitor.send("/anmelden", {"name": name, "passwort": PASSWORD})
        assert answer.status_code == 302, answer.text
        return visitor


class Visitor:
    """A browser as far as forms go: it reads the token from the page that it posts from."""

    def __init__(self, client: FlaskClient, address: str, user_agent: str) -> None:
        self._client = client
        self._client.environ_base |= {"REMOTE_ADDR": address, "HTTP_USER_AGENT": user_agent}

    def get(self, path: str) -> TestResponse:
        return self._client.get(path, base_url="http://localhost", buffered=True)

    def page(self, path: str) -> BeautifulSoup:
        """A page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return BeautifulSoup(answer.data, "lxml")

    def send(self, path: str, fields: Mapping[str, object], *, token_from: str | None = None) -> TestResponse:
        """Post a form with the token of the session."""
        token = _token(BeautifulSoup(self.get(token_from or path).data, "lxml")) or _token(
            BeautifulSoup(self.get("/redaktion/neu").data, "lxml")
        )
        return self.post(path, {"csrf_token": token, **fields})

    def post(self, path: str, fields: Mapping[str, object]) -> TestResponse:
        """Post exactly these fields."""
        builder = EnvironBuilder(path, method="POST", data=dict(fields), base_url="http://localhost")
        environ = {**builder.get_environ(), **self._client.environ_base}
        try:
            return self._client.open(environ)
        finally:
            environ["wsgi.input"].close()
            builder.close()

    def cookie(self, name: str) -> str | None:
        """What the browser keeps under a name."""
        found = self._client.get_cookie(name)
        return found.value if found is not None else None

    def set_cookie(self, name: str, value: str) -> None:
        """Keep something that the site did not set."""
        self._client.set_cookie(name, value)

    def forget(self) -> None:
        """What happens to a session that ends."""
        for name in ("fundstelle", "__Host-fundstelle"):
            self._client.delete_cookie(name, domain="localhost")


def _token(page: BeautifulSoup) -> str:
    field = page.select_one("input[name=csrf_token]")
    return str(field["value"]) if field is not None else ""


def form_fields(page: BeautifulSoup, action: str) -> dict[str, str]:
    """The fields of the form with this address, as the page fills them in."""
    form = next(one for one in page.find_all("form") if str(one.get("action", "")).startswith(action))
    fields = {str(one["name"]): str(one.get("value", "")) for one in form.find_all("input") if one.get("name")}
    for area in form.find_all("textarea"):
        if area.get("name"):
            fields[str(area["name"])] = area.get_text().removeprefix("\n")
    return fields
