"""Checks for ``kb doctor``: each looks at one thing, changes nothing and names a remedy."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

from kb import wiring
from kb.errors import DuplicateIdError, FundstelleError
from kb.failures import documents_of, foreseen
from kb.model import Step, StoredDocument
from kb.private import OTHERS, OTHERS_WRITE, exposed
from kb.settings import Settings

Level = Literal["ok", "note", "warning", "error"]

# All of these install the package `whoosh`; two at once overwrite each other's files.
_WHOOSH_TWINS = ("whoosh-reloaded", "whoosh-ng", "whoosh3")
_WHOOSH_VERSION = "2.7.4"
_SHOWN_PROBLEMS = 10
# Fields beyond the model that the program itself knows: where the desk kept an upload, and which documents the
# demonstration shows as PDF.
_OUR_FIELDS = frozenset(["original", "format"])


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``remedy`` is empty where there is nothing to do.

    A ``note`` says what is still to come in an installation that nothing is wrong with.
    """

    check: str
    level: Level
    found: str
    remedy: str = ""


def diagnose(settings: Settings) -> list[Finding]:
    """Run all checks; a check that cannot run is itself a finding."""
    findings: list[Finding] = []
    for check, run in _CHECKS.items():
        try:
            findings += run(check, settings)
        except Exception as error:
            known = foreseen(error, check)
            where = f"{known.subject}: " if known.subject not in (None, check) else ""
            findings.append(Finding(check, "error", where + known.problem, known.remedy or ""))
    return findings


def _installation(check: str, settings: Settings) -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        yield Finding(check, "error", f"Python {version}", "Python 3.11, 3.12 oder 3.13 verwenden")
    twins = [name for name in _WHOOSH_TWINS if _installed(name)]
    if twins or _installed("whoosh") != _WHOOSH_VERSION:
        found = f"whoosh {_installed('whoosh')}" + (f" neben {', '.join(twins)}" if twins else "")
        remedy = f"pip uninstall {' '.join(['whoosh', *twins])} && pip install whoosh=={_WHOOSH_VERSION}"
        yield Finding(check, "error", found, remedy)
    yield Finding(check, "ok", f"Python {version}, whoosh {_installed('whoosh')}, spaCy {_installed('spacy')}")


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _settings(check: str, settings: Settings) -> Iterator[Finding]:
    yield Finding(check, "ok", f"Korpus {settings.corpus}, Zustand {settings.var}")
    if not settings.contact:
        yield Finding(
            check,
            "warning" if wiring.open_sources(settings).enabled else "note",
            "kein Kontakt für den Crawler",
            "KB_CONTACT auf eine E-Mail oder URL setzen, bevor fremde Websites besucht werden",
        )
    if settings.proxies and not (settings.public_url or settings.hosts):
        yield Finding(
            check,
            "warning",
            "ein Webserver steht davor, aber unter welchem Namen die Website antwortet, ist nicht gesagt",
            "KB_PUBLIC_URL auf ihre öffentliche Adresse setzen",
        )
    yield from _privacy(check, settings)
    folder = settings.var if settings.var.exists() else settings.var.absolute().parent
    if not os.access(folder, os.W_OK):
        yield Finding(check, "error", f"{folder} ist nicht beschreibbar", "Rechte ändern oder --var angeben")


def _privacy(check: str, settings: Settings) -> Iterator[Finding]:
    """Whether other accounts of this machine can read the record, or write what is run as code (pickles)."""
    for folder, refused, may, rights in (
        (settings.state_dir, OTHERS, "zugänglich", "go-rwx"),
        (settings.cache_dir, OTHERS_WRITE, "beschreibbar", "go-w"),
    ):
        found = list(exposed(folder, refused))
        if found:
            more = f" und {len(found) - 1} weitere Ordner und Dateien" if len(found) > 1 else ""
            problem = f"{found[0]}{more} für andere Konten {may}"
            yield Finding(check, "error", problem, f"chmod -R {rights} {folder}")


def _corpus(check: str, settings: Settings) -> Iterator[Finding]:
    corpus = wiring.open_corpus(settings)
    topics = wiring.open_topics(settings)
    documents: dict[str, StoredDocument] = {}
    problems: list[FundstelleError | str] = []
    long: list[str] = []
    for stored in documents_of(corpus, problems.append):
        first = documents.setdefault(stored.document.id, stored)
        if first is not stored:
            problems.append(_duplicate(first, stored))
        problems += [
            f"{stored.location}: unbekanntes Thema „{topic}“"
            for topic in stored.document.decisions.topics
            if topic not in topics
        ]
        if len(stored.document.text) > settings.annotated_chars:
            long.append(stored.location)
        unknown = [name for name in stored.document.extra if name not in _OUR_FIELDS]
        if unknown:
            names = ", ".join(unknown)
            yield Finding(
                check, "warning", f"{stored.location}: unbekannte Felder {names}", "Schreibweise prüfen"
            )
    yield Finding(check, "ok", f"{len(documents)} Dokumente, {len(topics)} Themen")
    if not os.access(settings.corpus, os.W_OK):
        found = "lässt sich nur lesen: suchen und indexieren geht, aufnehmen und bearbeiten nicht"
        yield Finding(check, "note", found, "für die Redaktion schreibbar einhängen oder Rechte geben")
    for problem in problems[:_SHOWN_PROBLEMS]:
        remedy = "die Datei berichtigen; alle anderen sind davon nicht betroffen"
        yield Finding(check, "error", str(problem), remedy)
    if len(problems) > _SHOWN_PROBLEMS:
        yield Finding(check, "error", f"und {len(problems) - _SHOWN_PROBLEMS} weitere", "wie oben")
    if long:
        shown = ", ".join(long[:_SHOWN_PROBLEMS]) + (" …" if len(long) > _SHOWN_PROBLEMS else "")
        found = f"nach Themen, Art, Orten und Terminen wird nur der Anfang gelesen: {shown}"
        yield Finding(check, "note", found, "die Dokumente aufteilen oder KB_ANNOTATED_CHARS erhöhen")


def _duplicate(first: StoredDocument, second: StoredDocument) -> DuplicateIdError:
    return DuplicateIdError(
        f"die Kennung „{second.document.id}“ hat schon {first.location}", subject=second.location
    )


def _sources(check: str, settings: Settings) -> Iterator[Finding]:
    catalogue = wiring.open_sources(settings)
    for problem in catalogue.problems:
        yield Finding(check, "error", str(problem), "die Datei berichtigen; die anderen Quellen laufen weiter")
    marked = [one for one in wiring.open_failures(settings).all() if one.step is Step.SOURCE]
    for one in marked[:_SHOWN_PROBLEMS]:
        remedy = (
            f"die Website ansehen; antwortet sie wieder wie sonst, geht der Vermerk mit kb crawl {one.source}"
        )
        yield Finding(check, "warning", f"{one.source}, {one.at:%d.%m.%Y}: {one.reason}", remedy)
    if len(marked) > _SHOWN_PROBLEMS:
        yield Finding(check, "warning", f"und {len(marked) - _SHOWN_PROBLEMS} weitere", "wie oben")
    yield Finding(
        check, "ok", f"{len(catalogue.sources)} Quellen, davon {len(catalogue.enabled)} eingeschaltet"
    )


def _index(check: str, settings: Settings) -> Iterator[Finding]:
    if not settings.index_dir.exists():
        yield Finding(check, "note", "noch keiner gebaut", "kb index")
        return
    backend = wiring.open_backend(settings, wiring.open_annotator(settings))
    reason = backend.needs_rebuild()
    if reason is not None:
        yield Finding(check, "warning", reason, "kb index")
        return
    backend.verify()
    indexed = set(backend.revisions().values())
    stored = {ref.revision for ref in wiring.open_corpus(settings).refs()}
    gone = len(indexed - stored)
    if gone:
        yield Finding(check, "warning", f"{gone} Einträge sind älter als ihr Dokument", "kb index")
    if backend.has_drifted():
        reason = "der Korpus ist ein anderer als der, von dem der Index Wortteile und Längen gelernt hat"
        yield Finding(check, "warning", reason, "kb index")
    yield Finding(check, "ok", f"{len(indexed)} Dokumente im Index")


def _databases(check: str, settings: Settings) -> Iterator[Finding]:
    """Every page of every database is looked at, and nothing is changed."""
    record = wiring.examine_record(settings)
    named = {
        "missing": "noch keine",
        "empty": "noch keine Tabellen",
        "sound": "Konten und Fassungen unversehrt",
    }
    if record.state in named:
        yield Finding(check, "ok" if record.state == "sound" else "note", named[record.state])
    else:
        level, found, remedy = _RECORD_STATES[record.state]
        damage = f" ({record.damaged})" if record.damaged else ""
        yield Finding(check, level, f"{record.name}: {found}{damage}", remedy)
    for crawler in wiring.examine_crawler_files(settings):
        if crawler.state == "damaged":
            found = f"{crawler.name}: Gedächtnis des Crawlers beschädigt ({crawler.damaged})"
            remedy = "während kein Crawl läuft löschen, samt -wal und -shm; alles wird neu gelesen"
            yield Finding(check, "error", found, remedy)


_RECORD_STATES: Mapping[str, tuple[Level, str, str]] = {
    "old": ("note", "aus einer früheren Version", "nichts: der nächste Start der Website stellt sie um"),
    "new": ("error", "aus einer neueren Version", "die neuere Version des Programms verwenden"),
    "busy": ("warning", "wird gerade beschrieben und ließ sich nicht prüfen", "später wiederholen"),
    "damaged": (
        "error",
        "beschädigt; betroffen sind Konten, Sitzungen und Fassungen, nicht die Dokumente",
        "Website anhalten, die Datei samt -wal und -shm beiseitelegen und die letzte Sicherung einspielen; "
        "ohne Sicherung rettet `sqlite3 ALT .recover | sqlite3 NEU`, was noch lesbar ist; ohne Datei beginnt "
        "der nächste Start mit einer leeren (`kb user add` legt Konten an)",
    ),
}


def _news(check: str, settings: Settings) -> Iterator[Finding]:
    waiting = len(wiring.open_source_news(settings).waiting())
    if waiting:
        remedy = "in der Redaktion unter „Die Quelle sagt etwas Neues“ entscheiden"
        yield Finding(check, "warning", f"{waiting} warten auf Durchsicht", remedy)
    else:
        yield Finding(check, "ok", "nichts wartet auf Durchsicht")


def _failing(check: str, settings: Settings) -> Iterator[Finding]:
    """Declared problems of documents are named by the check of the corpus, which looks at all of them now."""
    failures = wiring.open_failures(settings)
    unforeseen = [one for one in failures.all() if one.is_unforeseen]
    for one in unforeseen[:_SHOWN_PROBLEMS]:
        where = f"Einzelheiten in {settings.failures_file}"
        yield Finding(check, "error", f"{one.document} ({_STEPS[one.step]}): {one.reason}", where)
    others = len(unforeseen) - _SHOWN_PROBLEMS
    if others > 0 or failures.left_out():
        found = f"und {max(0, others) + failures.left_out()} weitere"
        yield Finding(check, "error", found, f"siehe {settings.failures_file}")
    if not unforeseen:
        yield Finding(check, "ok", "kein Dokument bringt das Programm in Schwierigkeiten")


_STEPS = {Step.SOURCE: "Quelle", Step.INDEX: "Index", Step.PAGE: "Seite", Step.CRAWL: "Crawl"}
_Check = Callable[[str, Settings], Iterator[Finding]]
_CHECKS: Mapping[str, _Check] = {
    "Installation": _installation,
    "Einstellungen": _settings,
    "Korpus": _corpus,
    "Quellen": _sources,
    "Datenbank": _databases,
    "Neues der Quellen": _news,
    "Index": _index,
    "Fehler": _failing,
}
