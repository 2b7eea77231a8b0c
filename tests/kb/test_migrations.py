"""The record's tables are brought up to date, and Alembic is loaded for that alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from kb.model import Role
from kb.record import Database, SqlAccountStore
from kb.record.database import newest_revision
from kb.record.tables import Base
from tests import limits

MIGRATIONS = Path(__file__).parents[2] / "kb/record/migrations"


def test_the_newest_migration_is_known_by_its_file() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()


def test_a_database_that_is_up_to_date_needs_no_alembic(tmp_path: Path) -> None:
    SqlAccountStore(Database("", state_dir=tmp_path)).add("ida", "ein langes Passwort", Role.EDITOR)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from kb.record import Database, SqlAccountStore\n"
        "found = SqlAccountStore(Database('', state_dir=Path(sys.argv[1]))).accounts()\n"
        "print([one.name for one in found], 'alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=limits.SECONDS,
    )
    assert done.stdout == "['ida'] False\n"


def test_tables_of_an_unknown_state_are_migrated(tmp_path: Path) -> None:
    database = Database("", state_dir=tmp_path)
    with database.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DELETE FROM alembic_version"))
    assert SqlAccountStore(Database("", state_dir=tmp_path)).accounts() == []
