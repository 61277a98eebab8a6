"""The command `migration-compare`."""

from __future__ import annotations

import click

from harness.cli.lazy import Entry, LazyGroup

SECTIONS = {
    "Compare": {
        "smoke": Entry(
            "does everything work here? (under a minute)", "harness.cli.smoke"
        ),
        "run": Entry("the whole comparison", "harness.cli.run"),
        "list": Entry(
            "what there is to compare", "harness.cli.inspection", "list_command"
        ),
        "explain": Entry(
            "a story, and how each tool's users write it", "harness.cli.explain"
        ),
        "show": Entry("what happened in one cell", "harness.cli.inspection"),
        "reproduce": Entry(
            "run a cell again and keep its repository", "harness.cli.reproduce"
        ),
        "report": Entry("a stored run's report, written anew", "harness.cli.report"),
        "diff": Entry("what differs between two stored runs", "harness.cli.diff"),
        "publish": Entry(
            "a run's report and evidence, to be committed", "harness.cli.publish"
        ),
        "schema": Entry("what comparison.json consists of", "harness.cli.inspection"),
    },
    "Time": {
        "bench": Entry("what it costs, and who is faster", "harness.cli.bench"),
        "growth": Entry(
            "how cost grows: history, schema, rows, distance", "harness.cli.growth"
        ),
        "anatomy": Entry("where the time of a command goes", "harness.cli.anatomy"),
    },
    "Look further": {
        "queue": Entry(
            "simulate many authors on a run's evidence", "harness.cli.queue"
        ),
        "explore": Entry(
            "search for differences nobody thought of", "harness.cli.explore"
        ),
        "matrix": Entry(
            "which releases work with which surroundings", "harness.cli.matrix"
        ),
        "sweep": Entry(
            "with which release a behaviour came or went", "harness.cli.sweep"
        ),
    },
    "Your own history": {
        "assess": Entry(
            "what is in it, and what is wrong with it", "harness.cli.assess"
        ),
        "replay": Entry(
            "play it under its own tool, step by step", "harness.cli.replay"
        ),
        "step": Entry(
            "one migration at a time: what does each do?", "harness.cli.step"
        ),
        "carry-over": Entry(
            "what if it moved? written, and proved", "harness.cli.carry_over"
        ),
        "corpus": Entry(
            "the histories of real projects, such as nova20", "harness.cli.corpus"
        ),
    },
}


class _Commands(LazyGroup):
    sections = SECTIONS


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="migration-compare", prog_name="migration-compare")
def main() -> None:
    """Put schema-migration tools through the same schema changes, side by side.

    Each command has a `--help` with examples. What they write ends with a line
    on stdout that has the path of the page to read.

    \b
    Exit codes:
      0    it ran, whatever it found about the tools
      1    a cell could not be established: an error in the harness or an adapter;
           for `assess`, something is wrong with the history
      2    bad arguments or bad input
      3    something differs: for `explore`, `diff` and `run --fail-on-change`; for
           `carry-over`, that or something is left for a person; for `replay`,
           `step` and `corpus run`, a step failed
      4    stored evidence is not as it was written
      130  interrupted; `run --resume` continues
    """
