"""`huifang exclusion …`: responses that people take out of the figures, and put back."""

import json
from functools import partial
from typing import Any

from bot.cli.common import Commands, Options, add_command, add_group, call_command

__all__ = ["add_to"]

Json = dict[str, Any]
_STEPS = {
    "approve": "a second person agrees: the response does not count",
    "reject": "the response counts",
    "appeal": "object to the decision within 3 working days",
    "grant": "a third person agrees with the appeal: the response counts again",
    "dismiss": "a third person leaves the response excluded",
}


def add_to(commands: Commands) -> None:
    """Add the command `exclusion`."""
    group = add_group(commands, "exclusion", "responses that do not count, by the decision of two people")
    listed = add_command(group, "list", "list exclusions, oldest first", _list)
    listed.add_argument("--state", metavar="STATE", default="", help="only those, such as proposed or appealed")
    propose = add_command(group, "propose", "propose that a response does not count", _propose)
    propose.add_argument("--reason", required=True, help="such as malicious, off_topic, test")
    _about(propose)
    for name, help_ in _STEPS.items():
        _about(add_command(group, name, help_, partial(_step, name)))
    links = "a link that shows it; several times"
    group.choices["appeal"].add_argument("--evidence", action="append", metavar="URL", help=links)
    for command in group.choices.values():
        command.add_argument("--format", choices=("text", "json"), default="text", help="lines of text, or JSON lines")


def _about(command: Any) -> None:  # noqa: ANN401 - argparse's parser
    command.add_argument("response", metavar="RESPONSE", help="its id, as the API shows it")
    command.add_argument("--by", required=True, metavar="NAME", help="who does it")
    command.add_argument("--note", required=True, metavar="TEXT", help="why, in a sentence")


def _list(options: Options) -> None:
    cursor: str | None = ""
    while cursor is not None:
        page = call_command(options, "exclusion list", state=options.state, cursor=cursor)
        cursor = page["next"]
        for one in page["items"]:
            _print(one, options)


def _propose(options: Options) -> None:
    given = {"response": options.response, "reason": options.reason, "by": options.by, "note": options.note}
    _print(call_command(options, "exclusion propose", **given), options)


def _step(name: str, options: Options) -> None:
    given = {"response": options.response, "by": options.by, "note": options.note}
    given |= {"evidence": options.evidence} if name == "appeal" else {}
    _print(call_command(options, f"exclusion {name}", **given), options)


def _print(told: Json, options: Options) -> None:
    print(json.dumps(told, ensure_ascii=False) if options.format == "json" else _text(told))


def _text(told: Json) -> str:
    people = ("proposed", "decided", "appealed", "reviewed")
    named = [f"{what} by {told[f'{what}_by']}" for what in people if told[f"{what}_by"]]
    until = [f"appeal until {told['appeal_until']}"] if told["state"] == "excluded" else []
    return "  ".join([told["response"], told["state"], told["reason"], *named, *until])
