"""Finds the documents that come with the product: the folder `docs` beside its packages, also where it is installed."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from scoring.values import Value

__all__ = ["DOC_GROUPS", "DocFile", "documents", "picture"]

_FOLDER = Path(__file__).parents[3] / "docs"
_READ_FIRST = ("quickstart", "deploy", "operations", "data", "connect/README")
"""In this order, before the others of their group, which follow by name."""
DOC_GROUPS = ("start", "howto", "connect", "reference", "decisions")


class DocFile(Value):
    """A document: its address below `/docs/`, its group in the index, its first heading, and the file."""

    address: str
    group: str
    title: str
    path: Path

    @property
    def base(self) -> str:
        """Return the folder of its address, against which its links are read; with a slash at its end."""
        return self.address.rpartition("/")[0] + "/" if "/" in self.address else ""


@cache
def documents() -> Mapping[str, DocFile]:
    """Return every document by its address, in the order of the index."""
    found = [_document(path) for path in _FOLDER.rglob("*.md")]
    return {each.address: each for each in sorted(filter(None, found), key=_place)}


def picture(name: str) -> Path | None:
    """Return the file of a picture in the documents, None where there is none of that name."""
    known = {path.name: path for path in _FOLDER.joinpath("pictures").glob("*.png")}
    return known.get(name)


def _document(path: Path) -> DocFile | None:
    address = path.relative_to(_FOLDER).with_suffix("").as_posix()
    group = address.partition("/")[0] if "/" in address else "start"
    first = path.read_text("utf-8").partition("\n")[0]
    return DocFile(address, group, first.lstrip("# "), path) if group in DOC_GROUPS else None


def _place(document: DocFile) -> tuple[int, int, str]:
    address = document.address
    first = _READ_FIRST.index(address) if address in _READ_FIRST else len(_READ_FIRST)
    return DOC_GROUPS.index(document.group), first, address
