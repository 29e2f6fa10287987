"""The metrics say what happened, in few series and nobody's words; alerts, dashboard and page name what there is."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Metric
from ruamel.yaml import YAML

from syncer import logs
from syncer.core.reasons import Reason
from syncer.core.records import Side
from syncer.health import FROZEN_INTERVALS, INTERVALS
from syncer.incidents.routes import ROUTES as INCIDENT_ROUTES
from syncer.issues.routes import ROUTES as ISSUE_ROUTES
from tests.syncer.cli.terminal import LINK, ROOT
from tests.syncer.daemon_stage import titles, wait_for
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.web.expressions import named
from tests.syncer.web.served import Address, served

RULES = [
    rule for group in YAML(typ="safe", pure=True).load(ROOT / "config/alerts.yaml")["groups"] for rule in group["rules"]
]
DASHBOARD = json.loads((ROOT / "config/grafana-dashboard.json").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
SCRAPED = {"job", "instance"}
"""Labels that Prometheus gives to what it scrapes."""

SECRETIVE = "Payroll of Jane Roe"


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A daemon before both servers, after a day on which everything happened that is counted."""
    logs.configure("json", "error")
    with MirrorStage(tmp_path_factory.mktemp("stage"), incidents=3, issues=True) as stage:
        told = stage.log(Summary=SECRETIVE, AssignedTo="testeronly")
        board = stage.sandbox.tester_switchboard
        board.add_fault(stage.make_fault(effect="status", path="/incident/", status=503, times=1))
        board.add_fault(stage.make_fault(effect="drop_after", path="/systeminfo$", times=1))
        with served(stage) as (daemon, _):
            wait_for(lambda: SECRETIVE in titles(stage) and daemon.get("/readyz")[0] == 200)
            wait_for(lambda: daemon.value("syncer_parked") > 0)
            with stage.fault(Side.ISSUE, effect="status", method="PUT", path="/issue/[0-9]+$", status=400, times=None):
                stage.sandbox.call(lambda: stage.sandbox.tester.edit(told.id, Summary=f"{SECRETIVE}, again"))
                wait_for(lambda: daemon.value("syncer_actions_total", outcome="refused") > 0)
            yield daemon


@pytest.fixture(scope="module")
def families(eventful: Address) -> dict[str, Metric]:
    return eventful.metrics()


def exported(families: dict[str, Metric]) -> dict[str, set[str]]:
    """The labels of every series by its name."""
    labels: dict[str, set[str]] = {}
    for family in families.values():
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    return labels


def test_what_happened_is_counted(eventful: Address, families: dict[str, Metric]) -> None:
    value = eventful.value
    assert value("syncer_actions_total", project_link=LINK, kind="create", side="issue", outcome="settled") >= 4
    assert value("syncer_links", project_link=LINK) >= 4
    assert value("syncer_parked", project_link=LINK, reason="unmapped") == 1
    assert value("syncer_waited_seconds_total", side="incident", reason="503") == 0.5
    assert value("syncer_requests_total", side="incident", status="503") == 1
    assert value("syncer_requests_total", side="incident", status="none") >= 1
    assert (
        value("syncer_requests_total", side="issue", method="POST", route="/rest/api/2/issue/bulk", status="201") >= 1
    )
    assert value("syncer_cycle_seconds_count", project_link=LINK, outcome="done") >= 1
    assert value("syncer_writing") == 1
    assert 0 <= value("syncer_lag_seconds", project_link=LINK) < 60
    assert set(families) >= {"syncer_conflicts", "syncer_held_deletions", "syncer_intents_in_doubt"}


def test_both_counts_of_a_request_agree(families: dict[str, Metric]) -> None:
    counted = sum(sample.value for sample in families["syncer_requests"].samples)
    measured = sum(s.value for s in families["syncer_request_seconds"].samples if s.name.endswith("_count"))
    assert counted == measured > 20


def test_no_label_holds_an_id_a_key_a_name_or_a_query(families: dict[str, Metric]) -> None:
    """Each value is one that we chose; a route beside the list would say that the list is out of date."""
    allowed = {
        "project_link": {LINK},
        "route": {*INCIDENT_ROUTES, *ISSUE_ROUTES},
        "side": {"incident", "issue", "none"},
        "method": {"GET", "POST", "PUT", "DELETE"},
        "reason": {*(reason.value for reason in Reason), "503"},
        "outcome": {"settled", "refused", "in doubt", "done", "failed", "stopped"},
    }
    free = {"status": r"\d{3}|none", "le": r"[0-9.]+|\+Inf", "version": r"[\w.+]+", "kind": r"[a-z ]+"}
    for family in families.values():
        for sample in family.samples:
            for label, value in sample.labels.items():
                known = value in allowed[label] if label in allowed else re.fullmatch(free[label], value)
                assert known, (sample.name, label, value)


def test_nothing_of_a_record_is_in_the_metrics(eventful: Address) -> None:
    _, text = eventful.get("/metrics")
    assert "Payroll" not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|TEST-\d|/issue/\d", text)


def test_every_metric_is_named_after_the_program_and_explained(families: dict[str, Metric]) -> None:
    assert all(name.startswith("syncer_") for name in families)
    assert all(family.documentation.endswith(".") for family in families.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_metrics_and_labels_that_are_exported(
    rule: dict[str, Any], families: dict[str, Metric]
) -> None:
    query, labels = named(rule["expr"]), exported(families)
    assert query.chosen.keys() <= labels.keys()
    for metric, chosen in query.chosen.items():
        assert chosen <= labels[metric] | SCRAPED
    known = set().union(*(labels[metric] for metric in query.chosen)) | SCRAPED
    assert query.grouped <= known
    told = " ".join(rule["annotations"].values())
    assert set(re.findall(r"\$labels\.(\w+)", told)) <= (query.grouped or known)


def test_a_panel_of_the_dashboard_asks_for_metrics_and_labels_that_are_exported(families: dict[str, Metric]) -> None:
    labels = exported(families)
    queries = [(target["expr"], target["legendFormat"]) for panel in DASHBOARD["panels"] for target in panel["targets"]]
    lists = [each["query"] for each in DASHBOARD["templating"]["list"] if each["type"] == "query"]
    for expression, legend in [*queries, *((each, "") for each in lists)]:
        query = named(expression)
        assert query.chosen, expression
        assert query.chosen.keys() <= labels.keys(), expression
        for metric, chosen in query.chosen.items():
            assert chosen <= labels[metric] | SCRAPED, expression
        known = set().union(*(labels[metric] for metric in query.chosen)) | SCRAPED
        assert query.grouped <= known, expression
        assert set(re.findall(r"\{\{(\w+)\}\}", legend)) <= (query.grouped or known), expression


def test_a_misspelt_metric_or_label_would_be_found(families: dict[str, Metric]) -> None:
    labels = exported(families)
    assert not named("syncer_link > 0").chosen.keys() <= labels.keys()
    assert named('sum by (sides) (rate(syncer_requests_total{state="503"}[5m]))').chosen == {
        "syncer_requests_total": {"state"}
    }
    assert named("sum by (sides, side) (x)").grouped == {"sides", "side"}


def test_every_metric_can_be_seen_on_the_dashboard_or_alerts(families: dict[str, Metric]) -> None:
    """What nobody would look at isn't worth exporting."""
    shown = json.dumps(DASHBOARD) + "".join(rule["expr"] for rule in RULES)
    assert {name for name in families if name not in shown} <= {"syncer_loop_age_seconds"}


def test_the_page_lists_every_metric_with_its_labels_and_what_it_says(families: dict[str, Metric]) -> None:
    rows = set(re.findall(r"(?m)^\| `(syncer_\w+)` \| (.*) \| (.*) \|$", PAGE))
    wanted = set()
    for family in families.values():
        counter = family.type == "counter"
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        order = [label for label in ("project_link", "kind", "side", "method", "route", "reason") if label in labels]
        told = ", ".join(f"`{label}`" for label in [*order, *sorted(labels - set(order))]) or "-"
        wanted.add((family.name + "_total" * counter, told, family.documentation))
    assert rows == wanted, "\n".join("| `{}` | {} | {} |".format(*row) for row in sorted(wanted))


def test_the_page_says_what_each_alert_means_and_how_long_a_probe_waits() -> None:
    assert [rule["alert"] for rule in RULES] == re.findall(r"(?m)^\| `(Syncer\w+)` \|", PAGE)
    assert f"{INTERVALS} of its intervals" in PAGE
    assert f"{FROZEN_INTERVALS} intervals" in PAGE


def test_two_scrapes_at_once_and_many_in_a_row_are_answered(eventful: Address) -> None:
    assert {eventful.get("/metrics")[0] for _ in range(20)} == {200}


def test_files_for_other_programs_name_no_place_on_this_machine() -> None:
    for name in ("alerts.yaml", "grafana-dashboard.json"):
        text = Path(ROOT / "config" / name).read_text(encoding="utf-8")
        assert not re.search(r"localhost|127\.0\.0\.1|https?://", text)
