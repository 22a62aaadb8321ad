"""`huifang response enter`: what a customer answered on paper, by telephone or elsewhere, with its source."""

import json
from typing import Any

from bot.cli.common import Commands, Options, add_command, add_group, call_command
from bot.control.protocol import CommandProblem

__all__ = ["add_to"]

Json = dict[str, Any]


def add_to(commands: Commands) -> None:
    """Add the command `response`."""
    group = add_group(commands, "response", "what customers answered on another way than a chat")
    enter = add_command(group, "enter", "store answers from paper, the telephone or elsewhere", _enter)
    enter.add_argument("--ticket", metavar="SOURCE/ID", help="whose latest closing they are about")
    enter.add_argument("--customer", metavar="ID", help="who gave them, where they are about no ticket")
    enter.add_argument("--survey", metavar="ID", help="`survey.default` where it is left out")
    enter.add_argument("--source", required=True, help="how they came: web, sms, phone, paper, onsite, platform")
    enter.add_argument("--by", required=True, metavar="NAME", help="who enters them")
    enter.add_argument("--number", default="", help="the number of the paper or the review")
    enter.add_argument("--given-at", metavar="MOMENT", help="when the customer gave them, as 2026-11-22T02:30:00Z")
    enter.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="QUESTION=N[/IMPORTANCE][:REMARK]",
        help="a rating; once for each question",
    )
    enter.add_argument("--comment", default="", metavar="TEXT", help="what the customer wrote or said")
    enter.add_argument("--reason", default="", help="why what was entered before is corrected")
    enter.add_argument("--format", choices=("text", "json"), default="text", help="a line of text, or JSON")


def _enter(options: Options) -> None:
    names = ("ticket", "customer", "survey", "source", "by", "number", "given_at", "comment", "reason")
    given = {name: value for name in names if (value := getattr(options, name)) is not None}
    told = call_command(options, "response enter", **given, answers=dict(map(_answer, options.answer)))
    print(json.dumps(told, ensure_ascii=False) if options.format == "json" else _text(told))


def _answer(text: str) -> tuple[str, Json]:
    question, _, said = text.partition("=")
    numbers, _, remark = said.partition(":")
    value, slash, weight = (part.strip() for part in numbers.partition("/"))
    is_weight = weight.isdecimal() if slash else True
    if not (question.strip() and value.lstrip("+-").isdecimal() and is_weight):
        such = "attitude=2, attitude=2:late, or attitude=2/5 with its importance"
        raise CommandProblem(f"--answer {text!r}: write QUESTION=NUMBER, such as {such}")
    weighed = {"importance": int(weight)} if slash else {}
    return question.strip(), {"value": int(value), "text": remark.strip()} | weighed


def _text(told: Json) -> str:
    about = told["ticket"] or "no ticket"
    rated = " ".join(f"{one['question']}={one['value']}" for one in told["answers"])
    return f"{told['id']}  {about}  {told['channel']}, entered by {told['entered']['by']}  {told['status']}  {rated}"
