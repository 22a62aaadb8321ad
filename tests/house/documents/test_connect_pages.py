"""Each help desk that can be plugged in has its page, in the list of all, and the page names what its settings are."""

import re

import pytest

from bot.connectors.connector_registry import CONNECTORS
from tests.house.tree import ROOT

PAGES = ROOT / "docs" / "connect"
LIST = (PAGES / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", list(CONNECTORS))
def test_each_connector_has_its_page_in_the_list(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text("utf-8")
    title = "Any tool with a webhook" if name == "generic" else CONNECTORS[name].title
    assert page.startswith(f"# {title}\n")
    assert f"[{title}]({name}.md) | `{name}`" in LIST


def test_no_page_is_of_a_help_desk_that_is_none() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == {"README", *CONNECTORS}


@pytest.mark.parametrize("name", [name for name in CONNECTORS if name != "generic"])
def test_a_page_says_what_is_read_from_where(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z, ]+) \|", page, re.MULTILINE)
    assert {"ticket", "closed", "customer"} <= {word for row in rows for word in row.split(", ")}
    assert len(page.splitlines()) <= 60
