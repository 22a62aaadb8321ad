"""The webhook requests of customers as bytes: the shapes and sizes that Telegram sends, made cheaply."""

import time

import msgspec

from bench.wire import request

__all__ = ["command_start", "comment", "press", "ticket_start"]

DATE = int(time.time())
WHO = '{"id":%d,"is_bot":false,"first_name":"\u738b\u5973\u58eb","language_code":"zh-hans"}'
CHAT = '{"id":%d,"first_name":"\u738b\u5973\u58eb","type":"private"}'
BOT = '{"id":7000000001,"is_bot":true,"first_name":"\u56de\u8bbf","username":"huifang_test_bot"}'
SAID = f'{{"update_id":%d,"message":{{"message_id":%d,"from":{WHO},"chat":{CHAT},"date":{DATE},"text":"%s"%s}}}}'
PRESSED = (
    f'{{"update_id":%d,"callback_query":{{"id":"%d","from":{WHO},"message":{{"message_id":%d,"from":{BOT},'
    f'"chat":{CHAT},"date":{DATE},"edit_date":{DATE},"text":"\u8bf7\u4e3a\u6628\u5929\u7684\u7ef4\u4fee\u6253\u5206",'
    '"reply_markup":%s},"chat_instance":"%d","data":%s}}'
)
REMARK = "\u5e08\u5085\u5f88\u51c6\u65f6\uff0c\u8c22\u8c22"
START_ENTITY = ',"entities":[{"type":"bot_command","offset":0,"length":6}]'
FAR_MESSAGE = 1_000_000  # a person's messages; the stub counts the bot's from 1


def press(path: str, secret: str, number: int, place: tuple[int, int, bytes], data: str) -> bytes:
    """Write the request that tells of a press; `place` is chat, message id and keyboard as JSON text."""
    chat_id, message_id, markup = place
    told = msgspec.json.encode(data).decode()
    body = PRESSED % (number, number, chat_id, message_id, chat_id, markup.decode(), chat_id, told)
    return _post(path, secret, body)


def comment(path: str, secret: str, number: int, chat_id: int) -> bytes:
    """Write the request that tells of a comment."""
    return _post(path, secret, SAID % (number, FAR_MESSAGE + number, chat_id, chat_id, REMARK, ""))


def command_start(path: str, secret: str, chat_id: int) -> bytes:
    """Write the request that tells of /start; its update id is the chat's, far above those of the answers."""
    return _post(path, secret, SAID % (chat_id, FAR_MESSAGE + chat_id, chat_id, chat_id, "/start", START_ENTITY))


def ticket_start(key: str, chat_id: int) -> bytes:
    """Write the request of a help desk that closes the ticket of a customer with this Telegram chat."""
    contact = {"channel": "telegram", "address": str(chat_id)}
    customer = {"id": f"c-{chat_id}", "name": "\u738b\u5973\u58eb", "locale": "zh-Hans", "contacts": [contact]}
    body = {"status": "closed", "subject": "\u7a7a\u8c03\u4e0d\u5236\u51b7", "customer": customer}
    authorization = {"Authorization": f"Bearer {key}"}
    return request("PUT", f"/api/v1/tickets/bench/{chat_id}", authorization, msgspec.json.encode(body))


def _post(path: str, secret: str, body: str) -> bytes:
    return request("POST", path, {"X-Telegram-Bot-Api-Secret-Token": secret}, body.encode())
