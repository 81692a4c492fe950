"""What whole columns say: the order of their dates, their decimal mark, their few words."""

from __future__ import annotations

from app.domain.amounts import Mark
from app.domain.columns_seen import FIRST, WORDS, ColumnsSeen, seen
from app.domain.dates import Order


def test_dates_numbers_and_words_are_told_apart() -> None:
    on, spent, stage, name = seen(
        4, [("13/02/2018", "1.200,50", "won", "Dana"), ("01/02/2018", "3,00", "lost", "Tom")]
    )
    assert (on.is_dates, on.order, on.is_numbers) == (True, Order.DAY_FIRST, False)
    assert (spent.is_numbers, spent.mark, spent.is_dates) == (True, Mark.COMMA, False)
    assert (stage.words, stage.is_dates, stage.is_numbers) == (("won", "lost"), False, False)
    assert name.words == ("Dana", "Tom")


def test_a_row_far_below_still_says_the_order() -> None:
    rows = [("01/02/2018",)] * (10 * FIRST) + [("02/13/2018",)]
    assert seen(1, rows)[0].order is Order.MONTH_FIRST
    assert seen(1, rows[:-1])[0].order is Order.UNTOLD


def test_a_column_that_can_not_be_told_is_read_like_its_neighbours_when_these_agree() -> None:
    open_, day_first, month_first = ("01/02/2018", "03/04/2018"), ("13/01/2018", ""), ("01/13/2018", "")
    assert [one.order for one in seen(2, list(zip(open_, day_first, strict=True)))] == [Order.DAY_FIRST] * 2
    mixed = seen(3, list(zip(open_, day_first, month_first, strict=True)))
    assert [one.order for one in mixed] == [Order.UNTOLD, Order.DAY_FIRST, Order.MONTH_FIRST]
    assert mixed[0].open == "01/02/2018"


def test_points_alone_do_not_speak_for_the_neighbours() -> None:
    points, open_ = ("01.02.2018", "03.04.2018"), ("01/02/2018", "03/04/2018")
    assert [one.order for one in seen(2, list(zip(points, open_, strict=True)))] == [
        Order.DAY_FIRST,
        Order.UNTOLD,
    ]


def test_a_column_of_many_words_has_none_worth_telling_and_blanks_say_nothing() -> None:
    columns = ColumnsSeen(2)
    for number in range(WORDS):
        columns.add((f"word {number}", ""))
    assert [len(one.words) for one in columns.done()] == [WORDS, 0]
    columns.add(("one more", ""))
    assert columns.done()[0].words == ()
    assert not columns.done()[1].is_dates
