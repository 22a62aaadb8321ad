"""How fast comments are read, beside looking for each word of the lexicon by itself.

`.venv/bin/python -m bench.understanding.text_speed`; the comments are made up here.
"""

import asyncio
import os
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

from bot.jobs.text.asked_encoder import AskedEncoder
from config.text.encoder_file import load_judge
from config.text.encoder_mark import SHIPPED_ENCODER
from config.text.load import load_weighed
from scoring.text.comment_judge import CommentJudge
from scoring.text.text_reader import TextReader

__all__ = ["print_text_speed"]

_WHO = ("师傅", "客服", "安装的小哥", "你们前台", "維修師傅")
_WHAT = (
    "态度很好，活儿干得利索",
    "来得挺准时就是收费有点高",
    "修了两次都没修好，爱答不理",
    "解释得很清楚，还教我保养",
    "等了三个小时才接电话",
)
_END = ("，会再来", "。", "！希望改进", "，一般吧", "👍")
COMMENTS = ["".join(parts) for parts in product(_WHO, _WHAT, _END)]
LONG = "".join(COMMENTS)
_LONGEST = 4000
_ROUNDS = 7
_FEW = 10
_PORTION = 50
"""As many responses as the running service asks about at once."""
_MILLION_HOURS = 1_000_000 / 3600 / 1000


def print_text_speed() -> None:
    """Print comments a second for the whole reading and for the naive search, and milliseconds for a long comment."""
    reader = TextReader(load_weighed())
    judge = CommentJudge(reader)
    words = list(reader.lexicons.entries)

    def naively(text: str) -> list[str]:
        folded = reader.lexicons.fold(text)
        return [word for word in words if word in folded]

    length = sum(map(len, COMMENTS)) / len(COMMENTS)
    ours = len(COMMENTS) / _best(lambda: [reader.read(text) for text in COMMENTS])
    naive = _FEW / _best(lambda: [naively(text) for text in COMMENTS[:_FEW]])
    long = (LONG * 3)[:_LONGEST]
    judged = len(COMMENTS) / _best(lambda: [judge.judge(text) for text in COMMENTS])
    print(f"comments of {length:.0f} characters: {ours:,.0f}/s read, {judged:,.0f}/s judged as a whole")
    print(f"{len(words):,} words looked for one by one in them: {naive:,.0f}/s")
    read, whole = _best(lambda: reader.read(long)) * 1000, _best(lambda: judge.judge(long)) * 1000
    print(f"one of {_LONGEST:,} characters: {read:.1f} ms read, {whole:.1f} ms judged as a whole")
    encoded = load_judge()
    short = _best(lambda: [encoded.judge(text) for text in COMMENTS[:_FEW]]) / _FEW * 1000
    whole = _best(lambda: encoded.judge(long)) * 1000
    print(f"with the encoder: {short:.1f} ms a comment, {whole:.1f} ms one of {_LONGEST:,} characters")
    apart, kilobytes = asyncio.run(_apart())
    hours = apart * _MILLION_HOURS
    print(f"beside the service: {apart:.1f} ms a comment, {hours:.1f} h a million, {kilobytes // 1024} MB at most")


async def _apart() -> tuple[float, int]:
    """Return the milliseconds of processor time a comment in a process of its own, and its kilobytes at most."""
    async with AskedEncoder(SHIPPED_ENCODER) as encoder:
        await encoder.number()
        before = _ticks(encoder.pid)
        for _ in range(_ROUNDS):
            for begin in range(0, len(COMMENTS), _PORTION):
                await encoder.sums(COMMENTS[begin : begin + _PORTION])
        seconds = (_ticks(encoder.pid) - before) / os.sysconf("SC_CLK_TCK")
        status = Path(f"/proc/{encoder.pid}/status").read_text("ascii")  # noqa: ASYNC240 (a bench)
    return seconds / _ROUNDS / len(COMMENTS) * 1000, int(status.partition("VmHWM:")[2].split()[0])


def _ticks(pid: int) -> int:
    """Return the processor time of a process: the fields `utime` and `stime` of proc(5)."""
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[11:13]))


def _best(work: Callable[[], object]) -> float:
    """Return the seconds of processor time of the fastest round."""
    seconds = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


if __name__ == "__main__":
    print_text_speed()
