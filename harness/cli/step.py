"""`step`: one migration of a real history at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from harness.cli.exits import DIFFERENT, exit_codes
from harness.cli.playing import TARGET, playing, taken
from harness.model.replay import Direction, End, PlannedStep, PlayedStep
from harness.replaying.place import ReplayError
from harness.replaying.playback import Playback
from harness.replaying.replay import Stage, stage, up_to
from harness.replaying.replay import taken as taken_by
from harness.report.stepping import intent, outcome

_ASK = "[n]ext, [b]ack, [g]o to a step, [l]ist, [q]uit"


@click.command()
@click.argument("target", metavar=TARGET)
@playing
@click.option(
    "--at",
    "at",
    default="",
    metavar="STEP",
    help="The step to look at; those before it are played without a word. Without it "
    "you are asked, step by step.",
)
@click.option(
    "--count",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How many steps from there on.",
)
@click.option("--back", is_flag=True, help="Go back over each step afterwards.")
@click.option(
    "--output",
    type=click.File("w", encoding="utf-8"),
    default="-",
    help="Where to write; else the terminal.",
)
def step(**given: Any) -> None:  # noqa: ANN401
    """Go through a real history one migration at a time, up and down.

    Tells before a step what its script says that it does, and afterwards what it did:
    the statements, how the schema changed, the numbers of rows, the time. It happens in
    a database of its own, or in a copy of the SQLite file that --database names: yours
    stays as it is.

    \b
    Examples:
      migration-compare step migrations/ --python .venv/bin/python
      migration-compare step migrations/ --python .venv/bin/python --at 1a2b --back
      migration-compare step migrations/ --python .venv/bin/python \\
        --database test.db --at 1a2b
    """
    with exit_codes():
        output, at = given.pop("output"), given.pop("at")
        count, back = given.pop("count"), given.pop("back")
        asked, adapters = taken(given)
        with stage(asked, adapters, lambda line: click.echo(line, err=True)) as ready:
            limits = asked.limits
            playback = Playback(ready.process, ready.lens, limits, lambda _: None)
            walker = _Walker(
                ready, playback, lambda text: click.echo(text, file=output)
            )
            if at:
                walker.show(at, count, back=back)
            else:
                walker.ask()
        if walker.failed:
            sys.exit(DIFFERENT)


class _Walker:
    """Stands somewhere in a history, and tells of every step it takes."""

    def __init__(
        self, ready: Stage, playback: Playback, say: Callable[[str], None]
    ) -> None:
        self._playback = playback
        self._say = say
        self._steps = ready.steps
        self._taken = list(taken_by(ready))
        self.failed = False
        playback.begin_at(self._taken)

    def show(self, at: str, count: int, *, back: bool) -> None:
        """Go quietly to a step, and tell of it and of those that follow."""
        *before, first = up_to(self._steps, at)
        self._quietly(before)
        if first.id in self._taken:
            self._return_to(first)
        start = self._steps.index(first)
        for one in self._steps[start : start + count]:
            went = self._tell(one, Direction.UP)
            if went and back and self._tell(one, Direction.DOWN):
                self._tell(one, Direction.UP)
            if self.failed:
                return

    def ask(self) -> None:
        """Do what a person says until they leave, or a step fails."""
        while not self.failed:
            ahead = self._ahead()
            self._say(f"{len(self._taken)} of {len(self._steps)} steps are taken")
            if ahead is not None:
                self._say(intent(ahead, Direction.UP))
            said = _said(_ASK, "n" if ahead else "q")
            match said.partition(" ")[0]:
                case "n" if ahead is not None:
                    self._take(ahead, Direction.UP)
                case "b" if self._taken:
                    last = next(s for s in self._steps if s.id == self._taken[-1])
                    self._tell(last, Direction.DOWN)
                case "g":
                    self._go(said.partition(" ")[2] or _said("to which step"))
                case "l":
                    self._list()
                case "q":
                    return

    def _go(self, to: str) -> None:
        try:
            self._quietly(up_to(self._steps, to))
        except ReplayError as error:
            self._say(str(error))

    def _list(self) -> None:
        for one in self._steps:
            mark = "✔" if one.id in self._taken else " "
            self._say(f"{mark} {one.id} {one.message or Path(one.script).stem}")

    def _ahead(self) -> PlannedStep | None:
        return next((s for s in self._steps if s.id not in self._taken), None)

    def _quietly(self, steps: tuple[PlannedStep, ...] | list[PlannedStep]) -> None:
        for one in steps:
            if one.id not in self._taken and not self.failed:
                self._went(self._playback.take(one, Direction.UP))

    def _return_to(self, step: PlannedStep) -> None:
        """Go back over what a database has taken, to stand before a step."""
        while step.id in self._taken:
            last = next(s for s in self._steps if s.id == self._taken[-1])
            played = self._playback.take(last, Direction.DOWN)
            self._went(played)
            if played.end is not End.DONE:
                message = f"the database is beyond {step.id}: {outcome(played)}"
                raise ReplayError(message)

    def _tell(self, step: PlannedStep, direction: Direction) -> bool:
        if self.failed:
            return False
        self._say(intent(step, direction))
        return self._take(step, direction)

    def _take(self, step: PlannedStep, direction: Direction) -> bool:
        played = self._playback.take(step, direction)
        if played.end in (End.DONE, End.NO_WAY_BACK):
            self._say(outcome(played))
        self._went(played)
        return played.end is End.DONE

    def _went(self, played: PlayedStep) -> None:
        if played.end is End.DONE:
            up = played.direction is Direction.UP
            (self._taken.append if up else self._taken.remove)(played.id)
        elif played.end is not End.NO_WAY_BACK:
            self.failed = True
            self._say(outcome(played))


def _said(question: str, default: str | None = None) -> str:
    """Return what a person answers; at the end of their input, that they leave."""
    try:
        return str(click.prompt(question, default=default)).strip()
    except click.Abort as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from error
        return "q"
