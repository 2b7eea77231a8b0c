"""The file with hashes fits constraints.txt and pyproject.toml, and what does not fit is named."""

from __future__ import annotations

import pytest

from tools.lock import EXTRAS, LOCK, ROOT, problems

HASH = "    --hash=sha256:" + "0" * 64
CONSTRAINTS = "# Pins\nFlask-WTF==1.3.0\nhatchling==1.33.0\n"
PROJECT = (
    '[build-system]\nrequires = ["hatchling>=1.25"]\n[project]\ndependencies = ["flask-wtf>=1.2"]\n'
    "[project.optional-dependencies]\n" + "".join(f"{extra} = []\n" for extra in EXTRAS)
)
GOOD = (
    f"# Head\nflask-wtf==1.3.0 \\\n{HASH} \\\n{HASH}\nhatchling==1.33.0 ; python_version < '3.14' \\\n{HASH}\n"
)


def test_the_file_of_this_version_fits() -> None:
    constraints, project = ((ROOT / name).read_text("utf-8") for name in ("constraints.txt", "pyproject.toml"))
    assert list(problems(LOCK.read_text("utf-8"), constraints, project)) == []


def test_it_names_no_registry() -> None:
    lines = [line for line in LOCK.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if "://" in line or line.startswith("-")] == []


def test_what_fits_is_no_problem() -> None:
    assert list(problems(GOOD, CONSTRAINTS, PROJECT)) == []


@pytest.mark.parametrize(
    ("lock", "problem"),
    [
        (GOOD.replace("1.3.0", "1.2.9"), "flask-wtf 1.2.9, in constraints.txt 1.3.0"),
        (GOOD + f"anders==1 \\\n{HASH}\n", "anders 1, in constraints.txt nicht genannt"),
        (GOOD.partition("hatchling")[0], "hatchling fehlt"),
        ("", "flask-wtf fehlt"),
        (GOOD + "anders==1 \\\n", "kein Eintrag"),
        (GOOD + f"anders>=1 \\\n{HASH}\n", "kein Eintrag"),
        (GOOD + f"anders==1 \\\n{HASH[:-1]}\n", "kein Eintrag"),
        (GOOD + "--index-url https://example.org/simple\n", "kein Eintrag"),
        (GOOD + f"anders @ https://example.org/anders.whl \\\n{HASH}\n", "kein Eintrag"),
    ],
)
def test_what_does_not_fit_is_named(lock: str, problem: str) -> None:
    assert any(problem in found for found in problems(lock, CONSTRAINTS, PROJECT))
