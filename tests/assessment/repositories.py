"""Small repositories of both tools, written to disk as other people's are."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from harness.cli import main

SETTINGS = "[alembic]\nscript_location = %(here)s/migrations\n"
CREATES = "op.create_table('users', sa.Column('id', sa.Integer))"


def revision(
    own: str,
    parents: str | tuple[str, ...] | None,
    upgrade: str = CREATES,
    downgrade: str = "op.drop_table('users')",
    *,
    date: str = "",
    more: str = "",
) -> str:
    """Return the text of a script as alembic writes it."""
    said = ", ".join((parents,) if isinstance(parents, str) else parents or ())
    return (
        f'"""Change {own}\n\nRevision ID: {own}\nRevises: {said}\n'
        f'Create Date: {date}\n\n"""\n'
        "from alembic import op\nimport sqlalchemy as sa\n\n"
        f"revision = {own!r}\ndown_revision = {parents!r}\n{more}\n\n"
        f"def upgrade():\n    {upgrade}\n\n\ndef downgrade():\n    {downgrade}\n"
    )


def linked(directory: Path, scripts: dict[str, str]) -> Path:
    """Write a repository of alembic with these scripts, by name."""
    versions = directory / "migrations" / "versions"
    versions.mkdir(parents=True)
    (directory / "alembic.ini").write_text(SETTINGS)
    (directory / "migrations" / "env.py").write_text("raise SystemExit('imported')\n")
    for name, text in scripts.items():
        (versions / name).write_text(text)
    return versions


def numbered(directory: Path, scripts: dict[str, str]) -> Path:
    """Write a repository of sqlalchemy-migrate with these scripts, by name."""
    versions = directory / "repository" / "versions"
    versions.mkdir(parents=True)
    settings = "[db_settings]\nrepository_id=app\nversion_table=migrate_version\n"
    (directory / "repository" / "migrate.cfg").write_text(settings)
    for name, text in scripts.items():
        (versions / name).write_text(text)
    return versions


def step(upgrade: str = "pass", downgrade: str | None = None) -> str:
    """Return the text of a script of sqlalchemy-migrate."""
    text = f"from sqlalchemy import *\nfrom migrate import *\n\n\ndef upgrade(migrate_engine):\n    {upgrade}\n"
    if downgrade is not None:
        text += f"\n\ndef downgrade(migrate_engine):\n    {downgrade}\n"
    return text


def assessed(directory: Path, *options: str) -> tuple[Result, dict[str, Any]]:
    """Run `assess --json`, and return the first repository that it tells of."""
    result = run(directory, "--json", *options)
    assert "Traceback" not in result.output
    return result, json.loads(result.stdout)["repositories"][0]


def run(directory: Path | str, *options: str) -> Result:
    """Run `assess`; an exception that nobody caught is raised here."""
    return CliRunner().invoke(
        main, ["assess", str(directory), *options], catch_exceptions=False
    )


def kinds(repository: dict[str, Any], severity: str = "") -> list[str]:
    """Return the kinds of findings, of a severity if one is named."""
    return [
        finding["kind"]
        for finding in repository["findings"]
        if severity in {"", finding["severity"]}
    ]


def digest(directory: Path) -> str:
    """Return a digest of a folder: names, contents, modes, links and times of change."""
    told = hashlib.sha256()
    for root, folders, names in sorted(os.walk(directory)):
        for name in sorted((*folders, *names)):
            path = Path(root, name)
            status = path.lstat()
            told.update(os.fsencode(path))
            told.update(f" {status.st_mode} {status.st_mtime_ns}\n".encode())
            if path.is_symlink():
                told.update(str(path.readlink()).encode())
            elif path.is_file() and os.access(path, os.R_OK):
                told.update(path.read_bytes())
    return told.hexdigest()
