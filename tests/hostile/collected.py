"""Every regular expression of the packages: those in the code, and those that data files make."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

PACKAGES = ("kb", "crawler", "indexer", "webapp")
ROOT = Path(__file__).parents[2]
_ANCHORED = frozenset({"match", "fullmatch", "pattern", "flags"})
_CALLS = frozenset({"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"})


class Found(NamedTuple):
    """A pattern, where it stands, and whether it may begin anywhere in a text."""

    place: str
    pattern: str
    flags: int
    searched: bool
    whole: bool


class NotRead(NamedTuple):
    """A pattern that is made when the program runs."""

    place: str
    source: str


def patterns_of_code() -> tuple[list[Found], list[NotRead]]:
    """The patterns of all modules, and those that are no constants."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    trees = {path: ast.parse(path.read_text("utf-8")) for path in files}
    used = _uses({_module(path): tree for path, tree in trees.items()})
    found: list[Found] = []
    left: list[NotRead] = []
    for path, tree in trees.items():
        if not any(isinstance(node, ast.Import) and node.names[0].name == "re" for node in ast.walk(tree)):
            continue
        name = _module(path)
        space = vars(import_module(name))
        for variable, pattern in _compiled(space):
            if variable in _assigned(tree):
                asked = used.get((name if variable.startswith("_") else "", variable), {"?"})
                whole = "fullmatch" in asked
                searched = not asked <= _ANCHORED
                found.append(Found(f"{name}.{variable}", pattern.pattern, pattern.flags, searched, whole))
        for call in ast.walk(tree):
            if not (
                isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is_re(call.func.value)
            ):
                continue
            if call.func.attr not in _CALLS:
                continue
            place = f"{path.relative_to(ROOT)}:{call.lineno}"
            try:
                pattern = eval(compile(ast.Expression(call.args[0]), place, "eval"), dict(space))
            except NameError:
                left.append(NotRead(str(path.relative_to(ROOT)), ast.unparse(call.args[0])))
                continue
            if call.func.attr != "compile":
                flags = _flags(call, space)
                searched, whole = call.func.attr not in _ANCHORED, call.func.attr == "fullmatch"
                found.append(Found(place, pattern, flags, searched, whole))
    return found, left


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _is_re(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "re"


def _flags(call: ast.Call, space: dict[str, Any]) -> int:
    given = [one.value for one in call.keywords if one.arg == "flags"]
    if call.func.attr in ("match", "fullmatch", "search", "findall", "finditer") and len(call.args) > 2:
        given.append(call.args[2])
    return int(eval(compile(ast.Expression(given[0]), "flags", "eval"), dict(space))) if given else 0


def _assigned(tree: ast.Module) -> frozenset[str]:
    """The names that a module gives, not those that it imports."""
    return frozenset(
        target.id
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    )


def _compiled(space: dict[str, Any]) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in list(space.items()):
        yield from ((name, pattern) for pattern in _within(value))


def _within(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, (tuple, list, frozenset, set)):
        for one in value:
            yield from _within(one)
    elif isinstance(value, dict):
        yield from _within(list(value.values()))


def _uses(trees: Mapping[str, ast.Module]) -> dict[tuple[str, str], set[str]]:
    """What is asked of each name, private ones by their module: the attributes that are read of it, and „?“ where it
    is handed on."""
    used: dict[tuple[str, str], set[str]] = {}
    for module, tree in trees.items():
        owners = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name, asked = node.value.id, node.attr
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in owners:
                name, asked = node.id, "?"
            else:
                continue
            used.setdefault((module if name.startswith("_") else "", name), set()).add(asked)
    return used
