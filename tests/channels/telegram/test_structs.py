"""Our lean reading of an Update agrees with python-telegram-bot's full one, on every payload we keep."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import telegram

from bot.channels.telegram.inbound.structs import Attachment, Update
from tests.channels.telegram.conftest import PAYLOADS

FILES = sorted(PAYLOADS.glob("*.json"))
THEIR_NAMES = {"sender": "from_user"}


def disagreements(ours: Any, theirs: Any, where: str) -> list[str]:  # noqa: ANN401 (any value of either)
    """Name each field that we have read otherwise than they."""
    if isinstance(ours, Attachment):
        return [] if theirs is not None else [f"{where}: only ours"]
    if isinstance(ours, list):
        same_length = len(ours) == len(theirs)
        return [line for a, b in zip(ours, theirs, strict=False) for line in disagreements(a, b, where)] + (
            [] if same_length else [f"{where}: {len(ours)} and {len(theirs)}"]
        )
    if isinstance(ours, msgspec.Struct):
        fields = [(name, THEIR_NAMES.get(name, name)) for name in ours.__struct_fields__]
        return [
            line
            for name, their in fields
            for line in disagreements(getattr(ours, name), getattr(theirs, their, None), f"{where}.{name}")
        ]
    is_same = ours == theirs or (not ours and not theirs)
    return [] if is_same else [f"{where}: {ours!r} and {theirs!r}"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_field_is_read_as_the_library_reads_it(path: Path) -> None:
    raw = path.read_bytes()
    ours = msgspec.json.decode(raw, type=Update)
    theirs = telegram.Update.de_json(json.loads(raw), None)
    assert disagreements(ours, theirs, "update") == []


def test_a_field_read_otherwise_would_be_seen() -> None:
    ours = msgspec.json.decode((PAYLOADS / "tap.json").read_bytes(), type=Update)
    other = json.loads((PAYLOADS / "tap.json").read_text())
    other["callback_query"]["data"] = "ra|int_other|q|1"
    other["callback_query"]["from"]["id"] = 5
    assert len(disagreements(ours, telegram.Update.de_json(other, None), "update")) == 2
