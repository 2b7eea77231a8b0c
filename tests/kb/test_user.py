"""``kb user``: accounts from the command line."""

from __future__ import annotations

import io

import pytest

from tests.kb.conftest import Kb, Result

PASSWORD = "ein recht langes Kennwort"


@pytest.fixture
def user(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> User:
    return User(kb, monkeypatch)


class User:
    """``kb user`` with a password on standard input."""

    def __init__(self, kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
        self._kb = kb
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments: str, password: str = PASSWORD) -> Result:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        return self._kb("user", *arguments)


def test_add_list_disable_enable(user: User) -> None:
    assert "kb user add" in user("list").out
    assert (
        user("add", "Oezlem", "--role", "admin", "--password-stdin").out == "oezlem: Konto angelegt (admin)\n"
    )
    user("add", "anna", "--password-stdin")
    assert user("disable", "anna").out == "anna: gesperrt\n"
    listed = user("list", "--json").json["accounts"]
    assert [(one["name"], one["role"], one["active"]) for one in listed] == [
        ("anna", "editor", False), ("oezlem", "admin", True),
    ]  # fmt: skip
    assert user("enable", "anna").out == "anna: freigegeben\n"
    assert user("role", "anna", "admin").out == "anna: Rolle admin\n"
    assert user("role", "niemand", "admin").exit_code == 1
    assert user("password", "anna", "--password-stdin", password=PASSWORD + "2").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (("add", "özlem", "--password-stdin"), PASSWORD, "dieser Name geht nicht"),
        (("add", "oezlem", "--password-stdin"), "kurz", "mindestens 12 Zeichen"),
        (("disable", "niemand"), "", "dieses Konto gibt es nicht"),
        (("password", "niemand", "--password-stdin"), PASSWORD, "dieses Konto gibt es nicht"),
    ],
)
def test_mistakes_are_explained(user: User, arguments: tuple[str, ...], password: str, said: str) -> None:
    result = user(*arguments, password=password)
    assert result.exit_code == 1
    assert said in result.err
    assert "Traceback" not in result.err


def test_a_name_is_taken_once(user: User) -> None:
    user("add", "oezlem", "--password-stdin")
    assert "gibt es schon" in user("add", "oezlem", "--password-stdin").err
