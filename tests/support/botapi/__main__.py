"""The fake as its own process: `python -m tests.support.botapi --port 8081`; the people act by `/world/…`."""

import argparse
import asyncio

from tests.support.botapi.http.control import add_control_doors
from tests.support.botapi.http.lean import LeanTelegram
from tests.support.botapi.server import TOKEN, FakeTelegram

__all__: list[str] = []


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is ended."""
    if options.lean:
        base = await LeanTelegram(options.token).listen(options.port)
        print(base, flush=True)  # noqa: T201 (whoever started us reads the address)
        await asyncio.Event().wait()
    async with FakeTelegram(token=options.token, more_doors=[add_control_doors]).serve(options.port) as telegram:
        print(telegram.api_base, flush=True)  # noqa: T201 (whoever started us reads the address)
        await asyncio.Event().wait()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="loopback port; 0 takes a free one and prints it")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument(
        "--lean", action="store_true", help="count and answer only: no history, few checks, for benches"
    )
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
