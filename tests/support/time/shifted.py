"""A wall clock for one process that a test sets while it runs, and a platform that tells the time over TLS.

The clock is set for everything in the process, libraries included: a preloaded library adds seconds, which stand in a
file, to what the system says.
"""

import ssl
import struct
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.support.certificate import write_certificate

__all__ = ["ShiftedClock", "Witness", "witness_before"]

SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static int64_t shift(void) {
    static volatile int64_t *seconds = 0;
    if (!seconds) {
        int file = open(getenv("SHIFT_FILE"), O_RDONLY | O_CLOEXEC);
        seconds = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
    }
    return *seconds;
}

int clock_gettime(clockid_t id, struct timespec *out) {
    static int (*real)(clockid_t, struct timespec *) = 0;
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(id, out);
    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) out->tv_sec += shift();
    return result;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *out, void *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}
"""


@dataclass(slots=True)
class ShiftedClock:
    """The wall clock of one process."""

    library: Path
    file: Path

    @classmethod
    def made_in(cls, folder: Path) -> "ShiftedClock":
        """Compile the library; the clock is right at first."""
        source, library, file = folder / "shift.c", folder / "shift.so", folder / "shift"
        source.write_text(SOURCE)
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)  # noqa: S607 (any compiler)
        file.write_bytes(bytes(8))
        return cls(library, file)

    @property
    def environment(self) -> dict[str, str]:
        """What the process is started with."""
        return {"LD_PRELOAD": str(self.library), "SHIFT_FILE": str(self.file)}

    def set(self, ahead: timedelta) -> None:
        """Set the clock, in a process that runs as well."""
        with self.file.open("r+b") as file:
            file.write(struct.pack("q", round(ahead.total_seconds())))


@dataclass(slots=True)
class Witness:
    """A platform behind TLS; its `Date` is `ahead` of the real time."""

    url: str
    certificate: Path
    ahead: timedelta = timedelta(0)


@asynccontextmanager
async def witness_before(api_base: str, folder: Path) -> AsyncIterator[Witness]:
    """Pass every call on to a platform that speaks plain HTTP."""
    witness = Witness("", write_certificate(folder, years=20))

    async def passed_on(request: web.Request) -> web.Response:
        async with session.request(
            request.method, api_base + request.path_qs, data=await request.read(), headers=_kept(request)
        ) as answer:
            date = format_datetime(datetime.now(UTC) + witness.ahead, usegmt=True)
            return web.Response(
                status=answer.status,
                body=await answer.read(),
                headers={"Content-Type": answer.headers["Content-Type"], "Date": date},
            )

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(witness.certificate)
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", passed_on)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    witness.url = f"https://localhost:{runner.addresses[0][1]}"
    try:
        async with aiohttp.ClientSession() as session:
            yield witness
    finally:
        await runner.cleanup()


def _kept(request: web.Request) -> dict[str, str]:
    return {"Content-Type": request.headers["Content-Type"]} if "Content-Type" in request.headers else {}
