"""Evidence: everything that was observed in a cell, as it is written to disk.

`FORMAT` is the version of this shape; a change that old readers would misread
raises it.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from harness.model.anatomy import Anatomy
from harness.model.cell import Cell
from harness.model.snapshot import Snapshot
from harness.model.steps import Step

FORMAT = 1


class OutcomeKind(StrEnum):
    """What became of a step, whatever the tool's exit codes are."""

    OK = "ok"
    WARNED = "warned"
    """It went through, and the tool said that something is wrong."""
    REFUSED = "refused"
    """The tool said no in its own words, and did nothing."""
    CRASHED = "crashed"
    """An exception the tool did not expect reached the user."""
    USAGE = "usage"
    """The command line was not understood."""
    TIMED_OUT = "timed out"
    KILLED = "killed"
    CONFLICT = "conflict"
    """Git could not merge."""
    UNSUPPORTED = "unsupported"
    """The candidate cannot express this step."""

    @property
    def went_through(self) -> bool:
        """Whether the step was carried out."""
        return self in {OutcomeKind.OK, OutcomeKind.WARNED}


class Fault(StrEnum):
    """What a tool's words mean, in neutral classes; `UNKNOWN` if no rule knows them."""

    NONE = "none"
    SEVERAL_HEADS = "several heads"
    DUPLICATE_IDENTITY = "duplicate identity"
    MISSING_PARENT = "missing parent"
    CYCLE = "cycle"
    UNKNOWN_REVISION = "unknown revision"
    GUARD_MISMATCH = "guard does not match"
    TEXT_CONFLICT = "text conflict"
    NOT_UP_TO_DATE = "database not up to date"
    BOOKKEEPING = "bookkeeping does not fit"
    NOT_CONTROLLED = "database not under control"
    MODELS_DIFFER = "models differ"
    DATABASE_UNREACHABLE = "database unreachable"
    NETWORK_UNREACHABLE = "network unreachable"
    CONFIGURATION_MISSING = "configuration missing"
    DRIVER_MISSING = "database driver missing"
    BROKEN_SCRIPT = "broken script"
    DATABASE_ERROR = "database error"
    BAD_COMMAND_LINE = "bad command line"
    TIME_LIMIT = "time limit"
    DIED = "process died"
    NOT_EXPRESSIBLE = "cannot be expressed"
    UNKNOWN = "unknown"


class Outcome(msgspec.Struct, frozen=True):
    """What became of a step or a command, with the line that says so."""

    kind: OutcomeKind
    fault: Fault = Fault.NONE
    words: str = ""


OK = Outcome(OutcomeKind.OK)


class Attempt(msgspec.Struct, frozen=True):
    """An attempt to connect to something."""

    kind: str
    target: str


class Command(msgspec.Struct, frozen=True):
    """One command that was run; times in seconds, memory in KiB.

    In `argv`, `stdout` and `stderr` the cell's directory is written `{cell}` and
    the toolchain's `{toolchain}`; everything else is verbatim. `exit_code` is None
    if a signal ended the process.
    """

    argv: tuple[str, ...]
    exit_code: int | None
    stdout: str
    stderr: str
    seconds: float
    cpu_seconds: float
    max_rss_kib: int
    signal: int | None = None
    timed_out: bool = False
    network: str = "open"
    attempts: tuple[Attempt, ...] = ()
    environ: dict[str, str] = {}
    outcome: Outcome = OK


class FileChange(msgspec.Struct, frozen=True):
    """What git says of one file between two commits; `was` is its former path."""

    path: str
    status: str
    added: int
    deleted: int
    was: str | None = None


class Merge(msgspec.Struct, frozen=True):
    """What git made of a merge; `conflicts` maps a path to the kind of conflict."""

    branch: str
    into: str
    exit_code: int
    output: str
    conflicts: dict[str, str] = {}


class Sample(msgspec.Struct, frozen=True):
    """A step timed once; times in seconds, over all commands of the step.

    In every `block` each participant has one turn, and `place` is the turn it had.
    `twin` is 0 or 1: each candidate takes part twice, to be held against itself.
    `answer` is what the tool said, `schema` a digest of the tables it left and of its
    bookkeeping: both must always be the same.
    """

    block: int
    place: int
    twin: int
    seconds: float
    cpu_seconds: float
    max_rss_kib: int
    commands: int
    went_through: bool
    answer: str = ""
    schema: str = ""


class Sampling(msgspec.Struct, frozen=True):
    """How the samples of a step were taken: alike for all who took turns.

    `looks` are the numbers of blocks after which it was planned to look whether more
    are needed, chosen before the first. Comparisons may be wrong at the rate
    `error_rate`, over all looks. `seconds` went by from the first block to the last,
    `sampled_seconds` of them in what was timed. `wanted_seconds` is what it takes to be
    measured well, by the warm-up. `conditions` are sentences. `by_hand` is what another
    timer said of a cell's two twins, in seconds, round by round.
    """

    seed: int
    looks: tuple[int, ...]
    blocks: int
    stopped: str
    budget_seconds: float
    seconds: float
    sampled_seconds: float
    error_rate: float
    conditions: tuple[str, ...] = ()
    wanted_seconds: float = 0.0
    by_hand: tuple[tuple[float, float], ...] = ()


class Observation(msgspec.Struct, frozen=True):
    """What one step did. Fields that do not apply to the step are empty.

    `stages` are what the database should hold after none, one, … all of the operations
    of a migration that failed, states that are alike left out.

    `seconds` is the step's time on the clock, `tool_seconds` and `git_seconds`
    the parts of it spent in the tool's and in git's processes, and `looking_seconds`
    the part that went into looking at databases.
    """

    step: Step
    outcome: Outcome
    seconds: float
    tool_seconds: float = 0.0
    git_seconds: float = 0.0
    looking_seconds: float = 0.0
    commands: tuple[Command, ...] = ()
    answer: tuple[str, ...] | None = None
    changes: tuple[FileChange, ...] = ()
    merge: Merge | None = None
    database: str | None = None
    before: Snapshot | None = None
    after: Snapshot | None = None
    expected: Snapshot | None = None
    stages: tuple[Snapshot, ...] = ()
    samples: tuple[Sample, ...] = ()
    sampling: Sampling | None = None
    anatomy: Anatomy | None = None


class Status(StrEnum):
    """Whether a cell gave evidence."""

    ESTABLISHED = "established"
    UNSUPPORTED = "unsupported"
    """The candidate cannot express the story; `reason` says why."""
    NOT_ESTABLISHED = "not established"
    """The harness or the adapter failed; `reason` says how."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """All observations of a cell: one record of `evidence.jsonl`.

    `digest` is the scenario's, `mode` is `forked` or `cold`, `help` says what the tool
    needed to start at all, `detail` holds a traceback if there is one.
    """

    format: int = FORMAT
    cell: Cell
    digest: str
    status: Status
    reason: str = ""
    detail: str = ""
    mode: str
    help: tuple[str, ...] = ()
    observations: tuple[Observation, ...]
    seconds: float
