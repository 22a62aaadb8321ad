"""One name, one meaning: of what modules offer, and of the files themselves."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from tests.house.surface import promised
from tests.house.tree import modules_of, nodes, plant

AMBIGUOUS_LIMIT, RECURRING_LIMIT = 2, 10

CONVENTIONS = {
    "ROUTES": "what a part of the web server answers, collected by bot/http/app.py",
    "add_to": "how each group of commands joins the command line's parser",
    "needs": "what a decision wants loaded; stands beside each decision",
    "router": "what one part of the API answers, collected by the API",
}
"""Names of which many modules offer one each, because they play the same part."""

LABELS = {"actions", "guards"}
"""Modules whose functions label the drawing of one machine; its table alone takes them, by `do.…` and `when.…`."""

PARTS = {
    "actions": "what the rows of one machine's table do",
    "anonymize": "one erasure of who answered, decided and stored",
    "channel": "a channel's sender: plan and send",
    "codec": "a channel's typed button data",
    "commands": "the commands of one audience, and their decisions",
    "connect": "makes the channel of one platform from the settings",
    "context": "what the functions of one layer are given",
    "doctor": "what `huifang doctor` asks of one channel",
    "descriptor": "what a channel tells of itself",
    "desk_calls": "how the tickets of one help desk are written to",
    "errors": "what one platform's errors, or the owner's mistakes, mean",
    "events": "what may happen to one machine's thing",
    "form": "reads what one web page sends",
    "guards": "conditions in one machine's table",
    "load": "reads a file of the owner's, or rows, into values",
    "machine": "one table of transitions; dialogs/machine.py is their engine",
    "messages": "the messages about one topic, as prompts",
    "model": "the values of one topic",
    "parse": "a platform's update into an Inbound",
    "present": "a Prompt in a platform's form",
    "rate_limits": "how fast one platform takes messages",
    "render": "draws one set of web pages",
    "routes": "what one set of pages answers",
    "schema": "the form of one of the owner's files",
    "validation": "what is wrong with values that are well-formed",
    "webhook": "a platform's calls to us",
    "wire": "a platform's calls over HTTP",
}
"""File names that say which part a module plays in its folder; each means the same in every folder."""

SUBJECTS = {
    *(
        "app",
        "audit",
        "calendar_entries",
        "campaigns",
        "customers",
        "data_requests",
        "feedback",
        "issues",
        "occurrences",
    ),
    *("phrases", "policy", "retention", "responses", "sandbox", "surveys", "telegram", "tickets", "users", "wechat"),
    *("wecom", "workdays"),
}
"""The product's own subjects: a file of this name treats that subject on its floor."""

FIELD_TERMS = {
    "binding": "a customer's chat becomes their contact",
    "loading": "settings from file and environment",
    "paging": "pages of an API's list",
    "scheduling": "when something is due",
    "signing": "signatures of webhooks",
    "campaign_pacing": "the rate at which a campaign is sent",
}
"""Modules called …ing by the field itself."""


def ambiguous(root: Path) -> list[str]:
    """Name each public name that several modules define, each for itself."""
    offered: dict[str, list[str]] = defaultdict(list)
    for path in modules_of(root):
        for name in (promised(path) or set()) - _imported(path) if path.stem not in LABELS else ():
            offered[name].append(path.relative_to(root).as_posix())
    return [
        f"{name}: {', '.join(sorted(places))}"
        for name, places in sorted(offered.items())
        if len(places) > 1 and name not in CONVENTIONS
    ]


def recurring(root: Path) -> list[str]:
    """Name each file name that stands in several folders and says neither the part nor the subject."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in modules_of(root):
        places[path.stem].append(path.parent.relative_to(root).as_posix())
    return [
        f"{name}: {', '.join(sorted(folders))}"
        for name, folders in sorted(places.items())
        if len(folders) > 1 and name not in PARTS and name not in SUBJECTS
    ]


def gerunds(root: Path) -> list[str]:
    """Name each module called …ing that is not a term of the field."""
    own = (path for path in modules_of(root) if path.stem.endswith("ing") and path.stem not in FIELD_TERMS)
    return sorted(path.relative_to(root).as_posix() for path in own)


def _imported(path: Path) -> set[str]:
    """Return the names that a module has from elsewhere: offering them again gives them no second meaning."""
    taken = (node for node in nodes(path) if isinstance(node, ast.ImportFrom))
    return {alias.asname or alias.name for node in taken for alias in node.names}


def test_a_name_with_two_meanings_is_seen(tmp_path: Path) -> None:
    tree = {
        "bot/a.py": "__all__ = ['Answer', 'needs']\nAnswer = needs = 1\n",
        "bot/b.py": "__all__ = ['Answer', 'needs']\nAnswer = needs = 2\n",
        "bot/c.py": "from bot.a import Answer\n__all__ = ['Answer']\n",
    }
    assert ambiguous(plant(tmp_path, tree)) == ["Answer: bot/a.py, bot/b.py"]


def test_a_file_name_with_two_meanings_is_seen(tmp_path: Path) -> None:
    names = (
        "bot/x/talk.py",
        "dialogs/talk.py",
        "bot/x/model.py",
        "dialogs/model.py",
        "bot/tickets.py",
        "bot/x/desk.py",
    )
    assert recurring(plant(tmp_path, dict.fromkeys(names, ""))) == ["talk: bot/x, dialogs"]


@pytest.mark.parametrize(("name", "seen"), [("tidying", ["bot/tidying.py"]), ("binding", []), ("thing_of", [])])
def test_a_module_named_by_a_gerund_is_seen(name: str, seen: list[str], tmp_path: Path) -> None:
    assert gerunds(plant(tmp_path, {f"bot/{name}.py": ""})) == seen
