"""What every SearchBackend must do; another backend is tested by being listed in ``BACKENDS``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from html import unescape
from pathlib import Path
from re import sub

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.backends.memory import MemoryBackend
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.german import GermanAnalyzer, Synonyms
from indexer.query.states import load_states
from kb.errors import IndexLockedError, IndexMissingError, InvalidQueryError
from kb.model import (
    FACETS,
    UNDECIDED,
    Annotations,
    CardField,
    DocTypeTag,
    Event,
    EventTag,
    Evidence,
    IndexEntry,
    Match,
    Notice,
    NoticeKind,
    PartialDate,
    PlaceTag,
    SearchQuery,
    SearchResults,
    Sort,
    Tier,
    TopicTag,
    Where,
)
from kb.ports import SearchBackend
from tests.cost import assert_costs_at_most, cost

ANALYZER = GermanAnalyzer()
SYNONYMS = Synonyms({("arbeitsamt",): (("agentur", "fur", "arbeit"),), ("kita",): (("kindergart",),)})

LABELS = {
    "topic": {"uebergaenge": "Übergänge Schule – Beruf", "quartier": "Sozialraum", "migration": "Migration"}
}

STATES = load_states(Path(__file__).parents[2] / "corpus" / "states.tsv", ANALYZER)

BACKENDS: dict[str, Callable[[Path], SearchBackend]] = {
    "memory": lambda path: MemoryBackend(
        ANALYZER, synonyms=SYNONYMS, labels=LABELS, states=STATES, lock_timeout=0.05
    ),
    "whoosh": lambda path: WhooshBackend(
        path, ANALYZER, synonyms=SYNONYMS, labels=LABELS, states=STATES, lock_timeout=0.05
    ),
}


@pytest.fixture(params=sorted(BACKENDS))
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> SearchBackend:
    """A backend in which nothing was ever written."""
    return BACKENDS[request.param](tmp_path / "index")


def entry(doc_id: str, text: str = "", **fields: object) -> IndexEntry:
    values: dict[str, object] = {
        "id": doc_id,
        "revision": f"r-{doc_id}",
        "title": "Ohne Betreff",
        "text": text,
        "source": "hof",
        "doc_type": "sonstiges",
    }
    return IndexEntry(**(values | fields))  # type: ignore[arg-type]


JAHRESFORUM = entry(
    "dortmund",
    "Beim Jahresforum sprachen 80 Koordinator*innen über Übergänge. Es ging um die Schul- und Berufswahl.",
    title="Jahresforum Übergang Schule – Arbeitswelt",
    doc_type="veranstaltungsbericht",
    date=PartialDate(2018, 11, 29),
    topics=("uebergaenge", "quartier"),
    places=("Dortmund",),
    url="https://dortmund.example/forum",
    publisher="Stadt Dortmund",
    annotations=Annotations(
        DocTypeTag("veranstaltungsbericht", (Evidence(19, 27, "sprachen", "Rede"),)),
        (
            TopicTag(
                "uebergaenge", 1.25, (Evidence(0, 0, "Übergang", "Übergang"), Evidence(0, 0, "", "editor"))
            ),
        ),
        (PlaceTag("Dortmund", "05913", "Nordrhein-Westfalen", role="venue", parts=("Hörde",)),),
        EventTag(Event(PartialDate(2018, 11, 29), inferred=True), (Evidence(5, 16, "Jahresforum", "Datum"),)),
        (CardField("ziel", (Evidence(28, 30, "80", "Wendung"),)),),
        ("ohne-umlaute",),
    ),
)
BREMEN = entry(
    "bremen",
    "Die Migrantenklasse lernt <b>Deutsch</b> & Mathematik. Die Agentur für Arbeit berät.",
    title="Migrantenklasse in Bremen",
    doc_type="praxisbeispiel",
    date=PartialDate(2017),
    topics=("migration",),
    places=("Bremen",),
    source="bremen",
)
STADTTEIL = entry(
    "stadtteil",
    "Die Stadtteilmütter besuchen Familien im Quartier. Kita-Integration gelingt, z. B. im Kindergarten.",
    title="Stadtteilmütter",
    date=PartialDate(2018, 5),
    topics=("quartier", "migration"),
    places=("Dortmund", "Bremen"),
)
LEITFADEN = entry("leitfaden", "Arbeit im Quartier für die Agentur braucht Geduld.", title="Leitfaden Quartier")
ALL = (JAHRESFORUM, BREMEN, STADTTEIL, LEITFADEN)


def fill(backend: SearchBackend, entries: Iterable[IndexEntry]) -> SearchBackend:
    with backend.writer() as writer:
        for one in entries:
            writer.put(one)
    return backend


@pytest.fixture
def own(empty: SearchBackend) -> SearchBackend:
    """A filled backend for a test that changes it."""
    return fill(empty, ALL)


@pytest.fixture(scope="module", params=sorted(BACKENDS))
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SearchBackend:
    """A filled backend that all tests share, and none changes."""
    return fill(BACKENDS[request.param](tmp_path_factory.mktemp("index") / "index"), ALL)


def found(backend: SearchBackend, text: str, **fields: object) -> list[str]:
    return ids(backend.search(SearchQuery(text, **fields)))  # type: ignore[arg-type]


def tiers(backend: SearchBackend, text: str) -> dict[str, Tier]:
    return {hit.entry.id: hit.tier for hit in backend.search(SearchQuery(text)).hits}


def hits_of(backend: SearchBackend, text: str) -> set[str]:
    return {doc_id for doc_id, tier in tiers(backend, text).items() if tier is Tier.HIT}


def ids(results: SearchResults) -> list[str]:
    return [hit.entry.id for hit in results.hits]


# --- before anything was written ---


def test_without_an_index_the_remedy_is_named(empty: SearchBackend) -> None:
    with pytest.raises(IndexMissingError, match="run `kb index`"):
        empty.search(SearchQuery("Übergang"))
    assert empty.revisions() == {}
    assert empty.needs_rebuild() is not None


def test_an_empty_run_makes_an_empty_index(empty: SearchBackend) -> None:
    fill(empty, [])
    assert empty.needs_rebuild() is None
    assert empty.search(SearchQuery("Übergang")).total == 0
    assert empty.search(SearchQuery()).facets == {facet: {} for facet in FACETS}


# --- what is found ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uebergaenge", "dortmund"),
        ("ÜBERGANG", "dortmund"),
        ("U\u0308berga\u0308nge", "dortmund"),
        ("Koordinatorin", "dortmund"),
        ("KoordinatorInnen", "dortmund"),
        ("Koordinator:innen", "dortmund"),
        ("Koordinatoren", "dortmund"),
        ("Schulwahl", "dortmund"),
        ("Stadtteilmuetter", "stadtteil"),
        ("Kitaintegration", "stadtteil"),
        ("Integration", "stadtteil"),
        ("Migrantenklassen", "bremen"),
        ("Migranten\u00adklasse", "bremen"),
        ("M i g r a n t e n k l a s s e", "bremen"),
        ("zB", "stadtteil"),
        ("Wer lernt was?", "bremen"),
    ],
)
def test_german_spellings_find_each_other(backend: SearchBackend, text: str, expected: str) -> None:
    assert found(backend, text) == [expected]


def test_a_title_counts_more_than_running_text(backend: SearchBackend) -> None:
    assert found(backend, "Quartier") == ["leitfaden", "stadtteil"]


def test_few_words_are_all_demanded_and_of_more_the_weightier_half(backend: SearchBackend) -> None:
    assert found(backend, "Deutsch Mathematik") == ["bremen"]
    assert tiers(backend, "Deutsch Mathematik Familien") == {"bremen": Tier.HIT, "stadtteil": Tier.FURTHER}
    assert set(found(backend, "Wer sind die Familien und wo ist Deutsch?")) == {"stadtteil", "bremen"}


def test_where_nothing_has_all_words_further_documents_are_listed_and_it_is_said(
    backend: SearchBackend,
) -> None:
    results = backend.search(SearchQuery("Mathematik Familien"))
    assert (results.total, results.further) == (0, 2)
    assert {hit.entry.id: hit.missing for hit in results.hits} == {
        "bremen": ("Familien",),
        "stadtteil": ("Mathematik",),
    }
    assert not any(results.facets.values())
    assert Notice(NoticeKind.RELAXED) in results.notices
    assert backend.search(SearchQuery("Mathematik Deutsch")).notices == ()


def test_further_documents_stand_below_all_hits_by_the_same_scores(backend: SearchBackend) -> None:
    results = backend.search(SearchQuery("Stadtteilmütter Quartier"))
    assert (results.total, results.further) == (1, 1)
    first, second = results.hits
    assert (first.entry.id, first.tier, first.missing) == ("stadtteil", Tier.HIT, ())
    assert (second.entry.id, second.tier, second.missing) == ("leitfaden", Tier.FURTHER, ("Stadtteilmütter",))
    assert results.facets["source"] == {"hof": 1}
    assert "<mark>Quartier</mark>" in second.snippet
    assert [reason.word for reason in second.reasons] == ["Quartier"]


def test_the_missing_word_is_the_corrected_one(backend: SearchBackend) -> None:
    results = backend.search(SearchQuery("Stadteilmüttr Quartier"))
    assert results.corrected == "Stadtteilmütter Quartier"
    assert [hit.missing for hit in results.hits] == [(), ("Stadtteilmütter",)]


def test_a_member_of_a_compound_is_a_part_of_the_words(practice: SearchBackend) -> None:
    results = practice.search(SearchQuery("Quartiersberatung", correct=False))
    assert results.total == 0
    assert set(ids(results)) >= {"qm", "jba"}
    assert {hit.missing for hit in results.hits} == {("Quartiersberatung",)}


@pytest.mark.parametrize(
    "text",
    [
        '"Agentur für Arbeit" Familien',
        "+Mathematik Familien",
        "Mathematik Familien NICHT Deutsch NICHT Stadtteilmütter",
        "Mathematik Familien ort:Köln",
        "Mathematik Familien jahr:2011",
        "Mathematik UND Familien",
        "Mathem* UND Familien",
    ],
)
def test_what_is_demanded_or_excluded_binds_further_documents(backend: SearchBackend, text: str) -> None:
    results = backend.search(SearchQuery(text))
    assert set(ids(results)) <= {"bremen"}
    assert all(hit.tier is Tier.HIT for hit in results.hits)
    assert results.further == 0


def test_a_phrase_that_stands_nowhere_is_loosened_beside_words(backend: SearchBackend) -> None:
    results = backend.search(SearchQuery('Was ist die "Arbeit Agentur" in Bremen?'))
    assert "bremen" in ids(results)
    assert results.total == 0
    assert {hit.tier for hit in results.hits} == {Tier.FURTHER}
    assert Notice(NoticeKind.RELAXED) in results.notices
    assert found(backend, '"Arbeit Agentur"') == []


def test_filters_bind_further_documents(backend: SearchBackend) -> None:
    results = backend.search(SearchQuery("Mathematik Familien", filters={"source": ("bremen",)}))
    assert (ids(results), results.further) == (["bremen"], 1)


def test_by_date_there_are_only_hits(backend: SearchBackend) -> None:
    results = backend.search(SearchQuery("Stadtteilmütter Quartier", sort=Sort.DATE))
    assert (ids(results), results.total, results.further) == (["stadtteil"], 1, 1)


def test_a_document_with_next_to_nothing_of_the_words_is_not_listed(empty: SearchBackend) -> None:
    rare = [entry(f"d{number}", f"Schule Wort{number} Halle{number}") for number in range(20)]
    fill(empty, [*rare, entry("best", "Lernwerkstatt Holzbau Schule"), entry("good", "Lernwerkstatt im Hof")])
    results = empty.search(SearchQuery("Lernwerkstatt Holzbau Schule", limit=50))
    assert ids(results) == ["best", "good"]
    assert results.further == 1


def test_nothing_but_stop_words_is_still_a_query(backend: SearchBackend) -> None:
    assert set(found(backend, "die und")) >= {"dortmund", "bremen", "stadtteil"}


def test_words_that_stand_nowhere_find_nothing(backend: SearchBackend) -> None:
    assert found(backend, "Zeppelin") == found(backend, "?! 🚲") == []


def test_quotes_mean_adjacent_words(backend: SearchBackend) -> None:
    assert hits_of(backend, "Agentur Arbeit") == {"bremen", "leitfaden"}
    assert found(backend, '"Agentur für Arbeit"') == ["bremen"]
    assert found(backend, "„Agentur für Arbeit“") == ["bremen"]
    assert found(backend, '"Arbeit Agentur"') == []


def test_signs_demand_and_exclude(backend: SearchBackend) -> None:
    assert found(backend, "Quartier -Leitfaden") == ["stadtteil"]
    assert found(backend, "Deutsch +Familien") == ["stadtteil"]
    assert set(found(backend, "-Quartier")) == {"dortmund", "bremen"}
    assert found(backend, 'Arbeit -"Agentur für Arbeit"') == ["leitfaden", "dortmund"], "Arbeitswelt"
    assert found(backend, "Übergang und -wahl") == ["dortmund"]


def test_synonyms_find_and_rank_below_the_word_itself(empty: SearchBackend) -> None:
    fill(
        empty, [entry("a", "Im Kindergarten spielen"), entry("b", "In der Kita spielen"), entry("c", "Im Hort")]
    )
    assert found(empty, "Kita") == ["b", "a"]
    fill(empty, [entry("d", "Die Agentur für Arbeit lädt ein"), entry("e", "Arbeit der Agentur")])
    assert found(empty, "Arbeitsamt") == ["d"]


def test_annotations_stay_when_segments_are_merged(own: SearchBackend) -> None:
    for number in range(3):
        fill(own, [entry(f"neu-{number}", "Noch ein Text.")])
    assert own.entry("dortmund") == JAHRESFORUM
    fill(own, [replace(JAHRESFORUM, annotations=None)])
    kept = own.entry("dortmund")
    assert kept is not None
    assert kept.annotations is None


def test_an_entry_comes_back_whole(backend: SearchBackend) -> None:
    assert backend.entry("dortmund") == JAHRESFORUM
    assert backend.entry("nirgends") is None
    assert backend.search(SearchQuery("Jahresforum")).hits[0].entry == replace(JAHRESFORUM, annotations=None)
    assert backend.revisions() == {one.id: one.revision for one in ALL}


# --- compounds, misspellings, corrections ---

PRACTICE = [
    entry("qm", "Das Quartiersmanagement lädt ein.", title="Treffen"),
    entry("mq", "Management im Quartier heißt zuhören.", title="Heft"),
    entry("m1", "Ein Quartier feiert, das Management auch.", title="Fest"),
    entry("jba", "Die Jugendberufsagentur berät.", title="Beratung"),
    entry("ub", "Übergänge gelingen, wenn Stadtteilmütter begleiten.", title="Begleitung"),
]


@pytest.fixture
def practice(empty: SearchBackend) -> SearchBackend:
    return fill(empty, PRACTICE)


def test_compounds_find_their_members_and_members_the_compound(practice: SearchBackend) -> None:
    assert set(found(practice, "Management im Quartier")) == {"qm", "mq", "m1"}
    assert found(practice, "Management im Quartier")[0] == "mq", "the very words, next to each other"
    assert set(found(practice, "Quartiersmanagement")) == {"qm", "mq", "m1"}
    assert found(practice, "Quartiersmanagement")[0] == "qm"


@pytest.mark.parametrize(
    ("typed", "corrected", "expected"),
    [
        ("stadteilmuetter", "stadtteilmütter", "ub"),
        ("Stadteilmütter", "stadtteilmütter", "ub"),
        ("Jugendberufsagetnur", "jugendberufsagentur", "jba"),
        ("Beratnug", "beratung", "jba"),
    ],
)
def test_unknown_words_are_corrected_and_it_is_said(
    practice: SearchBackend, typed: str, corrected: str, expected: str
) -> None:
    results = practice.search(SearchQuery(typed))
    assert (results.corrected or "").lower() == corrected
    assert ids(results) == [expected]
    assert practice.search(SearchQuery(typed, correct=False)).corrected is None


@pytest.mark.parametrize("known", ["Quartier", "quartiere", "uebergaenge", "Management", "Zeppelin", "der"])
def test_known_words_are_not_corrected_and_strange_ones_not_forced(practice: SearchBackend, known: str) -> None:
    assert practice.search(SearchQuery(known)).corrected is None


def test_a_word_sharing_most_grams_is_a_hit_and_one_sharing_a_few_is_none(practice: SearchBackend) -> None:
    fill(practice, [entry("x", "Die Begleiterin kam."), entry("y", "Das Beginnen ist schwer.")])
    assert "ub" in found(practice, "Begleitungen", correct=False)
    assert "y" not in found(practice, "begleiten", correct=False)


def test_a_prefix_needs_three_letters_and_says_so(practice: SearchBackend) -> None:
    assert found(practice, "jugendberufs*") == ["jba"]
    assert set(found(practice, "quart*")) == {"qm", "mq", "m1"}
    assert found(practice, "ueberg*") == found(practice, "überg*") == ["ub"]
    results = practice.search(SearchQuery("Management ju*"))
    assert results.notices[0] == Notice(NoticeKind.STAR_DROPPED, "ju*")


def test_operators_join_exclude_and_group(practice: SearchBackend) -> None:
    assert set(found(practice, "Jugendberufsagentur ODER Übergänge")) == {"jba", "ub"}
    assert found(practice, "Management UND Quartier NICHT Fest NICHT Heft") == ["qm"]
    assert set(found(practice, "(Heft OR Fest) AND Management")) == {"mq", "m1"}
    assert found(practice, "NICHT (Management ODER Übergänge) Beratung") == ["jba"]


@pytest.mark.parametrize(
    ("typed", "other"), [("Lehrer", "Lehre"), ("Schüler", "Schule"), ("Arbeiter", "Arbeit")]
)
def test_words_that_share_a_stem_are_told_apart(empty: SearchBackend, typed: str, other: str) -> None:
    rest = "kam am Montag in das Rathaus und sprach mit dem Amt"
    fill(
        empty,
        [
            entry("a", f"{typed} {rest} {rest}"),
            entry("b", f"{other} {rest}. {other} {rest}.", title=other),
            *(entry(f"c{number}", f"Niemand {rest}") for number in range(5)),
        ],
    )
    folded = typed.lower().replace("ü", "ue")
    for query in (typed, typed.upper(), folded):
        assert found(empty, query) == ["a", "b"], query
    assert found(empty, other) == ["b", "a"]
    assert all(hit.reasons for hit in empty.search(SearchQuery(typed)).hits)


def test_of_inflections_the_one_that_was_typed_is_first(empty: SearchBackend) -> None:
    fill(empty, [entry("a", "Kind im Hof"), entry("b", "Kinder im Hof"), entry("c", "Nichts davon")])
    assert found(empty, "Kind") == found(empty, "KIND") == ["a", "b"]
    assert found(empty, "Kinder") == ["b", "a"]


def test_fields_narrow(backend: SearchBackend) -> None:
    assert found(backend, "titel:Quartier") == ["leitfaden"]
    assert found(backend, 'titel:"Übergang Schule"') == ["dortmund"]
    assert set(found(backend, "thema:quartier")) == {"dortmund", "stadtteil"}
    assert found(backend, 'thema:"uebergaenge Schule"') == ["dortmund"], "by the label's first words"
    assert found(backend, "jahr:2018 Stadtteilmütter") == ["stadtteil"]
    assert set(found(backend, "jahr:2016..2017")) == {"bremen"}
    assert found(backend, "ort:bremen thema:quartier quelle:hof") == ["stadtteil"]
    assert found(backend, "typ:praxisbeispiel") == ["bremen"]
    with pytest.raises(InvalidQueryError, match="kein Jahr"):
        backend.search(SearchQuery("jahr:bald"))


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("thema:migrazion", ("migrazion", "topic", ("Migration", "Übergänge Schule – Beruf", "Sozialraum"))),
        (
            "Quartier -thema:uebergang",
            ("uebergang", "topic", ("Übergänge Schule – Beruf", "Migration", "Sozialraum")),
        ),
        ("quelle:bremn", ("bremn", "source", ("bremen", "hof"))),
        (
            "(typ:praxis ODER ort:Bremen)",
            ("praxis", "doc_type", ("praxisbeispiel", "veranstaltungsbericht", "sonstiges")),
        ),
        ("ort:Dortmnd", ("Dortmnd", "place", ("Dortmund",))),
        ("ort:Nirgendwo", ("Nirgendwo", "place", ())),
    ],
)
def test_a_value_that_does_not_exist_is_named_with_those_that_do(
    backend: SearchBackend, text: str, notice: tuple[str, str, tuple[str, ...]]
) -> None:
    expected = Notice(NoticeKind.UNKNOWN_VALUE, *notice)
    assert expected in backend.search(SearchQuery(text)).notices


def test_values_that_exist_need_no_notice(backend: SearchBackend, around: SearchBackend) -> None:
    for text in (
        "thema:quartier",
        "thema:Übergänge",
        "ort:bremen Zeppelin",
        "quelle:hof",
        "jahr:1900",
        "-typ:sonstiges",
    ):
        kinds = {notice.kind for notice in backend.search(SearchQuery(text)).notices}
        assert NoticeKind.UNKNOWN_VALUE not in kinds, text
    assert around.search(SearchQuery("ort:NRW")).notices == ()
    (notice,) = around.search(SearchQuery("ort:Nordrein-Westfalen")).notices
    assert notice.choices == ("Nordrhein-Westfalen",)
    (notice,) = around.search(SearchQuery("ort:Sachsen")).notices
    assert notice.choices == ()


def test_the_labels_of_topics_are_searched(backend: SearchBackend) -> None:
    assert set(found(backend, "Migration")) == {"bremen", "stadtteil"}


# --- what stands around texts: authors, publisher, address, state ---

AROUND = [
    entry(
        "forum",
        "Nachbarinnen begleiten neue Familien durch die ersten Monate.",
        title="Lernen im Quartier",
        authors=("Ida Beispielmann", "Paul Musterer"),
        publisher="Bildungsbüro Birkenhain",
        url="https://www.birkenhain.example/berichte/forum-2020",
        other_urls=("https://www.birkenhain.example/alt/seite.php?id=7",),
        date=PartialDate(2020),
        places=("Unna",),
        states=("Nordrhein-Westfalen",),
    ),
    entry("rede", "Wort " * 300 + "Der Gast hieß Beispielmann und kam aus dem Birkenhain zum Forum."),
    entry("paul", "Paul liest vor. Die Runde tagt.", authors=("Anna Ida Lang",), publisher="Stadt Hof"),
    entry(
        "rostock",
        "Die Runde tagt am Hafen.",
        url="https://rostock.example/berichte",
        places=("Rostock",),
        states=("Mecklenburg-Vorpommern",),
        date=PartialDate(2019),
    ),
    entry("verein", "Wort " * 300 + "Die MV (Mitgliederversammlung) des Vereins wählt."),
]


@pytest.fixture(scope="module", params=sorted(BACKENDS))
def around(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SearchBackend:
    """A backend with authors, publishers, addresses and states that all tests share, and none changes."""
    return fill(BACKENDS[request.param](tmp_path_factory.mktemp("index") / "index"), AROUND)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ida Beispielmann", ["forum"]),
        ("Beispielmann", ["rede", "forum"]),
        ("Musterer", ["forum"]),
        ("Bildungsbüro Birkenhain", ["forum"]),
        ("Birkenhain", ["rede", "forum"]),
        ("forum 2020", ["forum"]),
        ("seite", ["forum"]),
        ("example", []),
    ],
)
def test_authors_publishers_and_addresses_are_found_below_texts(
    around: SearchBackend, text: str, expected: list[str]
) -> None:
    assert [
        doc_id for doc_id in found(around, text, correct=False) if doc_id in hits_of(around, text)
    ] == expected
    assert around.search(SearchQuery(text)).corrected is None


def test_one_word_around_a_text_answers_no_question(around: SearchBackend) -> None:
    assert found(around, "Wann ist das Forum der Nachbarinnen mit der Mitgliederversammlung?")[0] != "rostock"
    assert "rostock" not in found(
        around, "Welche Berichte gibt es über das Forum der Familien und Nachbarinnen?"
    )


def test_fields_of_author_and_publisher(around: SearchBackend) -> None:
    assert found(around, "autor:Beispielmann") == ["forum"]
    assert found(around, 'autor:"Ida Beispielmann"') == ["forum"]
    assert found(around, "autor:ida") == ["forum", "paul"]
    assert found(around, 'autor:"Beispielmann Paul"') == [], "two authors"
    assert found(around, 'autor:"Paul Ida"') == []
    assert found(around, "autor:Paul Runde") == []
    assert found(around, "autor:Lang Runde") == ["paul"]
    assert found(around, "Runde -autor:Lang") == ["rostock"]
    assert found(around, 'herausgeber:"Stadt Hof" ODER herausgeber:bildungsbuero') == ["forum", "paul"]
    assert found(around, "autor:Birkenhain") == found(around, "herausgeber:Ida") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.birkenhain.example/berichte/forum-2020", ["forum"]),
        ("„http://birkenhain.example/berichte/forum-2020/?utm_source=brief#oben“", ["forum"]),
        ("www.birkenhain.example/alt/seite.php?id=7", ["forum"]),
        ("https://birkenhain.example", ["forum"]),
        ("birkenhain.example/berichte Familien", ["forum"]),
        ("Familien -birkenhain.example", []),
    ],
)
def test_a_pasted_address_finds_its_document(around: SearchBackend, text: str, expected: list[str]) -> None:
    results = around.search(SearchQuery(text))
    assert ids(results) == expected
    assert results.corrected is None


def test_the_document_at_an_address_is_first_and_below_it_those_that_name_it(empty: SearchBackend) -> None:
    url = "https://www.hof.example/kita"
    fill(
        empty,
        [
            entry("names", f"Mehr unter {url} oder hof.example/kita.", title="hof.example/kita"),
            entry("at", "Nichts davon.", url=url),
            entry("below", "Auch nicht.", url=f"{url}/plan"),
            entry("beside", "Kita in Hof", url="https://www.hof.example/schule"),
        ],
    )
    assert found(empty, url) == ["at", "below", "names"]


def test_of_an_address_that_no_document_has_the_words_are_searched(around: SearchBackend) -> None:
    results = around.search(SearchQuery("https://birkenhain.example/forum/verschoben"))
    assert Notice(NoticeKind.RELAXED) in results.notices
    assert "rede" in ids(results)


def test_what_stands_around_a_text_is_a_reason_and_never_in_a_snippet(around: SearchBackend) -> None:
    def why(text: str) -> list[tuple[str, Where]]:
        hit = next(hit for hit in around.search(SearchQuery(text)).hits if hit.entry.id in {"forum", "rostock"})
        assert "<mark>" not in hit.snippet
        assert all(0 < reason.share <= 1 for reason in hit.reasons)
        return [(reason.form, reason.where) for reason in hit.reasons]

    assert why("Musterer Bildungsbüro") == [("Musterer", Where.AUTHOR), ("Bildungsbüro", Where.PUBLISHER)]
    assert why("seite") == [("seite", Where.ADDRESS)]
    assert why("NRW") == [("Nordrhein-Westfalen", Where.STATE)]
    assert why(AROUND[0].url or "") == [(AROUND[0].url, Where.ADDRESS)]


def test_what_stands_around_texts_leaves_their_scores_alone(empty: SearchBackend) -> None:
    texts = [entry("a", "Kita und Hort"), entry("b", "Hort Hort Schule"), entry("c", "Stadt und Land")]
    plain = fill(empty, texts).search(SearchQuery("Hort Schule")).hits
    fill(
        empty, [entry(one.id, one.text, publisher="Stadt Hof", url="https://hof.example/land") for one in texts]
    )
    assert [hit.score for hit in empty.search(SearchQuery("Hort Schule")).hits] == [hit.score for hit in plain]


@pytest.mark.parametrize(
    "name",
    ["NRW", "nrw", "Nordrhein-Westfalen", "nordrhein westfalen", "NORDRHEIN-WESTFALEN", "Nordrhein-Westfalens"],
)
def test_a_document_of_a_place_is_one_of_its_state(around: SearchBackend, name: str) -> None:
    assert found(around, name) == ["forum"]
    assert found(around, f"Familien {name}") == ["forum"]


def test_an_ambiguous_short_name_finds_the_state_below_texts_that_hold_it(around: SearchBackend) -> None:
    assert found(around, "MV") == ["verein", "rostock"]
    assert found(around, "Meck-Pomm") == found(around, "MeckPomm") == ["rostock"]
    assert found(around, "Westfalen") == found(around, "Vorpommern") == [], "a part of a state is none"


def test_texts_that_write_a_state_otherwise_are_found(empty: SearchBackend) -> None:
    fill(
        empty,
        [
            entry("short", "Runden in NRW tagen."),
            entry("long", "Runden in Nordrhein-Westfalen tagen."),
            entry("mv", "Wort " * 30 + "Die MV tagt."),
            entry("mvlong", "Mecklenburg-Vorpommern lädt ein."),
            entry("be", "Nichts davon.", states=("Berlin",)),
        ],
    )
    assert found(empty, "NRW") == ["short", "long"]
    assert found(empty, "Nordrhein-Westfalen") == ["long", "short"]
    assert found(empty, "MV") == ["mv", "mvlong"]
    assert found(empty, "Mecklenburg-Vorpommern") == ["mvlong"]
    assert found(empty, "BE") == []
    assert found(empty, "ort:BE") == ["be"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ort:NRW", ["forum"]),
        ("ort:nordrhein-westfalen", ["forum"]),
        ('ort:"Nordrhein Westfalen"', ["forum"]),
        ('ort:"Mecklenburg-Vorpommern"', ["rostock"]),
        ("ort:meck-pomm", ["rostock"]),
        ("ort:MV", ["rostock"]),
        ("ort:Rostock", ["rostock"]),
        ("ort:BaWü", []),
        ("Runde ort:mv", ["rostock"]),
        ("Runde -ort:mv", ["paul"]),
    ],
)
def test_the_field_of_places_knows_states(around: SearchBackend, text: str, expected: list[str]) -> None:
    assert found(around, text) == expected


def test_city_states_are_both(empty: SearchBackend) -> None:
    fill(
        empty,
        [
            entry("hb", "Runde", places=("Bremen",), states=("Bremen",)),
            entry("haven", "Runde", places=("Bremerhaven",), states=("Bremen",)),
            entry("land", "Runde", places=("Land Bremen",), states=("Bremen",)),
            entry("bw", "Runde", places=("Ulm",), states=("Baden-Württemberg",)),
        ],
    )
    assert found(empty, "ort:Bremen") == ["haven", "hb", "land"]
    assert found(empty, "ort:Bremerhaven") == ["haven"]
    for name in ("BaWü", "bawue", "BAWU", "Baden-Wuerttemberg", "BW", '"Land Baden-Württemberg"'):
        assert found(empty, f"ort:{name}") == ["bw"], name


def test_a_document_of_a_municipality_is_one_of_its_district_and_state(empty: SearchBackend) -> None:
    fill(
        empty,
        [
            entry(
                "eisenach",
                "Runde",
                places=("Eisenach",),
                states=("Thüringen",),
                areas=("Thüringen", "Wartburgkreis"),
            ),
            entry("kreis", "Runde", places=("Wartburgkreis",), states=("Thüringen",), areas=("Thüringen",)),
            entry(
                "jena",
                "Runde",
                places=("Jena", "Eisenach"),
                states=("Thüringen",),
                areas=("Thüringen", "Wartburgkreis"),
            ),
            entry(
                "harz",
                "Runde",
                places=("Landkreis Harz",),
                states=("Sachsen-Anhalt",),
                areas=("Sachsen-Anhalt",),
            ),
        ],
    )
    assert found(empty, "ort:Wartburgkreis") == ["eisenach", "jena", "kreis"]
    assert found(empty, "ort:Eisenach") == ["eisenach", "jena"]
    assert found(empty, "ort:Thüringen") == ["eisenach", "jena", "kreis"]
    assert found(empty, "ort:LSA") == ["harz"]
    assert found(empty, "Runde -ort:Wartburgkreis") == ["harz"]
    counts = {
        "Thüringen": 3,
        "Wartburgkreis": 3,
        "Eisenach": 2,
        "Jena": 1,
        "Landkreis Harz": 1,
        "Sachsen-Anhalt": 1,
    }
    assert empty.search(SearchQuery("Runde")).facets["place"] == counts
    chosen = empty.search(SearchQuery(filters={"place": ("Wartburgkreis",)}, sort=Sort.PLACE))
    assert sorted(hit.entry.id for hit in chosen.hits) == ["eisenach", "jena", "kreis"]
    assert chosen.facets["place"] == counts, "what is beside a chosen value stays in sight"
    assert chosen.hits[0].entry.areas


# --- why, and what is like it ---


def test_reasons_name_word_place_and_kind(practice: SearchBackend) -> None:
    hits = {hit.entry.id: hit for hit in practice.search(SearchQuery("Management")).hits}
    (part,) = hits["qm"].reasons
    assert (part.word, part.form, part.match, part.where) == (
        "Management",
        "Quartiersmanagement",
        Match.PART,
        Where.TEXT,
    )
    (word,) = hits["mq"].reasons
    assert (word.form, word.match) == ("Management", Match.WORD)
    assert 0 < part.share <= 1


def test_reasons_name_synonyms_titles_topics_and_similar_words(backend: SearchBackend) -> None:
    def why(text: str) -> set[tuple[str, Match, Where]]:
        hit = backend.search(SearchQuery(text, correct=False)).hits[0]
        return {(reason.form, reason.match, reason.where) for reason in hit.reasons}

    assert why("Arbeitsamt") == {("Agentur", Match.SYNONYM, Where.TEXT)}
    assert why("Jahresforum") == {("Jahresforum", Match.WORD, Where.TITLE)}
    assert ("Migration", Match.WORD, Where.TOPIC) in why("Migration Stadtteilmütter")
    assert why("stadtteil*") == {("Stadtteilmütter", Match.PREFIX, Where.TITLE)}


PAIRS = [
    (query, title, text)
    for query in ("Management", "Quartiersmanagement", "Übergang", "Kita", "Jugendberufsagenturen")
    for title, text in (
        ("Quartiersmanagement", "Die Stadt hilft."),
        ("Bericht", "Management im Quartier, Kindergarten und Übergänge."),
        ("Übergänge", "Jugendberufsagentur und Kita arbeiten zusammen."),
        ("Treffen", "Übergangsmanagement der Jugendberufsagentur."),
        ("Kindergarten", "Quartiersmanagement, Management und Übergang."),
        ("Kita", "Das Quartiersmanagement der Kita."),
        ("Fest", "Kitas feiern Uebergaenge im Quartiersmanagement."),
        ("Management", "Die Jugendberufsagentur hat ein Quartier."),
        ("Heft", "Übergang, Übergang, Übergang und Kita."),
        ("Rat", "Jugendberufsagenturen und Kitamanagement."),
    )
]


@pytest.mark.parametrize(("query", "title", "text"), PAIRS)
def test_without_a_stated_reason_the_score_is_lower(
    empty: SearchBackend, query: str, title: str, text: str
) -> None:
    others = [entry(f"o{n}", f"Nichts davon, nur Wort{n} und Kita Management Quartier") for n in range(3)]
    fill(empty, [entry("it", text, title=title), *others])

    def hit(of: IndexEntry) -> float:
        fill(empty, [of])
        hits = empty.search(SearchQuery(query, limit=20, correct=False)).hits
        return next((one.score for one in hits if one.entry.id == "it"), 0.0)

    before = next(
        (one for one in empty.search(SearchQuery(query, limit=20)).hits if one.entry.id == "it"), None
    )
    for reason in before.reasons if before else ():
        assert reason.form in f"{title} {text}"
        place = {"title": title, "text": text}
        without = place[reason.where].replace(reason.form, "Platzhalter")
        changed = entry("it", **({"text": text, "title": title} | {str(reason.where): without}))
        assert hit(changed) < before.score if before else False


def test_similar_documents_share_rare_words(backend: SearchBackend) -> None:
    assert {hit.entry.id for hit in backend.similar("leitfaden", limit=2)} == {"bremen", "stadtteil"}
    assert "leitfaden" not in [hit.entry.id for hit in backend.similar("leitfaden")]
    assert backend.similar("nirgends") == ()
    assert len(backend.similar("leitfaden", limit=1)) == 1


def test_typing_is_completed_to_words_in_any_spelling(backend: SearchBackend) -> None:
    for typed in ("stadtt", "Stadtteilmu", "stadtteilmuet"):
        assert "Stadtteilmütter" in [one.text for one in backend.suggest(typed)]
    assert "Forum Migrantenklasse" in [one.text for one in backend.suggest("Forum migr")]
    assert backend.suggest("") == backend.suggest("\x00") == ()
    assert len(backend.suggest("de", limit=1)) <= 1


def completed(backend: SearchBackend, typed: str) -> list[str]:
    return [one.text for one in backend.suggest(typed) if one.kind == "term"]


def test_words_of_many_documents_are_completed_first_over_all_commits(empty: SearchBackend) -> None:
    texts = [
        "Quarantäne Quarantäne",
        "Quartiersmanagement",
        "Quark",
        "Quark der Quarantäne",
        "Quartiersmanagement",
    ]
    for number, text in enumerate([*texts, "Quartiersmanagement", "Quark", "Quark"]):
        fill(empty, [entry(f"d{number}", text)])
    assert completed(empty, "quar") == ["Quark", "Quartiersmanagement", "Quarantäne"]
    with empty.writer() as writer:
        writer.remove("d6")
        writer.remove("d7")
    assert completed(empty, "Der quar")[0] == "Der Quartiersmanagement"
    with empty.writer() as writer:
        for number in (0, 3):
            writer.remove(f"d{number}")
    assert "Quarantäne" not in completed(empty, "quar")


def test_inflections_are_one_completion_and_a_document_counts_once(empty: SearchBackend) -> None:
    fill(
        empty,
        [
            entry("a", "Übergang Übergänge Übergangs Übergängen"),
            entry("b", "Übergänge"),
            entry("c", "Überblick"),
            entry("d", "Überblick"),
            entry("e", "Überblick"),
            entry("f", "Schüler"),
            entry("g", "Schule"),
            entry("h", "Schule"),
        ],
    )
    assert completed(empty, "überg") == completed(empty, "Uberg") == ["Übergänge"]
    assert completed(empty, "über") == ["Überblick", "Übergänge"]
    assert completed(empty, "übergangs") == ["Übergangs"]
    assert completed(empty, "schul") == ["Schule"]
    assert completed(empty, "schül") == completed(empty, "schuler") == ["Schüler"], "what is typed is meant"


# --- order and pages ---


def test_an_empty_query_lists_everything_newest_first(backend: SearchBackend) -> None:
    assert found(backend, "") == found(backend, " \n") == ["dortmund", "stadtteil", "bremen", "leitfaden"]


def test_hits_can_be_sorted_by_date(backend: SearchBackend) -> None:
    assert found(backend, "Quartier ODER Arbeitswelt", sort=Sort.DATE) == ["dortmund", "stadtteil", "leitfaden"]


def test_hits_can_be_sorted_by_the_order_of_the_wanted_places(backend: SearchBackend) -> None:
    for places, expected in [
        (("Bremen", "Dortmund"), ["stadtteil", "bremen", "dortmund"]),
        (("Dortmund", "Bremen"), ["dortmund", "stadtteil", "bremen"]),
        (("Kiel", "Bremen"), ["stadtteil", "bremen"]),
    ]:
        assert found(backend, "", filters={"place": places}, sort=Sort.PLACE) == expected
        page = found(backend, "", filters={"place": places}, sort=Sort.PLACE, limit=1, offset=1)
        assert page == expected[1:2]
    words = "Agentur Quartier Arbeitswelt"
    assert found(backend, words, sort=Sort.PLACE) == found(backend, words)
    some = {"place": ("Bremen", "Dortmund")}
    hits = backend.search(SearchQuery("Schule ODER Familien ODER Deutsch", filters=some, sort=Sort.PLACE)).hits
    assert [hit.entry.id for hit in hits][-1] == "dortmund"


def test_equal_scores_and_dates_are_ordered_by_id(empty: SearchBackend) -> None:
    fill(empty, [entry(doc_id, "Nachbarschaft") for doc_id in ("ö", "b", "a/2", "a10", "Z")])
    expected = sorted(["ö", "b", "a/2", "a10", "Z"])
    assert found(empty, "Nachbarschaft") == found(empty, "Nachbarschaft", sort=Sort.DATE) == expected


def test_scores_fall_and_are_zero_where_nothing_is_ranked(backend: SearchBackend) -> None:
    scores = [hit.score for hit in backend.search(SearchQuery("Quartier Familien Agentur")).hits]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    assert {hit.score for hit in backend.search(SearchQuery()).hits} == {0.0}


@pytest.mark.parametrize("text", ["", "Fachtag"])
def test_pages_neither_overlap_nor_leave_gaps(empty: SearchBackend, text: str) -> None:
    fill(
        empty, [entry(f"d{n:02}", "Fachtag " * (n % 3 + 1), date=PartialDate(2000 + n % 4)) for n in range(23)]
    )
    pages = [found(empty, text, limit=5, offset=offset) for offset in range(0, 30, 5)]
    assert [len(page) for page in pages] == [5, 5, 5, 5, 3, 0]
    joined = [doc_id for page in pages for doc_id in page]
    assert joined == found(empty, text, limit=100)
    assert len(set(joined)) == 23


def test_limit_zero_asks_for_counts_only(backend: SearchBackend) -> None:
    results = backend.search(SearchQuery("Quartier", limit=0))
    assert (results.total, results.hits) == (2, ())
    assert results.facets["topic"] == {"migration": 1, "quartier": 1, UNDECIDED: 1}
    assert results.took_ms >= 0


# --- filters and facets ---


def test_values_of_one_filter_are_alternatives_and_filters_must_all_hold(backend: SearchBackend) -> None:
    assert set(found(backend, "", filters={"topic": ("quartier", "migration")})) == {
        "dortmund",
        "bremen",
        "stadtteil",
    }
    assert found(backend, "", filters={"topic": ("migration",), "year": ("2018",)}) == ["stadtteil"]
    assert found(backend, "Quartier", filters={"place": ("Bremen",), "source": ("hof",)}) == ["stadtteil"]
    assert found(backend, "", filters={"doc_type": ("praxisbeispiel",)}) == ["bremen"]
    assert found(backend, "", filters={"topic": ("unbekannt",)}) == []
    assert len(found(backend, "", filters={"topic": ()})) == 4


def test_facets_count_all_hits_most_frequent_first(backend: SearchBackend) -> None:
    facets = backend.search(SearchQuery(limit=1)).facets
    assert list(facets) == list(FACETS)
    assert list(facets["topic"].items()) == [
        ("migration", 2),
        ("quartier", 2),
        ("uebergaenge", 1),
        (UNDECIDED, 1),
    ]
    assert list(facets["place"].items()) == [("Bremen", 2), ("Dortmund", 2), (UNDECIDED, 1)]
    assert list(facets["year"].items()) == [("2018", 2), ("2017", 1), (UNDECIDED, 1)]
    assert list(facets["source"].items()) == [("hof", 3), ("bremen", 1)]
    assert facets["doc_type"] == {"sonstiges": 2, "praxisbeispiel": 1, "veranstaltungsbericht": 1}


def test_what_is_undecided_is_the_last_value_of_its_facet_and_can_be_filtered_by(empty: SearchBackend) -> None:
    known = entry("a", "Quartier", doc_type="praxisbeispiel", topics=("quartier",), places=("Hof",))
    bare = [entry(name, "Quartier", doc_type=None, topics=(), places=(), date=None) for name in "bcd"]
    fill(empty, [known, *bare])
    facets = empty.search(SearchQuery("Quartier")).facets
    assert list(facets["doc_type"].items()) == [("praxisbeispiel", 1), (UNDECIDED, 3)]
    for facet, value in (("topic", "quartier"), ("place", "Hof"), ("doc_type", "praxisbeispiel")):
        assert list(facets[facet]) == [value, UNDECIDED]
        assert found(empty, "", filters={facet: (UNDECIDED,)}) == ["b", "c", "d"]
        assert len(found(empty, "", filters={facet: (value, UNDECIDED)})) == 4
    assert len(found(empty, "", filters={"year": (UNDECIDED,)})) == 4
    assert not found(empty, "jahr:2000..2030 typ:sonstiges")


def test_facets_count_hits_of_query_and_filter_only(backend: SearchBackend) -> None:
    query = SearchQuery("Stadtteilmütter ODER Jahresforum", filters={"year": ("2018",)})
    facets = backend.search(query).facets
    assert facets["topic"] == {"quartier": 2, "migration": 1, "uebergaenge": 1}
    assert facets["source"] == {"hof": 2}


def test_a_facets_own_selection_does_not_hide_its_alternatives(backend: SearchBackend) -> None:
    results = backend.search(SearchQuery(filters={"topic": ("uebergaenge",), "place": ("Dortmund",)}))
    assert results.total == 1
    assert results.facets["topic"] == {"quartier": 2, "migration": 1, "uebergaenge": 1}, "within the place"
    assert results.facets["place"] == {"Dortmund": 1}, "within the topic"
    assert results.facets["year"] == {"2018": 1}, "within both"


# --- writing ---


def test_putting_twice_is_putting_once(own: SearchBackend) -> None:
    before = own.search(SearchQuery("Quartier Familien"))
    fill(own, [*ALL, *ALL])
    after = own.search(SearchQuery("Quartier Familien"))
    assert (after.total, after.hits, after.facets) == (before.total, before.hits, before.facets)


def test_a_replaced_entry_is_found_by_its_new_words_only(own: SearchBackend) -> None:
    fill(own, [entry("bremen", "Das Willkommensforum tagt", revision="neu", topics=("quartier",))])
    assert found(own, "Migrantenklasse") == []
    assert found(own, "Willkommensforum") == ["bremen"]
    assert own.revisions()["bremen"] == "neu"
    assert own.search(SearchQuery()).facets["topic"]["migration"] == 1


def test_the_last_of_several_puts_counts(empty: SearchBackend) -> None:
    with empty.writer() as writer:
        writer.put(entry("a", "erstens Vorlage"))
        writer.put(entry("b", "zweitens"))
        writer.put(entry("a", "drittens"))
        writer.put(entry("c", "viertens"))
        writer.remove("c")
        writer.put(entry("d", "fünftens"))
        writer.remove("d")
        writer.put(entry("d", "sechstens"))
    assert found(empty, "erstens", correct=False) == found(empty, "fünftens", correct=False) == []
    assert found(empty, "") == ["a", "b", "d"]
    assert set(found(empty, "drittens ODER sechstens")) == {"a", "d"}


def test_removed_entries_are_gone_and_unknown_ids_ignored(own: SearchBackend) -> None:
    with own.writer() as writer:
        writer.remove("bremen")
        writer.remove("bremen")
        writer.remove("nirgends")
    assert found(own, "Migrantenklasse") == []
    assert own.search(SearchQuery()).total == 3
    assert own.entry("bremen") is None
    assert "bremen" not in own.revisions()


def test_scores_forget_removed_entries(empty: SearchBackend) -> None:
    fill(empty, [entry("a", "Quartier und Stadt"), entry("b", "Stadt " * 5)])
    alone = empty.search(SearchQuery("Stadt")).hits
    fill(empty, [entry(f"x{n}", "Stadt und Land " * n) for n in range(1, 9)])
    with empty.writer() as writer:
        for n in range(1, 9):
            writer.remove(f"x{n}")
    assert empty.search(SearchQuery("Stadt")).hits == alone


def _interrupted(backend: SearchBackend, *, rebuild: bool) -> None:
    with backend.writer(rebuild=rebuild) as writer:
        writer.put(entry("neu", "Neuigkeit"))
        writer.remove("bremen")
        raise ZeroDivisionError


def test_an_error_in_the_block_leaves_the_old_state(own: SearchBackend) -> None:
    with pytest.raises(ZeroDivisionError):
        _interrupted(own, rebuild=False)
    assert found(own, "Neuigkeit") == []
    assert found(own, "Migrantenklasse") == ["bremen"]
    fill(own, [entry("neu", "Neuigkeit")])
    assert found(own, "Neuigkeit") == ["neu"]


def test_an_error_in_a_rebuild_leaves_the_old_state(backend: SearchBackend) -> None:
    with pytest.raises(ZeroDivisionError):
        _interrupted(backend, rebuild=True)
    assert backend.search(SearchQuery()).total == 4


def test_a_rebuild_starts_from_nothing(own: SearchBackend) -> None:
    with own.writer(rebuild=True) as writer:
        writer.put(BREMEN)
        assert own.search(SearchQuery()).total == 4, "the old state serves until the end"
    assert own.revisions() == {"bremen": "r-bremen"}


def test_a_writer_knows_what_it_adds_to(own: SearchBackend) -> None:
    before = dict(own.revisions())
    assert len(before) == 4
    with own.writer() as writer:
        writer.put(entry("neu", "Neuigkeit"))
        writer.remove("bremen")
        assert writer.known == before
    with own.writer(renew=True) as writer:
        assert writer.known == own.revisions()
        assert writer.known.keys() == before.keys() - {"bremen"} | {"neu"}
    with own.writer(rebuild=True) as writer:
        assert not writer.known


def test_a_second_writer_is_told(own: SearchBackend) -> None:
    with own.writer() as writer:
        writer.put(entry("neu", "Neuigkeit"))
        with pytest.raises(IndexLockedError), own.writer():
            pytest.fail("two writers at once")
    assert found(own, "Neuigkeit") == ["neu"]


def test_readers_see_the_old_state_or_the_new_one_never_half(own: SearchBackend) -> None:
    """Each commit replaces all entries of one round by those of the next; a mixture would be half."""
    rounds, size = 6, 20
    fill(own, _round(0, size))
    seen: list[set[str | None]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            results = own.search(SearchQuery("Rundbrief", limit=size))
            assert results.total == size
            seen.append({hit.entry.publisher for hit in results.hits})

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, rounds):
        fill(own, _round(number, size))
    done.set()
    for reader in readers:
        reader.join()
    assert seen
    assert all(len(publishers) == 1 for publishers in seen)
    assert {hit.entry.publisher for hit in own.search(SearchQuery("Rundbrief")).hits} == {f"{rounds - 1}"}


def _round(number: int, size: int) -> list[IndexEntry]:
    return [entry(f"brief-{n}", f"Rundbrief {n}", publisher=str(number)) for n in range(size)]


# --- snippets ---


def test_snippets_mark_every_matched_form_and_escape_the_rest(backend: SearchBackend) -> None:
    hit = backend.search(SearchQuery("Migrantenklassen Deutsch")).hits[0]
    assert hit.snippet.startswith("Die <mark>Migrantenklasse</mark> lernt <mark>Deutsch</mark> &amp; ")
    koordinator = backend.search(SearchQuery("Koordinatorin Schulwahl")).hits[0].snippet
    assert "<mark>Koordinator*innen</mark>" in koordinator
    assert "<mark>Schul</mark>- und Berufswahl" in koordinator


def test_without_query_words_a_snippet_is_the_beginning(backend: SearchBackend) -> None:
    hits = {hit.entry.id: hit.snippet for hit in backend.search(SearchQuery()).hits}
    assert hits["leitfaden"] == "Arbeit im Quartier für die Agentur braucht Geduld."
    assert backend.search(SearchQuery("Leitfaden")).hits[0].snippet == hits["leitfaden"]


# --- what people and attackers type ---

HOSTILE = [
    "*a*",
    "[a TO z]",
    "title:(",
    '"',
    '""""',
    '"' * 999,
    "(" * 1000 + ")" * 1000,
    "\x00\x1b[31m",
    "\ud800",
    "🚲🚲 👩‍👩‍👧",
    "مرحبا بالعالم",
    "+",
    "-",
    "+- -+ +",
    "-" * 1999,
    "- " * 900,
    "-a " * 660,
    "'; DROP TABLE documents; --",
    "a" * 1999,
    "A NOT B AND OR",
    "\u00ad",
    "a*:b*:c*innen" * 100,
    "z. " * 600,
    "„" * 1999,
    "Schul- " * 280 + "Berufswahl",
    "B i l d u n g " * 140,
    " ".join(f"wort{n}" for n in range(200)),
    "{{7*7}} ${x} %s %(a)s {0}",
    "/.*/ ~0.5 ^2",
    "<script>alert(1)</script>",
]


# As many different words as a query may have.
LONG_QUERY = " ".join(f"Bildungsberatung{number}" for number in range(60))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_cost_no_more_than_long_ones(backend: SearchBackend, text: str) -> None:
    ordinary = cost(lambda: backend.search(SearchQuery(LONG_QUERY)))
    assert_costs_at_most(10 * ordinary, lambda: backend.search(SearchQuery(text)))


def test_a_query_without_end_is_refused_with_the_limit(backend: SearchBackend) -> None:
    with pytest.raises(InvalidQueryError, match="2000"):
        backend.search(SearchQuery("Übergang " * 10_000))


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80) | st.text(alphabet='aü"+-*: innenIS.„“()/\u00ad1', max_size=40))
def test_any_text_is_a_query(backend: SearchBackend, text: str) -> None:
    results = backend.search(SearchQuery(text))
    assert results.total + results.further >= len(results.hits)
    for hit in results.hits:
        plain = unescape(sub("</?mark>", "", hit.snippet))
        assert "<b>" not in hit.snippet
        assert plain.strip("… ")
