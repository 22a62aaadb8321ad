"""The comparison: the same survey with python-telegram-bot's ConversationHandler, written the usual way.

Five ratings by inline buttons, then a comment; one message edited in place; every callback answered. Equal
durability: each answer and the conversation's state are committed to SQLite (WAL, synchronous=FULL) before the reply,
and open conversations are restored from there after a restart.

Tried, and left out because it made the bot slower or not faster (same load, 200 customers): concurrent_updates of 8 and
256, and PTB's own update processor with a lock per chat (httpx slows down with every request in flight); answering the
callback and editing side by side; a pool of 1 connection; uvloop (within the noise).
"""

import argparse
import asyncio
import json
import sqlite3
import warnings
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    DictPersistence,
    MessageHandler,
    PersistenceInput,
    filters,
)
from telegram.warnings import PTBUserWarning

__all__: list[str] = []

Context = ContextTypes.DEFAULT_TYPE
App = Application[Any, Any, Any, Any, Any, Any]
NAME = "survey"
QUESTIONS = ("响应速度", "解决问题", "服务态度", "方便程度", "售后关怀")
COMMENTING = len(QUESTIONS)
SCHEMA = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS answers(
    chat_id INTEGER, user_id INTEGER, question INTEGER, value TEXT, PRIMARY KEY(chat_id, user_id, question));
CREATE TABLE IF NOT EXISTS conversations(
    chat_id INTEGER, user_id INTEGER, state INTEGER, PRIMARY KEY(chat_id, user_id));
"""


class Notebook:
    """Answers and conversation states in SQLite, called directly: a hop to a thread costs more than the commit."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path)
        self._database.executescript(SCHEMA)

    def write(self, key: tuple[int, int], state: int, answer: tuple[int, str] | None = None) -> None:
        """Commit where a conversation stands now, and the answer that led there."""
        with self._database as transaction:
            if answer is not None:
                transaction.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", (*key, *answer))
            if state == ConversationHandler.END:
                transaction.execute("DELETE FROM conversations WHERE chat_id=? AND user_id=?", key)
            else:
                transaction.execute("INSERT OR REPLACE INTO conversations VALUES (?, ?, ?)", (*key, state))

    def conversations_json(self) -> str:
        """Return the open conversations as DictPersistence reads them."""
        rows = self._database.execute("SELECT chat_id, user_id, state FROM conversations")
        return json.dumps({NAME: {json.dumps([chat_id, user_id]): state for chat_id, user_id, state in rows}})


def question(number: int) -> tuple[str, InlineKeyboardMarkup | None]:
    """Write a question and its buttons; after the last one the comment is asked for."""
    if number == COMMENTING:
        return "最后，还有什么想告诉我们的吗？", None
    buttons = [InlineKeyboardButton(str(value), callback_data=str(value)) for value in range(1, 6)]
    return f"请为{QUESTIONS[number]}打分：", InlineKeyboardMarkup([buttons])


async def start(notebook: Notebook, update: Update, context: Context) -> int:
    """Ask the first question."""
    del context
    assert update.message is not None
    notebook.write(_key(update), 0)
    text, buttons = question(0)
    await update.message.reply_text(text, reply_markup=buttons)
    return 0


async def rate(notebook: Notebook, number: int, update: Update, context: Context) -> int:
    """Store a rating and ask the next question in the same message."""
    del context
    query = update.callback_query
    assert query is not None
    assert query.data is not None
    notebook.write(_key(update), number + 1, (number, query.data))
    text, buttons = question(number + 1)
    await query.answer()
    await query.edit_message_text(text, reply_markup=buttons)
    return number + 1


async def comment(notebook: Notebook, update: Update, context: Context) -> int:
    """Store the comment and say thank you."""
    del context
    assert update.message is not None
    notebook.write(_key(update), ConversationHandler.END, (COMMENTING, update.message.text or ""))
    await update.message.reply_text("谢谢您的评价！")
    return ConversationHandler.END


def _key(update: Update) -> tuple[int, int]:
    assert update.effective_chat is not None
    assert update.effective_user is not None
    return update.effective_chat.id, update.effective_user.id


def build(options: argparse.Namespace, notebook: Notebook) -> App:
    """Build the application."""
    warnings.filterwarnings("ignore", category=PTBUserWarning)  # it advises per_message, which shuts texts out
    states: dict[object, list[BaseHandler[Update, Context, object]]] = {
        number: [CallbackQueryHandler(partial(rate, notebook, number), pattern=r"^\d+$")]
        for number in range(COMMENTING)
    }
    states[COMMENTING] = [MessageHandler(filters.TEXT & ~filters.COMMAND, partial(comment, notebook))]
    conversation = ConversationHandler[Context](
        entry_points=[CommandHandler("start", partial(start, notebook))],
        states=states,
        fallbacks=[],
        name=NAME,
        persistent=True,
    )
    memory = DictPersistence(
        store_data=PersistenceInput(bot_data=False, chat_data=False, user_data=False, callback_data=False),
        conversations_json=notebook.conversations_json(),
    )
    builder = Application.builder().token(options.token).base_url(options.api_base).updater(None).persistence(memory)
    application: App = builder.build()
    application.add_handler(conversation)
    return application


def hook(application: App, secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the webhook of PTB's own custom-webhook example: parse, queue, answer 200."""

    async def take(request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != secret:
            return web.Response(status=403)
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    return take


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is ended."""
    application = build(options, Notebook(options.db))
    server = web.Application()
    server.router.add_post("/hooks/telegram", hook(application, options.secret))
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    async with application:
        await application.start()
        await web.TCPSite(runner, "127.0.0.1", options.port).start()
        await asyncio.Event().wait()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m bench.ptb_bot", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api-base", required=True, help="http://127.0.0.1:PORT/bot, PTB adds the token")
    parser.add_argument("--db", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--secret", default="")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
