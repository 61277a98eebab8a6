"""`assess`: what can be said of a real history without running it."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import click

from harness.assessment import (
    Assessments,
    NothingFoundError,
    Severity,
    assess_json,
    look,
)
from harness.assessment import (
    assess as assessed,
)
from harness.cli.exits import BAD_INPUT, FOUND, exit_codes, fail
from harness.contract import Adapter
from harness.execution.registry import discover
from harness.model.faults import FaultKind
from harness.replaying.corpus import asked_for, named
from harness.replaying.playback import Limits
from harness.replaying.replay import found
from harness.report.assessing import assessment_page, assessment_text

_FAULTS, _NEVER = "faults", "nothing"
_FORMS = {"text": assessment_text, "json": assess_json, "html": assessment_page}


@click.command()
@click.argument("path")
@click.option(
    "--environment",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where to look for a package that PATH names: a virtual environment, or a "
    "folder of packages.",
)
@click.option(
    "--tests",
    "tests_in",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the tests lie; without it, they are looked for in the project around. "
    "Repeatable.",
)
@click.option(
    "--versions",
    "versions",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folders of scripts, where an application names them only when it runs. "
    "Repeatable.",
)
@click.option(
    "--fail-on",
    "failing",
    multiple=True,
    type=click.Choice([_FAULTS, _NEVER, *(kind.value for kind in FaultKind)]),
    default=(_FAULTS,),
    metavar="KIND",
    help="Exit with 1 for this kind of finding: faults (the default), nothing, or a "
    "kind as the report names it, such as no-test. Repeatable.",
)
@click.option(
    "--json",
    "form",
    flag_value="json",
    help="For programs, with every revision; see `schema assess`.",
)
@click.option(
    "--html",
    "form",
    flag_value="html",
    help="One page that needs nothing else, with the history as a graph.",
)
def assess(
    path: str,
    *,
    environment: Path | None,
    tests_in: tuple[Path, ...],
    versions: tuple[Path, ...],
    failing: tuple[str, ...],
    form: str | None,
) -> None:
    """Tell what is in a history of migrations, and what is wrong with it.

    PATH is a folder, or a settings file in it, or package:folder, or corpus:NAME for a
    history of `corpus list`, which is installed for it. Every repository that lies there
    is found and read, as text: nothing of the application is imported, no database is
    opened, nothing is written.

    Exits with 0 if nothing was found that --fail-on names, with 1 if something was,
    and with 2 if there is no repository at PATH or nothing of it can be read.

    \b
    Examples:
      migration-compare assess .
      migration-compare assess app/migrations --fail-on faults --fail-on no-test
      migration-compare assess --environment .venv nova.db.sqlalchemy:migrate_repo
      migration-compare assess corpus:nova20
      migration-compare assess . --html > assessment.html
      migration-compare assess . --json | jq '.repositories[].shape.heads'
    """
    with exit_codes():
        found = _assessed(path, environment, tests_in, versions)
        click.echo(_FORMS[form or "text"](found), nl=False)
        sys.exit(_code(found, failing))


def _assessed(
    path: str,
    environment: Path | None,
    tests_in: tuple[Path, ...],
    versions: tuple[Path, ...],
) -> Assessments:
    adapters = tuple(discover().adapters.values())
    readers = [a.reader for a in adapters if a.reader is not None]
    try:
        where, folders = _installed(path, adapters)
        places = look(where, readers, environment)
    except (NothingFoundError, OSError) as error:
        fail(str(error), BAD_INPUT)
    if versions or folders:
        given = tuple(folder.absolute() for folder in versions) or folders
        reader, place = places[0]
        places = ((reader, reader.at(place.directory, given)),)
    return Assessments(
        version=version("migration-compare"),
        path=path,
        repositories=tuple(assessed(r, place, tests_in) for r, place in places),
    )


def _installed(
    path: str, adapters: tuple[Adapter, ...]
) -> tuple[str, tuple[Path, ...]]:
    """Return where a history of the catalogue lies, installed if need be, and its scripts.

    Any other path is returned as it is.
    """
    entry = named(path)
    if entry is None:
        return path, ()
    asked = asked_for(entry, entry.backends[0], Limits())
    _, place = found(asked, adapters, lambda line: click.echo(line, err=True))
    return str(place.path), tuple(place.path / name for name in entry.versions)


def _code(found: Assessments, failing: tuple[str, ...]) -> int:
    if not any(repository.shape.scripts for repository in found.repositories):
        return BAD_INPUT
    findings = (one for r in found.repositories for one in r.findings)
    wrong = any(
        one.kind in failing or (_FAULTS in failing and one.severity is Severity.FAULT)
        for one in findings
    )
    return FOUND if wrong else 0
