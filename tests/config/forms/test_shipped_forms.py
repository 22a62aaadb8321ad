"""The shipped forms ask what the field's forms ask, section by section, with their weights and points."""

import pytest

from config.forms.load import read_forms
from dialogs.forms.model import Form, FormItem
from tests.config.forms.called_items import CALLED

ALL = read_forms()
ASKED: dict[str, dict[str, dict[str, str]]] = {
    "appraisal_360": {
        "个人业绩 40": {
            "工作量和及时性": "rated",
            "服务质量": "rated",
        },
        "工作能力 30": {
            "专业知识": "rated",
            "解决问题": "rated",
        },
        "工作态度 30": {
            "责任心": "rated",
            "团队协作": "rated",
        },
    },
    "department": {
        "量化指标 40": {
            "月度目标完成": "rated",
        },
        "非量化指标 15": {
            "工作质量": "rated",
        },
        "追加目标和任务 15": {
            "追加任务完成": "rated",
        },
        "管理与改进 10": {
            "管理和改进": "rated",
        },
        "培训管理 20": {
            "培训完成情况": "rated",
        },
    },
    "four_sides": {
        "服务态度 25": {
            "待人接物": "rated",
            "耐心、主动": "rated",
        },
        "服务技能 25": {
            "实际操作": "rated",
            "维修案例分析": "rated",
            "按流程做事": "rated",
        },
        "服务效率 25": {
            "响应速度": "rated",
            "问题解决时间": "rated",
            "维修成功率": "rated",
        },
        "客户满意度 25": {
            "客户评价": "rated",
            "投诉处理": "rated",
            "回头客": "rated",
        },
    },
    "gbt_27922_part": {
        "条款 100": {
            "5.1.7.2 服务承诺一致并告知顾客": "6 points",
            "5.1.7.3 服务文化宣传": "4 points",
            "5.2.1.1 包装信息": "4 points",
            "5.2.1.2 随附文件": "4 points",
            "5.2.1.5 系统性缺陷公示": "4 points",
            "5.2.2.1 安装调试": "4 points",
            "5.2.2.2 使用指导": "4 points",
            "5.2.3.2 送货范围与时间": "4 points",
            "5.2.4.1 报修登记人员": "4 points",
        },
    },
    "performance_60_40": {
        "业务工作 60": {
            "完成订货": "rated",
            "该安排的都安排好": "rated",
            "了解客户对供货、产品、服务满不满意": "rated",
            "主动减少不满": "rated",
            "衡量行动对个人和公司目标的作用": "rated",
            "人际交往、计划、产品演示": "rated",
            "和客户、各级管理层保持联系": "rated",
            "知识和技术": "rated",
        },
        "售后服务要求 40": {
            "上门时限": "rated",
            "维护供应商品牌形象": "rated",
            "统一填维修单，完工用户签名": "rated",
            "执行供应商的售后制度": "rated",
        },
    },
    "quality_check_week": {
        "一次检验合格率 100": {
            "维修检验": "40 points for ≥ 100",
            "钣喷检验": "20 points for ≥ 100",
            "发动机检验": "20 points for ≥ 100",
            "出店检验": "20 points for ≥ 100",
        },
    },
    "quarter_kpi": {
        "指标 100": {
            "配件回款达成率": "10 points for ≥ 90",
            "配件回款额": "10 points for ≥ 28345",
            "客诉处理满意率": "15 points for ≥ 88",
            "客户投诉": "15 points for ≤ 2",
            "培训达成率": "10 points for ≥ 80",
            "工作态度": "5 points",
            "工作表现": "5 points",
            "报表准确及时": "10 points",
            "制度执行": "5 points",
            "本季重点任务": "15 points",
        },
    },
    "service_staff": {
        "工作态度 25": {
            "热情耐心": "rated",
            "责任心": "rated",
        },
        "工作能力 25": {
            "产品和业务知识": "rated",
            "沟通表达": "rated",
        },
        "工作业绩 30": {
            "处理量和及时性": "rated",
            "客户满意度": "rated",
        },
        "团队协作 20": {
            "配合同事": "rated",
        },
    },
    "supervisor": {
        "工作任务 100": {
            "报修及汇总": "10 points",
            "故障处理及信息管理": "15 points",
            "客户回访和满意度调查": "15 points",
            "岗位技能和配件管理": "15 points",
            "服务时效和成本": "10 points",
            "价值观": "10 points",
            "其他目标任务": "25 points",
        },
    },
    "task_sheet": {
        "任务 100": {
            "按计划完成": "rated",
            "按时": "rated",
            "客户认可": "rated",
            "记录齐全": "rated",
        },
    },
    "workshop_quarter": {
        "维修质量 40": {
            "一次修好": "rated",
            "返修处理": "rated",
        },
        "维修时效 30": {
            "按约定时间完工": "rated",
            "待料、停工控制": "rated",
        },
        "单据和检验 30": {
            "接车单、委托书填写": "rated",
            "出店检验": "rated",
        },
    },
    "skills": {
        "服务技能 100": {
            "实际操作": "40 points",
            "维修案例分析": "30 points",
            "服务流程执行": "30 points",
        },
    },
    "half_year": {
        "专业知识和技能考试 50": {
            "产品和技术知识": "20 points for ≥ 100",
            "实操考试": "20 points for ≥ 100",
            "解决问题能力": "10 points for ≥ 100",
        },
        "日常工作 50": {
            "服务质量": "30 points",
            "责任心": "20 points",
        },
    },
    "manager": {
        "部门目标 40": {
            "目标完成": "rated",
            "客户满意度": "rated",
        },
        "营运绩效 30": {
            "处理及时": "rated",
            "成本控制": "rated",
        },
        "管理绩效 30": {
            "团队建设": "rated",
            "培训落实": "rated",
        },
    },
    "lead_team": {
        "团队管理 100": {
            "完成考评的人数比例": "30 points for ≥ 100",
            "培训计划完成率": "40 points for ≥ 100",
            "士气会议次数": "20 points for ≥ 3",
            "新员工培训": "10 points for ≥ 100",
        },
    },
    "costs": {
        "成本控制 100": {
            "维修费用": "40 points for ≤ 100",
            "物料": "35 points for ≤ 100",
            "人力": "25 points for ≤ 100",
        },
    },
    "process_check": {
        "流程执行 100": {
            "报修登记完整": "20 points for ≥ 100",
            "按时派工": "20 points for ≥ 100",
            "按约到场": "20 points for ≥ 100",
            "维修单用户签字": "20 points for ≥ 100",
            "完工回访": "20 points for ≥ 100",
        },
    },
    "support_knowledge": {
        "知识 60": {
            "产品知识": "rated",
            "常见故障": "rated",
            "三包和政策": "rated",
        },
        "运用 40": {
            "问对问题": "rated",
            "答得准确": "rated",
        },
    },
    "goals_by_words": {
        "定性目标 100": {
            "工作质量": "rated",
            "协作配合": "rated",
            "主动改进": "rated",
            "学习提高": "rated",
        },
    },
}
"""By form, by section with its weight, by item: whether it is rated, or what it is worth."""


def worth(item: FormItem) -> str:
    """Return how an item is entered and what it earns."""
    if item.figure is not None:
        sign = "≤" if item.figure.is_limit else "≥"
        return f"{item.points} points for {sign} {item.figure.target}"
    return "rated" if item.points is None else f"{item.points} points"


@pytest.mark.parametrize("form", ALL.values(), ids=ALL)
def test_a_shipped_form_asks_what_its_paper_asks(form: Form) -> None:
    assert {
        f"{section.name['zh-Hans']} {section.weight}": {item.name["zh-Hans"]: worth(item) for item in section.items}
        for section in form.sections
    } == ASKED[form.id]


def test_every_shipped_form_is_held_here() -> None:
    assert set(ALL) == set(ASKED)


@pytest.mark.parametrize(
    ("form", "mixes"),
    [
        (
            "appraisal_360",
            [
                {"superior": 40, "peer": 30, "subordinate": 30},
                {"superior": 60, "peer": 40},
                {"superior": 60, "subordinate": 40},
                {"superior": 100},
            ],
        ),
        ("performance_60_40", [{"superior": 100}]),
        ("supervisor", [{"superior": 100}]),
        ("workshop_quarter", [{"auditor": 100}]),
        (
            "service_staff",
            [
                {"superior": 50, "peer": 20, "self": 10, "customer": 20},
                {"superior": 60, "customer": 40},
                {"superior": 60, "peer": 40},
                {"superior": 100},
            ],
        ),
        (
            "four_sides",
            [
                {"superior": 50, "peer": 20, "customer": 30},
                {"superior": 70, "customer": 30},
                {"superior": 70, "peer": 30},
                {"superior": 100},
            ],
        ),
    ],
)
def test_a_shipped_form_joins_its_raters_as_it_says(form: str, mixes: list[dict[str, int]]) -> None:
    assert [{str(role): int(weight) for role, weight in mix.items()} for mix in ALL[form].mixes] == mixes


@pytest.mark.parametrize("form", ALL.values(), ids=ALL)
def test_an_item_keeps_its_id_and_says_the_same_in_english(form: Form) -> None:
    assert {item.id: item.name["en"] for item in form.items} == CALLED[form.title["en"]]
