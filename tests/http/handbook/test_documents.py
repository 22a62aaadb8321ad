"""The documents of the product are pages at `/docs`, each link in them leads somewhere, and they can be turned off."""

import re
from pathlib import Path
from urllib.parse import unquote, urljoin

import httpx
import pytest

from bot.http.handbook.doc_files import documents
from tests.house.tree import ROOT
from tests.support.web.house import HOOK_SECRET, KEY, TELEGRAM_SECRET, open_house

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
TITLES = {"zh-CN": "使用手册", "zh-TW": "使用手冊", "en": "Handbook"}

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(autouse=True)
def _reads_in_a_browser(anybody: httpx.AsyncClient) -> None:
    anybody.headers["accept"] = BROWSER


async def seen(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def addresses(html: str, path: str) -> set[str]:
    """Return the addresses in a page, as a browser that is at `path` reads them."""
    return {urljoin(path, found.replace("&amp;", "&")) for found in re.findall(r'(?:href|src)="([^"]*)"', html)}


@pytest.mark.parametrize("before", ["", "/feedback"])
async def test_an_address_with_a_slash_at_its_end_leads_to_the_index(before: str, anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/docs/")
    assert answer.status_code == 307
    assert urljoin(f"{before}/docs/", answer.headers["location"]) == f"{before}/docs"  # also behind a proxy's prefix
    assert TITLES["en"] in (await anybody.get("/docs/", follow_redirects=True, headers={"accept-language": "en"})).text


@pytest.mark.parametrize("language", TITLES)
async def test_the_index_lists_every_document_in_the_readers_language(
    anybody: httpx.AsyncClient, language: str
) -> None:
    anybody.headers["accept-language"] = language
    html = await seen(anybody, "/docs")
    assert f"<h1>{TITLES[language]}</h1>" in html
    assert {f"/docs/{address}" for address in documents()} <= addresses(html, "/docs")
    assert ("快速上手" in html) == language.startswith("zh")


async def test_every_how_to_is_a_page() -> None:
    files = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert files == documents().keys()
    assert {"quickstart", "howto/reports", "connect/zammad", "reference/api"} <= files


@pytest.mark.proof
async def test_every_page_is_there_and_every_link_leads_somewhere(anybody: httpx.AsyncClient) -> None:
    """Follow the links from the index, also to anchors, until no page is new."""
    pages, waiting = dict[str, str](), {"/docs"}
    while waiting:
        path = waiting.pop()
        answer = await anybody.get(path)
        assert answer.status_code == 200, path
        pages[path] = answer.text if answer.headers["content-type"].startswith("text/html") else ""
        if path.startswith("/docs") and pages[path]:
            found = {address.partition("#")[0].partition("?")[0] for address in addresses(answer.text, path)}
            waiting |= {each for each in found if each.startswith("/")} - pages.keys()
    assert {f"/docs/{address}" for address in documents()} | {"/docs/api"} <= pages.keys()
    for path, html in pages.items():
        for address in addresses(html, path) if path.startswith("/docs") else ():
            page, _, anchor = unquote(address).partition("#")
            assert not anchor or page not in pages or f'id="{anchor}"' in pages[page], (path, address)


async def test_a_document_is_shown_as_it_is_meant(anybody: httpx.AsyncClient) -> None:
    html = await seen(anybody, "/docs/howto/reports")
    assert "<table>" in html
    assert 'src="../../docs/pictures/report-summary-en.png"' in html
    assert '<article lang="en">' in html
    assert ".md" not in "".join(addresses(html, "/docs/howto/reports"))
    picture = await anybody.get("/docs/pictures/report-summary-en.png")
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert "rules.example.toml" not in "".join(addresses(await seen(anybody, "/docs/howto/rules"), "/docs/howto/rules"))


async def test_pages_load_nothing_from_elsewhere_and_run_nothing(anybody: httpx.AsyncClient) -> None:
    for path in ("/docs", "/docs/quickstart", "/docs/api", "/docs/api/Doors"):
        answer = await anybody.get(path)
        assert answer.headers["content-security-policy"].startswith(POLICY), path
        assert "<script" not in answer.text, path
        assert "style=" not in answer.text, path


@pytest.mark.parametrize(
    "path",
    [
        "/docs/none",
        "/docs/howto",
        "/docs/howto/reports.md",
        "/docs/../pyproject",
        "/docs/%2e%2e/README",
        "/docs/howto/%2e%2e/%2e%2e/CONTRIBUTING",
        "/docs/pictures/none.png",
        "/docs/pictures/..%2fquickstart.md",
        "/docs/static/none.css",
        "/docs/api/none",
        "/docs/api/Doors/none",
    ],
)
async def test_nothing_else_is_given_out(anybody: httpx.AsyncClient, path: str) -> None:
    assert (await anybody.get(path)).status_code == 404


@pytest.mark.proof
async def test_they_tell_nothing_of_the_settings(anybody: httpx.AsyncClient) -> None:
    for path in ("/docs", "/docs/api", "/docs/api/Doors", "/docs/howto/keys", "/docs/reference/settings"):
        html = await seen(anybody, path)
        assert not [secret for secret in (KEY, HOOK_SECRET, TELEGRAM_SECRET) if secret in html], path


async def test_they_can_be_turned_off(folder: Path) -> None:
    async with open_house(folder, docs=False) as house, house.client(key=None) as anybody:
        for path in ("/docs", "/docs/quickstart", "/docs/api", "/docs/static/handbook.css"):
            assert (await anybody.get(path)).status_code == 404
        assert "docs" not in (await anybody.get("/")).json()
        front = (await anybody.get("/", headers={"accept": BROWSER})).text
        assert ("/docs" in addresses(front, "/"), "/openapi.json" in addresses(front, "/")) == (False, True)


async def test_the_front_page_leads_to_them(anybody: httpx.AsyncClient) -> None:
    assert "/docs" in addresses(await seen(anybody, "/"), "/")
    assert (await anybody.get("/", headers={"accept": "*/*"})).json()["docs"] == "/docs"
