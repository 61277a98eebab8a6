"""The command `migration-compare`."""

from __future__ import annotations

from importlib.metadata import version

import click

from harness.cli.anatomy import anatomy
from harness.cli.assess import assess
from harness.cli.bench import bench
from harness.cli.carry_over import carry_over
from harness.cli.corpus import corpus
from harness.cli.diff import diff
from harness.cli.explain import explain
from harness.cli.explore import explore
from harness.cli.growth import growth
from harness.cli.inspection import list_command, schema, show
from harness.cli.matrix import matrix
from harness.cli.publish import publish
from harness.cli.queue import queue
from harness.cli.replay import replay
from harness.cli.report import report
from harness.cli.reproduce import reproduce
from harness.cli.run import run
from harness.cli.smoke import smoke
from harness.cli.step import step
from harness.cli.sweep import sweep


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("migration-compare"), prog_name="migration-compare")
def main() -> None:
    """Put schema-migration tools through the same schema changes, side by side.

    \b
    Start here:
      migration-compare smoke           does everything work here? (under a minute)
      migration-compare run             the whole comparison
      migration-compare bench           what it costs, and who is faster
      migration-compare growth          how cost grows: history, schema, rows, distance
      migration-compare anatomy         where the time of a command goes
      migration-compare list            what there is to compare
      migration-compare explain SCENARIO
                                        a story, and how each tool's users write it
      migration-compare show CELL       what happened in one cell
      migration-compare diff OLD NEW    what differs between two stored runs
      migration-compare publish FOLDER  a run's report and evidence, to be committed
      migration-compare reproduce CELL  run it again and keep its repository
      migration-compare queue           simulate many authors on a run's evidence
      migration-compare explore         search for differences nobody thought of
      migration-compare matrix          which releases work with which surroundings
      migration-compare sweep           with which release a behaviour came or went
      migration-compare assess PATH     what is in your own history, and what is wrong

    \b
    Your own history:
      migration-compare replay PATH     play it under its own tool, step by step
      migration-compare step PATH       one migration at a time: what does each do?
      migration-compare carry-over PATH --to TOOL
                                        what if it moved? written, and proved
      migration-compare corpus run NAME the history of a real project, such as nova20

    \b
    Exit codes:
      0    it ran, whatever it found about the tools
      1    a cell could not be established: an error in the harness or an adapter;
           for `assess`, something is wrong with the history
      2    bad arguments or bad input
      3    something differs: for `explore`, `diff` and `run --fail-on-change`; for
           `carry-over`, that or something is left for a person
      4    stored evidence is not as it was written
      130  interrupted; `run --resume` continues
    """


for command in (
    run,
    bench,
    growth,
    anatomy,
    list_command,
    explain,
    report,
    show,
    diff,
    publish,
    reproduce,
    explore,
    queue,
    smoke,
    matrix,
    sweep,
    replay,
    step,
    corpus,
    carry_over,
    assess,
    schema,
):
    main.add_command(command)
