"""Promises about templates and conditions: what they say of a record."""

import traceback
from collections.abc import Mapping

import pytest

from mappings.expression_syntax import MOST_CHARACTERS
from mappings.expressions import ExpressionError, Kind, condition, faults, names, template

INCIDENT = {
    "key": "I-7",
    "url": "https://et.example/7",
    "Summary": "Don't PANIC",
    "Priority": "High",
    "Resolution": "",
    "Components": ["web", "Api"],
    "AffectedVersions": [],
    "IncidentNumber": 7,
    "FieldValues": {"Found on": "Windows 11", "Platforms": ["Windows", "Mac"], "Hours": 2.5, "Estimate": "12"},
}
ISSUE = {
    "key": "SHOP-1",
    "url": "https://jira.example/1",
    "summary": "Panic",
    "customfield_10010": "x",
    "labels": ["a"],
}
BOTH = {"incident": INCIDENT, "issue": ISSUE}

RENDERED = [
    ("no fields", "no fields"),
    ("[{{ incident.key }}] {{ incident.Summary }}", "[I-7] Don't PANIC"),
    ("{{ incident['Summary'] }}", "Don't PANIC"),
    ('{{ incident.FieldValues["Found on"] }}, {{ incident.FieldValues.Hours }} h', "Windows 11, 2.5 h"),
    ("{{ issue.customfield_10010 }} {{ issue.url }}", "x https://jira.example/1"),
    ("{{ incident.Components }}", "web, Api"),
    ("{{ incident.Components ~ '.' }}", "web, Api."),
    ("{{ incident.Components|sort|join(' + ') }}", "Api + web"),
    ("{{ incident.Components|first }}/{{ incident.Components|last }}/{{ incident.Components|length }}", "web/Api/2"),
    ("{{ incident.Summary|first }}{{ incident.Summary|last }}", "DC"),
    ("({{ incident.AffectedVersions|first }}{{ incident.Resolution|last }})", "()"),
    ("{{ incident.Resolution|default('none') }}, {{ incident.AffectedVersions|default('none') }}", "none, none"),
    ("{{ incident.Priority|default('none') }}, {{ incident.Later|default('none') }}", "High, none"),
    ("{{ incident.Summary|lower }} {{ incident.Summary|upper }}", "don't panic DON'T PANIC"),
    ("{{ incident.Summary|title }}", "Don't Panic"),
    ("{{ '  a '|trim }}{{ incident.Components|string }}", "aweb, Api"),
    ("{{ incident.Summary|replace('PANIC', incident.Priority) }}", "Don't High"),
    ("{{ incident.IncidentNumber + 1 }} {{ incident.FieldValues.Estimate|int / 5 }}", "8 2.4"),
    ("{{ '2.46'|float|round(1) }} {{ 7.9|int }}", "2.5 7"),
    ("{{ 'yes' if incident.Priority is startingwith('H') else 'no' }}", "yes"),
    ("{% if incident.Resolution %}closed{% elif incident.Priority == 'High' %}hot{% else %}open{% endif %}", "hot"),
    ("a\n{% if true %}\nb\n{% endif %}\nc\n", "a\nb\nc"),
    ("{{ '}}' }} <b>&amp; } {", "}} <b>&amp; } {"),
]
ANSWERED = [
    ('incident.Priority in ["High", "Critical"]', True),
    ("incident.Priority == 'High' and 'Windows' in incident.FieldValues.Platforms", True),
    ("incident.Priority != 'High' or not incident.Components", False),
    ("'windows' in incident.FieldValues['Found on']|lower", True),
    ("incident.IncidentNumber >= 7 and incident.FieldValues.Hours < 3", True),
    ("incident.Summary is not endingwith('PANIC')", False),
    ("incident.Resolution", False),
    ("incident.Components", True),
    ("incident.AffectedVersions", False),
    ('incident.Summary == "{{ issue.summary }}"', False),
    ("issue is defined and issue.summary == 'Panic'", True),
    ("incident.Priority in\n  ('High', 'Low')\n", True),
]
REFUSED: list[tuple[Kind, str, str]] = [
    ("template", "", "the template is empty"),
    ("condition", " \n", "the condition is empty"),
    ("template", "{{ incidnt.Summary }}", "the name 'incidnt' is unknown.*did you mean 'incident'"),
    ("template", "{{ incident.Summary|uper }}", "the filter 'uper' is not allowed; allowed are.*did you mean 'upper'"),
    ("condition", "incident.Summary is startswith('a')", "the test 'startswith'.*did you mean 'startingwith'"),
    ("template", "{% endiff %}", "{% endiff %} is not allowed; allowed are {% if %}.*did you mean 'endif'"),
    ("template", "{{ incident }}", "'incident' needs the name of a field, as incident.Summary"),
    ("template", "{{ incident.FieldValues }}", "a custom field goes by its name"),
    ("template", "{{ incident['FieldValues.Found on'] }}", "a custom field goes by its name"),
    ("template", "{{ incident.Summary.lower }}", "incident.Summary.lower asks a field for more than its value"),
    ("template", "{{ incident.Summary|replace('a') }}", "'replace' takes 2 in brackets"),
    ("template", "{{ incident.Summary|join('a', 'b') }}", "'join' takes 0 or 1 in brackets"),
    ("template", "{{ incident.Summary|default }}", "'default' takes 1 in brackets"),
    ("condition", "incident.Summary = 'a'", r"'=' can't stand here; to compare, write == \(character 18\)"),
    ("condition", "incident.Summary == 'a' && true", "'&' can't stand here; write and"),
    ("condition", "{{ incident.Summary }}", "braces stand round code only"),
    ("condition", "incident.Summary == 'a", "a quote is opened here and never closed"),
    ("condition", "(incident.Summary", "a bracket is opened here and never closed"),
    ("condition", "incident.Summary)", "a '\\)' stands here that closes nothing"),
    ("condition", "incident.Summary, true", "a comma stands here outside of brackets"),
    ("condition", "incident.Summary ==", "this is no valid condition: unexpected end of input"),
    ("template", "a\nb {{ incident.Summary ~ }}", r"no valid template: .* \(line 2, character 25 of the text\)"),
    ("template", "é {{ 1 1 }}", r"unexpected integer, .* \(character 8\)"),
    ("template", "{% if true %}", "unexpected end of input"),
    ("template", "{{ 'a'", "unexpected end of input"),
    ("template", "{# a #}", "a comment can't stand in a template"),
    ("template", "\ud800", "a broken character stands here; remove it"),
    ("template", "x" * (MOST_CHARACTERS + 1), "the template has 4,097 characters; 4,096 are allowed"),
    ("template", "{{ incident.A }}" * 31, "too many references to fields: 31, and 30 are allowed"),
    ("template", "{{ 'a'" + "|trim" * 31 + " }}", "too many filters: 31, and 30 are allowed"),
    ("condition", "not " * 101 + "true", "too many operators and statements: 101, and 100 are allowed"),
    ("condition", "(" * 11 + "true" + ")" * 11, "too many brackets within brackets: 11, and 10 are allowed"),
]
PARKED: list[tuple[Kind, str]] = [
    ("template", "{{ incident.Secret|int }}"),
    ("template", "{{ incident.Secret + 1 }}"),
    ("template", "{{ -incident.Secret }}"),
    ("template", "{{ incident.Secret|length|join|replace('a', 'b') / 0 }}"),
    ("template", "{{ incident.Number + incident.Number + incident.Number|int / 0 }}"),
    ("template", "{{ incident.Secret ~ incident.Other }}"),
    ("template", "{{ incident.Secret }}{{ issue.summary }}"),
    ("template", "{{ incident.Long|join(incident.Long) ~ incident.Long|replace('x', incident.Long) }}"),
    ("template", "{{ incident.Long ~ incident.Long ~ incident.Long ~ incident.Long }}"),
    ("template", "{{ incident.Long|title }}"),
    ("template", "{{ incident.Huge }}"),
    ("template", "{{ incident.Odd }}"),
    ("condition", "incident.Number in incident.Number|int"),
    ("condition", "incident.Other"),
    ("condition", " == ".join(["incident.Long"] * 14)),
    ("condition", "incident.Secret if false"),
]


@pytest.mark.parametrize(("source", "text"), RENDERED)
def test_a_template_shows_what_the_records_hold(source: str, text: str) -> None:
    assert list(faults(source, "template")) == []
    assert template(source).render(BOTH) == text


@pytest.mark.parametrize(("source", "answer"), ANSWERED)
def test_a_condition_answers_for_the_records(source: str, answer: bool) -> None:
    assert list(faults(source, "condition")) == []
    assert condition(source).holds(BOTH) is answer


def evaluated(kind: Kind, source: str, context: Mapping[str, object]) -> str | bool:
    return template(source).render(context) if kind == "template" else condition(source).holds(context)


def test_a_template_may_ask_if_the_other_record_is_there() -> None:
    source = "{% if issue is defined %}{{ issue.key }}{% else %}new{% endif %}"
    assert (template(source).render(BOTH), template(source).render({"incident": INCIDENT})) == ("SHOP-1", "new")
    with pytest.raises(ExpressionError, match="there is no issue to read yet; ask for it first"):
        template("{{ issue.key }}").render({"incident": INCIDENT})


@pytest.mark.parametrize("source", ["{{ incident.Later }}", "{{ incident.Later|lower }}", "{{ incident.Later ~ 'a' }}"])
def test_a_field_that_was_not_read_is_never_taken_for_an_empty_one(source: str) -> None:
    with pytest.raises(ExpressionError, match=r"Later; check the name|no value to work on; check the field's name"):
        template(source).render(BOTH)


@pytest.mark.parametrize(("kind", "source", "sentence"), REFUSED)
def test_a_faulty_expression_is_refused_with_one_sentence_for_each_mistake(
    kind: Kind, source: str, sentence: str
) -> None:
    assert len(list(faults(source, kind))) == 1
    with pytest.raises(ExpressionError, match=sentence):
        evaluated(kind, source, BOTH)


def test_all_mistakes_of_a_template_are_told_at_once() -> None:
    first, second = faults("{{ incidnt.Summary }}\n{{ incident.Summary|uper }}", "template")
    assert "(line 1, character 4 of the text)" in first
    assert "(line 2, character 21 of the text)" in second


def test_the_fields_that_an_expression_reads_are_known_beforehand() -> None:
    source = (
        "{{ incident.Summary }}{{ incident.FieldValues['Found on'] }}{% if issue.labels %}{{ issue.key }}{% endif %}"
    )
    read = {("incident", "Summary"), ("incident", "FieldValues.Found on"), ("issue", "labels")}
    assert names(source) == template(source).names == read
    assert names("issue.customfield_10010 == 'x'") == {("issue", "customfield_10010")}
    assert condition("issue.key == 'SHOP-1' or incident is undefined").sides == {"issue"}


def test_what_is_too_long_is_cut_where_people_see_it() -> None:
    long = {"incident": {"Text": "x" * 40_000, "Set": ["y"] * 300, "Broken": "a\ud800"}}
    assert template("{{ incident.Text }}").render(long) == "x" * 32_766 + "…"
    assert template("{{ incident.Set|length }}").render(long) == "200"
    assert template("{{ incident.Broken }}").render(long) == "a?"


@pytest.mark.parametrize(("kind", "source"), PARKED)
def test_an_error_tells_nothing_of_what_the_record_holds(kind: Kind, source: str) -> None:
    secret = "J0hn-D0e"
    held = {
        "Secret": secret,
        "Number": "81549300",
        "Long": "x" * 20_000 + secret,
        "Huge": 8154930000000000000000,
        "Odd": {secret: secret},
    }
    with pytest.raises(ExpressionError) as raised:
        evaluated(kind, source, {"incident": held})
    told = "".join(traceback.format_exception(raised.value)).replace(source, "")
    assert secret not in told
    assert "815493" not in told
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
