"""The page as a channel: customers who are asked there and nowhere else."""

from bot.channels.web.channel import WebChannel

__all__ = ["WebChannel"]
