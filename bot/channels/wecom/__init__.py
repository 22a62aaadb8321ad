"""WeCom: the team's group, spoken to through a group robot."""

from bot.channels.wecom.channel import NAME, RobotChannel, connect

__all__ = ["NAME", "RobotChannel", "connect"]
