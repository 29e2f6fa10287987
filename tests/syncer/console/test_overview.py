"""The overview's three answers: does it run, is everything in step, what does a person need to do."""

from datetime import UTC, datetime, timedelta

from state.counting import Numbers, Waiting
from state.rows import Held
from syncer.activity import Doing
from syncer.console.overview import Card, card, overview

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = Numbers(links=5, good_began=NOW - timedelta(seconds=70), good_ended=NOW - timedelta(seconds=60))


def card_of(numbers: Numbers = GOOD, doing: Doing = Doing(), *held: Held) -> Card:  # noqa: B008
    return card("shop", numbers, (), held, doing, NOW)


def waiting(**codes: int) -> Numbers:
    parked = {code.replace("_", "-"): Waiting(count, NOW) for code, count in codes.items()}
    return Numbers(5, parked, good_began=GOOD.good_began, good_ended=GOOD.good_ended)


def test_all_is_well_where_nothing_fails_and_nobody_has_to_do_anything() -> None:
    view = overview([card_of()], [])
    assert view.healthy
    assert view.sentence == "Everything is in step."
    assert (view.cards[0].state, view.cards[0].lag) == ("idle", "70 s")


def test_what_heals_by_itself_needs_nobody_and_yet_all_is_not_in_step() -> None:
    view = overview([card_of(waiting(unavailable=3, to_confirm=1))], [])
    assert view.healthy
    assert view.sentence == "Nothing needs a person."
    assert view.cards[0].parked == 4


def test_each_thing_for_a_person_leads_to_the_page_where_it_is_done() -> None:
    held = Held("shop", "abcdef", "removals", "too many", ("#1 = S-1: bury", "#2 = S-2: bury"), NOW)
    view = overview([card_of(waiting(unmapped=2, conflict=1, held_removal=2), Doing(), held)], [])
    assert [(task.sentence, task.page) for task in view.cards[0].tasks] == [
        ("2 removals are held: approve or discard", "held"),
        ("1 conflict: choose a side", "waiting#conflicts"),
        ("2 items wait: the mapping has no counterpart for a value", "waiting#unmapped"),
    ]
    assert view.sentence == "3 things need a person."
    assert not view.healthy


def test_a_project_link_that_fails_is_named_with_its_problem() -> None:
    view = overview([card_of(GOOD, Doing(failures=3, problem="Jira is down"))], ["shop: late; Jira is down"])
    assert view.cards[0].state == "failing"
    assert view.cards[0].problem == "Jira is down"
    assert view.sentence.startswith("1 project link can't get on: shop")
    assert view.faults == (), "its own card says it"


def test_what_is_amiss_with_the_process_itself_is_told_even_while_all_links_do_well() -> None:
    view = overview([card_of()], [], ["the main loop has stood still for 5 min"])
    assert not view.healthy
    assert view.faults == ("the main loop has stood still for 5 min",)
    assert view.sentence == "The daemon doesn't do as it should."


def test_before_the_first_cycle_has_ended_nothing_is_said_to_be_in_step() -> None:
    view = overview([card_of(Numbers(), Doing(running=True, step="read incidents", done=3, total=9))], [])
    assert view.sentence == "shop: the first cycle has not ended yet."
    progress = view.cards[0].progress
    assert progress is not None
    assert (progress.step, progress.done, progress.total) == ("read incidents", 3, 9)


def test_a_first_cycle_that_stands_still_is_not_taken_for_one_that_has_not_ended_yet() -> None:
    frozen = "shop: its cycle has stood still for 5 min"
    view = overview([card_of(Numbers(), Doing(running=True))], ["shop: no cycle has ended well yet", frozen], [frozen])
    assert view.faults == (frozen,)
    assert not view.healthy
    assert "The daemon doesn't do as it should" in view.sentence
