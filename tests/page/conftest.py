"""A real browser without a window, if there is one.

Playwright's own Chromium is taken, or else one of the system, or the program that
`MIGRATION_COMPARE_BROWSER` names. A machine without any skips these tests and says so;
`tox -e browser` fetches one, and there its absence is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from harness.report.page import page as rendered

from .pages import sources

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_REMEDY = (
    "install chromium, or run `tox -e browser`, or name a Chromium with "
    "MIGRATION_COMPARE_BROWSER"
)


def programs() -> Iterator[str | None]:
    """Yield the browsers that may be there, the first choice first; None is playwright's."""
    named = os.environ.get("MIGRATION_COMPARE_BROWSER")
    if named:
        yield named
        return
    yield None
    yield from filter(None, map(shutil.which, _NAMES))


def launched(playwright: Playwright) -> Browser:
    """Return a running browser; the test is skipped, or fails, if there is none."""
    said = []
    for program in programs():
        try:
            return playwright.chromium.launch(executable_path=program)
        except Error as error:
            said.append(str(error).strip().splitlines()[0])
    message = f"no browser that works: {'; '.join(said)}; {_REMEDY}"
    if os.environ.get("MIGRATION_COMPARE_TESTS_WITH") == "browser":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser for all tests of a worker."""
    with sync_playwright() as playwright:
        running = launched(playwright)
        yield running
        running.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the page on the disk."""
    path: Path = tmp_path_factory.mktemp("page") / "comparison.html"
    path.write_text(rendered(sources()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """Return the page as a reader has opened it; whatever goes wrong in it is an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text))
    page.on("dialog", lambda asked: wrong.append(asked.message))
    page.on(
        "request", lambda made: made.url.startswith(address) or wrong.append(made.url)
    )
    page.goto(address)
    yield page
    context.close()
    assert wrong == []
