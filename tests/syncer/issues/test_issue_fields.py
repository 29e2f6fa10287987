"""Promises about every kind of field over HTTP, both ways, on both deployments."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from mappings.values import Value, Values, page_of, rendered
from syncer.core.records import CommentDraft, Draft, Mark, Present, Record
from syncer.errors import Rejected
from syncer.issues import IssueProject
from syncer.sandbox import cast
from tests.contract.bench import comments, twin
from tests.contract.issue_bench import IssueBench
from tests.syncer.issues.hands import asked, model

SEVERITY, CYCLE, FOUND_ON, POINTS, PLATFORMS, REVIEWER, STEPS, REGION, AREAS, PAGE, LOGGED_BY, SEEN_AT, RISK, TOPICS = (
    f"customfield_{number}" for number in range(10010, 10024)
)
CUSTOM = frozenset(
    {SEVERITY, CYCLE, FOUND_ON, POINTS, PLATFORMS, REVIEWER, STEPS, REGION, AREAS, PAGE}
    | {LOGGED_BY, SEEN_AT, RISK, TOPICS}
)
BUILT_IN = frozenset({"summary", "environment", "duedate", "reporter", "creator", "created", "updated", "labels"})


@dataclass(frozen=True)
class Stage:
    bench: IssueBench
    port: IssueProject

    def read(self, record_id: str) -> Record:
        [(_, observation)] = self.port.read([record_id])
        assert isinstance(observation, Present)
        return observation.record

    def person(self, login: str) -> str:
        name = next(person.display_name for person in cast.PEOPLE if person.login == login)
        return next(user.id for user in self.port.catalogue().of("user") if user.name == name)


@pytest.fixture
def stage(bench: IssueBench) -> Iterator[Stage]:
    port = bench.bound(fields=CUSTOM | BUILT_IN)
    yield Stage(bench, port)
    port.close()


def filled(stage: Stage) -> Values:
    """A value for every field that can be written."""
    values: dict[str, Value] = {
        "summary": "All of them",
        "environment": "h1. *Linux*",
        "duedate": "2026-12-24",
        "labels": frozenset({"one", "two"}),
        SEVERITY: "10511",
        CYCLE: "Cycle 7",
        FOUND_ON: "2026-11-22",
        POINTS: "2.5",
        PLATFORMS: frozenset({"10521", "10523"}),
        REVIEWER: stage.person("olgap"),
        STEPS: "# open\n# *close*",
        REGION: "10600/10602",
        AREAS: frozenset({"10530"}),
        PAGE: "https://shop.example/cart?a=b&c=d",
        LOGGED_BY: "Zoë \N{SMILING FACE WITH OPEN MOUTH}",
        SEEN_AT: "2026-11-22T14:03:05Z",
        RISK: "10542",
        TOPICS: frozenset({"umlaut-ä", "cart"}),
    }
    return values


CLEARED: Values = {
    **dict.fromkeys(CUSTOM | {"environment", "duedate"}, None),
    **dict.fromkeys([PLATFORMS, AREAS, TOPICS, "labels"], frozenset[str]()),
}


def test_every_field_is_written_at_birth_changed_emptied_and_read_back(stage: Stage) -> None:
    values = filled(stage)
    record = stage.port.create(Draft({**values, "issuetype": "10401"}, twin()))
    assert {name: record.values[name] for name in values} == values
    others: Values = {
        POINTS: "3",
        REGION: "10610",
        SEVERITY: "10512",
        PLATFORMS: frozenset({"10520"}),
        SEEN_AT: "1999-12-31T23:59:59Z",
        TOPICS: frozenset({"cart", "new"}),
        "duedate": "2027-01-01",
        REVIEWER: stage.person("annak"),
    }
    changed = stage.port.update(record.id, others)
    assert {name: changed.values[name] for name in values} == {**values, **others}
    emptied = stage.port.update(record.id, CLEARED)
    assert {name: emptied.values[name] for name in CLEARED} == CLEARED


def test_what_a_person_enters_is_read_in_the_form_that_mappings_compare(stage: Stage) -> None:
    sandbox = model(stage.bench)
    record_id = sandbox.create(
        by="annak",
        summary="By hand",
        **{POINTS: 3, REGION: "Europe / Germany", RISK: "Low", AREAS: ["Login", "Payment"], REVIEWER: "joeb"},
        **{SEEN_AT: "2026-07-01T10:00:00.500+0200", FOUND_ON: "2026-07-01", TOPICS: ["x"]},
    ).id
    stage.bench.behave(time_zone="America/New_York")
    values = stage.read(record_id).values
    assert [values[name] for name in (POINTS, REGION, RISK, SEEN_AT, FOUND_ON)] == [
        "3", "10600/10601", "10540", "2026-07-01T08:00:00Z", "2026-07-01",
    ]  # fmt: skip
    assert values[AREAS] == frozenset({"10530", "10531"})
    assert values[REVIEWER] == stage.person("joeb")


def test_who_made_an_issue_and_when_is_read_too(stage: Stage) -> None:
    record_id = stage.bench.person_creates("Whose?")
    values = stage.read(record_id).values
    assert values["reporter"] == values["creator"] == stage.person("joeb")
    for name in ("created", "updated"):
        moment = model(stage.bench).issue(record_id).moment(name)
        assert moment is not None
        assert values[name] == f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def test_only_mapped_fields_are_asked_for_and_told(bench: IssueBench) -> None:
    record_id = model(bench).create(by="annak", summary="Secret", **{LOGGED_BY: "Jane"}).id
    port = bench.bound(fields={"summary", STEPS})
    [(_, _)] = port.read([record_id])
    assert set(port._reader.one(record_id).values) == {"summary", STEPS}
    assert bench.server is not None
    told = [(each.query, each.body) for each in bench.server.adapters_requests()]
    assert LOGGED_BY not in repr(told)
    assert port.catalogue().fields.keys() == {STEPS}


def test_a_mapping_without_custom_fields_never_asks_for_them(bench: IssueBench) -> None:
    record_id = bench.person_creates("Plain")
    port = bench.bound(fields={"summary", "priority"})
    port.update(record_id, {"summary": "Still plain"})
    list(port.read([record_id]))
    port.catalogue()
    assert not [path for _, path in asked(bench) if path == "field" or "createmeta" in path or "editmeta" in path]


def test_rich_texts_come_with_their_html_and_every_text_with_its_page(stage: Stage) -> None:
    record_id = model(stage.bench).create(
        by="annak", summary="*S*", environment="*E* & _more_", **{STEPS: "*C*", CYCLE: "*L*"}
    ).id  # fmt: skip
    # A bulk and a single read are different requests.
    [(_, seen)] = stage.port.read([record_id])
    assert isinstance(seen, Present)
    for record in (stage.read(record_id), seen.record):
        values = record.values
        assert [bool(rendered(values[name])) for name in ("summary", "environment", STEPS, CYCLE)] == [
            False, True, True, False,
        ]  # fmt: skip
        assert "&amp;" in (rendered(values["environment"]) or "")
        assert {page_of(values[name]) for name in ("summary", "environment", STEPS, CYCLE)} == {record.url}


def test_a_person_s_comment_comes_with_its_html_and_ours_without_its_heading(stage: Stage) -> None:
    record_id = stage.bench.person_creates("Discussed")
    stage.bench.person_comments(record_id, "*Bold* & more")
    stage.port.add_comment(record_id, CommentDraft("Jane", "*ours*", Mark("demo", "1")))
    theirs, ours = comments(stage.read(record_id))
    assert "&amp;" in (rendered(theirs.body) or "")
    assert (ours.body, rendered(ours.body)) == ("*ours*", None)
    assert {page_of(each.body) for each in (theirs, ours)} == {stage.read(record_id).url}


def test_comments_that_are_read_page_by_page_come_with_their_html_too(stage: Stage) -> None:
    record_id = stage.bench.person_creates("Much discussed")
    for number in range(5):
        stage.bench.person_comments(record_id, f"*{number}* & more")
    stage.bench.cap_pages(2)
    thread = stage.port._reader._comments.of([{"id": record_id, "key": "TEST-1", "fields": {}}])[record_id]
    assert isinstance(thread, tuple)
    assert [str(each.body)[:3] for each in thread] == [f"*{number}*" for number in range(5)]
    assert all("&amp;" in (rendered(each.body) or "") for each in thread)


def test_labels_of_a_custom_field_that_somebody_adds_meanwhile_stay(stage: Stage) -> None:
    record_id = model(stage.bench).create(by="annak", summary="Labelled", **{TOPICS: ["a", "b"]}).id
    stage.port.update(record_id, {TOPICS: frozenset({"a", "c"})})
    assert stage.bench.server is not None
    sent = [each.body for each in stage.bench.server.adapters_requests() if each.method == "PUT"]
    assert sent == [{"update": {TOPICS: [{"add": "c"}, {"remove": "b"}]}}]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (POINTS, "many", "must be a number"),
        (POINTS, "1e999", "must be a number"),
        (POINTS, "100000000000001", "invalid number"),
        (FOUND_ON, "22.11.2026", "date string"),
        (SEEN_AT, "yesterday", "Error parsing time"),
        (SEVERITY, "10999", "not valid"),
        (REGION, "10600/10611", "not valid"),
        (PAGE, "no address", "Not a valid URL"),
        (CYCLE, "x" * 256, "255"),
        (CYCLE, "\N{SMILING FACE WITH OPEN MOUTH}" * 128, "255"),
        (STEPS, "x" * 32_768, "32,767"),
        (TOPICS, frozenset({"two words"}), "spaces"),
        (REVIEWER, "nobody", "does not exist"),
    ],
)
def test_a_value_that_jira_does_not_take_is_refused_in_its_words(
    stage: Stage, name: str, value: Value, said: str
) -> None:
    record_id = stage.bench.person_creates("As it was")
    with pytest.raises(Rejected, match=said) as refusal:
        stage.port.update(record_id, {"summary": "Changed", name: value})
    assert name in str(refusal.value)
    assert stage.read(record_id).values["summary"] == "As it was"
