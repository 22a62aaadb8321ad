"""Turns Markdown into HTML as GitHub shows it: tables, anchors of headings, links between documents."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import count, pairwise
from posixpath import normpath

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

__all__ = ["inline_html", "page_html"]

_ELSEWHERE = re.compile(r"https?://|mailto:")
_DROPPED = re.compile(r"[^\w\- ]")

Lead = Callable[[str], str | None]
"""Returns the address of what a path inside the documents names, None where it is not among the pages."""


def page_html(text: str, base: str, lead: Lead) -> Markup:
    """Return a document as HTML. `base` is the folder of its address; what a link leads to says `lead`."""
    tokens = _markdown().parse(text)
    taken: set[str] = set()
    for token, after in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _anchor(after, taken))
    for token in tokens:
        if token.children:
            token.children[:] = list(_with_links(token.children, base, lead))
    return Markup(_markdown().renderer.render(tokens, _markdown().options, {}))  # noqa: S704 (raw HTML is off)


def inline_html(text: str) -> Markup:
    """Return a text of one or more paragraphs as HTML; its links lead nowhere but to other sites."""
    return page_html(text, "", lambda _: None)


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.add_render_rule("table_open", _open_table)
    made.add_render_rule("table_close", _close_table)
    for kind in ("fence", "code_block"):
        made.add_render_rule(kind, _code)
    return made


def _open_table(*_: object) -> str:
    return '<div class="wide" tabindex="0"><table>\n'


def _close_table(*_: object) -> str:
    return "</table></div>\n"


def _code(_renderer: object, tokens: Sequence[Token], index: int, *_: object) -> str:
    return Markup('<pre tabindex="0"><code>{}</code></pre>\n').format(tokens[index].content)


def _anchor(heading: Token, taken: set[str]) -> str:
    """Return the anchor that GitHub gives a heading; the second of the same words ends with -1."""
    words = "".join(child.content for child in heading.children or ())
    plain = _DROPPED.sub("", words.lower()).replace(" ", "-")
    numbered = (f"{plain}-{number}" if number else plain for number in count())
    anchor = next(each for each in numbered if each not in taken)
    taken.add(anchor)
    return anchor


def _with_links(tokens: list[Token], base: str, lead: Lead) -> Iterator[Token]:
    """Yield tokens whose links lead to pages; of one that would lead to a file that is no page only the text."""
    open_links: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            address = _address(str(token.attrGet("href") or ""), base, lead)
            open_links.append(address is not None)
            if address is None:
                continue
            token.attrSet("href", address)
        elif token.type == "link_close" and not open_links.pop():
            continue
        elif token.type == "image":
            token.attrSet("src", _address(str(token.attrGet("src") or ""), base, lead) or "")
        yield token


def _address(href: str, base: str, lead: Lead) -> str | None:
    if _ELSEWHERE.match(href) or href.startswith("#"):
        return href
    path, _, anchor = href.partition("#")
    found = lead(normpath(base + path))
    return f"{found}#{anchor}" if found is not None and anchor else found
