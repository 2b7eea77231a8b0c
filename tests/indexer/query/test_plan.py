"""From typed text to a plan: what makes a hit, and what scores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.german import CompoundSplitter, GermanAnalyzer, Synonyms
from indexer.query.conditions import (
    All,
    Any,
    Bag,
    Begins,
    Exactly,
    Facet,
    QueryPlan,
    Row,
    SynonymGroup,
    Words,
    Years,
)
from indexer.query.parser import parse_query
from indexer.query.plan import (
    EVERY,
    KEYWORD_SHARE,
    MAX_SYNONYMS,
    MAX_WORDS,
    SENTENCE_SHARE,
    plan_query,
)
from kb.model import Notice, NoticeKind

ANALYZER = GermanAnalyzer()
SPLITTER = CompoundSplitter.learn([("quartier", "quarti", 2), ("management", "management", 2)], ANALYZER.stem)


def plan(text: str, synonyms: Synonyms | None = None) -> QueryPlan:
    return plan_query(parse_query(text), ANALYZER, synonyms, SPLITTER)


def words(text: str) -> Words:
    condition = plan(text).condition
    assert isinstance(condition, Words)
    return condition


def row(*terms: str, pairs: tuple[tuple[str, str], ...] = ()) -> Row:
    return Row(terms, pairs)


def test_words_become_distinct_terms_without_stop_words() -> None:
    made = plan("Wo ist der Übergang, wo sind die Übergänge der Schule?")
    assert made.bag.stems == ("ubergang", "schul")
    assert plan("Schul- und Berufswahl").bag.stems == ("schul", "schulwahl", "berufswahl")


def test_compounds_ask_for_their_members_and_other_words_for_themselves() -> None:
    (word,) = words("Quartiersmanagement").words
    assert word.parts == ("quarti", "management")
    assert plan("Quartiersmanagement Schule").bag.parts == ("quarti", "management", "schul")


def test_grams_are_folded_and_of_content_words_only() -> None:
    assert plan("der Übergang").bag.grams == plan("uebergang").bag.grams
    assert plan("Übergang").bag.grams[0] == "_uber"
    assert plan("wer und was").bag.grams == ()


def test_how_much_of_a_query_must_be_held() -> None:
    assert words("Kita").share == words("Kita Hort").share == EVERY
    assert words("Kita Hort Schule").share == KEYWORD_SHARE
    assert words("Wie kommt die Kita zur Schule?").share == SENTENCE_SHARE
    assert words("wer und was").share == 0, "nothing but stop words: any of them"


def test_stop_words_alone_are_kept() -> None:
    assert plan("wer und was").bag.stems == ("wer", "und", "was")


def test_nothing_typed_means_everything_and_punctuation_nothing() -> None:
    assert plan(" ") == QueryPlan()
    assert plan(" ").unranked
    assert plan("?!").condition == Any(())
    assert plan("-Kita") == QueryPlan(All((), (Exactly((row("kita"),), ("title", "body")),)))
    assert plan("-Kita").unranked


def test_phrases_keep_their_stop_words_and_hyphens_their_whole() -> None:
    everywhere = ("title", "body")
    assert plan('"Agentur für Arbeit"').condition == Exactly(
        (row("agentur", "fur", "arbeit", pairs=(("agentur", "arbeit"),)),), everywhere
    )
    assert plan('"Kita-Integration"').condition == Exactly(
        (row("kita", "integration", pairs=(("kita", "integration"),)), row("kitaintegration")), everywhere
    )
    assert plan('"Quartiersmanagement"').bag == Bag(stems=("quartiersmanagement",)), "no parts, no grams"


def test_a_demanded_word_leaves_the_others_to_rank() -> None:
    made = plan("+Kita Hof")
    assert isinstance(made.condition, Words)
    assert [word.term for word in made.condition.words] == ["kita"]
    assert made.condition.share == EVERY
    assert set(made.bag.stems) == {"hof", "kita"}


def test_fields_narrow_and_leave_the_words_demanded() -> None:
    made = plan("Kita thema:Übergänge jahr:2018..2020 titel:Schule")
    assert isinstance(made.condition, All)
    assert made.condition.conditions[1:] == () or Facet("topic", "ubergange") in made.condition.conditions
    assert Years(2018, 2020) in made.condition.conditions
    assert Exactly((row("schul"),), ("title",)) in made.condition.conditions
    narrowed = plan("Kita ort:Köln")
    assert isinstance(narrowed.condition, All)
    assert isinstance(narrowed.condition.conditions[0], Words)
    assert plan("thema:quartier").unranked


def test_prefixes_are_folded() -> None:
    assert plan("Übergäng*").condition == Begins("ubergang")
    assert plan("Übergäng*").bag.prefixes == ("ubergang",)


def test_excluded_words_are_exact_and_do_not_score() -> None:
    made = plan("Kita -(Hort Schule)")
    assert isinstance(made.condition, All)
    assert made.condition.excluded == (
        All(tuple(Exactly((row(term),), ("title", "body")) for term in ("hort", "schul"))),
    )
    assert made.bag.stems == ("kita",)


def test_neighbours_score_across_stop_words() -> None:
    assert plan("Übergang von der Schule in den Beruf").bag.pairs == (("ubergang", "schul"), ("schul", "beruf"))


def test_for_further_documents_any_word_is_enough_and_all_else_binds() -> None:
    made = plan("Kita Hort ort:Köln").wider
    assert isinstance(made, All)
    first = made.conditions[0]
    assert isinstance(first, Words)
    assert (first.share, first.parts) == (0, True)
    assert [word.term for word in first.words] == ["kita", "hort"]
    assert made.conditions[1] == Facet("place", "koln", "~koln")


@pytest.mark.parametrize("text", ["+Kita", '"Hort Schule" Kita', "ort:Köln", "", "kita*"])
def test_what_is_demanded_leaves_nothing_further(text: str) -> None:
    assert plan(text).wider is None


def test_synonyms_stand_beside_the_terms_they_replace() -> None:
    synonyms = Synonyms({("agentur", "fur", "arbeit"): (("arbeitsamt",),), ("kita",): (("hort",), ("schul",))})
    assert plan("Agentur für Arbeit, Kita, Schule", synonyms).bag.synonyms == (
        SynonymGroup(("agentur", "arbeit"), (("arbeitsamt",),)),
        SynonymGroup(("kita",), (("hort",),)),
    )


def test_work_is_capped_by_counting() -> None:
    many = plan(" ".join(f"w{n}" for n in range(400)))
    assert len(many.bag.stems) == MAX_WORDS
    assert Notice(NoticeKind.TOO_MANY_WORDS, str(MAX_WORDS)) in many.notices
    rules: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {
        (f"kita{m}",): tuple((f"x{n}",) for n in range(100)) for m in range(3)
    }
    groups = plan("kita0 kita1 kita2", Synonyms(rules)).bag.synonyms
    assert sum(len(group.others) for group in groups) <= MAX_SYNONYMS


@given(st.text(max_size=200) | st.text(alphabet='"„“»«+- aü*()UNDOER:', max_size=100))
def test_no_text_breaks_the_planner(text: str) -> None:
    made = plan(text)
    assert len(made.words) <= 4 * MAX_WORDS
    assert all(group.others for group in made.bag.synonyms)
