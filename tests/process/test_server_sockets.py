"""What keeps the service from its port is told with the setting to change."""

import errno
import os
import socket

import pytest

from bot.process.server_sockets import METRICS_KEYS, bound_sockets, listening_problem
from tests.support.ports import reserved_port


@pytest.mark.parametrize(
    ("error", "port", "told"),
    [
        pytest.param(errno.EADDRINUSE, 8480, "http.port: Port 8480 of ::1 is in use.", id="in use"),
        pytest.param(errno.EACCES, 80, "http.port: This user may not listen on port 80.", id="a port of the system"),
        pytest.param(
            errno.EACCES, 8480, "http.port: It is impossible to listen on ::1, port 8480: Perm", id="forbidden"
        ),
        pytest.param(
            errno.EADDRNOTAVAIL, 8480, "http.host: ::1 is no address of this machine.", id="another machine's"
        ),
        pytest.param(errno.EAFNOSUPPORT, 8480, "http.host: ::1 is no address of this machine.", id="no IPv6"),
    ],
)
def test_each_reason_names_the_setting(error: int, port: int, told: str) -> None:
    problem = listening_problem(OSError(error, os.strerror(error)), "::1", port, lambda key: f"huifang.toml ({key})")
    assert str(problem).startswith(f"huifang.toml ({problem.key}): {told}")
    assert problem.fix


def test_a_port_for_metrics_that_is_taken_is_told_with_its_own_setting() -> None:
    error = OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    problem = listening_problem(error, "127.0.0.1", 9480, lambda key: f"huifang.toml ({key})", METRICS_KEYS)
    assert problem.key == "metrics.listen"
    assert "HUIFANG_METRICS__LISTEN=127.0.0.1:9481" in problem.fix


async def test_all_addresses_of_a_host_are_bound_as_far_as_the_machine_has_them() -> None:
    with reserved_port() as port:
        async with bound_sockets("localhost", port, lambda _key: "") as sockets:
            names = {one.getsockname()[0] for one in sockets}
            assert "127.0.0.1" in names
            assert names <= {"127.0.0.1", "::1"}
        with socket.socket() as again:
            again.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # others may have connected from this port since
            again.bind(("127.0.0.1", port))
