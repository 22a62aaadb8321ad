"""A channel is one folder: little of the product outside it knows its name, so that another one is added easily."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, modules_of, nodes, plant, syntax

MODEL, LIMIT = "wechat", 4
"""The channel with the most to say stands for every new one; one of its files is the registry."""


def files_naming(root: Path, channel: str) -> list[str]:
    """Name each module outside a channel's folder whose code, not its comments, holds the channel's name."""
    home = root / "bot" / "channels" / channel
    outside = (path for path in modules_of(root) if home not in path.parents)
    return [path.relative_to(root).as_posix() for path in outside if channel in _words(syntax(path))]


OWN_NAMES = {
    ("bot/app.py", "web"): "the role of the process that serves HTTP",
    ("bot/cli/people.py", "telegram"): "the roster's field",
    ("bot/control/people.py", "telegram"): "the roster's field",
    ("bot/handlers/admin/roster.py", "telegram"): "the roster's field",
    ("bot/handlers/rater_links.py", "web"): "how a customer's answers came",
    ("bot/handlers/survey_page/entry.py", "web"): "the page is this channel",
    ("bot/http/console/routes.py", "sandbox"): "the sandbox's page",
    ("bot/http/console/sandbox.py", "sandbox"): "the sandbox's page",
    ("storage/schema/tables.py", "telegram"): "the roster's column",
}
"""Texts that are a channel's name and mean something else, or the very thing that the module is for."""


def names_written(root: Path) -> set[tuple[str, str]]:
    """Return each module outside the channels in whose code a text is the name of a channel, with the name."""
    homes = root / "bot" / "channels"
    names = {found.parent.name for found in _descriptors(root)}
    return {
        (path.relative_to(root).as_posix(), node.value)
        for path in modules_of(root)
        if homes not in path.parents
        for node in nodes(path)
        if isinstance(node, ast.Constant) and node.value in names
    }


def without_contract(root: Path) -> set[str]:
    """Return the channels that import-linter does not keep apart from the others."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    apart = next(contract for contract in contracts if contract["id"] == "channels")["layers"][0]
    return {path.parent.name for path in _descriptors(root) if f"(bot.channels.{path.parent.name})" not in apart}


def _descriptors(root: Path) -> Iterator[Path]:
    yield from (root / "bot" / "channels").glob("*/descriptor.py")


def _words(tree: ast.Module) -> set[str]:
    return {word for text in _texts(tree) for word in re.split(r"[^a-z]+", text.lower())}


def _texts(tree: ast.Module) -> Iterator[str]:
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as text) if id(node) not in prose:
                yield text
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
            case ast.alias(name=name):
                yield name
            case ast.ImportFrom(module=str() as name):
                yield name
            case _:
                pass


def test_a_module_that_names_a_channel_is_seen(tmp_path: Path) -> None:
    tree = {
        "bot/channels/wechat/send.py": "NAME = 'wechat'\n",
        "bot/channels/registry.py": "from bot.channels import wechat\n",
        "bot/a.py": '"""About wechat."""\n# wechat\nx = "mention wechats"\n',
        "dialogs/b.py": "if channel == 'wechat': pass\n",
        "config/c.py": "class WeChat: wechat_token = 1\n",
    }
    plant(tmp_path, tree)
    assert files_naming(tmp_path, "wechat") == ["bot/channels/registry.py", "config/c.py", "dialogs/b.py"]


def test_nobody_asks_for_a_channel_by_its_name() -> None:
    assert names_written(ROOT) == set(OWN_NAMES)


def test_every_channel_is_kept_apart_from_the_others(tmp_path: Path) -> None:
    assert without_contract(ROOT) == set()
    contract = '[[tool.importlinter.contracts]]\nid = "channels"\nlayers = ["(bot.channels.pager)"]\n'
    names = ("pager", "page")
    tree = {"pyproject.toml": contract, **{f"bot/channels/{name}/descriptor.py": "" for name in names}}
    assert without_contract(plant(tmp_path, tree)) == {"page"}


def test_a_channel_that_is_asked_for_by_its_name_is_seen(tmp_path: Path) -> None:
    tree = {"bot/channels/pager/descriptor.py": "name = 'pager'\n", "bot/handlers/a.py": "x = place == 'pager'\n"}
    assert names_written(plant(tmp_path, tree)) == {("bot/handlers/a.py", "pager")}
