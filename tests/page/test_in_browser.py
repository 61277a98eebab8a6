"""The page as a reader uses it, in a real browser, from the disk."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .pages import HOSTILE

CELL = "conflicts/a_race:one:new:sqlite"


def first_column(page: Page) -> list[str]:
    """Return the names of the stories, in the order in which they are shown."""
    return page.locator("#cells tbody th span").all_inner_texts()


def test_the_matrix_opens_on_one_way_of_running_each_candidate(opened: Page) -> None:
    """It starts with the plan's first toolchain and database, and names both."""
    expect(opened.locator("#shown")).to_have_text(
        "3 stories of 3, in 2 ways of running them."
    )
    expect(opened.locator("#cells thead")).to_contain_text("new, sqlite")


def test_then_and_now_can_be_switched_and_seen_side_by_side(opened: Page) -> None:
    """The oldest toolchain is the first choice, named with what it consists of."""
    choices = opened.get_by_role("group", name="Then and now").get_by_role("radio")

    expect(choices.first).to_have_value("old")
    opened.get_by_label("old (Python 2.7, SQLAlchemy 0.8)").check()
    expect(opened.locator("#cells thead")).to_contain_text("old, sqlite")
    opened.get_by_label("side by side").check()
    expect(opened.locator("#shown")).to_contain_text("in 4 ways")


def test_filters_narrow_the_rows(opened: Page) -> None:
    """By words, by family, by verdict, and by whether the columns differ."""
    opened.get_by_label("Find").fill("gap linearity")
    assert first_column(opened) == ["a gap"]
    opened.get_by_label("Find").fill("")
    opened.get_by_label("Family").select_option("conflicts")
    assert first_column(opened) == ["a race", "no race"]
    opened.get_by_label("all", exact=True).check()
    opened.get_by_label("only where these differ").check()
    assert first_column(opened) == ["a race"]


def test_what_nobody_shows_is_said(opened: Page) -> None:
    """A filter that leaves nothing says so to those who see and those who hear."""
    opened.get_by_label("Find").fill("nothing of that kind")

    expect(opened.get_by_role("status").first).to_contain_text("0 stories of 3")


def test_columns_are_sorted_by_keyboard(opened: Page) -> None:
    """A heading is a button; its order is told, and focus stays on it."""
    heading = opened.locator("#cells").get_by_role("columnheader", name="one")
    heading.get_by_role("button").focus()
    opened.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    rising = first_column(opened)
    opened.keyboard.press("Enter")

    expect(heading).to_have_attribute("aria-sort", "descending")
    assert first_column(opened)[0] == rising[-1]


def test_a_cell_opens_its_story(opened: Page) -> None:
    """Commands, outputs, exit codes, files and the database's difference are shown."""
    opened.locator("#cells").get_by_role("row", name="a race").get_by_role(
        "link"
    ).first.click()
    story = opened.get_by_role("dialog")

    expect(story.get_by_role("heading", level=2)).to_have_text(
        "a race: one, new, sqlite"
    )
    expect(story.get_by_role("heading", level=2)).to_be_focused()
    expect(story).to_contain_text("$ tool upgrade")
    expect(story).to_contain_text("exit 0 · 0.12 s")
    expect(story).to_contain_text("renamed: 3_b.py from 2_b.py")
    expect(story.locator("ins").first).to_have_text("+   email TEXT\n")
    expect(story).to_contain_text(HOSTILE)
    assert opened.url.endswith(f"#cell={CELL}")


def test_a_story_closes_where_it_was_opened(opened: Page) -> None:
    """Escape closes it, and focus is back on the cell."""
    link = (
        opened.locator("#cells")
        .get_by_role("row", name="a race")
        .get_by_role("link")
        .first
    )
    link.focus()
    opened.keyboard.press("Enter")
    expect(opened.locator(".timeline")).to_be_visible()
    opened.keyboard.press("Escape")

    expect(opened.get_by_role("dialog")).to_be_hidden()
    expect(link).to_be_focused()


def test_an_address_leads_to_a_cell(opened: Page, address: str) -> None:
    """A link to a cell, or to several at once, opens it; going back closes it."""
    opened.evaluate("location.hash = '#cell=conflicts/{a_race,no_race}:two:old:mysql'")
    title = opened.locator("#story-title")
    expect(title).to_have_text("a race: two, old, mysql")
    opened.go_back()
    expect(opened.get_by_role("dialog")).to_be_hidden()

    opened.goto("about:blank")
    opened.goto(f"{address}#cell={CELL}")
    expect(title).to_have_text("a race: one, new, sqlite")


def test_a_story_leads_to_the_same_story_elsewhere(opened: Page) -> None:
    """Then and now, the other databases and candidates are one step away."""
    opened.evaluate(f"location.hash = '#cell={CELL}'")
    opened.get_by_text("The same story in 8 cells").click()
    opened.get_by_role("link", name="two, old, mysql").click()

    expect(opened.locator("#story-title")).to_have_text("a race: two, old, mysql")


def test_an_address_of_no_cell_is_ignored(opened: Page) -> None:
    """A name that the run does not have leaves the page as it is."""
    opened.evaluate("location.hash = '#cell=conflicts/gone:one:new:sqlite'")
    opened.get_by_label("Find").fill("race")

    expect(opened.get_by_role("dialog")).to_be_hidden()


def test_a_phone_shows_cards_without_scrolling_sideways(opened: Page) -> None:
    """The table stays a table for those who hear it, and fits for those who see it."""
    opened.set_viewport_size({"width": 360, "height": 700})
    opened.get_by_label("side by side").check()

    expect(opened.get_by_text("two, old, sqlite").first).to_be_visible()
    expect(
        opened.locator("#cells").get_by_role("row", name="a race").get_by_role("cell")
    ).to_have_count(4)
    assert opened.evaluate("document.documentElement.scrollWidth") == 360


def test_dark_is_dark(opened: Page) -> None:
    """The page follows the reader's colour scheme."""
    ground = "getComputedStyle(document.body).backgroundColor"
    light = opened.evaluate(ground)
    opened.emulate_media(color_scheme="dark")

    assert opened.evaluate(ground) != light


def test_print_leaves_out_what_paper_cannot_do(opened: Page) -> None:
    """Filters are left out; a story that is open is printed alone."""
    opened.emulate_media(media="print")
    expect(opened.locator("#filters")).to_be_hidden()
    opened.emulate_media(media="screen")
    opened.evaluate(f"location.hash = '#cell={CELL}'")
    expect(opened.locator(".timeline")).to_be_visible()
    opened.emulate_media(media="print")

    expect(opened.locator("main")).to_be_hidden()
    expect(opened.locator(".timeline")).to_be_visible()
