"""The data that a new corpus starts with: topics, sources, synonyms, places and states."""

from __future__ import annotations

import shutil
from pathlib import Path

import kb
from kb.corpus.atomic import TEMPORARY_PREFIX, storage_error
from kb.errors import ConfigurationError

STARTER = ("topics", "sources", "synonyms.txt", "places.tsv", "states.tsv")
# Locks and half-written files are nobody's business in a corpus that is kept in git.
_IGNORED = ".lock\n.tmp-*\n"


def shipped_corpus() -> Path:
    """The corpus folder that came with the program: inside the wheel, or beside the packages in a checkout.

    Raises:
        ConfigurationError: the installation lacks it.
    """
    package = Path(kb.__file__).parent
    for candidate in (package / "shipped", package.parent / "corpus"):
        if (candidate / "topics").is_dir():
            return candidate
    raise ConfigurationError(
        "die mitgelieferten Themen und Quellen fehlen",
        subject=str(package),
        remedy="das Paket neu installieren",
    )


def ensure_corpus(path: Path) -> tuple[str, ...]:
    """Make a missing or empty folder a corpus; what is there is never touched.

    ``documents/`` is made last: a folder that has it (or anything of an editor's own) is a corpus already.
    Returns the names of what was copied in.

    Raises:
        StorageError: the folder cannot be made or written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(not entry.name.startswith(".") and entry.name not in STARTER for entry in path.iterdir()):
            return ()
        missing = tuple(name for name in STARTER if not (path / name).exists())
        for name in missing:
            _copy(shipped_corpus() / name, path / name)
        (path / "documents").mkdir(exist_ok=True)
        ignore = path / ".gitignore"
        if not ignore.exists():
            ignore.write_text(_IGNORED, "utf-8")
    except OSError as error:
        raise storage_error(error, path) from error
    return missing


def _copy(source: Path, target: Path) -> None:
    """Copy under a temporary name first: a crash leaves a part missing, never half."""
    temporary = target.with_name(f"{TEMPORARY_PREFIX}{target.name}")
    try:
        if source.is_dir():
            temporary.mkdir(exist_ok=True)
            for file in sorted(source.iterdir()):  # ``copytree`` would not say what went wrong
                shutil.copyfile(file, temporary / file.name)
        else:
            shutil.copyfile(source, temporary)
    except OSError:
        if source.is_dir():
            shutil.rmtree(temporary, ignore_errors=True)
        else:
            temporary.unlink(missing_ok=True)
        raise
    temporary.rename(target)
