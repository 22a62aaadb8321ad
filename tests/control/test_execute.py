"""Whatever a command does, its caller gets a reply in one sentence, and the service goes on."""

import logging
from collections.abc import Mapping
from typing import Any

import pytest

from bot.control.arguments import result_of, text_argument
from bot.control.commands import CONTROL_COMMANDS
from bot.control.execute import execute
from bot.control.helpdesks.desk_commands import desk_commands
from bot.control.inbox import inbox_commands
from bot.control.protocol import CommandProblem, CommandRequest
from bot.handlers.common.results import Conflict, Erased, Invalid, NotFound
from bot.jobs.figures.own_process import ProcessFailed
from bot.wiring.services import Services
from config.settings.settings import Settings
from storage.model.errors import DecisionFailed, Unavailable, WriteConflict
from tests.control.conftest import failed_deliveries

FAILURES = {
    "a problem that the command tells": (CommandProblem("there is no such thing"), "there is no such thing"),
    "a value that is none": (ValueError("7 is no role"), "7 is no role"),
    "a database that is gone": (Unavailable("the disk is full"), "the disk is full"),
    "somebody who was faster": (
        WriteConflict("issue 1"),
        "somebody else changed the same thing at the same moment; please try again",
    ),
    "a process that is out of memory": (
        ProcessFailed("was killed, as where there is no memory for it"),
        (
            "the process that makes reports was killed, as where there is no memory for it; nothing was changed:"
            " try again, or ask for less at once"
        ),
    ),
    "a mistake of ours": (
        RuntimeError("index out of range"),
        "this is a mistake of huifang itself, nothing was changed: index out of range",
    ),
    "a decision that failed": (
        DecisionFailed("KeyError: 'x'"),
        "this is a mistake of huifang itself, nothing was changed: KeyError: 'x'",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_what_goes_wrong_is_told_in_a_sentence(
    name: str, desk: Services, caplog: pytest.LogCaptureFixture
) -> None:
    error, sentence = FAILURES[name]

    async def fails(_desk: Services, _arguments: Mapping[str, Any]) -> object:
        raise error

    reply = await execute(desk, {"fail": fails}, CommandRequest("fail", {}))
    assert (reply.gave, reply.problem) == (None, sentence)
    is_ours = [record.levelno for record in caplog.records if "the command fail failed" in record.message]
    assert is_ours == ([logging.ERROR] if "mistake of huifang" in sentence else [])


async def test_a_command_gets_its_arguments_and_returns_its_result(desk: Services) -> None:
    async def echoes(_desk: Services, arguments: Mapping[str, Any]) -> object:
        return {"heard": arguments["word"]}

    reply = await execute(desk, {"echo": echoes}, CommandRequest("echo", {"word": "喂"}))
    assert (reply.gave, reply.problem) == ({"heard": "喂"}, "")


async def test_a_command_of_another_version_is_named(desk: Services) -> None:
    reply = await execute(desk, CONTROL_COMMANDS, CommandRequest("user promote", {}))
    assert reply.problem == "there is no command 'user promote'; service and command line differ in version"


WEBHOOK_WORDS = ("add", "change", "deliveries", "drop", "list", "remove", "replay", "rotate", "secret", "show", "test")


async def test_every_command_is_called_as_its_words_are_typed(desk: Services) -> None:
    commands = {*CONTROL_COMMANDS, *inbox_commands(failed_deliveries(desk)), *desk_commands(Settings())}
    assert sorted(commands) == sorted(
        [
            *(
                f"campaign {word}"
                for word in ("cancel", "create", "list", "pause", "preview", "resume", "show", "start")
            ),
            *(f"assess {word}" for word in ("adjust", "fetch", "files", "link", "results", "store", "upload")),
            *(f"customer {word}" for word in ("calls", "export", "forget")),
            *(f"deliveries {word}" for word in ("list", "replay")),
            *(f"webhooks {word}" for word in WEBHOOK_WORDS),
            *(f"import {word}" for word in ("list", "look", "start", "undo")),
            "exclusion appeal",
            "exclusion approve",
            "exclusion dismiss",
            "exclusion grant",
            "exclusion list",
            "exclusion propose",
            "exclusion reject",
            "explain",
            "backup note",
            "export begin",
            *(
                f"finding {word}"
                for word in ("dismiss", "done", "from-sheet", "list", "open", "plan", "show", "tell", "verify", "wait")
            ),
            "inbox drop",
            "inbox list",
            "inbox retry",
            "metrics",
            "metrics answers",
            "metrics compare",
            "metrics interval",
            "period list",
            "period publish",
            "period show",
            "quadrants",
            *(f"report archive {word}" for word in ("get", "keep", "link", "list", "revoke")),
            "report",
            "report confirm",
            "report document",
            "report schedules",
            "response enter",
            "rollups rebuild",
            *(f"sample {word}" for word in ("load", "remove", "show")),
            "score",
            "survey course",
            "survey explain",
            *(f"text {word}" for word in ("ignore", "map", "phrases", "proposals", "unmap")),
            "user add",
            "user link",
            "user list",
            "user remove",
            "watch",
        ]
    )


@pytest.mark.parametrize(("arguments", "text"), [({"name": "Ann"}, "Ann"), ({}, ""), ({"name": None}, "")])
def test_an_argument_that_was_left_out_is_empty(arguments: dict[str, object], text: str) -> None:
    assert text_argument(arguments, "name") == text


@pytest.mark.parametrize("value", [7, ["Ann"], {"first": "Ann"}, True])
def test_an_argument_that_is_no_text_is_a_problem(value: object) -> None:
    with pytest.raises(CommandProblem, match="name must be a text"):
        text_argument({"name": value}, "name")


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (NotFound("ticket desk/1"), "there is no ticket desk/1"),
        (Conflict("The campaign is finished."), "The campaign is finished."),
        (Erased("c-1 was forgotten"), "c-1 was forgotten"),
        (Invalid("name", "is empty"), "name: is empty"),
    ],
)
def test_a_refused_decision_is_told_in_its_own_words(answer: object, problem: str) -> None:
    with pytest.raises(CommandProblem) as told:
        result_of(str, answer)
    assert str(told.value) == problem


def test_a_result_is_of_the_kind_that_the_command_expects() -> None:
    assert result_of(str, "done") == "done"
    with pytest.raises(TypeError, match="int is no str"):
        result_of(str, 7)
