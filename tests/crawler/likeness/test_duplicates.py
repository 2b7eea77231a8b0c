"""Groups of like documents, for editors: over all sources, with their similarity, and told after an import."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.likeness.duplicates import find_duplicates
from crawler.likeness.shingles import comparable_words, differs_in_fact, jaccard, letters_hash, shingles
from crawler.likeness.twins import SAME_SIMILARITY, Twins, compare
from kb.model import Document, Status
from tests.crawler.page.test_copies import OWN, REPORT
from tests.doubles import MemoryCorpus

LETTER = (
    "Sehr geehrte Eltern, die Gemeinde {place} lädt herzlich zum Elternabend am Übergang in die Schule ein. "
    "Frau {name} stellt die Bildungsberatung vor und beantwortet Ihre Fragen rund um die Einschulung. "
) * 2


def _corpus(**texts: str) -> MemoryCorpus:
    corpus = MemoryCorpus()
    for name, text in texts.items():
        source = "land" if name.startswith("land") else "stadt"
        corpus.put(Document(name, name.title(), text.strip(), source=source), expected=None)
    return corpus


def test_groups_span_sources_and_say_how_alike_they_are() -> None:
    corpus = _corpus(
        bericht=REPORT,
        land_bericht=REPORT.replace("ü", "ue") + "\n\nStand: 1. Mai 2024",
        brief=LETTER.format(place="Auenbrück", name="Yıldız"),
        land_brief=LETTER.format(place="Auenbrück", name="Sommer"),
        musik=OWN,
    )
    first, second = find_duplicates(corpus, 0.5)
    assert [one.doc_id for one in first.members] == ["bericht", "land_bericht"]
    assert (first.similarity, first.is_same) == (1.0, True)
    assert first.lines()[0] == "gleicher Text:"
    assert [one.doc_id for one in second.members] == ["brief", "land_brief"]
    assert not second.is_same
    assert second.lines()[0].startswith("ähnlicher Text, mindestens ")
    assert find_duplicates(corpus, 0.99) == (first,)


def test_a_group_is_held_together_by_neighbours() -> None:
    long = [f"Baustein {n} des Konzepts ist verlässlich vereinbart." for n in range(100)]
    corpus = _corpus(**{f"fassung{n}": " ".join(long[n * 4 : n * 4 + 60]) for n in range(4)})
    (group,) = find_duplicates(corpus, 0.8)
    assert len(group.members) == 4
    assert 0.8 <= group.similarity < 0.95
    assert group.to_json()["similarity"] == round(group.similarity, 3)


def test_withdrawn_documents_are_no_duplicates() -> None:
    corpus = _corpus(a=REPORT)
    withdrawn = Document("b", "B", REPORT.strip(), source="stadt", status=Status.WITHDRAWN)
    corpus.put(withdrawn, expected=None)
    assert find_duplicates(corpus, 0.8) == ()


VOCABULARY = "Übergänge Straße Schul- und Jugendamt E-Mail Köln 2024 begleiten frühe Größe Fähre"
WORDS = st.lists(st.sampled_from(sorted(VOCABULARY.split())), min_size=5, max_size=60)


@given(words=WORDS, where=st.integers(0, 10_000), hyphen=st.sampled_from("-\u00ad\u2010"))
def test_a_word_may_be_broken_anywhere(words: list[str], where: int, hyphen: str) -> None:
    text = " ".join(words)
    # „und“ itself is never broken, and at the beginning of a line a suspended hyphen waits for it.
    inner = [
        n
        for n in range(1, len(text))
        if text[n - 1].isalpha()
        and text[n].isalpha()
        and "und" not in text[:n].split()[-1] + text[n:].split()[0]
    ]
    assume(inner)
    at = inner[where % len(inner)]
    broken = f"{text[:at]}{hyphen}\n{text[at:]}" if hyphen != "\u00ad" else f"{text[:at]}{hyphen}{text[at:]}"
    assert comparable_words(broken) == comparable_words(text)


@given(words=WORDS)
def test_umlauts_may_be_spelt_out(words: list[str]) -> None:
    text = " ".join(words)
    spelt = text
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ü", "Ue"), ("ß", "ss")):
        spelt = spelt.replace(umlaut, letters)
    assert comparable_words(spelt) == comparable_words(text)
    assert not differs_in_fact(comparable_words(text), comparable_words(spelt))


@given(words=WORDS, cut=st.integers(0, 60))
def test_likeness_is_symmetric_and_what_is_exact_is_1(words: list[str], cut: int) -> None:
    one, other = words, [*words[:cut], "Zusatz", *words[cut:]]
    assert jaccard(shingles(one), shingles(other)) == jaccard(shingles(other), shingles(one)) < 1
    assert jaccard(shingles(one), shingles(list(one))) == 1
    assert differs_in_fact(one, other) == differs_in_fact(other, one)
    assert letters_hash(one) != letters_hash(other)


def test_suspended_hyphens_and_dates_of_events_are_text() -> None:
    assert comparable_words("Schul-\nund Jugendamt") == ["Schul", "und", "Jugendamt"]
    assert comparable_words("Fachtag am Dienstag, den 12. März 2024")[-3:] == ["12", "Maerz", "2024"]
    assert comparable_words("Auenbrück, den 12. März 2024") == ["Auenbrueck"]
    assert comparable_words("Termin: 12. März 2024") == ["Termin", "12", "Maerz", "2024"]
    assert comparable_words("[Antrag](https://stadt.de/a?sid=7) stellen") == ["Antrag", "stellen"]


def test_words_torn_apart_are_no_other_facts() -> None:
    whole = comparable_words("Die Übergänge der Stadt Halle")
    assert not differs_in_fact(whole, comparable_words("Die Über gänge der Stadt Halle"))
    assert differs_in_fact(whole, comparable_words("Die Übergänge der Stadt Jena"))


def test_repeated_text_is_longer_not_the_same() -> None:
    one = Document("a", "A", REPORT.strip())
    three = Document("b", "A", (REPORT * 3).strip())
    assert not compare(three, one).is_same


def test_new_text_of_a_document_replaces_the_old_one() -> None:
    documents = {name: Document(name, "Bericht", REPORT.strip()) for name in ("a", "b")}
    texts = Twins(documents.get)
    texts.add(documents["a"])
    assert texts.same(documents["b"]) is not None
    documents["a"] = Document("a", "Bericht", OWN.strip())
    texts.add(documents["a"])
    assert list(texts.alike(documents["b"], SAME_SIMILARITY)) == []
    assert texts.same(Document("c", "Bericht", OWN.strip())) is not None
