"""Every command that works on the database, by name: the service and the command line do them alike."""

from collections.abc import Mapping

from bot.control.campaigns import CAMPAIGN_COMMANDS
from bot.control.customers import export_customer, forget_customer
from bot.control.running import Command
from bot.control.surveys import explain_survey
from bot.control.users import add_user, list_users, remove_user

__all__ = ["COMMANDS"]

COMMANDS: Mapping[str, Command] = {
    **CAMPAIGN_COMMANDS,
    "customer export": export_customer,
    "customer forget": forget_customer,
    "survey explain": explain_survey,
    "user add": add_user,
    "user list": list_users,
    "user remove": remove_user,
}
