"""In what two observations of the same step differ, apart from chance and time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from harness.judgement.difference import compare
from harness.model.evidence import Evidence, Observation
from harness.model.snapshot import Snapshot

_CHANCE = re.compile(
    r"0x[0-9a-f]+|(?<![0-9A-Za-z])(?=[a-f]*[0-9])[0-9a-f]{8,}(?![0-9A-Za-z])"
)
"""What is another one every time: identities that a tool draws, and addresses."""

_TIME = re.compile(r"\b\d+\.\d+ ?s(econds)?\b")


class Aspect(msgspec.Struct, frozen=True):
    """One respect in which two observations differ, such as the exit code."""

    what: str
    old: str
    new: str


class Departure(msgspec.Struct, frozen=True):
    """The first step at which two records of a cell part, and in what."""

    step: int
    title: str
    aspects: tuple[Aspect, ...]


def plain(text: str) -> str:
    """Return text without what chance and the clock put into it."""
    return _TIME.sub("… s", _CHANCE.sub("…", " ".join(text.split())))


def departure(
    old: Evidence, new: Evidence, title: Callable[[Observation], str]
) -> Departure | None:
    """Return where two records of a cell part; None if they tell the same."""
    pairs = zip(old.observations, new.observations, strict=False)
    for number, (one, other) in enumerate(pairs):
        aspects = tuple(_aspects(one, other))
        if aspects:
            return Departure(number, title(one), aspects)
    lengths = len(old.observations), len(new.observations)
    if lengths[0] == lengths[1]:
        return None
    last = min(lengths)
    longer = max(old.observations, new.observations, key=len)
    ended = "not reached", "carried out"
    said = ended if lengths[0] == last else tuple(reversed(ended))
    return Departure(last, title(longer[last]), (Aspect("the step", *said),))


def _aspects(old: Observation, new: Observation) -> Iterator[Aspect]:
    """Yield what differs, what weighs most first."""
    for what, tell in _TOLD.items():
        one, other = tell(old), tell(new)
        if one != other:
            yield Aspect(what, one, other)
    yield from _database(old, new)
    words = old.outcome.words, new.outcome.words
    if _in_any_order(words[0]) != _in_any_order(words[1]):
        yield Aspect("words", *words)


def _in_any_order(words: str) -> list[str]:
    return sorted(map(plain, words.split("; ")))


def _outcome(observation: Observation) -> str:
    outcome = observation.outcome
    kind = str(outcome.kind)
    return kind if outcome.kind.went_through else f"{kind} ({outcome.fault})"


def _exit_codes(observation: Observation) -> str:
    """Return the exit codes; commands that run at once end in any order."""
    commands = observation.commands
    codes = [f"signal {c.signal}" if c.signal else str(c.exit_code) for c in commands]
    return ", ".join(sorted(codes)) or "no command"


def _merge(observation: Observation) -> str:
    merge = observation.merge
    if merge is None:
        return "no merge"
    conflicts = sorted(f"{plain(p)} ({kind})" for p, kind in merge.conflicts.items())
    return f"exit {merge.exit_code}; conflicts: {', '.join(conflicts) or 'none'}"


def _answer(observation: Observation) -> str:
    answer = observation.answer
    return "none" if answer is None else ", ".join(sorted(map(plain, answer)))


def _files(observation: Observation) -> str:
    changes = (
        f"{c.status} {plain(c.path)} +{c.added} −{c.deleted}"
        for c in observation.changes
    )
    return "; ".join(sorted(changes)) or "none"


_TOLD: dict[str, Callable[[Observation], str]] = {
    "outcome": _outcome,
    "exit code": _exit_codes,
    "git merge": _merge,
    "answer": _answer,
    "files changed": _files,
}


def _database(old: Observation, new: Observation) -> Iterator[Aspect]:
    """Yield what the database has now that it had not before, or the other way."""
    if old.after is None or new.after is None:
        if old.after is not new.after:
            looked = ["looked at" if o.after else "not looked at" for o in (old, new)]
            yield Aspect("database", *looked)
        return
    sentences = _held(old.after, new.after)
    if sentences and old.expected and new.expected:
        held = (
            _held(o.expected, o.after) for o in (old, new) if o.expected and o.after
        )
        yield Aspect("database", *(said or "as expected" for said in held))
    elif sentences:
        yield Aspect("database", "as it was then", f"against that: {sentences}")


def _held(expected: Snapshot, found: Snapshot) -> str:
    return "; ".join(difference.sentence for difference in compare(expected, found))
