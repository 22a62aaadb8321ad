"""What README and docs tell a reader to type can be typed."""

import contextlib
import io
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from bot.cli import main
from tests.house.tree import ROOT, files, plant

CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]+`", re.DOTALL)
MAKE = re.compile(r"(?:^|[\s`;&(])make ([a-z]+)\b")
HUIFANG = re.compile(r"(?:^|[\s`;&(/])huifang ([a-z]+)(?: ([a-z]+)\b(?![\w./=-]))?")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def make_problems(root: Path) -> list[str]:
    """Name each `make …` in the documents that the Makefile does not have."""
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.MULTILINE))
    return [f"{place}: make {name}" for place, name in _found(root, MAKE) if name not in targets]


def command_problems(root: Path, exists: Callable[[str, str], bool]) -> list[str]:
    """Name each `huifang … …` in the documents for which `exists` says no."""
    return [
        f"{place}: huifang {' '.join(filter(None, words))}"
        for place, words in _found(root, HUIFANG)
        if not exists(*words)
    ]


def link_problems(root: Path) -> list[str]:
    """Name each link in the documents to a file that is not there."""
    return [
        f"{path.relative_to(root)}: {target}"
        for path in _documents(root)
        for target in LINK.findall(CODE.sub("", path.read_text()))
        if not (path.parent / target).exists()
    ]


def orphans(root: Path) -> list[str]:
    """Name each document that no other one links to, by itself or by its folder."""
    linked = {
        (path.parent / target.partition("#")[0]).resolve()
        for path in _documents(root)
        for target in LINK.findall(CODE.sub("", path.read_text()))
    }
    told = (path for path in _documents(root) if path.name != "README.md")
    return [str(path.relative_to(root)) for path in told if not {path.resolve(), path.parent.resolve()} & linked]


def _documents(root: Path) -> list[Path]:
    return [path for path in files(root) if path.suffix == ".md" and path.name != "CHANGELOG.md"]


def _found(root: Path, pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(root)), words)
        for path in _documents(root)
        for code in CODE.findall(path.read_text())
        for words in pattern.findall(code)
    ]


@lru_cache
def _choices(*words: str) -> frozenset[str]:
    """Ask the product itself which words may follow these; argparse prints them as {run,doctor,…}."""
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
        main([*words, "--help"])
    braces = re.search(r"^  \{([a-z,]+)\}", said.getvalue(), re.MULTILINE)
    return frozenset(braces.group(1).split(",")) if braces else frozenset()


def _exists(word: str, inner: str) -> bool:
    if word not in _choices():
        return False
    return not inner or not _choices(word) or inner in _choices(word)


def test_each_make_target_in_the_documents_exists() -> None:
    assert make_problems(ROOT) == []


def test_each_command_in_the_documents_exists() -> None:
    assert command_problems(ROOT, _exists) == []


def test_each_link_in_the_documents_leads_somewhere() -> None:
    assert link_problems(ROOT) == []


def test_a_make_target_that_is_gone_is_seen(tmp_path: Path) -> None:
    plant(tmp_path, {"Makefile": "run: x\n", "README.md": "make sure: `make run`\n```\nmake fly && make run\n```\n"})
    assert make_problems(tmp_path) == ["README.md: make fly"]


def test_a_command_that_is_gone_is_seen(tmp_path: Path) -> None:
    text = "huifang is nice. `huifang run --roles web`, `huifang survey check a.toml`, `.venv/bin/huifang survey fly`"
    plant(tmp_path, {"docs/a.md": text})
    known = {("run", ""), ("survey", "check")}
    assert command_problems(tmp_path, lambda *words: words in known) == ["docs/a.md: huifang survey fly"]


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    plant(tmp_path, {"docs/a.md": "[b](b.md) [c](../c.md#top) [web](https://example.com) `[x](y)`", "c.md": ""})
    assert link_problems(tmp_path) == ["docs/a.md: b.md"]


def test_every_document_can_be_found() -> None:
    assert orphans(ROOT) == []


def test_a_document_that_nobody_links_to_is_seen(tmp_path: Path) -> None:
    readme = "[a](docs/a.md#top) [all](docs/more/) `[x](NOTE.md)`"
    names = ("docs/a.md", "docs/b.md", "docs/more/c.md", "NOTE.md", "tests/README.md", "CHANGELOG.md")
    plant(tmp_path, {"README.md": readme, **dict.fromkeys(names, "")})
    assert orphans(tmp_path) == ["NOTE.md", "docs/b.md"]
