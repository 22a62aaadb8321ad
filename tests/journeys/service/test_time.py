"""What time does: one reminder, an end without an answer, an end with some."""

from pathlib import Path

from tests.support.town.quick import quick_town_at
from tests.support.town.words import said, step


async def test_who_does_not_answer_is_reminded_once_and_then_left_in_peace(tmp_path: Path) -> None:
    short = {"survey.reminder_after": "1s", "survey.expires_after": "3s"}
    async with quick_town_at(tmp_path, "webhook", short) as town:
        mei, li = await town.customer(), await town.customer("李先生")
        await town.put("silent", "closed", mei)
        await town.put("slow", "closed", li)
        await li.taps("5")
        await li.sees(step(2))
        first = await mei.sees(step(1))
        four = str((first.button("4") or {})["callback_data"])
        reminder = await mei.sees(said("remind.hello_name", name="王女士"), after=first)
        assert said("remind.length", count=5) in reminder.text
        await town.survey_becomes("silent", "sent")
        await town.survey_becomes("silent", "expired")
        await town.survey_becomes("slow", "partial")
        await mei.sees(said("done.expired"))
        await li.sees(said("done.partial"))
        assert [answer["value"] for answer in (await town.response("slow"))["answers"]] == [5]
        await town.settles()
        assert (len(mei.messages), len(li.messages)) == (3, 2)
        assert first.button("4") is None
        await mei.taps_data(four, message=first)
        assert (await mei.answered()).text == said("already_answered")
        assert (await town.response("silent"))["answers"] == []
