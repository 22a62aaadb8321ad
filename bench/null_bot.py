"""A bot that does nothing but reply: it shows how many answers per second the load generator itself can carry.

It remembers nothing: the question's number travels in the callback data.
"""

import argparse
import asyncio
import re
from urllib.parse import urlsplit

import uvloop

from bench.wire import Pool, request
from tests.support.botapi.http.rawhttp import listen_raw

__all__: list[str] = []

QUESTIONS = 5
CHAT = re.compile(rb'"chat":{"id":(\d+)')
MESSAGE = re.compile(rb'"message_id":(\d+)')
DATA = re.compile(rb'"data":"q(\d)')
ROW = ",".join(f'{{"text":"{n}","callback_data":"q%d:{n}"}}' for n in range(1, 6))


class NullBot:
    """Answers each update with the next question."""

    def __init__(self, api_base: str) -> None:
        where = urlsplit(api_base)
        self._path = where.path
        self._pool = Pool(where.hostname or "", where.port or 0, 200)

    def answer(self, path: bytes, head: bytes, body: bytes) -> tuple[int, bytes]:
        """Take one update and send the reply that follows it."""
        del path, head
        chat, message, pressed = CHAT.search(body), MESSAGE.search(body), DATA.search(body)
        assert chat is not None
        assert message is not None
        step = int(pressed[1]) + 1 if pressed else 0
        has_started = pressed is not None or b"/start" in body
        row = ROW.replace("%d", str(step)) if has_started and step < QUESTIONS else ""
        markup = f',"reply_markup":{{"inline_keyboard":[[{row}]]}}' if row else ""
        chat_id, message_id = chat[1].decode(), message[1].decode()
        told = f'{{"chat_id":{chat_id},"message_id":{message_id},"text":"{step}"{markup}}}'
        method = "editMessageText" if pressed else "sendMessage"
        self._pool.send(request("POST", f"{self._path}/{method}", {}, told.encode()), _ignore)
        return 200, b"{}"


def _ignore(status: int) -> None:
    """Ask nothing of the answer: this bot has no state to keep."""


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is ended."""
    await listen_raw(NullBot(f"{options.api_base}{options.token}").answer, options.port)
    await asyncio.Event().wait()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m bench.null_bot", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api-base", required=True, help="http://127.0.0.1:PORT/bot, the token is added")
    parser.add_argument("--token", required=True)
    uvloop.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
