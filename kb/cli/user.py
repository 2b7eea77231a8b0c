"""The commands ``kb user``: accounts for editors and administrators."""

from __future__ import annotations

import sys

import click

from kb.cli.global_options import Global
from kb.cli.output import json_option, print_json

_PASSWORD_STDIN = click.option("--password-stdin", is_flag=True, help="Passwort aus der Standardeingabe lesen")


@click.group(help="Konten für Redaktion und Administration verwalten.")
def user() -> None:
    """Group of account commands."""


@user.command(help="Ein Konto anlegen.")
@click.argument("name")
@click.option("--role", type=click.Choice(["editor", "admin"]), default="editor", show_default=True)
@_PASSWORD_STDIN
@click.pass_obj
def add(options: Global, name: str, *, role: str, password_stdin: bool) -> None:
    """Create an account; the password is never an argument, where others could read it."""
    from kb import wiring
    from kb.model import Role, check_account_name

    check_account_name(name)
    account = wiring.open_accounts(options.settings()).add(name, _password(password_stdin), Role(role))
    click.echo(f"{account.name}: Konto angelegt ({account.role})")


@user.command("list", help="Alle Konten zeigen.")
@json_option
@click.pass_obj
def list_(options: Global, *, as_json: bool) -> None:
    """List accounts, without anything secret."""
    from kb import wiring

    accounts = wiring.open_accounts(options.settings()).accounts()
    fields = [
        {
            "name": one.name,
            "role": str(one.role),
            "active": one.active,
            "created_at": one.created_at.isoformat(),
        }
        for one in accounts
    ]
    if as_json:
        print_json({"accounts": fields})
        return
    for one in accounts:
        state = "offen" if one.active else "gesperrt"
        click.echo(f"{one.name:<24} {one.role:<8} {state:<10} seit {one.created_at:%d.%m.%Y}")
    if not accounts:
        click.echo("Es gibt noch kein Konto: kb user add NAME --role admin")


@user.command(help="Ein Konto sperren; offene Sitzungen enden.")
@click.argument("name")
@click.pass_obj
def disable(options: Global, name: str) -> None:
    """Lock an account out."""
    _set_active(options, name, active=False)


@user.command(help="Ein gesperrtes Konto wieder freigeben.")
@click.argument("name")
@click.pass_obj
def enable(options: Global, name: str) -> None:
    """Let an account in again."""
    _set_active(options, name, active=True)


def _set_active(options: Global, name: str, *, active: bool) -> None:
    from kb import wiring

    account = wiring.open_accounts(options.settings()).set_active(name, active=active)
    click.echo(f"{account.name}: {'freigegeben' if active else 'gesperrt'}")


@user.command(help="Die Rolle eines Kontos ändern; offene Sitzungen enden.")
@click.argument("name")
@click.argument("new_role", metavar="ROLLE", type=click.Choice(["editor", "admin"]))
@click.pass_obj
def role(options: Global, name: str, new_role: str) -> None:
    """Let an account do more or less."""
    from kb import wiring
    from kb.model import Role

    account = wiring.open_accounts(options.settings()).set_role(name, Role(new_role))
    click.echo(f"{account.name}: Rolle {account.role}")


@user.command(help="Ein neues Passwort setzen; offene Sitzungen enden.")
@click.argument("name")
@_PASSWORD_STDIN
@click.pass_obj
def password(options: Global, name: str, *, password_stdin: bool) -> None:
    """Set a password."""
    from kb import wiring

    accounts = wiring.open_accounts(options.settings())
    accounts.get(name)
    accounts.set_password(name, _password(password_stdin))
    click.echo(f"{name}: neues Passwort gesetzt")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    entered: str = click.prompt("Passwort", hide_input=True, confirmation_prompt="Noch einmal")
    return entered
