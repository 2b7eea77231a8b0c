"""YAML is read into as much as was meant and no more; what is beyond a limit is refused before it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.corpus import parse_document, render_document
from kb.corpus.plain_yaml import MAX_CHARS, MAX_DEPTH, MAX_VALUES, read_yaml
from kb.errors import ConfigurationError, InvalidDocumentError
from kb.model import Document
from kb.topics import read_topic
from tests.cost import assert_costs_at_most, cost
from tests.strategies import lines

values = st.recursive(
    lines | st.just(""),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(lines, inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_what_is_written_is_read(value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    assert read_yaml(text) == value


@given(st.text(st.sampled_from("-: \n[]{}'\"ab&*!|>#%@`\t,?."), max_size=40))
def test_any_text_gives_what_the_library_gives_or_a_clear_error(text: str) -> None:
    try:
        found = read_yaml(text)
    except InvalidDocumentError:
        return
    assert found == yaml.load(text, Loader=yaml.CBaseLoader)


def test_an_alias_is_what_it_stands_for() -> None:
    assert read_yaml("a: &x [1, {b: c}]\nd: *x\ne: [*x, *x]") == {
        "a": ["1", {"b": "c"}],
        "d": ["1", {"b": "c"}],
        "e": [["1", {"b": "c"}], ["1", {"b": "c"}]],
    }


def growing(levels: int, width: int) -> str:
    """Each line means ``width`` times what the one before it means."""
    text = "l0: &l0 [x]\n"
    for level in range(1, levels):
        text += f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * width)}]\n"
    return text


@pytest.mark.parametrize("levels", [8, 40])
def test_what_grows_without_bound_is_refused_at_once(levels: int) -> None:
    with pytest.raises(InvalidDocumentError, match=f"mehr als {MAX_VALUES} Werte"):
        read_yaml(growing(levels, 9))


def test_so_is_a_long_text_that_is_meant_many_times() -> None:
    text = f"a: &a {'x' * 1_000}\nb: [{', '.join(['*a'] * 2_000)}]"
    assert len(text) < 10_000
    with pytest.raises(InvalidDocumentError, match=f"oder {MAX_CHARS} Zeichen"):
        read_yaml(text)


def test_the_work_goes_with_what_is_written() -> None:
    """A hundred lines of aliases cost no more than a hundred lines; what they mean is never built."""

    def refused() -> None:
        for _ in range(50):
            with pytest.raises(InvalidDocumentError):
                read_yaml(growing(100, 9))

    def read() -> None:
        for _ in range(50):
            read_yaml("\n".join(f"l{level}: [{', '.join(['x'] * 9)}]" for level in range(100)))

    assert_costs_at_most(10 * cost(read), refused)


def test_many_values_and_many_characters_are_refused() -> None:
    assert len(read_yaml(f"[{', '.join(['x'] * (MAX_VALUES - 1))}]") or []) == MAX_VALUES - 1
    with pytest.raises(InvalidDocumentError, match="mehr als"):
        read_yaml(f"[{', '.join(['x'] * MAX_VALUES)}]")
    with pytest.raises(InvalidDocumentError, match=f"erlaubt sind {MAX_CHARS}"):
        read_yaml("x" * (MAX_CHARS + 1))


def test_depth_is_bounded() -> None:
    assert read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None
    with pytest.raises(InvalidDocumentError, match="zu tief verschachtelt"):
        read_yaml("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2))
    with pytest.raises(InvalidDocumentError, match="zu tief verschachtelt"):
        read_yaml("".join(f"{' ' * depth}a:\n" for depth in range(MAX_DEPTH + 3)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b\nc: &x [*x]", "Zeile 4: \\*x verweist auf nichts"),
        ("a: *x", "Zeile 3: \\*x verweist auf nichts"),
        ("? [a]\n: b", "Zeile 3: ein Feldname muss ein Wort sein"),
        ("? {a: b}\n: c", "ein Feldname muss ein Wort sein"),
        ("x: &x [a]\n*x : b", "ein Feldname muss ein Wort sein"),
        ("a: b\n---\na: c", "Zeile 4: hier beginnt ein zweites YAML-Dokument"),
        ("a: b\na: c", "das Feld a steht zweimal im Kopf \\(Zeile 4\\)"),
        ("a: [b", "kein gültiges YAML \\(Zeile"),
        ("a: \x00", "kein gültiges YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(InvalidDocumentError, match=message):
        read_yaml(text, above=2)


def test_documents_with_aliases_are_written_out_and_read_back() -> None:
    text = "---\nid: a\ntitle: b\nliste: &x [c, d]\nnoch: *x\n---\n\nText\n"
    document = parse_document(text, location="a.md")
    assert document.extra == {"liste": ["c", "d"], "noch": ["c", "d"]}
    written = render_document(document)
    assert "&" not in written
    assert parse_document(written, location="a.md") == document
    with pytest.raises(InvalidDocumentError, match=r"a\.md: Zeile"):
        parse_document(f"---\nid: a\ntitle: b\n{growing(20, 9)}---\nText", location="a.md")


def test_what_could_not_be_read_back_is_not_written() -> None:
    with pytest.raises(InvalidDocumentError, match="Werte"):
        render_document(Document("a", "Titel", "Text", authors=("Ayşe",) * (MAX_VALUES + 1)))


def test_a_topic_that_is_nested_without_end_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tief.toml"
    path.write_text("a = " + "[" * 5_000 + "]" * 5_000, "utf-8")
    with pytest.raises(ConfigurationError, match="kein gültiges TOML"):
        read_topic(path)
