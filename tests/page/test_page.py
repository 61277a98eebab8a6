"""The page as text: whole, safe, self-contained, and the same bytes every time."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.snapshot import ColumnState, Snapshot, TableState, TypeState
from harness.report.document import markdown
from harness.report.page import page
from harness.report.page.described import books, described
from harness.report.page.packing import packed
from tests.grown import curve, grown

from .pages import HOSTILE, database, sources


class Elements(HTMLParser):
    """Collects the elements of a page, their text, and the data in its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.data: dict[str, str] = {}
        self.words: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element, and whether what follows is data."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._inside = (
            dict(attrs).get("id") or tag if tag in {"script", "style"} else ""
        )

    def handle_data(self, data: str) -> None:
        """Put text where it belongs."""
        if self._inside:
            self.data[self._inside] = self.data.get(self._inside, "") + data
        else:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """After a script or a style comes text again."""
        self._inside = ""

    @property
    def text(self) -> str:
        """What a reader sees, spaces levelled."""
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def elements() -> Elements:
    """Return the page, taken apart."""
    return Elements(page(sources()))


def unpacked(text: str) -> Any:
    """Return what was packed, as the page's script unpacks it."""
    parts = json.loads(zlib.decompress(b64decode(text)))

    def at(place: int) -> Any:
        part = parts[place]
        return [at(inner) for inner in part] if isinstance(part, list) else part

    return at(len(parts) - 1)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4),
)


@given(st.lists(values))
def test_what_is_packed_can_be_unpacked(value: list[Any]) -> None:
    """Packing loses nothing; true is not one, and 1 is not its text."""
    assert unpacked(packed(value)) == value
    assert repr(unpacked(packed(value))) == repr(value)


def test_packing_does_not_depend_on_the_machine() -> None:
    """The bytes are those of the pinned release, wherever it was built."""
    assert packed([["a", 1], ["a", 1], "tool upgrade " * 9]) == PACKED


PACKED = "eNqLVkpU0jHUiTbQMYzVUSrJz89RKC1IL0pMSVWgF0dJJ9pIx0jHODYWAKLYMYU="


def test_the_same_evidence_gives_the_same_page() -> None:
    """The page depends on nothing but the stored evidence."""
    assert page(sources()) == page(sources())


def test_every_cell_and_its_story_are_on_the_page(elements: Elements) -> None:
    """Each cell of the run is in the matrix, and its story in the file."""
    written = sources()
    told = {
        name
        for key, text in elements.data.items()
        if key.startswith("stories-")
        for name, _ in unpacked(text)
    }
    matrix = json.loads(elements.data["matrix-data"])

    assert told == {one.cell.id for one in written.evidence}
    assert [
        (matrix["headlines"][headline], matrix["grades"][grade][0])
        for _, _, grade, headline in matrix["cells"]
    ] == [(finding.headline, str(finding.grade)) for finding in written.findings]


def test_a_story_holds_what_was_observed(elements: Elements) -> None:
    """Commands, exit codes, outputs, files and the database are in the story."""
    stories = dict(unpacked(elements.data["stories-conflicts"]))
    events = stories["conflicts/a_race:one:new:sqlite"][3]
    upgrade, redo = events[-1], events[-3]

    (line, ending, stdout, stderr, _), *_ = upgrade[3]
    assert ("tool upgrade", "exit 0", HOSTILE) == (line, ending, stderr)
    assert stdout == "from conflicts/a_race:one:new:sqlite"
    assert "  email TEXT" in set(upgrade[-1]) - set(upgrade[-2])
    assert redo[6] == ["renamed: 3_b.py from 2_b.py (+0 −0 lines)"]


def test_hostile_words_stay_words(elements: Elements) -> None:
    """Whatever a tool says becomes neither an element nor a handler nor a script."""
    families = 2
    assert elements.tags.count("script") == 2 + families
    assert "img" not in elements.tags
    assert [name for name, _ in elements.attributes if name.startswith("on")] == []
    assert HOSTILE in elements.text


def test_the_page_needs_nothing_but_itself(elements: Elements) -> None:
    """Nothing is loaded from elsewhere, and the policy of the page forbids it."""
    loading = [
        value for name, value in elements.attributes if name in {"src", "action"}
    ]
    policy = next(v for n, v in elements.attributes if v.startswith("default-src"))

    assert loading == []
    assert policy.startswith(
        "default-src 'none'; style-src 'unsafe-inline'; script-src '"
    )
    assert "link" not in elements.tags
    assert not re.search(r"@import|url\((?!#)", elements.data["style"])


def test_links_within_the_page_lead_somewhere(elements: Elements) -> None:
    """Every link to a place on the page has that place; the rest leads to cells."""
    ids = [value for name, value in elements.attributes if name == "id"]
    refers = {"aria-labelledby", "for"}
    places = {
        place
        for name, value in elements.attributes
        for place in value.removeprefix("#").split()
        if name in refers or (name == "href" and not value.startswith("#cell="))
    }

    assert places - {*ids, "story-title"} == set()
    assert len(ids) == len(set(ids))


def test_the_page_says_what_the_markdown_says(elements: Elements) -> None:
    """Every answer, surprise and outcome of the one is on the other."""
    text = markdown(sources()).split("## The answers")[1]
    answers, contents = text.split("## Contents")
    rest = contents.split("## The claims")[1].split("## Provenance")[0]
    sections = answers + rest
    lines = re.findall(r"^ *- (.+)$", sections, re.MULTILINE)
    plain = [re.sub(r"\*\*|`|\\(?=\|)|\[|\]\(#.*?\)", "", line) for line in lines]
    missing = [
        line
        for line in plain
        if " ".join(line.split()) not in elements.text.replace("`", "")
        and not line.startswith(("evidence:", "What depends", "How far"))
        and "in full" not in line
    ]

    assert missing == []


def test_growth_beside_a_run_is_drawn_on_the_page() -> None:
    """Each plot is a part of the page, with its words for those who do not see it."""
    measured = grown(*curve("one", lambda size: 0.5 + 0.001 * size))
    text = page(msgspec.structs.replace(sources(), growth=measured))
    (image,) = re.findall(r'<img class="plot" src="([^"]*)" alt="([^"]*)">', text)
    drawn = b64decode(image[0].removeprefix("data:image/svg+xml;base64,"))

    assert "grows like n^1.0" in text
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:;" in text
    assert image[1].startswith("Plot: seconds for asking for heads")
    assert b"<svg" in drawn
    assert "img-src" not in page(sources())


def test_the_matrix_beside_a_run_is_told_with_its_link() -> None:
    """Its paragraphs are sentences of ours: code, stress and links are marked up."""
    told = (
        "**One** runs on `3.12`, not <b>.\n\nSee [matrix/matrix.md](matrix/matrix.md)."
    )
    text = page(msgspec.structs.replace(sources(), matrix=told))

    assert (
        "<p><strong>One</strong> runs on <code>3.12</code>, not &lt;b&gt;.</p>" in text
    )
    assert '<p>See <a href="matrix/matrix.md">matrix/matrix.md</a>.</p>' in text


def test_a_database_is_described_line_by_line() -> None:
    """Tables come first; the tool's own rows are apart from what is expected."""
    one = database("id")

    assert described(one) == ("table users", "  id TEXT")
    assert books(one) == ("the tool's table version", "    number = 1")
    assert books(Snapshot((), (), {"version": ()})) == (
        "the tool's table version: empty",
    )


def test_what_only_some_columns_have_is_described() -> None:
    """Where two databases differ in nothing else, their lines have to differ."""
    column = ColumnState(
        "gross",
        "INTEGER",
        nullable=False,
        generated="net * 2, stored",
        comment="all in",
    )
    table = TableState("parts", (column,), comment="what is sold")
    kinds = TypeState("kind", ("core", "guest"))

    assert described(Snapshot((table,), types=(kinds,))) == (
        "table parts",
        "  comment 'what is sold'",
        "  gross INTEGER not null generated (net * 2, stored) comment 'all in'",
        "type kind: core, guest",
    )
