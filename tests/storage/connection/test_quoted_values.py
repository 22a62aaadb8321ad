"""What the database refuses is told by kind, code and names of the schema: never by what a customer wrote."""

import io
import json
import logging

import pytest
from sqlalchemy.engine import Connection

from bot.process.logs import set_up_logs
from storage.dialects import database
from storage.model.errors import StatementRefused, WriteConflict

WORDS = "客服态度很差，电话 02155512345"
CHAT = "10001555"
TABLES = """
CREATE TEMPORARY TABLE chats (chat TEXT PRIMARY KEY, words TEXT);
CREATE TEMPORARY TABLE said (
  id INTEGER PRIMARY KEY, words TEXT NOT NULL, chat TEXT REFERENCES chats, stars INTEGER,
  CONSTRAINT stars_are_few CHECK (stars < 6));
INSERT INTO chats VALUES ('CHAT', 'WORDS');
"""
FAILS: dict[str, tuple[str, type[Exception]]] = {
    "a row without a value": ("INSERT INTO said VALUES (1, NULL, 'CHAT', 1)", StatementRefused),
    "a row outside its limits": ("INSERT INTO said VALUES (1, 'WORDS', 'CHAT', 9)", StatementRefused),
    "a row that is there": ("INSERT INTO chats VALUES ('CHAT', 'WORDS')", WriteConflict),
    "a row that refers to nothing": ("INSERT INTO said VALUES (1, 'WORDS', 'CHATWORDS', 1)", StatementRefused),
    "words in place of a number": ("INSERT INTO said VALUES ('WORDS', 'WORDS', 'CHAT', 1)", StatementRefused),
}


@pytest.mark.parametrize("failure", FAILS)
async def test_an_error_of_the_database_and_its_traceback_quote_no_value(url: str, failure: str) -> None:
    statement, kind = FAILS[failure]
    opened, stream = database(url), io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def run(connection: Connection) -> None:
        for each in (TABLES + statement).replace("WORDS", WORDS).replace("CHAT", CHAT).split(";"):
            connection.exec_driver_sql(each)

    try:
        set_up_logs((), stream)
        with pytest.raises(kind) as refused, opened.translated_errors():
            await opened.run_sync(run)
        logging.getLogger("bot").error("it failed: %s", refused.value, exc_info=refused.value)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        await opened.close()
    line = json.loads(stream.getvalue())
    assert "run_sync" in line["traceback"]
    told = stream.getvalue() + str(refused.value) + repr(refused.value)
    assert [word for word in (WORDS, WORDS[:4], CHAT) if word in told] == []
    assert len(str(refused.value)) > len("IntegrityError")


async def test_a_value_that_the_driver_refuses_is_not_quoted(migrated_postgres: str) -> None:
    opened = database(migrated_postgres)
    try:
        with pytest.raises(StatementRefused) as refused, opened.translated_errors():
            async with opened.reading() as driver:
                await opened.fetch(driver, "SELECT $1::integer", (WORDS,))
        assert str(refused.value) == "DataError (22000)"
    finally:
        await opened.close()
