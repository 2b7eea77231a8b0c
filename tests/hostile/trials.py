"""What is tried with hostile material, and what counts as a failure of the house.

Refusing is right: an error of the tree (``kb.errors``) that names what is wrong, an answer below 500. A failure
is any other exception, be it contained (``kb.failures`` logs it and goes on), and an answer that costs more
than its budget. Budgets are multiples of what ordinary material costs in the same run: no machine is too slow.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from crawler.addressing.urls import document_id, fetch_url, page_key
from crawler.extract import ContentExtractor
from crawler.manners.networks import AddressPolicy, is_loopback_name
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.german import GermanAnalyzer
from indexer.updating.update import update_index
from kb.corpus import DirectoryCorpus, render_document, shipped_corpus
from kb.corpus.visibility import CorpusVisibility
from kb.errors import CorpusError, InputError, InvalidQueryError, UnforeseenError
from kb.model import FACETS, Document, DocumentRef, RawContent, SearchQuery, Sort, YearSpan
from tests.annotators import shipped
from tests.hostile.material import Material
from tests.webapp.desk_site import DeskSite, Visitor
from tests.webapp.small_site import JAHRESFORUM, STADTTEILMUETTER
from webapp import SiteServices, create_app

_ORDINARY = 20
# Below this a clock tells more of itself than of the work.
_LEAST_SECONDS = 0.002
_KEPT = 20
_TRIES = 2


@dataclass(slots=True)
class Outcome:
    """What became of one kind of trial; ``slowest`` are (times the ordinary cost, what was tried)."""

    name: str
    budget: float
    tried: int = 0
    refused: int = 0
    failures: list[str] = field(default_factory=list)
    failed: int = 0
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def fail(self, what: str, why: str) -> None:
        self.failed += 1
        if len(self.failures) < _KEPT:
            self.failures.append(f"{why}\n    {what[:300]!r}")

    def took(self, times: float, what: str) -> None:
        self.slowest = sorted([*self.slowest, (times, what[:120])], reverse=True)[:3]
        if times > self.budget:
            self.fail(what, f"{times:.0f} times the ordinary cost, allowed are {self.budget:.0f}")

    def lines(self) -> Iterator[str]:
        yield f"{self.name}: {self.tried} tried, {self.refused} refused, {self.failed} failed"
        yield from (f"  slow: {times:.0f} times the ordinary cost: {what!r}" for times, what in self.slowest)
        yield from (f"  FAILED: {failure}" for failure in self.failures)


class Trial(Protocol):
    """One kind of material and what is done with it."""

    name: str
    budget: float

    def ordinary(self) -> list[str]:
        """What people do send, of each kind that is done in another way."""

    def hostile(self) -> str:
        """What nobody would send."""

    def attempt(self, what: str) -> bool:
        """Do it; whether it was refused, as it may be. Whatever is raised is a failure."""

    def look_back(self) -> None:
        """Now and then: what became of all that was attempted. Costs nothing, and may fail like an attempt."""

    def close(self) -> None:
        """Let go of everything."""


class Watch(logging.Handler):
    """Hears what was contained: errors in any log of ours, and what Flask says of an error 500."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


@contextmanager
def watching() -> Iterator[Watch]:
    watch, root = Watch(), logging.getLogger()
    root.addHandler(watch)
    try:
        yield watch
    finally:
        root.removeHandler(watch)


def run(trial: Trial, wanted: Callable[[Outcome], bool], progress: Callable[[Outcome], None]) -> Outcome:
    """Try until nobody wants more; the first attempts are ordinary and say what things cost here."""
    outcome = Outcome(trial.name, trial.budget)
    with watching() as watch:
        for what in trial.ordinary() * 2:  # whatever is made on first use is there now
            trial.attempt(what)
        usual = [what for _ in range(_ORDINARY) for what in trial.ordinary()]
        unit = max(_LEAST_SECONDS, median(_seconds(partial(trial.attempt, what)) for what in usual))
        while wanted(outcome):
            what = trial.hostile()
            outcome.tried += 1
            watch.heard.clear()
            started = time.thread_time()
            try:
                outcome.refused += trial.attempt(what)
            except UnforeseenError as error:
                outcome.fail(what, f"{error}\n{error.trace}")
            except Exception as error:
                outcome.fail(what, f"{type(error).__name__}: {error}")
            else:
                seconds = time.thread_time() - started
                if seconds > trial.budget * unit:  # or was something made on first use, or the machine busy?
                    seconds = min(seconds, *(_seconds(partial(trial.attempt, what)) for _ in range(_TRIES)))
                outcome.took(seconds / unit, what)
            try:
                trial.look_back()
            except Exception as error:
                outcome.fail("", f"{type(error).__name__}: {error}")
            for heard in watch.heard:
                outcome.fail(what, f"contained: {heard}")
            progress(outcome)
    return outcome


def _seconds(work: Callable[[], Any]) -> float:
    started = time.thread_time()
    work()
    return time.thread_time() - started


# --- queries ---


class Queries:
    """Searches, completions and pages over the demonstration's documents."""

    name = "Anfragen"
    budget = 300.0

    def __init__(self, seed: int) -> None:
        self._material = Material(seed)
        self._folder = TemporaryDirectory()
        home = Path(self._folder.name)
        corpus, self._backend = _indexed(home, list(_demo_documents()))
        services = SiteServices(corpus, self._backend, {}, "0")
        self._client = create_app(services).test_client()
        self._ids = [document.id for document in _demo_documents()]

    def ordinary(self) -> list[str]:
        return [
            "Übergang von der Schule in den Beruf",
            "Stadtteilmütter",
            "„Schul- und Berufswahl“ Beratung",
            "Jugendberuf* ODER titel:Quartier NICHT Bremen",
            "Was hilft Koordinator*innen beim Übergang?",
            "Sprachfoerderung Neuzugewandrte ort:Dortmund jahr:2018..2021",
            "https://www.example.org/berichte",
        ]

    def hostile(self) -> str:
        return self._material.query()

    def attempt(self, what: str) -> bool:
        material = self._material
        if material.often(0.05):
            return self._page(what)
        if material.often(0.05):
            self._backend.suggest(what[:200])
            self._backend.similar(what[:200] or "x")
            return False
        filters = {facet: (material.value(), "migration") for facet in FACETS if material.often(0.05)}
        sort = Sort.RELEVANCE if material.often(0.8) else Sort.DATE
        offset = material.number(10_000) if material.often(0.1) else 0
        correct, explain = material.often(0.9), material.often(0.9)
        query = SearchQuery(what, filters, sort, 10, offset, correct=correct, explain=explain)
        try:
            self._backend.search(query)
        except InvalidQueryError:
            return True
        return False

    def _page(self, what: str) -> bool:
        material = self._material
        path = material.pick(
            ["/", "/vorschlaege", "/dokument/", "/healthz", "/hilfe", "/robots.txt", "/nirgends/"]
        )
        if path in ("/dokument/", "/nirgends/"):
            address = path + quote(what[:100])
        else:
            names = ["q", *FACETS, "page", "sort", "wie", "genau"]
            fields = material.fields(names) | {"q": what[:1_500]}
            address = f"{path}?{urlencode(fields, errors='replace')}"
        answer = self._client.get(address)
        if answer.status_code >= 500:
            raise AssertionError(f"{answer.status_code} for {address[:200]}")
        return answer.status_code >= 400

    def look_back(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        self._folder.cleanup()


# --- documents ---

# Stands in material for the name of the file.
_NAME = "NAME"


class Documents:
    """Files in a corpus, pages of websites: read, annotated, indexed, shown."""

    name = "Dokumente"
    budget = 150.0
    # So many are indexed together, and then searched for and shown.
    batch = 100

    def __init__(self, seed: int) -> None:
        self._material = Material(seed)
        self._folder = TemporaryDirectory()
        self._number = 0
        self._extractor = ContentExtractor()
        self._begin()

    def _begin(self) -> None:
        self._home = Path(self._folder.name) / str(self._number)
        self._documents = self._home / "corpus/documents/hand"
        self._documents.mkdir(parents=True)
        self._corpus = DirectoryCorpus(self._home / "corpus", years=YearSpan(), max_bytes=1_000_000)

    def ordinary(self) -> list[str]:
        text = "Am 12. März trafen sich Koordinator*innen im Rathaus von Hof. " * 12
        return [f"---\nid: {_NAME}\ntitle: Übergänge gestalten\npublished: 2020-03-20\n---\n\n{text}"]

    def hostile(self) -> str:
        return self._material.document(_NAME)

    def attempt(self, what: str) -> bool:
        self._number += 1
        refused = False
        if self._material.often(0.1):
            with suppress(InputError):
                self._extractor.extract(RawContent(self._material.page().encode(), "a.html"))
        name = f"d{self._number}"
        path = self._documents / f"{name}.md"
        path.write_bytes(what.replace(_NAME, name).encode("utf-8", "replace"))
        try:
            stored = self._corpus.load(DocumentRef(path.relative_to(self._corpus.path).as_posix(), ""))
            shipped().annotate(stored.document)
            self._corpus.put(stored.document, expected=stored.revision)
        except (InputError, CorpusError):
            refused = True
        return refused

    def look_back(self) -> None:
        """What becomes of them in the index and on pages; named problems are refusals, traces are failures."""
        if self._number % self.batch:
            return
        try:
            self._index_and_show()
        finally:
            self._begin()

    def _index_and_show(self) -> None:
        visibility = CorpusVisibility(self._corpus.path)
        backend = WhooshBackend(self._home / "index", GermanAnalyzer(), visibility=visibility)
        report = update_index(self._corpus, backend, shipped())
        for problem in report.problems:
            if problem.trace:
                raise AssertionError(f"{problem.location}: {problem.reason}\n{problem.trace}")
        client = create_app(SiteServices(self._corpus, backend, {}, "0")).test_client()
        for text in ("", "Übergang", "Dortmund", "Berufswahl"):
            for hit in backend.search(SearchQuery(text, limit=50)).hits:
                answer = client.get(f"/dokument/{quote(hit.entry.id)}")
                if answer.status_code != 200:
                    raise AssertionError(f"{answer.status_code} for {hit.entry.id}")

    def close(self) -> None:
        self._folder.cleanup()


# --- forms ---

_NEW = (
    "titel", "text", "adresse", "herausgeber", "personen", "veroeffentlicht", "geaendert", "termin_von",
    "termin_bis", "lizenz", "sprache", "vorgang",
)  # fmt: skip
_FORMS: dict[str, tuple[str, ...]] = {
    "/redaktion/neu": _NEW,
    "/redaktion/vorschau": ("titel", "text"),
    "/redaktion/bearbeiten/{id}": (*_NEW, "stand", "notiz", "gesehen"),
    "/redaktion/entscheiden/{id}": ("art", "name", "wert", "stand", "weiter"),
    "/redaktion/status/{id}": ("schritt", "grund", "stand"),
    "/redaktion/neues/{id}": ("schritt", "stand", "gesehen"),
    "/redaktion/wiederherstellen/1/{id}": ("welche", "stand"),
    "/redaktion/hochladen": ("datei",),
    "/anmelden": ("name", "passwort", "weiter"),
}
_KNOWN = {
    "schritt": ("veroeffentlichen", "entwurf", "zurueckziehen", "uebernehmen"),
    "art": ("topic", "place", "doc_type", "event", "card"),
    "wert": ("confirmed", "rejected", "none", ""),
    "welche": ("vorher",),
}


class Forms:
    """What editors send, or somebody in their name."""

    name = "Formulare"
    budget = 100.0
    # A new site now and then, since everything that is sent is kept.
    batch = 400

    def __init__(self, seed: int) -> None:
        self._material = Material(seed)
        self._number = 0
        self._open()

    def _open(self) -> None:
        self._folder = TemporaryDirectory()
        self._site = DeskSite(Path(self._folder.name), JAHRESFORUM, STADTTEILMUETTER, annotator=shipped())
        self._editor: Visitor = self._site.signed_in()
        page = self._editor.page("/redaktion/neu")
        self._token = str(page.select("input[name=csrf_token]")[0]["value"])
        self._ids = [JAHRESFORUM.id, STADTTEILMUETTER.id]

    def ordinary(self) -> list[str]:
        return ["/redaktion/vorschau", "/redaktion/neu"]

    def hostile(self) -> str:
        return self._material.pick(list(_FORMS))

    def attempt(self, what: str) -> bool:
        self._number += 1
        material = self._material
        fields: dict[str, str] = material.fields(_FORMS[what])
        for name, values in _KNOWN.items():
            if name in fields and material.often(0.7):
                fields[name] = material.pick(values)
        doc_id = material.pick(self._ids)
        if "stand" in fields and material.often(0.7):
            fields["stand"] = self._site.corpus.get(doc_id).revision
        if "text" in fields and material.often(0.5):
            fields["text"] = material.text()[:20_000]
        if material.often(0.97):
            fields["csrf_token"] = self._token
        path = what.format(id=quote(doc_id))
        answer = self._editor.post(path, {name: _sendable(value) for name, value in fields.items()})
        if answer.status_code >= 500:
            raise AssertionError(f"{answer.status_code} for {path} {fields!r:.600}")
        if answer.status_code == 302 and what == "/redaktion/neu" and len(self._ids) < 40:
            self._ids.append(answer.headers["Location"].rpartition("/")[2])
        if material.often(0.1):
            pages = (
                "/redaktion/",
                f"/redaktion/pruefen/{quote(doc_id)}",
                f"/redaktion/fassungen/{quote(doc_id)}",
            )
            page = self._editor.get(material.pick(pages))
            if page.status_code >= 500:
                raise AssertionError(f"{page.status_code} after {path} {fields!r:.600}")
        return answer.status_code >= 400

    def look_back(self) -> None:
        if self._number % self.batch == 0:
            self.close()
            self._open()

    def close(self) -> None:
        self._folder.cleanup()


def _sendable(value: str) -> str:
    return value.encode("utf-8", "replace").decode("utf-8")


# --- addresses ---


class Addresses:
    """What pretends to be an address, in links, redirects and fields."""

    name = "Adressen"
    budget = 200.0

    def __init__(self, seed: int) -> None:
        self._material = Material(seed)

    def ordinary(self) -> list[str]:
        return ["https://www.example.org/berichte/fachtag.html?seite=2"]

    def hostile(self) -> str:
        return self._material.address() if self._material.often(0.8) else self._material.value()

    def attempt(self, what: str) -> bool:
        AddressPolicy().refusal(what)
        is_loopback_name(what)
        try:
            shown = fetch_url(what)
            if fetch_url(shown) != shown or page_key(shown) != page_key(what):
                raise AssertionError(f"{what!r} has two spellings")
            document_id("hof", what)
        except ValueError:
            return True
        return False

    def look_back(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is held."""


TRIALS: dict[str, Callable[[int], Trial]] = {
    "queries": Queries,
    "documents": Documents,
    "forms": Forms,
    "addresses": Addresses,
}


def _demo_documents() -> Iterator[Document]:
    corpus = DirectoryCorpus(shipped_corpus())
    return (corpus.load(ref).document for ref in corpus.refs())


def _indexed(home: Path, documents: list[Document]) -> tuple[DirectoryCorpus, WhooshBackend]:
    folder = home / "corpus/documents/demo"
    folder.mkdir(parents=True)
    for number, document in enumerate(documents):
        (folder / f"{number}.md").write_text(render_document(document), "utf-8")
    corpus = DirectoryCorpus(home / "corpus")
    backend = WhooshBackend(home / "index", GermanAnalyzer(), visibility=CorpusVisibility(home / "corpus"))
    update_index(corpus, backend, shipped())
    return corpus, backend
