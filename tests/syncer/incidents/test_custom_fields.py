"""Every kind of custom field is carried both ways over HTTP, whichever form the server gives its values."""

from collections.abc import Iterator
from typing import Any

import pytest

from mappings.values import Value, page_of
from syncer.core.records import Draft, FieldInfo
from syncer.errors import Denied, Rejected, Unavailable
from syncer.incidents import IncidentProject
from syncer.sandbox.faults import Fault
from tests.contract.bench import read, twin
from tests.contract.incident_bench import IncidentBench
from tests.syncer.incidents.stage import forget, model, observe, old_and_new, requests

NAMES = (
    *("Found on", "Story points", "Platforms", "Affected areas", "Region", "Reproducible", "Severity", "Risk"),
    *("Cycle", "Notes", "Steps", "Time spent", "Page", "Reported by"),
)
FIELDS = frozenset({"Summary", *(f"FieldValues.{name}" for name in NAMES)})

KINDS: list[tuple[str, Any, Value, Value]] = [
    ("Found on", "2026-11-22T00:00:00Z", "2026-11-22", "2026-12-01"),
    ("Story points", 2.5, "2.5", "3"),
    ("Story points", 3.0, "3", "-0.5"),
    ("Platforms", ["iOS", "Linux"], frozenset({"Linux", "iOS"}), frozenset({"Windows"})),
    ("Affected areas", ["Login"], frozenset({"Login"}), frozenset({"Login", "Payment"})),
    ("Region", ["Europe", "Germany"], "Europe / Germany", "Asia"),
    ("Region", ["Asia"], "Asia", "Europe / France"),
    ("Reproducible", True, "true", "false"),
    ("Severity", "Major", "Major", "Minor"),
    ("Risk", "High", "High", "Low"),
    ("Cycle", "Cycle 1", "Cycle 1", "Cycle 2"),
    ("Notes", "One\ntwo", "One\ntwo", "Three"),
    ("Steps", "<p>Log <b>in</b></p>", "<p>Log <b>in</b></p>", "<p>Log out</p>"),
    ("Time spent", "4d,2h", "4d,2h", "30m"),
    ("Page", "https://example.com/a?b=c", "https://example.com/a?b=c", "https://example.com"),
    ("Reported by", "Anna", "Anna", "Joe"),
]
"""What a person enters, how it is held, and another value to write."""

FORMS: dict[str, dict[str, str]] = {
    "assumed": {},
    "joined": {"lists": "joined", "dates": "day", "booleans": "text", "numbers": "text"},
    "objects": {"lists": "objects"},
}


@pytest.fixture
def port(bench: IncidentBench) -> Iterator[IncidentProject]:
    port = bench.bound(fields=FIELDS)
    yield port
    port.close()


def entered(bench: IncidentBench, **values: Any) -> str:
    """An incident in which a person has entered values, by the names of their fields."""
    return model(bench).create_incident(Summary="Typed", FieldValues=values).id


def held(port: IncidentProject, record_id: str, name: str) -> Value:
    """The value of a custom field, read by the incident's id."""
    return observe(port, record_id).values[f"FieldValues.{name}"]


@old_and_new
@pytest.mark.parametrize("form", FORMS)
def test_every_kind_is_read_written_and_cleared_in_the_form_of_the_server(
    bench: IncidentBench, port: IncidentProject, form: str
) -> None:
    bench.behave(**FORMS[form])
    for name, given, read_as, other in KINDS:
        field, record_id = f"FieldValues.{name}", entered(bench, **{name: given})
        assert held(port, record_id, name) == read_as, name
        after = port.update(record_id, {field: other}).values
        assert after[field] == other == held(port, record_id, name), name
        nothing: Value = frozenset() if isinstance(other, frozenset) else None
        cleared = port.update(record_id, {field: nothing}).values[field]
        assert cleared == ("false" if name == "Reproducible" else nothing), name
        assert held(port, record_id, name) == cleared, name


@old_and_new
@pytest.mark.parametrize("form", FORMS)
def test_a_new_incident_carries_every_kind(bench: IncidentBench, port: IncidentProject, form: str) -> None:
    bench.behave(**FORMS[form])
    first = entered(bench, **{name: given for name, given, _, _ in KINDS})
    values = {f"FieldValues.{name}": other for name, _, _, other in KINDS}
    observe(port, first)
    made = port.create(Draft({"Summary": "Made", **values}, twin()))
    assert {name: made.values[name] for name in values} == values


@old_and_new
def test_the_assumed_forms_are_written_where_nothing_was_seen_yet(bench: IncidentBench, port: IncidentProject) -> None:
    values = {f"FieldValues.{name}": other for name, _, _, other in KINDS}
    made = port.create(Draft({"Summary": "Made", **values}, twin()))
    assert {name: made.values[name] for name in values} == values


def test_a_field_without_a_value_is_written_as_others_of_its_kind_were_seen(
    bench: IncidentBench, port: IncidentProject
) -> None:
    bench.behave(lists="joined")
    record_id = entered(bench, Platforms=["Linux"])
    observe(port, record_id)
    port.update(record_id, {"FieldValues.Affected areas": frozenset({"Login", "Payment"})})
    assert model(bench).incident(record_id).field_values["Affected areas"] == ("Login", "Payment")


def test_a_new_incident_leaves_empty_fields_to_the_server(bench: IncidentBench, port: IncidentProject) -> None:
    fields = dict.fromkeys((f"FieldValues.{name}" for name in ("Found on", "Risk", "Reproducible")), None)
    made = port.create(Draft({"Summary": "Made", **fields, "FieldValues.Platforms": frozenset()}, twin()))
    assert "Reproducible" not in model(bench).incident(made.id).field_values
    assert made.values["FieldValues.Reproducible"] is None


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Risk", "Huge", "must be one of Low, Medium, High"),
        ("Platforms", frozenset({"BeOS"}), "must be one of Windows"),
        ("Region", "Europe / Spain", "must be one of Germany, France"),
        ("Found on", "tomorrow", "holds a date such as 2026-11-22: 'tomorrow' can't be written"),
        ("Story points", "many", "holds a number such as 2.5"),
        ("Reproducible", "perhaps", "holds 'true' or 'false'"),
        ("Platforms", "Linux", "holds a set of options"),
        ("Risk", frozenset({"Low"}), "holds one value, not several"),
    ],
)
def test_a_value_that_a_field_can_not_hold_is_rejected_with_nothing_changed(
    bench: IncidentBench, port: IncidentProject, name: str, value: Value, said: str
) -> None:
    record_id = entered(bench, Cycle="Cycle 1")
    with pytest.raises(Rejected, match=said):
        port.update(record_id, {"FieldValues.Cycle": "changed", f"FieldValues.{name}": value})
    assert held(port, record_id, "Cycle") == "Cycle 1"


def test_nothing_is_cleared_for_a_change_that_can_not_be_written(bench: IncidentBench, port: IncidentProject) -> None:
    record_id = entered(bench, Cycle="Cycle 1")
    with pytest.raises(Rejected):
        port.update(record_id, {"FieldValues.Cycle": None, "FieldValues.Found on": "tomorrow"})
    assert held(port, record_id, "Cycle") == "Cycle 1"


def test_a_text_knows_the_page_of_its_incident(bench: IncidentBench, port: IncidentProject) -> None:
    record = observe(port, entered(bench, Notes="Words"))
    assert page_of(record.values["FieldValues.Notes"]) == page_of(record.values["Summary"]) == record.url


class TestDefinitions:
    """What custom fields are is asked for where one is mapped, and only then."""

    def test_a_mapping_without_custom_fields_asks_for_none(self, bench: IncidentBench) -> None:
        port = bench.bound(fields=frozenset({"Summary", "Status"}))
        record_id = entered(bench, Notes="Words")
        port.catalogue()
        observe(port, record_id)
        port.close()
        assert [path for _, path in requests(bench) if path.startswith("customfield")] == []

    def test_they_are_asked_for_once_and_again_with_the_catalogue(
        self, bench: IncidentBench, port: IncidentProject
    ) -> None:
        record_id = entered(bench, Notes="Words")
        for _ in range(3):
            observe(port, record_id)
        assert [path for _, path in requests(bench)].count("customfields") == 1
        forget(bench)
        port.catalogue()
        assert [path for _, path in requests(bench)].count("customfields") == 1
        observe(port, record_id)
        assert [path for _, path in requests(bench)].count("customfields") == 1

    @old_and_new
    def test_who_may_not_read_them_learns_the_kinds_from_the_form(
        self, bench: IncidentBench, port: IncidentProject
    ) -> None:
        bench.behave(definitions_forbidden=True)
        for name, given, read_as, other in KINDS:
            record_id = entered(bench, **{name: given})
            assert held(port, record_id, name) == read_as, name
            assert port.update(record_id, {f"FieldValues.{name}": other}).values[f"FieldValues.{name}"] == other
        assert port.catalogue().fields["FieldValues.Platforms"].shape == "choices"

    def test_a_failure_that_passes_never_makes_texts_of_other_shapes(
        self, bench: IncidentBench, port: IncidentProject
    ) -> None:
        record_id = entered(bench, Platforms=["Linux"])
        bench.fault(Fault(effect="status", status=500, method="GET", path="/customfields", times=None))
        with pytest.raises(Unavailable):
            port.catalogue()
        with pytest.raises(Unavailable):
            list(port.read([record_id]))

    def test_a_wrong_password_stays_one(self, bench: IncidentBench) -> None:
        port = bench.bound(password="guessed", fields=FIELDS, project=model(bench).catalogue.project_id)
        with pytest.raises(Denied):
            port.catalogue()
        port.close()


@old_and_new
def test_what_only_the_server_writes_can_be_read_and_not_be_written(bench: IncidentBench) -> None:
    fields = frozenset(
        {"CreatedBy", "LastUpdatedBy", "CreatedAt", "LastUpdatedAt", "IncidentNumber", "ProjectName", "Summary"}
    )
    port = bench.bound(fields=fields)
    server = model(bench)
    incident = server.create_incident("annak", Summary="Typed")
    server.edit(incident.id, "joeb", Summary="Edited")
    values = dict(observe(port, incident.id).values)
    anna, joe = (server.catalogue.user_named(login).id for login in ("annak", "joeb"))
    assert (values["CreatedBy"], values["LastUpdatedBy"]) == (anna, joe)
    assert (values["IncidentNumber"], values["ProjectName"]) == ("0", "Test Project")
    assert values["CreatedAt"] == incident.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    for name in fields - {"Summary"}:
        with pytest.raises(Rejected, match=f"Only Enterprise Tester itself writes '{name}'"):
            port.update(incident.id, {"Summary": "Other", name: values[name]})
    assert read(bench, incident.id).values["Summary"] == "Edited"
    info: FieldInfo = port.catalogue().fields["CreatedAt"]
    assert (info.shape, info.writable) == ("moment", False)
    port.close()
