"""The commands around the annotators as people run them: kb eval --annotations, kb places import."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.cli import cli
from kb.errors import ConfigurationError

ROOT = Path(__file__).parents[2]
SET = Path(__file__).parent / "annotations" / "second"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Ten documents of the set."""
    for name in ("docs.jsonl", "labels.jsonl"):
        lines = (SET / name).read_text(encoding="utf-8").splitlines()[:10]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_the_report_as_json(small: Path) -> None:
    result = CliRunner().invoke(
        cli, ["--corpus", str(ROOT / "corpus"), "eval", "--annotations", str(small), "--json"]
    )
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["documents"] == 10
    assert sum(sum(row.values()) for row in report["confusion"].values()) == 10
    assert 0 < report["topics_macro_f1"] <= 1


def test_the_report_for_people(small: Path) -> None:
    result = CliRunner().invoke(cli, ["--corpus", str(ROOT / "corpus"), "eval", "--annotations", str(small)])
    assert result.exit_code == 0
    assert "kinds_accuracy" in result.stdout
    assert "Art laut Urteil" in result.stdout


def test_eval_needs_a_folder() -> None:
    assert CliRunner().invoke(cli, ["eval"]).exit_code == 2


def test_places_import(tmp_path: Path) -> None:
    shutil.copy(ROOT / "corpus" / "places.tsv", tmp_path)
    record = f"6020240930065340140000{'Marburg, Universitätsstadt':<50}{'':<50}63    {123:011d}{77000:011d}"
    (tmp_path / "gv.txt").write_text(f"{record:<220}\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["--corpus", str(tmp_path), "places", "import", str(tmp_path / "gv.txt")])
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "Gemeindeverzeichnis, Stand 2024-09-30: 1 Orte ergänzt, 0 unverändert, 0 hinzugefügt\n"
    )
    assert "Marburg\ttown\tStadt\t06534014" in (tmp_path / "places.tsv").read_text(encoding="utf-8")


def test_places_import_names_broken_lines_and_ends_with_1(tmp_path: Path) -> None:
    shutil.copy(ROOT / "corpus" / "places.tsv", tmp_path)
    record = f"6020240930065340140000{'Marburg':<50}{'':<50}63    {123:011d}{77000:011d}"
    (tmp_path / "gv.txt").write_text(f"{record}\n{record[:60]}\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["--corpus", str(tmp_path), "places", "import", str(tmp_path / "gv.txt")])
    assert result.exit_code == 1
    assert f"{tmp_path / 'gv.txt'}:2: " in result.stderr
    assert "ausgelassen" in result.stderr
    assert "\tStadt\t06534014\tHessen\t\t77000" in (tmp_path / "places.tsv").read_text(encoding="utf-8")


def test_places_import_without_places(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["--corpus", str(tmp_path), "places", "import", "gv.txt"])
    assert isinstance(result.exception, ConfigurationError)
    assert "kb init" in str(result.exception)


def test_places_like_mine() -> None:
    arguments = ["--corpus", str(ROOT / "corpus"), "places", "similar", "Kreis Unna", "--limit", "3"]
    plain = CliRunner().invoke(cli, arguments)
    assert plain.exit_code == 0
    lines = plain.stdout.splitlines()
    assert len(lines) == 3
    assert all("gleiche Art (Kreis)" in line for line in lines)
    found = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).stdout)["places"]
    assert [one["name"] for one in found] == [line.split(":")[0] for line in lines]


def test_places_like_nowhere() -> None:
    result = CliRunner().invoke(cli, ["--corpus", str(ROOT / "corpus"), "places", "similar", "Atlantis"])
    assert result.exit_code == 2
    assert "Atlantis" in result.stderr


def test_learn_says_of_every_topic_whether_it_is_on(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "corpus" / "topics", tmp_path / "corpus" / "topics")
    documents = tmp_path / "corpus" / "documents"
    documents.mkdir()
    words = ["Hochbeet Kompost", "Kompost Gießkanne", "Gießkanne Hochbeet"]
    for number in range(40):
        verdict, text = (
            ("confirmed", words[number % 3]) if number < 15 else ("rejected", "Haushalt Satzung Gebühr")
        )
        head = f"---\nid: d{number}\ntitle: Text\ndecisions:\n  topics:\n    quartier: {verdict}\n---\n"
        (documents / f"d{number}.md").write_text(f"{head}\nHier steht {text}.\n", encoding="utf-8")
    options = ["--corpus", str(tmp_path / "corpus"), "--var", str(tmp_path / "var")]
    result = CliRunner().invoke(cli, [*options, "learn"])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert "an   quartier: 15 bestätigt; auf unbekannten Texten 100% der Vorschläge richtig" in result.stdout
    assert "aus  migration: zu wenige bestätigt (0 von 10)" in lines
    report = json.loads(CliRunner().invoke(cli, [*options, "learn", "--json"]).stdout)["topics"]
    assert {one["id"]: one["suggested"] for one in report}["quartier"] is True
    assert sum(one["suggested"] for one in report) == 1
    assert (tmp_path / "var" / "cache" / "learned_topics.json").is_file()


def test_learn_without_a_corpus(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="keinen Korpus"):
        CliRunner().invoke(cli, ["--corpus", str(tmp_path / "x"), "learn"], catch_exceptions=False)
