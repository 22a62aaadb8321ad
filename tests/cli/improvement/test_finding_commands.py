"""`huifang finding …` where no service runs."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.process.system import SystemClock
from tests.cli.conftest import Type
from tests.cli.test_exclusions import fill

DUE = SystemClock().now().date() + timedelta(days=400)
DAY_AFTER, WINDOW_ENDS = DUE + timedelta(days=1), DUE + timedelta(days=30)


def test_a_finding_is_opened_planned_done_and_dismissed_from_the_terminal(types: Type) -> None:
    opened = ("finding", "open", "等了两天才有人来", "--department", "北区", "--by", "王芳", "--format", "json")
    finding = json.loads(types(*opened).out)["id"]
    assert types("finding", "list").out == f"{finding}  open  suggestion  北区  等了两天才有人来\n"
    plan = ("finding", "plan", finding, "--by", "王经理", "--measure", "4 小时内回电", "--owner", "李工")
    number = ("--metric", "csat", "--target", "80", "--cut", "team=north")
    told = types(*plan, *number, "--due", str(DUE)).out
    assert told == (
        f"{finding}  planned  suggestion  北区  等了两天才有人来  4 小时内回电 by 李工 until {DAY_AFTER} 00:00  "
        "csat none, n=0 to reach 80\n"
    )
    far = types(*plan, *number, "--due", "9999-12-31")
    assert (far.code, far.err) == (1, "huifang: due is more than ten years ahead\n")
    late = types(*plan, *number, "--due", "2020-01-01")
    assert (late.code, late.err) == (1, "huifang: due: has passed\n")
    both = types(*plan, *number, "--due", str(DUE), "--baseline", "2020-01", "--verify", "2020-01")
    assert both.err == (
        "huifang: verify: begins before the baseline has ended: the same answers would count on both sides\n"
    )
    with pytest.raises(SystemExit):
        types(*plan, "--target", "80", "--due", str(DUE))  # without a metric
    assert types("finding", "done", finding, "--by", "李工").out.startswith(f"{finding}  done")
    early = types("finding", "verify", finding, "--by", "李工")
    assert (early.code, early.err) == (
        1,
        f"huifang: its window, which was fixed beforehand, ends at {WINDOW_ENDS}T16:00:00Z\n",
    )
    ended = types("finding", "dismiss", finding, "--by", "王经理", "--note", "换了做法")
    assert ended.out.startswith(f"{finding}  dismissed")
    assert types("finding", "list", "--status", "open").out == ""
    assert types("finding", "show", "fin_none").err.startswith("huifang: there is no finding fin_none;")
    assert types("finding", "list", "--status", "odd").err.startswith("huifang: there is no status odd, only open,")


@pytest.mark.proof
def test_who_raised_it_is_shown_and_what_is_wrong_is_one_line(types: Type, desk: Path) -> None:
    response = fill(desk)
    opened = ("finding", "open", "态度不好", "--department", "北区", "--by", "王芳", "--kind", "low_item")
    told = types(*opened, "--response", response, "--format", "json").out
    finding = json.loads(told)["id"]
    assert types("finding", "show", finding).out == f"{finding}  open  low_item  北区  态度不好\n  c-1\n"
    assert types("finding", "list", "--department", "南区").out == ""
    refused = {
        ("open", "慢", "--department", "北区", "--by", "王芳", "--issue", "iss_none"): "issues: there is no 'iss_none'",
        ("open", "慢", "--department", "北区", "--by", "王芳", "--kind", "rumour"): "kind must be one of",
        ("done", finding, "--by", "李工"): "it has no measure that could be done; plan one first",
        ("done", "fin_none", "--by", "李工"): "there is no finding fin_none",
        ("verify", finding, "--by", "李工"): f"there is no finding {finding} with a measure that could be verified",
        ("tell", finding, "--by", "李工"): "it has no measure yet; plan one first",
        ("wait", finding, "--by", "李工", "--until", "tomorrow"): "until is no moment of ISO 8601",
        ("wait", finding, "--by", "李工", "--until", "2020-01-01T00:00:00Z"): "until: has passed",
    }
    for words, problem in refused.items():
        said = types("finding", *words)
        assert (said.code, said.out) == (1, ""), words
        assert said.err.startswith(f"huifang: {problem}"), said.err
