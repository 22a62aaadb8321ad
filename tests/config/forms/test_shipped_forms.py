"""The shipped forms ask what the field's forms ask, section by section, with their weights and points."""

import pytest

from config.forms.load import read_forms
from dialogs.forms.model import Form, FormItem

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


CALLED: dict[str, dict[str, str]] = {
    "All-round appraisal": {
        "amount": "Amount and timeliness",
        "quality": "Quality of service",
        "knowledge": "Knowledge",
        "solving": "Solving problems",
        "duty": "Sense of duty",
        "teamwork": "Teamwork",
    },
    "Head of a department, monthly": {
        "goals": "Monthly goals met",
        "work": "Quality of the work",
        "tasks": "Added tasks done",
        "improvement": "Management and improvement",
        "training_done": "Training done",
    },
    "Four sides of after-sales service": {
        "manner": "Manner",
        "patience": "Patience and initiative",
        "practice": "Practical work",
        "cases": "Case analysis",
        "process": "Follows the process",
        "response": "Response",
        "solving": "Time to solve",
        "success": "Repairs that last",
        "rating": "Customers' ratings",
        "complaints": "Handling of complaints",
        "returning": "Returning customers",
    },
    "After-sales service standard, some clauses": {
        "c_5_1_7_2": "5.1.7.2 Promises are consistent and told",
        "c_5_1_7_3": "5.1.7.3 Service culture is made known",
        "c_5_2_1_1": "5.2.1.1 Information on the package",
        "c_5_2_1_2": "5.2.1.2 Documents of the goods",
        "c_5_2_1_5": "5.2.1.5 Systematic defects are disclosed",
        "c_5_2_2_1": "5.2.2.1 Installation",
        "c_5_2_2_2": "5.2.2.2 Instruction",
        "c_5_2_3_2": "5.2.3.2 Area and time of delivery",
        "c_5_2_4_1": "5.2.4.1 Staff who take reports",
    },
    "Performance in after-sales service": {
        "orders": "Orders completed",
        "arrangements": "Everything arranged",
        "estimates": "Knows how satisfied customers are",
        "measures": "Acts on dissatisfaction",
        "effects": "Weighs actions against goals",
        "relations": "Relations, plans, demonstrations",
        "contact": "Keeps in touch with customers and managers",
        "knowledge": "Knowledge and skill",
        "on_site_time": "On site in time",
        "brand": "Brand image",
        "repair_form": "Repair form, signed by the customer",
        "rules": "Follows the supplier's rules",
    },
    "Quality checks of a week": {
        "repair": "Repairs",
        "bodywork": "Bodywork and paint",
        "engine": "Engines",
        "final_check": "Final check",
    },
    "Key figures of a quarter": {
        "parts_rate": "Payments for parts, rate",
        "parts_money": "Payments for parts",
        "complaint_rate": "Complaints settled to satisfaction",
        "complaints": "Complaints",
        "training_rate": "Training done",
        "attitude": "Attitude",
        "conduct": "Conduct",
        "reports": "Reports right and in time",
        "rules": "Follows the rules",
        "focus": "Focus of the quarter",
    },
    "Customer service staff": {
        "patience": "Friendly and patient",
        "duty": "Sense of duty",
        "knowledge": "Knowledge",
        "communication": "Communication",
        "workload": "Amount and timeliness",
        "satisfaction": "Customers' satisfaction",
        "help": "Works with others",
    },
    "Supervisor in after-sales": {
        "reports": "Repair reports and summaries",
        "faults": "Faults and their records",
        "callbacks": "Call-backs and surveys",
        "skills": "Skills and spare parts",
        "cost": "Timeliness and cost",
        "values": "Values",
        "others": "Other goals",
    },
    "Task of after-sales service": {
        "done": "Done as planned",
        "in_time": "In time",
        "customer": "Accepted by the customer",
        "papers": "Complete papers",
    },
    "Workshop, quarterly": {
        "first_time": "Right first time",
        "rework": "Handling of rework",
        "promised": "Done by the agreed time",
        "waiting": "Waiting for parts, standstill",
        "papers": "Job papers",
        "final_check": "Final check",
    },
    "Skill in service": {
        "practice": "Practical work",
        "cases": "Case analysis",
        "process": "Follows the process",
    },
    "Half-year appraisal": {
        "products": "Products and technology",
        "practical": "Practical exam",
        "solving": "Solving problems",
        "service": "Quality of service",
        "duty": "Sense of duty",
    },
    "Manager of after-sales service": {
        "targets": "Targets met",
        "satisfaction": "Customers' satisfaction",
        "speed": "Handled in time",
        "cost": "Costs",
        "team": "Building the team",
        "training": "Training",
    },
    "Leading a team, quarterly": {
        "appraised": "Staff who were appraised",
        "training_done": "Training done",
        "meetings": "Meetings on morale",
        "newcomers": "Newcomers trained",
    },
    "Costs, quarterly": {
        "repairs": "Repairs",
        "parts": "Parts",
        "labour": "Labour",
    },
    "Keeping to the process": {
        "registered": "Complete registration",
        "assigned": "Assigned in time",
        "agreed": "On site as agreed",
        "signed": "Signed by the customer",
        "called_back": "Called back afterwards",
    },
    "Knowledge of support staff": {
        "products": "Products",
        "faults": "Common faults",
        "rules": "Warranty and rules",
        "questions": "Asks the right questions",
        "answers": "Right answers",
    },
    "Goals judged by words": {
        "quality": "Quality of the work",
        "cooperation": "Cooperation",
        "initiative": "Initiative",
        "learning": "Learning",
    },
}
"""By form, by the id under which an item is sent over the API: how it is called in English."""


@pytest.mark.parametrize("form", ALL.values(), ids=ALL)
def test_an_item_keeps_its_id_and_says_the_same_in_english(form: Form) -> None:
    assert {item.id: item.name["en"] for item in form.items} == CALLED[form.title["en"]]
