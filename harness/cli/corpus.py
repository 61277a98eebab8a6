"""`corpus`: the histories of real projects."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from harness.assessment.looking import NothingFoundError, look
from harness.assessment.shape import shape
from harness.cli import options
from harness.cli.exits import BAD_INPUT, DIFFERENT, NOT_ESTABLISHED, exit_codes, fail
from harness.cli.replay import replayed
from harness.contract import Adapter
from harness.databases import BACKENDS
from harness.journal.corpus import read_corpus_run
from harness.journal.replay import ReplayJournal
from harness.model.corpus import (
    CorpusRun,
    Ends,
    Entry,
    Lineage,
    PlayedHistory,
    added,
)
from harness.replaying.corpus import asked_for, chosen, pairs, read, shipped
from harness.replaying.outcome import ends, not_played, played
from harness.replaying.place import ReplayError
from harness.replaying.playback import Limits
from harness.replaying.replay import Asked, found
from harness.report.corpus import NAME, write_corpus
from harness.toolchains.building import default_cache

_CATALOGUE = click.option(
    "--catalogue",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another catalogue than the one that comes with the project.",
)


@click.group()
def corpus() -> None:
    """Play the histories of real projects, installed from your package index.

    \b
    Examples:
      migration-compare corpus list
      migration-compare corpus run nova20
      migration-compare corpus run cinder19m cinder19a --backend postgresql
    """


@corpus.command(name="list")
@_CATALOGUE
def list_command(catalogue: Path | None) -> None:
    """List the histories: what is installed for each, and on what it goes."""
    with exit_codes():
        for entry in read(catalogue or shipped()):
            until = f", until {entry.until}" if entry.until else ""
            click.echo(
                f"{entry.name}: {entry.requirements[0]} (Python {entry.interpreter}"
                f"{until}), {entry.tool}, {entry.steps} steps; {', '.join(entry.backends)}"
            )
            if entry.note:
                click.echo(f"  {entry.note}")


@corpus.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@_CATALOGUE
@click.option(
    "--backend",
    "backends",
    multiple=True,
    type=click.Choice([*BACKENDS, "all"]),
    help="Where to play them; else on the first that the catalogue names. Repeatable.",
)
@options.serving
@click.option("--walk", is_flag=True, help="Down and up again after every step.")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("reports/corpus"),
    show_default=True,
    help="Where to write: a folder for each history, and corpus.md.",
)
@click.option(
    "--add",
    is_flag=True,
    help="Keep what the record there tells of other histories and backends.",
)
def run(names: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401
    """Play histories of the catalogue, each in the environment of its time.

    Where two that are to come to the same schema are played on the same backend, their
    ends are compared. Exits with 3 if one does not go through, with 1 if one could not
    be played.
    """
    with exit_codes():
        started = datetime.now(UTC).isoformat(timespec="seconds")
        offered = options.offered(given)
        registry = options.registry({"more_adapters": (), "more_scenarios": ()})
        adapters = tuple(registry.adapters.values())
        entries = chosen(read(given["catalogue"] or shipped()), names)
        directory, walk = given["output"], given["walk"]
        wanted = tuple(_places(entries, given["backends"]))
        for _, backend in wanted:
            if (absence := offered[backend]) is not None:
                fail(f"{absence.reason}: {absence.remedy}", BAD_INPUT)
        earlier = read_corpus_run(directory) if given["add"] else None
        came_to: list[PlayedHistory] = []
        for entry, backend in wanted:
            came_to.append(_played(entry, backend, adapters, directory, walk=walk))
            alike = tuple(_compared(entries, came_to, directory))
            record = _record(started, came_to, alike)
            write_corpus(directory, added(earlier, record) if earlier else record)
        for one in came_to:
            click.echo(f"{one.name} on {one.backend}: {one.outcome}")
        click.echo(directory / NAME)
        if not all(one.engine for one in came_to):
            sys.exit(NOT_ESTABLISHED)
        if not all(one.went_through for one in came_to):
            sys.exit(DIFFERENT)


def _record(
    started: str, came_to: list[PlayedHistory], ends: tuple[Ends, ...]
) -> CorpusRun:
    return CorpusRun(
        version=version("migration-compare"),
        started=started,
        command=("migration-compare", *sys.argv[1:]),
        played=tuple(came_to),
        ends=ends,
    )


def _places(
    entries: tuple[Entry, ...], backends: tuple[str, ...]
) -> Iterator[tuple[Entry, str]]:
    for entry in entries:
        asked = entry.backends if "all" in backends else backends
        yield from ((entry, backend) for backend in asked or entry.backends[:1])


def _played(
    entry: Entry,
    backend: str,
    adapters: tuple[Adapter, ...],
    directory: Path,
    *,
    walk: bool,
) -> PlayedHistory:
    click.echo(f"{entry.name} on {backend}", err=True)
    journal = _journal(directory, entry, backend)
    asked = asked_for(entry, backend, Limits())
    try:
        with journal.held():
            record = replayed(
                asked, adapters, journal, stop_at=entry.stop_at, walk=walk
            )
            return played(entry, record, journal.steps(), _lineage(asked, adapters))
    except ReplayError as error:
        click.echo(str(error), err=True)
        told = str(error).replace(str(default_cache()), "{cache}")
        return not_played(entry, backend, told)


def _lineage(asked: Asked, adapters: tuple[Adapter, ...]) -> Lineage | None:
    """Return the shape of the history where it is installed, as `assess` reads it."""
    _, place = found(asked, adapters, lambda _: None)
    readers = [a.reader for a in adapters if a.tool == place.tool and a.reader]
    try:
        (reader, known), *_ = look(str(place.path), readers)
    except NothingFoundError:
        return None
    if asked.versions:
        folders = tuple(place.path / name for name in asked.versions)
        known = reader.at(place.path, folders)
    read_as = shape(reader.read(known))
    return Lineage(
        revisions=read_as.revisions,
        merges=len(read_as.merges),
        branch_points=len(read_as.branch_points),
        heads=len(read_as.heads),
        bases=len(read_as.bases),
    )


def _journal(directory: Path, entry: Entry, backend: str) -> ReplayJournal:
    return ReplayJournal(directory / f"{entry.name}-{backend}")


def _compared(
    entries: tuple[Entry, ...], came_to: list[PlayedHistory], directory: Path
) -> Iterator[Ends]:
    through = {(one.name, one.backend) for one in came_to if one.went_through}
    backends = dict.fromkeys(one.backend for one in came_to)
    for one, other, backend in pairs(entries, backends):
        if {(one.name, backend), (other.name, backend)} <= through:
            journals = (_journal(directory, e, backend) for e in (one, other))
            states = tuple(s for j in journals if (s := j.state()) is not None)
            yield ends(one, other, backend, states)
