"""Links of a report's files: whether each leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from harness.report.phrases import anchor
from harness.report.where import alternatives

_CELL = "cell="
_FENCED = re.compile(r"(`+).*?\1", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PLACE = re.compile(r'<a id="([^"]+)"')
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class _Document(HTMLParser):
    """The links and the places of an HTML document.

    An element of the class `cell` leads to the cell that it names.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self._in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where an element leads, and what leads to it."""
        self._in_cell |= tag == "a" and ("class", "cell") in attrs
        for name, value in attrs:
            if value and name in {"href", "src"}:
                self.links.append(value)
            elif value and name == "id":
                self.places.add(value)

    def handle_data(self, data: str) -> None:
        """Note the cell that a link names."""
        if self._in_cell:
            self.links.append(f"#{_CELL}{data}")

    def handle_endtag(self, tag: str) -> None:
        """Note where a link ends."""
        self._in_cell &= tag != "a"


def broken(folder: Path, cells: Iterable[str]) -> tuple[str, ...]:
    """Return a sentence for every link that leads nowhere; addresses of the web are left.

    `cells` are the names that a link to a cell may have.
    """
    known = set(cells)
    documents = {
        path.resolve(): _read(path)
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".html", ".md"}
    }
    return tuple(
        f"{path.name}: the link {link} leads nowhere"
        for path, (links, _) in documents.items()
        for link in dict.fromkeys(links)
        if not _leads(path, link, documents, known)
    )


_Documents = dict[Path, tuple[list[str], set[str]]]


def _read(path: Path) -> tuple[list[str], set[str]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        document = _Document(text)
        return document.links, document.places
    plain = _FENCED.sub("", text)
    headings = map(anchor, _HEADING.findall(text))
    places = {*headings, *_PLACE.findall(plain)}
    return _LINK.findall(plain), places


def _leads(path: Path, link: str, documents: _Documents, cells: set[str]) -> bool:
    if re.match(r"[a-z]+:", link):
        return True
    name, _, place = unquote(link).partition("#")
    target = (path.parent / name).resolve() if name else path
    if place.startswith(_CELL):
        return any(one in cells for one in alternatives(place.removeprefix(_CELL)))
    if not place:
        return target.exists()
    return target in documents and place in documents[target][1]
