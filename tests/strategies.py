"""Hypothesis strategies for the model: any document that may be stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from kb.model import (
    CARD_FIELDS,
    Decision,
    Decisions,
    Display,
    Document,
    Event,
    PartialDate,
    Status,
    Withdrawal,
    normalise_text,
)

# What YAML, Markdown fences and German text like to trip over.
_TRAPS = st.sampled_from(
    [
        "No", "null", "0012", "12:30", "2018-11-29", "---", "- a", "# b", "a: b", "'", '"', "„Wir“", "ä ö ü ß",
        "Schul- und Berufswahl", "Koordinator*innen", "Kolleg:innen", "\u2028", "\u00a0", "\u00ad", "🚲", "%s",
        "{x}", "[y", "&a",
        "!b", "| c", "> d", "@e", "`f`", "...", "~", "=", "<<", "a\tb", " führend", "folgend ", "\\n",
    ]
)  # fmt: skip
_PRINTABLE = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff\x85")
lines = st.one_of(_TRAPS, st.text(_PRINTABLE, min_size=1, max_size=40)).filter(lambda text: bool(text.strip()))
texts = st.lists(st.one_of(lines, st.just("")), max_size=8).map("\n".join).map(normalise_text)
_ID_CHARACTERS = st.sampled_from("abcXYZ019-_.:äöüß +%'\"#&")
ids = st.text(_ID_CHARACTERS, min_size=1, max_size=30).filter(
    lambda text: text == text.strip() and text not in (".", "..")
)
sources = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,12}", fullmatch=True)
names = st.one_of(st.none(), lines)


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(st.dates())
    kind = draw(st.sampled_from(["day", "month", "year", "no year"]))
    match kind:
        case "day":
            return PartialDate(day.year, day.month, day.day)
        case "month":
            return PartialDate(day.year, day.month)
        case "year":
            return PartialDate(day.year)
    return PartialDate(None, day.month, day.day)


events = st.builds(
    Event, partial_dates(), st.one_of(st.none(), partial_dates()), st.booleans(), st.one_of(st.none(), lines)
)
moments = st.datetimes(
    min_value=datetime(1990, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]),
)
verdicts = st.builds(Decision, st.sampled_from(["confirmed", "rejected"]), names, names)
decisions = st.builds(
    Decisions,
    topics=st.dictionaries(lines, verdicts, max_size=3),
    places=st.dictionaries(lines, verdicts, max_size=3),
    card=st.dictionaries(st.sampled_from(sorted(CARD_FIELDS)), verdicts, max_size=3),
    doc_type=st.one_of(st.none(), st.builds(Decision, lines, names, names)),
    event=st.one_of(st.none(), st.builds(Decision, st.sampled_from(["none", "2018", "2018-11-29/2018-11-30"]))),
)
withdrawals = st.builds(Withdrawal, lines, lines, names)
edited = st.dictionaries(
    st.sampled_from(["title", "authors", "event"]), st.one_of(st.just(""), lines), max_size=2
)
extras = st.dictionaries(
    lines.map(lambda name: f"x {name}"),
    st.recursive(lines, lambda inner: st.lists(inner, max_size=2), max_leaves=4),
    max_size=2,
)
documents = st.builds(
    Document,
    id=ids,
    title=lines,
    text=texts,
    source=sources,
    url=names,
    other_urls=st.lists(lines, max_size=2).map(tuple),
    publisher=names,
    authors=st.lists(lines, max_size=3).map(tuple),
    language=st.sampled_from(["de", "en", "de-AT", "uk"]),
    published=st.one_of(st.none(), partial_dates()),
    modified=st.one_of(st.none(), partial_dates()),
    event=st.one_of(st.none(), events),
    licence=names,
    fetched_at=st.one_of(st.none(), moments),
    source_hash=names,
    status=st.sampled_from(Status),
    decisions=decisions,
    withdrawal=st.one_of(st.none(), withdrawals),
    edited=edited,
    display=st.one_of(st.none(), st.sampled_from(Display)),
    extra=extras,
)
