"""What a customer presses on the keyboard of a reply."""

import msgspec

__all__ = ["next_press"]

BEST = "5"  # pressed where it is offered: no remark is asked for, no issue opened


class _Button(msgspec.Struct):
    text: str
    callback_data: str = ""


class _Keyboard(msgspec.Struct):
    inline_keyboard: list[list[_Button]] = []


_read = msgspec.json.Decoder(_Keyboard).decode


def next_press(markup: bytes) -> str | None:
    """Choose the data of a rating button, whose text begins with a digit; None where nothing is rated."""
    if not markup:
        return None
    rated = [button for row in _read(markup).inline_keyboard for button in row if button.text[:1].isdigit()]
    if not rated:
        return None
    return next((button for button in rated if button.text.startswith(BEST)), rated[0]).callback_data
