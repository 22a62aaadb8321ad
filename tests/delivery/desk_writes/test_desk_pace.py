"""One message a second into the tickets of one help desk, and none while it asked for a pause."""

from bot.delivery.desk_writes.desk_pace import DeskPace


def test_messages_leave_a_second_apart() -> None:
    pace, now, left = DeskPace(), 100.0, []
    for _ in range(4):
        now = max(pace.free_at(now), pace.ready_at("7", now))
        left.append(now)
        pace.take("7", now)
    assert left == [100.0, 101.0, 102.0, 103.0]


def test_one_that_does_not_go_gives_its_second_back() -> None:
    pace = DeskPace()
    pace.take("7", 100.0)
    pace.give_back("7")
    assert pace.free_at(100.0) == 100.0


def test_a_pause_holds_whoever_comes() -> None:
    pace = DeskPace()
    pace.pause(160.0)
    pace.pause(130.0)
    assert (pace.free_at(100.0), pace.free_at(161.0)) == (160.0, 161.0)
