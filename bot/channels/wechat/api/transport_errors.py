"""The ways in which a call fails. None of them carries the URL, because the URL holds the token."""

__all__ = ["ApiError", "GatewayError", "NeverLeftError", "NoAnswerError", "WechatError"]


class WechatError(Exception):
    """A call failed."""


class ApiError(WechatError):
    """WeChat answered no, and did nothing: its code and its words."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text

    def __str__(self) -> str:
        """Return code and words."""
        return f"{self.code} {self.text}"


class GatewayError(WechatError):
    """Something before WeChat answered in its place; nothing was delivered."""


class NeverLeftError(WechatError):
    """The request never left this machine, or not even a token could be had for it."""


class NoAnswerError(WechatError):
    """The request left and no answer of WeChat's came back: it may have been carried out."""
