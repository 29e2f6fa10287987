"""Comments that are written, edited and deleted on either side."""

from collections.abc import Iterator

from tests.crash.scenarios import Collection
from tests.crash.worlds import Stage

SCENES = Collection()


@SCENES.add(creates=True)
def comments_added_on_both_sides(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.tester.comment(pump.id, body="Seen it too"))
    stage.person(lambda: stage.jira.comment(stage.issue_of(pump).id, by="annak", body="On it"))
    stage.person(lambda: stage.tester.comment(pump.id, "mariag", body="Thanks"))


@SCENES.add(creates=True)
def a_comment_as_long_as_three_of_jiras(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.tester.comment(pump.id, body="It drips and drips. " * 4000))


@SCENES.add()
def a_comment_edited_in_enterprise_tester(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    comment = stage.person(lambda: stage.tester.comment(pump.id, body="Seen it too"))
    yield
    stage.person(lambda: stage.tester.edit_comment(pump.id, comment, body="Seen it twice"))


@SCENES.add()
def a_comment_edited_in_jira(stage: Stage) -> Iterator[None]:
    basket = stage.report("Basket is slow")
    comment = stage.person(lambda: stage.jira.comment(basket.id, by="annak", body="On it"))
    yield
    stage.person(lambda: stage.jira.edit_comment(basket.id, comment.id, by="annak", body="Done with it"))


@SCENES.add()
def a_comment_deleted_in_enterprise_tester(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    comment = stage.person(lambda: stage.tester.comment(pump.id, body="Never mind"))
    yield
    stage.person(lambda: stage.tester.delete_comment(pump.id, comment))


@SCENES.add()
def a_comment_deleted_in_jira_gets_a_notice(stage: Stage) -> Iterator[None]:
    basket = stage.report("Basket is slow")
    comment = stage.person(lambda: stage.jira.comment(basket.id, by="annak", body="Never mind"))
    yield
    stage.person(lambda: stage.jira.delete_comment(basket.id, comment.id))
