"""The visits of the sample company: who repaired what for whom, when, and what followed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.handlers.surveys.fact_rows import closing_record
from bot.jobs.sample.draws import Draws
from bot.jobs.sample.sample_days import SampleSetup
from config.sample.company_file import CompanyTeam, Technician, Weighted
from dialogs.invitation.model import SAMPLE_SOURCE
from dialogs.survey import in_locale
from scoring.values import Value, replace
from storage.model.fact_records import Closing
from storage.model.records import Customer, Ticket, TicketStatus
from storage.model.service_details import Rework, ServiceDetails

__all__ = ["SampleVisit", "sample_customer", "ticket_visit", "visit_closing", "visits_of"]

_HOUR = 3600
_NO_SECRET = b""
"""Customers of the sample have neither number nor address, so there is nothing of which a key could be made."""
_WORK_BEGINS, _WORK_ENDS = 9 * _HOUR, 20 * _HOUR
_VIP = 0.06
_COMES_BACK = (3, 19)
"""Days after which somebody comes again for the same."""


class SampleVisit(Value):
    """One visit of a technician at a customer's."""

    customer: Customer
    number: int
    day: date
    closed_at: datetime
    team: CompanyTeam
    technician: Technician
    station: str
    product: Weighted
    category: Weighted
    device: str
    again_for: str = ""

    @property
    def thing(self) -> str:
        """What the customer calls the product."""
        return in_locale(self.product.called, self.customer.locale).lower()

    @property
    def ticket(self) -> str:
        """The ticket's id."""
        return f"{self.customer.id.removeprefix('sample-')}-{self.number}"


def sample_customer(setup: SampleSetup, number: int) -> Customer:
    """Return one of the customers, who can be reached on no channel."""
    plan, draws = setup.plan, Draws(setup.order.seed, "customer", number)
    locale = draws.weighted(list(plan.languages), list(plan.languages.values()))
    surname, title = draws.pick(plan.surnames[locale]), draws.pick(plan.titles[locale])
    name = f"{title} {surname}" if locale == "en" else f"{surname}{title}"
    tier = "vip" if draws.chance(_VIP) else ""
    return Customer(f"{SAMPLE_SOURCE}-{number:07}", name, locale=locale, tier=tier)


def visits_of(setup: SampleSetup, customer: Customer) -> Iterator[SampleVisit]:
    """Yield the visits at a customer's, with those that come again for the same."""
    plan, days, draws = setup.plan, setup.days, Draws(setup.order.seed, "visits", customer.id)
    team = plan.teams[draws.below(len(plan.teams))]
    station = draws.pick(team.stations)
    usual = plan.numbers["visits_per_customer_a_month"] * days.usual_months
    number = 0
    for _ in range(draws.rounded(2 * draws.unit() * usual)):
        day = days.drawn(draws)
        technician = _technician(setup, team, draws, day)
        product = draws.weighted(plan.products, [_share(one, day) for one in plan.products])
        category = draws.weighted(plan.categories, [one.share for one in plan.categories])
        closed_at = days.at(day, draws.between(_WORK_BEGINS, _WORK_ENDS))
        device = f"SN{customer.id[-7:]}{plan.products.index(product)}"
        number += 1
        visit = SampleVisit(
            customer=customer,
            number=number,
            day=day,
            closed_at=closed_at,
            team=team,
            technician=technician,
            station=station,
            product=product,
            category=category,
            device=device,
        )
        yield visit
        if (again := _again(visit, setup, draws)) is not None:
            number += 1
            yield again


def _share(one: Weighted, day: date) -> float:
    return one.share * (one.months[day.month - 1] if one.months else 1.0)


def _technician(setup: SampleSetup, team: CompanyTeam, draws: Draws, day: date) -> Technician:
    plan, days = setup.plan, setup.days
    place = plan.teams.index(team)
    newcomer = plan.newcomer
    if place == newcomer.team and day >= days.last_month:
        usual = plan.numbers["visits_per_customer_a_month"] * days.usual_months * days.share_of_last_month()
        if draws.chance(newcomer.visits * len(plan.teams) / (setup.order.customers * usual)):
            return newcomer
    theirs = [one for one in plan.technicians if one.team == place]
    return draws.weighted(theirs, [one.share for one in theirs])


def _again(visit: SampleVisit, setup: SampleSetup, draws: Draws) -> SampleVisit | None:
    share = visit.technician.repeats
    if not draws.chance(setup.plan.numbers["repeats"] if share is None else share):
        return None
    day = visit.day + timedelta(days=draws.between(*_COMES_BACK))
    if day >= setup.days.until:
        return None
    return replace(
        visit,
        number=visit.number + 1,
        day=day,
        closed_at=setup.days.at(day, draws.between(_WORK_BEGINS, _WORK_ENDS)),
        again_for=f"{SAMPLE_SOURCE}/{visit.ticket}",
    )


def ticket_visit(visit: SampleVisit, setup: SampleSetup, draws: Draws) -> Ticket:
    """Return the closed ticket of a visit, with its times."""
    plan, closed = setup.plan, visit.closed_at
    solved = closed - timedelta(minutes=draws.between(2, 15))
    onsite = solved - timedelta(minutes=draws.between(25, 130))
    opened = onsite - timedelta(seconds=_wait(visit, setup, draws))
    replied = opened + timedelta(seconds=min(draws.between(3, 40) * 60, (onsite - opened).total_seconds() // 2))
    late = -draws.between(10, 150) if draws.chance(0.16) else draws.between(5, 120)
    details = ServiceDetails(
        requested_at=opened,
        assigned_at=replied + (onsite - replied) / 8,
        onsite_at=onsite,
        solved_at=solved,
        area=visit.team.area,
        station=visit.station,
        device=visit.device,
        fault=visit.category.name,
        service_type=visit.category.service,
        source_channel=draws.weighted(("phone", "app", "shop"), (0.5, 0.4, 0.1)),
        warranty=draws.chance(0.55),
        cause=draws.pick(plan.causes),
        measure=draws.pick(plan.repairs),
        resent=draws.chance(visit.category.resent) or None,
        solved_first_time=not visit.again_for and draws.chance(0.88),
        rework=Rework.EXTERNAL if visit.again_for else None,
        rework_of=visit.again_for or None,
    )
    return Ticket(
        source=SAMPLE_SOURCE,
        id=visit.ticket,
        customer=visit.customer.id,
        status=TicketStatus.CLOSED,
        closing=1,
        opened_at=opened,
        first_replied_at=replied,
        closed_at=closed,
        appointment_at=closed + timedelta(minutes=late),
        subject=f"{visit.product.name} · {visit.category.name}",
        category=visit.category.name,
        product=visit.product.name,
        team=visit.team.name,
        agent_id=visit.technician.id,
        agent_name=visit.technician.name,
        details=details,
    )


def _wait(visit: SampleVisit, setup: SampleSetup, draws: Draws) -> int:
    """Return the seconds from the call until somebody is there: far fewer once jobs are given out the same day."""
    is_early = any(one.change.before is not None and visit.day < one.begins for one in setup.days.changes)
    return draws.between(26, 74) * _HOUR if is_early else draws.between(3, 30) * _HOUR


def visit_closing(ticket: Ticket, visit: SampleVisit) -> Closing:
    """Return the closing of a visit's ticket."""
    return closing_record(ticket, visit.customer, visit.closed_at, _NO_SECRET)
