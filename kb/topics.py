"""Topics as data: one TOML file a topic, read and checked here, matched by the indexer.

A topic's rules are words and phrases with weights. What the patterns mean is written down once, in
``indexer.annotate.phrases.patterns``; this module checks structure only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kb.errors import ConfigurationError
from kb.model import UNDECIDED

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class TopicRule:
    """Words and phrases that speak for a topic.

    The first hit counts ``weight`` points, each further one less; a hit in the title counts
    ``title_weight`` (twice the weight where the file says nothing), in a heading ``heading_weight``.
    With ``near``, a hit counts only where one of these patterns stands at most ``window`` words away.
    """

    name: str
    patterns: tuple[str, ...]
    weight: float
    title_weight: float
    heading_weight: float
    near: tuple[str, ...] = ()
    window: int = 8


@dataclass(frozen=True, slots=True)
class TopicExclusion:
    """Context that takes hits away.

    Hits inside one of ``patterns`` do not count, nor hits with one of ``near`` at most ``window``
    words away, nor any hit in a document that holds ``at_least`` of ``about`` (its title counts);
    ``rules`` limits this to rules of these names (empty: all).
    """

    name: str
    patterns: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    window: int = 8
    about: tuple[str, ...] = ()
    at_least: int = 3
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: labels for people, rules for the machine, sentences that prove the rules.

    ``threshold`` is in points of the rules' weights, for a text of about a page; ``beside`` is the share of
    the strongest topic's score that a document must reach too (0 asks for none); ``match`` and ``no_match`` are
    sentences that must and must not get the topic.
    """

    id: str
    label_de: str
    label_en: str
    description: str
    threshold: float
    rules: tuple[TopicRule, ...]
    exclusions: tuple[TopicExclusion, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()
    beside: float = 0.0


def load_topics(folder: Path) -> Mapping[str, Topic]:
    """All topics of a folder by id, in the order of their ids; a missing folder has none.

    Raises:
        ConfigurationError: names the file, what is wrong with it, and the remedy.
    """
    topics: dict[str, Topic] = {}
    for path in sorted(folder.glob("*.toml")):
        topic = read_topic(path)
        topics[topic.id] = topic
    for topic in topics.values():
        for other in (*topic.broader, *topic.related):
            if other not in topics:
                raise ConfigurationError(
                    f"das Thema „{other}“ gibt es nicht",
                    subject=str(folder / f"{topic.id}.toml"),
                    remedy="broader und related nennen Kennungen vorhandener Themen",
                )
    return MappingProxyType(topics)


def read_topic(path: Path) -> Topic:
    """One topic file.

    Raises:
        ConfigurationError: it cannot be read or understood.
    """
    try:
        raw = _parsed(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(
            f"kein gültiges TOML ({error})", subject=str(path), remedy="die genannte Zeile berichtigen"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError("nicht in UTF-8", subject=str(path), remedy="als UTF-8 speichern") from error
    except OSError as error:
        raise ConfigurationError(
            f"nicht lesbar ({error.strerror})", subject=str(path), remedy="Rechte der Datei prüfen"
        ) from error
    return _Reader(path).topic(raw)


@lru_cache(maxsize=64)
def _parsed(text: str) -> dict[str, Any]:
    """Several parts of one command read the same topics; what is parsed is looked at, never changed."""
    return tomllib.loads(text)


class _Reader:
    """Turns the tables of one file into dataclasses and says where something is wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def topic(self, raw: dict[str, Any]) -> Topic:
        self._known_keys(raw, _names(Topic) - {"exclusions", "match", "no_match"} | {"exclude", "tests"}, "")
        topic_id = self._text(raw, "id", "")
        if not _ID.fullmatch(topic_id) or topic_id != self._path.stem:
            raise self._wrong(
                f"id = „{topic_id}“ passt nicht zum Dateinamen",
                f"id = „{self._path.stem}“ setzen (Kleinbuchstaben, Ziffern, - und _)",
            )
        if topic_id == UNDECIDED:
            raise self._wrong(
                f"id = „{UNDECIDED}“ steht in jedem Filter für Dokumente ohne Thema",
                "Datei und id anders nennen",
            )
        rules = tuple(self._rule(table, index) for index, table in enumerate(self._tables(raw, "rules"), 1))
        if not rules:
            raise self._wrong("das Thema hat keine Regel", "mindestens ein [[rules]] angeben")
        names = [rule.name for rule in rules]
        if len(set(names)) < len(names):
            raise self._wrong("zwei Regeln haben denselben Namen", "jeder Regel einen eigenen name geben")
        tests = raw.get("tests", {})
        if not isinstance(tests, dict):
            raise self._wrong("„tests“ ist keine Tabelle", "mit [tests] beginnen")
        self._known_keys(tests, {"match", "no_match"}, "tests: ")
        exclusions = tuple(self._exclusion(table, names) for table in self._tables(raw, "exclude"))
        return Topic(
            id=topic_id,
            label_de=self._text(raw, "label_de", ""),
            label_en=self._text(raw, "label_en", ""),
            description=self._text(raw, "description", ""),
            threshold=self._number(raw, "threshold", "", None),
            rules=rules,
            beside=self._number(raw, "beside", "", None) if "beside" in raw else 0.0,
            exclusions=exclusions,
            broader=self._texts(raw, "broader", ""),
            related=self._texts(raw, "related", ""),
            match=self._texts(tests, "match", "tests: "),
            no_match=self._texts(tests, "no_match", "tests: "),
        )

    def _rule(self, raw: dict[str, Any], index: int) -> TopicRule:
        where = f"Regel {raw.get('name', index)!r}: "
        self._known_keys(raw, _names(TopicRule), where)
        weight = self._number(raw, "weight", where, None)
        patterns = self._texts(raw, "patterns", where)
        if not patterns:
            raise self._wrong(f"{where}patterns ist leer", "mindestens ein Wort oder eine Wendung angeben")
        return TopicRule(
            name=self._text(raw, "name", where),
            patterns=patterns,
            weight=weight,
            title_weight=self._number(raw, "title_weight", where, 2 * weight),
            heading_weight=self._number(raw, "heading_weight", where, 1.5 * weight),
            near=self._texts(raw, "near", where),
            window=int(self._number(raw, "window", where, _default(TopicRule, "window"))),
        )

    def _exclusion(self, raw: dict[str, Any], rule_names: list[str]) -> TopicExclusion:
        where = f"Ausschluss {raw.get('name', '')!r}: "
        self._known_keys(raw, _names(TopicExclusion), where)
        exclusion = TopicExclusion(
            name=self._text(raw, "name", where),
            patterns=self._texts(raw, "patterns", where),
            near=self._texts(raw, "near", where),
            window=int(self._number(raw, "window", where, _default(TopicExclusion, "window"))),
            about=self._texts(raw, "about", where),
            at_least=int(self._number(raw, "at_least", where, _default(TopicExclusion, "at_least"))),
            rules=self._texts(raw, "rules", where),
        )
        if not exclusion.patterns and not exclusion.near and not exclusion.about:
            raise self._wrong(f"{where}weder patterns noch near noch about", "eines davon angeben")
        unknown = [name for name in exclusion.rules if name not in rule_names]
        if unknown:
            raise self._wrong(f"{where}eine Regel „{unknown[0]}“ gibt es nicht", "rules nennt Namen von Regeln")
        return exclusion

    def _known_keys(self, raw: dict[str, Any], known: set[str], where: str) -> None:
        for key in raw:
            if key not in known:
                raise self._wrong(
                    f"{where}der Schlüssel „{key}“ ist unbekannt", f"erlaubt sind {', '.join(sorted(known))}"
                )

    def _tables(self, raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
        tables = raw.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self._wrong(f"„{key}“ ist keine Liste von Tabellen", f"jeden Eintrag mit [[{key}]] beginnen")
        return tables

    def _text(self, raw: dict[str, Any], key: str, where: str) -> str:
        value = raw.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(f"{where}„{key}“ fehlt oder ist kein Text", f'{key} = "…" angeben')
        return value.strip()

    def _texts(self, raw: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self._wrong(f"{where}„{key}“ ist keine Liste von Texten", f'{key} = ["…", "…"] angeben')
        return tuple(value)

    def _number(self, raw: dict[str, Any], key: str, where: str, default: float | None) -> float:
        value = raw.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1000:
            raise self._wrong(f"{where}„{key}“ fehlt oder ist keine positive Zahl", f"{key} = 1.0 angeben")
        return float(value)

    def _wrong(self, problem: str, remedy: str) -> ConfigurationError:
        return ConfigurationError(problem, subject=str(self._path), remedy=remedy)


def _names(kind: type[Any]) -> set[str]:
    return {field.name for field in fields(kind)}


def _default(kind: type[Any], name: str) -> float:
    value = next(field.default for field in fields(kind) if field.name == name)
    assert value is not MISSING
    return float(value)
