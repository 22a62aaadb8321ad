"""The XML of pushes and replies: written as the platform writes it, read as strictly as it can be."""

import re
from collections.abc import Mapping, Sequence
from xml.parsers import expat

__all__ = ["Tree", "XmlError", "read_xml", "write_xml"]

Tree = Mapping[str, "str | int | Tree | Sequence[Tree]"]
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XmlError(ValueError):
    """A reply that the platform cannot read: the reason in plain words."""


def write_xml(tree: Tree) -> str:
    """Write `<xml>…</xml>`: numbers bare, texts as CDATA, a list as an element that repeats."""
    return f"<xml>{_children(tree)}</xml>"


def read_xml(text: str) -> dict[str, str]:
    """Read the leaves of `<xml>…</xml>` by their path (`TransInfo/KfAccount`).

    Raises XmlError for a DTD, another root, an element that stands twice, stray text, or no XML at all.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(text.encode(), True)  # noqa: FBT003 (expat's own order of arguments)
    except expat.ExpatError as error:
        raise XmlError(f"not XML: {error}") from None
    return reader.leaves


def _children(tree: Tree) -> str:
    return "".join(_element(name, value) for name, value in tree.items())


def _element(name: str, value: "str | int | Tree | Sequence[Tree]") -> str:
    if isinstance(value, str):
        clean = NOT_XML.sub("", value).replace("]]>", "]]]]><![CDATA[>")
        return f"<{name}><![CDATA[{clean}]]></{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    if isinstance(value, Mapping):
        return f"<{name}>{_children(value)}</{name}>"
    return "".join(_element(name, one) for one in value)


class _Reader:
    def __init__(self) -> None:
        self.leaves: dict[str, str] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._path: list[str] = []
        self._seen: set[str] = set()
        self._content = ""

    def _doctype(self, *_: object) -> None:
        raise XmlError("a document type is declared")

    def _start(self, name: str, attributes: object) -> None:
        if attributes:
            raise XmlError(f"<{name}> has attributes")
        if not self._path and name != "xml":
            raise XmlError(f"the root is <{name}>")
        if self._content.strip():
            raise XmlError(f"stray text before <{name}>")
        self._path.append(name)
        self._content = ""
        path = self._here()
        if path in self._seen:
            raise XmlError(f"<{path}> stands twice")
        self._seen.add(path)
        self.leaves.pop("/".join(self._path[1:-1]), None)
        if path:
            self.leaves[path] = ""

    def _end(self, name: str) -> None:
        path = self._here()
        if path in self.leaves:
            self.leaves[path] = self._content
        elif self._content.strip():
            raise XmlError(f"stray text before </{name}>")
        self._content = ""
        self._path.pop()

    def _text(self, text: str) -> None:
        self._content += text

    def _here(self) -> str:
        return "/".join(self._path[1:])
