"""What an exploration leaves: a folder for each find, and `exploration.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from harness.exploration.drafts import BASE, Draft, scenario_of
from harness.exploration.known import written
from harness.exploration.search import Found, Search
from harness.exploration.strategies import DRAWN
from harness.exploration.symptoms import Sighting, kind_of
from harness.exploration.writing import module_of
from harness.journal.files import replace
from harness.model.cell import Cell
from harness.model.known import KnownDifference
from harness.model.operations import Operation
from harness.model.scenario import Scenario
from harness.model.steps import Migration

REPORT = "exploration.md"


class Find(msgspec.Struct, frozen=True, kw_only=True):
    """A new difference as it is reported; `sightings` are those of its last run."""

    scenario: Scenario
    file: Path
    found: Found
    sightings: tuple[Sighting, ...]
    columns: tuple[Cell, ...]
    evidence: Path | None = None


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """How an exploration was run; `versions` is by toolchain, `command` repeats it."""

    command: str
    seed: int
    ended: str
    versions: dict[str, dict[str, str]]


def named(found: Found, number: int, seed: int, backends: tuple[str, ...]) -> Scenario:
    """Return the smallest story of a find, with a name, a question and a reason."""
    sighting = found.sighting
    kinds = [kind_of(operation) for operation in found.draft.operations]
    did = ", then ".join(kind.replace("_", " ") for kind in kinds) or "nothing at all"
    name = _slug(
        f"found_{number}_{sighting.symptom.kind}_{'_'.join(dict.fromkeys(kinds))}"
    )
    line = tuple(
        Migration(
            _slug("_".join((m.name, kind_of(m.upgrade[0])))), m.upgrade, m.downgrade
        )
        for m in found.draft.line
    )
    story = scenario_of(
        msgspec.structs.replace(found.draft, line=line),
        backends,
        name,
        f"Does every candidate get through this: {did}?",
        f"An exploration saw: {sighting.sentence}",
    )
    return msgspec.structs.replace(story, sources=(f"exploration, seed {seed}",))


def write_scenario(scenario: Scenario, found: Found, directory: Path) -> Path:
    """Write a story as a file that `run --scenarios-from` takes; return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{scenario.name}.py"
    title = f"Found by an exploration. {written(found.sighting)}"
    replace(path, module_of(scenario, title.replace("\\", "/")).encode())
    return path


def write_report(
    directory: Path,
    search: Search,
    finds: tuple[Find, ...],
    known: tuple[KnownDifference, ...],
    circumstances: Circumstances,
) -> Path:
    """Write `exploration.md`, and return its path."""
    path = directory / REPORT
    parts = (
        _summary(search, finds, circumstances),
        *(_find(number, find) for number, find in enumerate(finds, 1)),
        _known(search, known, circumstances),
        _coverage(search),
    )
    text = "\n".join(line for part in parts for line in (*part, ""))
    replace(path, text.encode())
    return path


def repeating(find: Find) -> str:
    """Return the command line that runs a find's story again."""
    cell = find.found.sighting.cell
    return (
        f"migration-compare run --scenarios-from {find.file} "
        f"--scenario {find.scenario.name} --toolchain {cell.toolchain} "
        f"--backend {cell.backend}"
    )


def _summary(
    search: Search, finds: tuple[Find, ...], circumstances: Circumstances
) -> Iterator[str]:
    tally = search.tally
    columns = "; ".join(_column(cell) for cell in search.columns)
    yield "# Exploration"
    yield ""
    yield (
        f"{tally.examples} examples, {sum(tally.operations.values())} operations, "
        f"{tally.plays} plays: **{len(finds)} new differences**, "
        f"{len(tally.known)} known ones met. {circumstances.ended}"
    )
    yield ""
    yield f"- columns: {columns}"
    yield f"- seed: {circumstances.seed}"
    yield f"- command: `{circumstances.command}`"
    for name, versions in circumstances.versions.items():
        said = ", ".join(f"{package} {v}" for package, v in sorted(versions.items()))
        yield f"- toolchain {name}: {said}"


def _find(number: int, find: Find) -> Iterator[str]:
    found = find.found
    yield f"## {number}. {written(found.sighting)}"
    yield ""
    yield "What was done:"
    yield ""
    for table in found.draft.tables:
        rows = len(found.draft.rows.get(table.name, ()))
        columns = ", ".join(f"{c.name} {_type(c)}" for c in table.columns)
        yield f"- {BASE}: table `{table.name}` ({columns}) with {rows} rows"
    for migration in found.draft.line:
        for operation in migration.upgrade:
            yield f"- {migration.name}: {_in_words(operation)}"
    yield f"- the database went {_way(found.draft)}"
    yield ""
    yield "Expected: what the oracle builds from the same operations. Instead:"
    yield ""
    for cell in find.columns:
        seen = [s.sentence for s in find.sightings if s.cell == cell]
        yield f"- **{_column(cell)}**: {_one_line('; '.join(seen)) or 'as expected'}"
    yield ""
    if not found.whole:
        yield "Shrinking was ended before it was done: the story may be smaller yet."
        yield ""
    yield f"To repeat `{find.file.name}`, and to look at what was run:"
    yield ""
    yield "```sh"
    yield repeating(find)
    if find.evidence is not None:
        yield f"migration-compare show {find.scenario.id} {find.evidence}"
    yield "```"


def _known(
    search: Search, known: tuple[KnownDifference, ...], circumstances: Circumstances
) -> Iterator[str]:
    yield "## Known differences"
    yield ""
    if not known:
        yield "None are known for these columns."
        return
    yield "| id | examples | what | reference |"
    yield "|---|---|---|---|"
    current = {
        k: v for found in circumstances.versions.values() for k, v in found.items()
    }
    for one in known:
        met = search.tally.known.get(one.id, 0)
        other = [
            f"recorded with {package} {version}, here {current[package]}"
            for package, version in one.versions.items()
            if current.get(package, version) != version
        ]
        said = "; ".join((one.reason, *other))
        yield f"| {one.id} | {met or 'not seen'} | {_cell(said)} | {_cell(one.reference)} |"


def _coverage(search: Search) -> Iterator[str]:
    counts, pairs = search.tally.operations, search.tally.pairs
    drawn = [str(kind.__struct_config__.tag) for kind in DRAWN]
    others = [t for t in _all_kinds() if t not in drawn]
    yield "## Coverage"
    yield ""
    yield "| operation | drawn | followed by |"
    yield "|---|---|---|"
    for kind in drawn:
        after = [second for first, second in pairs if first == kind]
        yield f"| {kind} | {counts.get(kind, 0)} | {len(after)} of {len(drawn)} kinds |"
    yield ""
    yield f"{len(pairs)} of {len(drawn) ** 2} pairs of consecutive operations were tried."
    if others:
        yield f"Never drawn, because there is no rule for it yet: {', '.join(others)}."


def _all_kinds() -> list[str]:
    return [str(kind.__struct_config__.tag) for kind in Operation.__args__]


def _column(cell: Cell) -> str:
    return f"{cell.candidate} on {cell.toolchain}, {cell.backend}"


def _type(column: object) -> str:
    encoded = msgspec.to_builtins(column)
    kind = encoded["type"].pop("type")
    inner = ", ".join(str(value) for value in encoded["type"].values() if value)
    return f"{kind}({inner})" if inner else str(kind)


def _way(draft: Draft) -> str:
    return " → ".join(["base", *(_place(draft, place) for place in draft.moves)])


def _place(draft: Draft, place: int) -> str:
    return draft.line[place - 1].name if place else "base"


def _in_words(operation: Operation) -> str:
    fields = msgspec.to_builtins(operation)
    kind = fields.pop("operation").replace("_", " ")
    said = ", ".join(
        f"{key} {_brief(value)}" for key, value in fields.items() if value is not None
    )
    return f"{kind} ({said})"


def _brief(value: object) -> str:
    encoded = msgspec.json.encode(_without_defaults(value)).decode()
    return encoded.replace('"', "")


def _without_defaults(value: object) -> object:
    if isinstance(value, dict):
        kept = {k: _without_defaults(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v not in (None, [], False)}
    return [*map(_without_defaults, value)] if isinstance(value, list) else value


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower())[:60].strip("_")
