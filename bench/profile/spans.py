"""Times functions of a running service, thread by thread, in CPU time: what waits costs nothing here.

`install` replaces the functions that the table names, in the process of the measured service only. A coroutine
function is timed while it runs, not while it waits. Each figure includes what the function calls.
"""

import functools
import importlib
import inspect
import json
import signal
import sys
import time
import types
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

__all__ = ["Span", "install", "serve_figures"]

Span = tuple[str, str]
"""A module, and in it a function, or a class and its method: `bot.delivery.sender`, `Sender.poke`."""

_spent: dict[str, list[int]] = {}
_clock = time.thread_time_ns


def install(spans: Sequence[Span]) -> None:
    """Time these functions from now on, wherever they were imported to."""
    for module, name in spans:
        holder: Any = importlib.import_module(module)
        *path, last = name.split(".")
        for part in path:
            holder = getattr(holder, part)
        original = getattr(holder, last)
        timed = _timed(original, _spent.setdefault(f"{module}:{name}", [0, 0]))
        setattr(holder, last, timed)
        if not path:
            _replace_imported(original, timed)


def serve_figures(file: Path) -> None:
    """Write what was spent to the file at SIGUSR1, and begin anew: calls and nanoseconds of each span."""

    def tell(_number: int, _frame: object) -> None:
        figures = {name: (calls, spent) for name, (calls, spent) in _spent.items()}
        for spent in _spent.values():
            spent[:] = [0, 0]
        part = file.with_suffix(".part")
        part.write_text(json.dumps(figures))
        part.rename(file)

    signal.signal(signal.SIGUSR1, tell)


def _replace_imported(original: object, timed: object) -> None:
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if value is original:
                setattr(module, name, timed)


def _timed(function: Callable[..., Any], spent: list[int]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def waits(*args: object, **options: object) -> object:
            return await _resumed(function(*args, **options), spent)

        return waits

    @functools.wraps(function)
    def runs(*args: object, **options: object) -> object:
        began = _clock()
        try:
            return function(*args, **options)
        finally:
            spent[0] += 1
            spent[1] += _clock() - began

    return runs


@types.coroutine
def _resumed(work: Any, spent: list[int]) -> Generator[Any, Any, Any]:  # noqa: ANN401 - any coroutine
    spent[0] += 1
    value, error = None, None
    while True:
        began = _clock()
        try:
            waited = work.send(value) if error is None else work.throw(error)
        except StopIteration as end:
            return end.value
        finally:
            spent[1] += _clock() - began
        value, error = None, None
        try:
            value = yield waited
        except BaseException as raised:  # noqa: BLE001 - passed on
            error = raised
