"""The documents make promises; these tests keep them true."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from importlib import metadata
from pathlib import Path

import pytest

import kb
from kb import errors
from kb.cli import _COMMANDS
from kb.settings import Settings

ROOT = Path(kb.__file__).parent.parent
READ_BY_PEOPLE = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def test_every_command_is_in_the_operators_guide() -> None:
    guide = (ROOT / "docs/betrieb.md").read_text("utf-8")
    assert [name for name in _COMMANDS if f"| `kb {name}" not in guide] == []


def test_every_setting_is_in_the_operators_guide_with_its_default() -> None:
    guide = (ROOT / "docs/betrieb.md").read_text("utf-8")
    missing = [
        setting.name
        for setting in fields(Settings)
        if f"| `KB_{setting.name.upper()}` | {setting.metadata['description']} |" not in guide
        or str(getattr(Settings(), setting.name)) not in guide
    ]
    assert missing == []


def test_every_error_stands_in_the_tree() -> None:
    tree = errors.__doc__ or ""
    classes = [
        value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)
    ]
    assert [one.__name__ for one in classes if one.__name__ not in tree] == []
    for parent, child in re.findall(r"^    ├── (\w+).*\n    │   ├── (\w+)", tree, re.MULTILINE):
        assert issubclass(getattr(errors, child), getattr(errors, parent))


def test_every_module_of_kb_stands_in_a_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["name"].startswith("The house"))
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    modules = {
        f"kb.{path.stem}"
        for path in (ROOT / "kb").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert modules - {"kb.__init__"} <= placed


def test_constraints_hold_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


def test_every_direct_dependency_has_a_constraint() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = {_name(line) for line in [*project["dependencies"], *(line for extra in extras for line in extra)]}
    pinned = {_name(line) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}
    assert wanted - pinned == set()


def test_whatever_is_imported_directly_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {_name(line) for line in project["dependencies"]}
    provided = {
        module: {_name(one) for one in distributions}
        for module, distributions in metadata.packages_distributions().items()
    }
    ours = ("kb", "crawler", "indexer", "webapp")
    imported = {module for package in ours for module in _imports(ROOT / package)}
    others = imported - set(ours) - sys.stdlib_module_names
    assert len(others) > 20
    assert {module for module in others if not provided.get(module, {module}) & declared} == set()


def _imports(folder: Path) -> Iterator[str]:
    """First names of the modules that the files of a folder import, anywhere in them."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (one.name.partition(".")[0] for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def _name(requirement: str) -> str:
    return re.split(r"[=<>!~;\[ ]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


@pytest.mark.parametrize("document", READ_BY_PEOPLE, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text("utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "docs/sicherheit.md"])
def test_modules_named_in_the_tour_exist(document: str) -> None:
    tour = (ROOT / document).read_text("utf-8")
    paths = re.findall(r"`((?:kb|crawler|indexer|webapp|corpus|tests|docs|benchmarks|tools)/[\w./-]*)`", tour)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_room_says_which_question_it_answers() -> None:
    rooms = [
        path
        for package in ("crawler", "indexer", "webapp")
        for path in (ROOT / package).glob("*/**/__init__.py")
    ]
    assert len(rooms) > 40
    said = {str(path): (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "") for path in rooms}
    assert [path for path, sentence in said.items() if "?" not in sentence.splitlines()[0]] == []


@pytest.mark.parametrize("way", ["a document", "a query", "an editor's change"])
def test_ways_name_one_file_a_line_and_never_turn_back(way: str) -> None:
    tour = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    section = tour.partition(f"## The way of {way}, numbered\n")[2].partition("\n## ")[0]
    steps = re.findall(r"^\d+\. .*(?:\n    .*)*", section, re.MULTILINE)
    files = [re.findall(r"`([\w/]+\.py)`", step) for step in steps]
    assert len(steps) > 10
    assert [step for step, named in zip(steps, files, strict=True) if len(named) != 1] == []
    assert len({named[0] for named in files}) == len(files)
    assert [int(step.partition(".")[0]) for step in steps] == list(range(1, len(steps) + 1))
