"""Notes each request as a span of OpenTelemetry; only where traces are on."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.telemetry.traces import Traces

__all__ = ["TracedRequests", "traced"]


def traced(app: ASGIApp, traces: Traces) -> ASGIApp:
    """Return an application of which each request is noted, the same one where traces are off."""
    return TracedRequests(app, traces) if traces.is_on else app


class TracedRequests:
    """The outermost application. A span is named by the template of its route, never by a path, which names people."""

    def __init__(self, app: ASGIApp, traces: Traces) -> None:
        self._app, self._traces = app, traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # where nothing is answered

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with self._traces.request(scope["method"], headers) as end:
            try:
                await self._app(scope, receive, told)
            finally:
                end(_route(scope), status)


def _route(scope: Scope) -> str:
    """Return the template of the route that was found, else the first step of the path."""
    template = getattr(scope.get("route"), "path", None)
    return str(template) if template else "/" + scope["path"].split("/")[1][:20]
