"""Posting to a URL that somebody typed in: where it goes, and how long, and how much is taken back."""

from collections.abc import AsyncIterator

import pytest
from pyreqwest.exceptions import ConnectError

from bot.channels.http_client.guarded_address import read_target
from bot.channels.http_client.guarded_post import GuardedPoster, pinned_client
from tests.support.outgoing.hook_receiver import Answering, HookReceiver, answer, drips, hangs, hook_receiver


@pytest.fixture
async def receiver() -> AsyncIterator[HookReceiver]:
    async with hook_receiver() as one:
        yield one


@pytest.fixture
async def poster() -> AsyncIterator[GuardedPoster]:
    one = GuardedPoster(allow_private=True)
    yield one
    await one.close()


@pytest.fixture
async def guarded() -> AsyncIterator[GuardedPoster]:
    one = GuardedPoster(allow_private=False)
    yield one
    await one.close()


async def test_what_comes_back_is_told_and_only_its_beginning_is_kept(
    receiver: HookReceiver, poster: GuardedPoster
) -> None:
    receiver.usual = answer(503, "x" * 5000, Retry_After="7")
    met = await poster.post(receiver.url, {"webhook-id": "evt_1"}, b"{}")
    assert (met.status, met.answer, met.retry_after, met.problem) == (503, "x" * 1024, "7", "")
    assert receiver.got[0].headers["user-agent"].startswith("huifang")


async def test_an_answer_with_what_a_database_cannot_keep_is_kept_without_it(
    receiver: HookReceiver, poster: GuardedPoster
) -> None:
    receiver.usual = answer(200, "a\0b")
    assert (await poster.post(receiver.url, {}, b"{}")).answer == "ab"


async def test_a_redirect_is_not_followed(receiver: HookReceiver, poster: GuardedPoster) -> None:
    receiver.usual = answer(302, Location=receiver.url + "/elsewhere")
    assert (await poster.post(receiver.url, {}, b"{}")).status == 302
    assert [one.path for one in receiver.got] == ["/hook"]


@pytest.mark.parametrize("late", [hangs, drips])
async def test_an_answer_that_takes_too_long_is_none(receiver: HookReceiver, late: Answering) -> None:
    hasty = GuardedPoster(allow_private=True, within=0.5)
    receiver.usual = late
    met = await hasty.post(receiver.url, {}, b"{}")
    await hasty.close()
    assert (met.status, met.problem) == (0, "no whole answer within 0.5 s")


async def test_nobody_listening_is_told(poster: GuardedPoster) -> None:
    met = await poster.post("http://127.0.0.1:1/", {}, b"{}")
    assert (met.status, met.problem) == (0, "no connection, or one that broke: ConnectError")


async def test_an_address_inside_is_not_called(receiver: HookReceiver, guarded: GuardedPoster) -> None:
    for url in (receiver.url, receiver.url.replace("http", "https"), "https://localhost/"):
        met = await guarded.post(url, {}, b"{}")
        assert (met.status, met.problem[:7]) == (0, "the URL")
    assert receiver.got == []


async def test_a_name_with_one_address_inside_is_not_called_at_all(receiver: HookReceiver) -> None:
    """A name server that mixes its answers does not get past the check."""

    async def mixed(_host: str, _port: int) -> list[str]:
        return ["1.1.1.1", "127.0.0.1"]

    poster = GuardedPoster(allow_private=False, look_up=mixed)
    met = await poster.post("https://rebinds.example/hook", {}, b"{}")
    assert met.problem == (
        "the URL leads to 127.0.0.1, which is this machine; only webhooks.allow_private permits that"
    )
    assert receiver.got == []


async def test_the_address_that_was_checked_is_called_and_the_name_is_not_looked_up_again(
    receiver: HookReceiver,
) -> None:
    """The name leads nowhere, so that a second look-up would fail; the receiver still learns it."""
    port = int(receiver.url.rpartition(":")[2].partition("/")[0])
    target = read_target(f"http://nowhere.invalid:{port}/hook", allow_private=True)
    client = pinned_client(target, "127.0.0.1")
    response = await client.post(target.url).body_bytes(b"{}").build().send()
    await client.close()
    assert (response.status, receiver.got[0].headers["host"]) == (200, f"nowhere.invalid:{port}")


async def test_a_proxy_of_the_environment_is_not_used_where_addresses_are_checked(
    receiver: HookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would look the name up itself, and call what it finds."""
    monkeypatch.setenv("HTTP_PROXY", receiver.url)
    monkeypatch.setenv("HTTPS_PROXY", receiver.url)
    target = read_target("http://nowhere.invalid:1/hook", allow_private=True)
    client = pinned_client(target, "127.0.0.1")
    with pytest.raises(ConnectError):
        await client.post(target.url).body_bytes(b"{}").build().send()
    await client.close()
    assert receiver.got == []
