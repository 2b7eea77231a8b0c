"""Every regular expression in the code of the packages, and where one is made of data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

PACKAGES = ("kb", "crawler", "indexer", "webapp")
ROOT = Path(__file__).parents[2]
# What begins where it is told to.
_ANCHORED = frozenset({"match", "fullmatch", "pattern", "flags"})
_WITH_FLAGS = frozenset({"match", "fullmatch", "search", "findall", "finditer"})
_CALLS = frozenset({"compile", "sub", "subn", "split"}) | _WITH_FLAGS


class Found(NamedTuple):
    """A pattern and where it stands; ``searched``: may begin anywhere, ``whole``: must end with the text."""

    place: str
    pattern: str
    flags: int
    searched: bool
    whole: bool


class Made(NamedTuple):
    """A pattern that is made when the program runs: the file, and the source of the pattern."""

    place: str
    source: str


def patterns_of_code() -> tuple[list[Found], list[Made]]:
    """The patterns of all modules, and those that are no constants."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    trees = {path: ast.parse(path.read_text("utf-8")) for path in files}
    used = _uses({_module(path): tree for path, tree in trees.items()})
    found: list[Found] = []
    made: list[Made] = []
    for path, tree in trees.items():
        if not any(isinstance(node, ast.Import) and node.names[0].name == "re" for node in ast.walk(tree)):
            continue
        place = str(path.relative_to(ROOT))
        space = vars(import_module(_module(path)))
        found += _of_module(_module(path), tree, space, used)
        for call, method in _calls(tree):
            try:
                pattern = _evaluated(call.args[0], space)
            except NameError:
                made.append(Made(place, ast.unparse(call.args[0])))
                continue
            searched, whole = method not in _ANCHORED, method == "fullmatch"
            line = f"{place}:{call.lineno}"
            found.append(Found(line, _text(pattern), _flags(call, method, space), searched, whole))
    return found, made


def _of_module(
    name: str, tree: ast.Module, space: Mapping[str, Any], used: Mapping[tuple[str, str], set[str]]
) -> Iterator[Found]:
    """The compiled patterns under the names that a module gives, also within its tuples and tables."""
    for variable in _assigned(tree):
        for pattern in _within(space.get(variable)):
            asked = used.get((name if variable.startswith("_") else "", variable), {"?"})
            searched, whole = not asked <= _ANCHORED, "fullmatch" in asked
            yield Found(f"{name}.{variable}", _text(pattern.pattern), pattern.flags, searched, whole)


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """The calls of ``re`` but for those that make a name of the module."""
    for statement in tree.body:
        assigns = isinstance(statement, (ast.Assign, ast.AnnAssign))
        for node in ast.walk(statement):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner, method = node.func.value, node.func.attr
            is_ours = isinstance(owner, ast.Name) and owner.id == "re" and method in _CALLS
            if is_ours and not (assigns and method == "compile"):
                yield node, method


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _text(pattern: str | bytes) -> str:
    return pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern


def _flags(call: ast.Call, method: str, space: Mapping[str, Any]) -> int:
    given = [one.value for one in call.keywords if one.arg == "flags"]
    position = 1 if method == "compile" else 2
    if method in _WITH_FLAGS | {"compile"} and len(call.args) > position:
        given.append(call.args[position])
    return int(_evaluated(given[0], space)) if given else 0


def _evaluated(node: ast.expr, space: Mapping[str, Any]) -> Any:
    """The value of an expression where the names of a module are known, for our own code."""
    return eval(compile(ast.Expression(node), "pattern", "eval"), dict(space))


def _assigned(tree: ast.Module) -> list[str]:
    return [
        target.id
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    ]


def _within(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list, frozenset, set)):
        for one in value:
            yield from _within(one)
    elif isinstance(value, dict):
        yield from _within(list(value.values()))


def _uses(trees: Mapping[str, ast.Module]) -> dict[tuple[str, str], set[str]]:
    """What is asked of each name, of private ones by module: attributes, and „?“ where it is handed on."""
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
