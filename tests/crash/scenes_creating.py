"""Records, versions and components that the other side lacks; and links that have to be found again."""

from collections.abc import Iterator

from tests.crash.scenarios import Collection
from tests.crash.worlds import Stage

SCENES = Collection()


@SCENES.add(creates=True)
def an_incident_without_an_issue(stage: Stage) -> Iterator[None]:
    yield
    pump = stage.log("Pump fails", Description="It drips", Priority="High", FixedVersions=["2.0"])
    stage.person(lambda: stage.tester.comment(pump.id, body="Seen it too"))
    stage.person(lambda: stage.tester.comment(pump.id, "mariag", body="And here"))


@SCENES.add(creates=True)
def an_issue_without_an_incident(stage: Stage) -> Iterator[None]:
    yield
    basket = stage.report("Basket is slow", description="It *really* is", labels=["basket"], fixVersions=["2.0"])
    stage.person(lambda: stage.jira.comment(basket.id, by="annak", body="On it"))


@SCENES.add(servers="old", creates=True)
def an_incident_and_an_issue_on_old_servers(stage: Stage) -> Iterator[None]:
    yield
    pump, basket = stage.log("Pump fails"), stage.report("Basket is slow")
    stage.person(lambda: stage.tester.comment(pump.id, body="Seen it too"))
    stage.person(lambda: stage.jira.comment(basket.id, by="annak", body="On it"))


@SCENES.add()
def several_records_at_once(stage: Stage) -> Iterator[None]:
    yield
    for number in range(2):
        stage.log(f"Pump {number} fails")
    stage.report("Basket is slow")


@SCENES.add()
def a_closed_incident_without_an_issue(stage: Stage) -> Iterator[None]:
    yield
    stage.log("Pump fails", Status="Closed", Resolution="Fixed")


@SCENES.add()
def a_version_and_a_component_that_jira_lacks(stage: Stage) -> Iterator[None]:
    yield
    stage.person(lambda: stage.tester.add_version("5.0"))
    stage.person(lambda: stage.tester.catalogue.add_pick("Component", "Pumps"))
    stage.log("Pump fails", FixedVersions=["5.0", "2.0"], Components=["Pumps", "Search"])


@SCENES.add()
def an_incident_found_in_a_step(stage: Stage) -> Iterator[None]:
    yield
    pump = stage.log("Pump fails")
    stage.person(lambda: stage.tester.link_step(stage.step(), pump.id))


@SCENES.add()
def texts_that_servers_rewrite(stage: Stage) -> Iterator[None]:
    yield
    stage.tester.behaviour.normalise = stage.jira.behaviour.normalise = "lower"
    stage.log("Pump FAILS", Description="It Drips A LOT")
    basket = stage.report("Basket IS slow", description="Very SLOW")
    stage.person(lambda: stage.jira.comment(basket.id, by="annak", body="On IT"))


@SCENES.add()
def a_mark_that_was_refused_at_first(stage: Stage) -> Iterator[None]:
    yield
    stage.jira.behaviour.link_issues_forbidden = True
    stage.log("Pump fails")
    stage.report("Basket is slow")
    yield
    stage.jira.behaviour.link_issues_forbidden = False


@SCENES.add()
def a_lost_state_db(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails", Description="It drips")
    stage.person(lambda: stage.tester.comment(pump.id, body="Seen it too"))
    stage.person(lambda: stage.tester.link_step(stage.step(), pump.id))
    yield
    stage.person(lambda: stage.jira.comment(stage.issue_of(pump).id, by="annak", body="On it"))
    yield
    stage.forget_state()


@SCENES.add()
def a_lost_state_db_and_edits_meanwhile(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    yield
    stage.forget_state()
    stage.edit(pump, Priority="High")
