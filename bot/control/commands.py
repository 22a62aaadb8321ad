"""The commands that work on the database, by name; service and command line run the same ones.

Those on failed deliveries are made of the channels that are connected: `bot/control/inbox.py`.
"""

from collections.abc import Mapping

from bot.control.archive.archive_commands import ARCHIVE_COMMANDS
from bot.control.campaigns import CAMPAIGN_COMMANDS
from bot.control.data.exports import DATA_COMMANDS
from bot.control.data.import_commands import IMPORT_COMMANDS
from bot.control.data.sample_control import SAMPLE_COMMANDS
from bot.control.execute import CommandHandler
from bot.control.figures import (
    compare_figures,
    explain_report,
    list_charts,
    list_metrics,
    rebuild_rollups,
    report_document,
    report_figures,
    report_quadrants,
    score_report,
    tell_answers_needed,
    tell_interval,
)
from bot.control.forms import FORM_COMMANDS
from bot.control.improvement.finding_commands import FINDING_COMMANDS
from bot.control.outgoing.webhook_commands import WEBHOOK_COMMANDS
from bot.control.people import (
    add_user,
    call_customers,
    export_customer,
    forget_customer,
    link_user,
    list_users,
    remove_user,
)
from bot.control.period_commands import PERIOD_COMMANDS
from bot.control.responses import RESPONSE_COMMANDS
from bot.control.surveys import explain_survey, tell_course
from bot.control.text.phrases_control import PHRASE_COMMANDS

__all__ = ["CONTROL_COMMANDS"]

CONTROL_COMMANDS: Mapping[str, CommandHandler] = {
    **CAMPAIGN_COMMANDS,
    **FORM_COMMANDS,
    **DATA_COMMANDS,
    **RESPONSE_COMMANDS,
    **PERIOD_COMMANDS,
    **FINDING_COMMANDS,
    **IMPORT_COMMANDS,
    **PHRASE_COMMANDS,
    **SAMPLE_COMMANDS,
    **ARCHIVE_COMMANDS,
    **WEBHOOK_COMMANDS,
    "customer calls": call_customers,
    "customer export": export_customer,
    "customer forget": forget_customer,
    "metrics": list_metrics,
    "metrics answers": tell_answers_needed,
    "metrics compare": compare_figures,
    "metrics interval": tell_interval,
    "report": report_figures,
    "report document": report_document,
    "quadrants": report_quadrants,
    "explain": explain_report,
    "score": score_report,
    "rollups rebuild": rebuild_rollups,
    "survey course": tell_course,
    "survey explain": explain_survey,
    "watch": list_charts,
    "user add": add_user,
    "user link": link_user,
    "user list": list_users,
    "user remove": remove_user,
}
