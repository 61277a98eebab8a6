"""The words that the report uses in a sense of its own."""

from __future__ import annotations

import msgspec

from harness.model.verdict import Stage


class Word(msgspec.Struct, frozen=True):
    """A word with what it means here, which goes on from it as a sentence does."""

    word: str
    means: str


def _stages() -> str:
    return "; ".join(stage.value for stage in Stage)


GLOSSARY = (
    Word("candidate", "a tool used in one way"),
    Word("toolchain", "an interpreter with the packages of one time"),
    Word("story", "steps such as writing, merging and applying, in no tool's words"),
    Word("cell", "one story with one candidate, toolchain and database"),
    Word(
        "loser",
        "a patch that was written for a place in the history that another one took first",
    ),
    Word(
        "mending",
        "what it took until a loser could land: it was redone, or joined with the other "
        "by a further revision; git counts files and lines, renames recognised",
    ),
    Word(
        "noticed, rejected",
        "the stage at which a fault first stopped something, from early to late: "
        f"{_stages()}",
    ),
    Word(
        "guard check", "a check that a policy adds to a tool, to be run before landing"
    ),
    Word("load", "the tool reads the history; no database is changed"),
    Word(
        "half-way",
        "an upgrade or a downgrade had begun: some of what it was to do is done, be it "
        "whole migrations or a part of one, and some is not",
    ),
    Word(
        "silent loss",
        "every command ended with exit code 0, and a database is not what the tree says",
    ),
    Word("does not converge", "databases that took different ways do not end alike"),
    Word(
        "try",
        "one kind of work, with the network, the database or something else taken away",
    ),
    Word("mysql", "MySQL or MariaDB; the provenance says which it was"),
    Word(
        "catalogue C01", "a story of the collection in the project's docs/catalogue.md"
    ),
)
