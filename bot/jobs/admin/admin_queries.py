"""Queries what an admin's command needs before it is decided: lists, figures, a fresh secret."""

from bot.handlers.admin.permissions import Admin, admin_among, may
from bot.handlers.admin.roster import CODE_LASTS
from bot.handlers.admin.router import TEAM_CODE
from bot.handlers.common.policy import Policy
from bot.handlers.common.query_results import NOTHING, QueryResults
from bot.jobs.admin.admin_report import admin_report, own_report
from bot.jobs.admin.chat_reports import ChatReader, chat_report
from bot.jobs.improvement.finding_queries import FindingQueries
from bot.jobs.text.phrase_queries import PhraseQueries
from bot.ports import Bind, Clock, SecretSource
from dialogs.admin.commands import AdminCommand, TypedCommand, admin_command
from dialogs.admin.report import AdminReport
from dialogs.campaign.model import Campaign, Figures
from dialogs.campaign.screens import CampaignButton
from dialogs.issue.talk_cards import number_in
from dialogs.messages import Inbound, Tap, Text, Verb
from dialogs.reports.asked_reports import words_of_button
from dialogs.reports.sent_report import CONFIRM
from storage.reads.reader import Reader

__all__ = ["AdminQueries"]

_LISTED = 8
_ISSUES = 50
_AUDITED = 20
_SHOWS_FIGURES = frozenset(
    {
        CampaignButton.OPEN,
        CampaignButton.START,
        CampaignButton.PAUSE,
        CampaignButton.RESUME,
        CampaignButton.CANCEL,
        CampaignButton.REALLY,
    }
)
_BY_KEY = (AdminCommand.JOIN, AdminCommand.PAUSE_SURVEYS, AdminCommand.RESUME_SURVEYS)


class AdminQueries:
    """Reads what the decision on an admin's command needs and cannot load by key; nothing for anybody else."""

    def __init__(self, reader: Reader, clock: Clock, secrets: SecretSource) -> None:
        self._reader = reader
        self._reads = reader.admins
        self._campaigns = reader.campaigns
        self._findings = FindingQueries(reader, clock)
        self._phrases = PhraseQueries(reader, clock)
        self._clock = clock
        self._secrets = secrets

    async def look_up(self, inbound: Inbound, policy: Policy, bind: Bind | None) -> QueryResults:
        """Return what a command or button asks for, if its sender is an admin who may use it.

        `bind` makes the link by which a new member of the team joins on the channel of `inbound`.
        """
        if (findings := await self._findings.look_up(inbound, policy)) is not None:
            return findings
        if (phrases := await self._phrases.look_up(inbound, policy)) is not None:
            return QueryResults(phrases=phrases)
        number = _number_of_issue(inbound, policy)
        if number:
            return QueryResults(issues=tuple(await self._reads.issues_numbered(number)))
        typed = _asked(inbound)
        if typed is None:
            return NOTHING
        admin = admin_among(await self._reads.roster(), policy, inbound.place, inbound.sender)
        is_allowed = admin is not None and may(admin, typed.command)
        return await self._looked_up(typed, admin, inbound, policy, bind) if admin and is_allowed else NOTHING

    async def _looked_up(
        self, typed: TypedCommand, admin: Admin, inbound: Inbound, policy: Policy, bind: Bind | None
    ) -> QueryResults:
        match typed.command:
            case AdminCommand.REPORT:
                if typed.words:
                    is_team = inbound.place in policy.team
                    reads = ChatReader(admin, policy.team_speaks if is_team else inbound.sender.locale)
                    now = self._clock.now()
                    return QueryResults(asked=await chat_report(self._reader, policy, reads, typed.words, now))
                return QueryResults(report=await self._report(admin))
            case AdminCommand.ISSUES:
                issues = await self._reads.issues(_ISSUES)
                return QueryResults(issues=tuple(issues), subjects=await self._reads.subjects(issues))
            case AdminCommand.AUDIT:
                return QueryResults(audit=tuple(await self._reads.latest_audit_entries(_AUDITED)))
            case AdminCommand.TEAM:
                return await self._invited(inbound, policy, bind) if typed.words else NOTHING
            case _:
                return QueryResults(campaigns=await self._listed(typed.words))

    async def _report(self, admin: Admin) -> AdminReport:
        now = self._clock.now()
        if admin.role == "agent":
            return await own_report(self._reader, now, admin.by, admin.agent)
        return await admin_report(self._reader, now, admin.team)

    async def _invited(self, inbound: Inbound, policy: Policy, bind: Bind | None) -> QueryResults:
        """Return a fresh one-time code and, where the roster's people talk to us, the link that carries it."""
        secret = self._secrets.token()
        if bind is None or not policy.can(inbound.place.channel).roster:
            return QueryResults(secret=secret)
        try:
            binding = await bind(f"{TEAM_CODE}{secret}", self._clock.now() + CODE_LASTS)
        except LookupError:
            return QueryResults(secret=secret)
        return QueryResults(secret=secret, link=binding.url)

    async def _listed(self, wanted: tuple[str, ...]) -> tuple[tuple[Campaign, Figures], ...]:
        """Return these campaigns, or the latest, with their figures."""
        if wanted:
            found = [one for key in wanted if (one := await self._campaigns.find(key)) is not None]
        else:
            found = (await self._campaigns.all())[::-1][:_LISTED]
        return tuple([(one, (await self._campaigns.runs_and_figures(one.id))[1]) for one in found])


def _number_of_issue(inbound: Inbound, policy: Policy) -> str:
    """Return the number of an issue that the team replied with, as to merge another into it; empty for other words."""
    is_of_team = inbound.place in policy.team or policy.can(inbound.place.channel).roster
    match inbound.said:
        case Text(text=text, replies_to=asked, edited=False) if asked and is_of_team:
            return number_in(text)
        case _:
            return ""


def _asked(inbound: Inbound) -> TypedCommand | None:
    """Return the command that needs a query, with the campaign's id for a button of one campaign; else None."""
    match inbound.said:
        case Text(text=text, edited=False):
            typed = admin_command(text)
            return typed if typed is not None and typed.command not in _BY_KEY else None
        case Tap(verb=Verb.REPORT, step=step) if step != CONFIRM:
            return TypedCommand(AdminCommand.REPORT, words_of_button(step))
        case Tap(verb=Verb.CAMPAIGN, step=CampaignButton.LIST | CampaignButton.BACK):
            return TypedCommand(AdminCommand.CAMPAIGN)
        case Tap(verb=Verb.CAMPAIGN, step=step, subject=subject) if step in _SHOWS_FIGURES:
            return TypedCommand(AdminCommand.CAMPAIGN, (subject,))
        case _:
            return None
