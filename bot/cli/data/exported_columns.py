"""The columns of each kind of file, in order, and what becomes of each in an anonymised export.

Each is written as `name` or `name:what`. Without a word behind it a column is exported as it is, also anonymised; the
words are those of `Disguise`. `list[].name` is a field of each item of a list. An anonymised export has what is named
here and nothing else, so that a field that somebody adds cannot slip into it.
"""

from enum import StrEnum

from scoring.values import Value

__all__ = ["COLUMNS", "Disguise", "ExportedColumns"]


class Disguise(StrEnum):
    """What becomes of a value in an anonymised export."""

    WHOLE = ""
    OUT = "-"
    """Left out: words of people, what leads to somebody by itself."""
    CUSTOMER = "customer"
    PERSON = "person"
    """A colleague, by name or id, or whoever else did something."""
    TICKET = "ticket"
    """`source/id`, of which the source stays."""
    NUMBER = "number"
    """The id of a ticket whose source stands in the same row."""
    RECORD = "record"
    """The id of something stored, which could be computed from a ticket."""


class ExportedColumns(Value):
    """The columns of a kind, and their disguises by their path, which names the fields of lists without `[]`."""

    names: tuple[str, ...]
    disguises: dict[str, Disguise]


def _columns(text: str) -> ExportedColumns:
    parts = [part.partition(":") for part in text.split()]
    names = dict.fromkeys(path.partition("[]")[0] for path, _, _ in parts)
    return ExportedColumns(tuple(names), {path.replace("[]", ""): Disguise(what) for path, _, what in parts})


COLUMNS = {
    "surveys": _columns("survey version definition:-"),
    "tickets": _columns(
        """
        source ticket:number customer:customer status closing opened_at first_replied_at closed_at appointment_at
        updated_at subject:- category product team agent.id:person agent.name:person tags:- url:- requested_at
        assigned_at onsite_at solved_at area station contract:- device:- fault:- service_type source_channel order_no:-
        repair_form_no:- customer_signed warranty:- cause measure resent solved_first_time rework rework_of:-
        report_reviewed stage outcome contact_problem fields:-
        """
    ),
    "contacts": _columns(
        """
        customer:customer name:- locale timezone tier phone:- email:- postal_address:- opted_out_at channel address:-
        state bound_at last_received_at
        """
    ),
    "responses": _columns(
        """
        id:record ticket:ticket customer:customer survey version status channel team agent.id:person agent.name:person
        asked_at sent_at started_at completed_at given_at by:person entered.by:person entered.at score total grade flags
        comment:- comment_polarity comment_dimensions
        answers[].question answers[].value answers[].text:- answers[].importance answers[].at
        answers[].clarification.given answers[].clarification.meant answers[].clarification.at
        answers[].clarification.confirmed said[].text:- said[].at sections[].section sections[].name sections[].weight
        sections[].score sections[].answered sections[].asked
        """
    ),
    "issues": _columns(
        """
        id:record kind status severity title:- text:- reasons:- tickets:ticket customers:customer responses:record
        claimed_by:person progress:- question:- note:- root_cause:- judgement.verdict judgement.why:-
        judgement.category judgement.remedy judgement.cause:- judgement.verification:- judgement.by:person judgement.at
        judgement.check_by resolution opened_at due_at resolved_at closed_at timeline[].at timeline[].event
        timeline[].by:person timeline[].text:-
        """
    ),
    "issue_events": _columns("issue:record number at event by:person text:-"),
    "assessments": _columns(
        """
        id:record form version title subject:person subject_kind period since until role rater:person customer:customer
        source sheet_no:- by:person at total grade sections[].section sections[].name sections[].weight sections[].score
        sections[].answered sections[].asked items[].item items[].name items[].value items[].not_applicable
        items[].evidence:- words:- actions prepared_by:person checked_by:person approved_by:person
        """
    ),
    "assessment_files": _columns(
        """
        id:record assessment:record item name:- media_type size sha256 by:person at kept_until file:-
        """
    ),
    "adjustments": _columns("id:record form subject:person period points reason:- by:person at"),
    "results": _columns(
        """
        publication:record form version title subject:person period revision total grade provisional incomplete missing
        withheld left_out formula digest published_by:person published_at
        """
    ),
    "campaigns": _columns(
        """
        id:record name:- kind status survey text:- audience:- schedule window per_minute created_at created_by:person
        next_at why:- runs[].occurrence runs[].status runs[].audience runs[].started_at runs[].finished_at runs[].why:-
        """
    ),
    "campaign_targets": _columns(
        "campaign:record occurrence customer:customer state reason ticket:ticket interview:record due_at"
    ),
    "findings": _columns(
        """
        id:record kind text:- department status opened_at opened_by:person origin:- responses:record issues:record
        voices[].customer:customer voices[].said:- voices[].at measure.measure:- measure.metric measure.cut:-
        measure.pilot:- measure.target measure.owner:person measure.due_at measure.baseline.from measure.baseline.to
        measure.before.value measure.before.n measure.before.low measure.before.high measure.verify.from
        measure.verify.to measure.planned_by:person measure.planned_at reminded_at escalated_at done_at done_by:person
        results[].verdict results[].effect results[].low results[].high results[].p results[].method results[].at
        campaign:record told:- closed_at closed_by:person note:- next_at
        """
    ),
    "entries": _columns(
        """
        id:record kind metric period cut:- numerator denominator value origin:- dated conclusion:- measures:- by:person
        at
        """
    ),
    "exclusions": _columns(
        """
        id:record response:record state reason proposed_by:person proposed_at note:- decided_by:person decided_at
        decision:- appeal_until appealed_by:person appealed_at appeal:- evidence:- reviewed_by:person reviewed_at
        review:-
        """
    ),
    "publications": _columns(
        """
        id:record about period revision from to timezone asked:- metrics digest inputs_digest rules rules_from by:person
        at reason:-
        """
    ),
    "reports": _columns(
        "id:record kind of:- period revision from to locale title:- digest by:person at schedule files[].format"
        " files[].sha256 files[].size files[].media_type"
    ),
    "requests": _columns("id:record kind customer:customer door asked_at due_at done_at"),
    "audit": _columns("id:record at by:person action subject:- detail:-"),
}
"""By kind; `docs/data.md` says what is in each."""
