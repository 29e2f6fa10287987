"""Promises about keys, types and kinds: the place, what is wrong, what is allowed, what was probably meant."""

from pathlib import Path

import pytest

from tests.mappings.files import GOOD, HEAD, one_field, problems

KINDS = "copy, automap, table, status, users, components, versions, labels, set or template"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            GOOD + "coments: {direction: both}\n",
            "5:1: unknown key 'coments'; allowed here are name, direction, conflict, incidents, issues, fields, "
            "comments, versions, deletions and schedule; did you mean 'comments'?",
        ),
        (
            GOOD.replace("mark_field", "markfield"),
            "1:32: unknown key 'markfield'; allowed here are project, only, when and mark_field; "
            "did you mean 'mark_field'?",
        ),
        (
            one_field("{incident: Priority, issue: priority, kind: table, values: [{incident: a, issue: b, c: d}]}"),
            "5:89: unknown key 'c'; allowed here are incident and issue",
        ),
        (
            one_field("{incident: Components, issue: components, kind: components, values: []}"),
            "5:65: unknown key 'values'; allowed here are direction, conflict, when, read_only, incident, issue, kind, "
            "components, create and only_add",
        ),
        (HEAD, "1:1: the key 'fields' is missing here"),
        (GOOD.replace("project: SHOP, ", ""), "2:9: the key 'project' is missing here"),
        (one_field("{kind: table}"), "5:5: the keys 'incident', 'issue' and 'values' are missing here"),
        (
            one_field("{incident: Description, issue: description}"),
            f"5:5: the key 'kind' is missing here; it is one of {KINDS}",
        ),
        (
            one_field("{incident: Description, issue: description, kind: cpoy}"),
            f"5:55: unknown kind 'cpoy'; allowed are {KINDS}; did you mean 'copy'?",
        ),
        (
            GOOD + "direction: to_isue\n",
            "5:12: 'to_isue' is not one of both, to_issue or to_incident; did you mean 'to_issue'?",
        ),
        (GOOD + "conflict: me\n", "5:11: 'me' is not one of incident, issue, newest or ask"),
        (GOOD + "conflict:\n", "5:1: nothing is not one of incident, issue, newest or ask"),
        (GOOD + "versions: {create: maybe}\n", "5:20: 'maybe' is neither true nor false"),
        (GOOD + "comments: both\n", "5:11: keys with values are due here, and there is 'both'"),
        (GOOD + "comments:\n", "5:1: keys with values are due here, and there is nothing"),
        (one_field("Description"), "5:5: keys with values are due here, and there is 'Description'"),
        (
            GOOD + "versions: {values: {a: b}}\n",
            "5:20: a list is due here, each entry behind a '- ', and there is a block of keys",
        ),
        (GOOD.replace("project: SHOP", "project: [SHOP]"), "2:19: text is due here, and there is a list"),
        (GOOD.replace("project: SHOP", "project: "), "2:10: text is due here, and there is nothing"),
        (GOOD.replace("SHOP", "' '"), "2:19: the text is blank; write something, or leave the key out"),
        (HEAD + "fields: []\n", "3:9: the list is empty; it needs at least one entry"),
        (
            one_field("{incident: Priority, issue: priority, kind: table, values: []}"),
            "5:64: the list is empty; it needs at least one entry",
        ),
        (
            GOOD + "name: a/b\n",
            "5:7: 'a/b' can't name a project link: no slashes, no outer or double blanks; set another name",
        ),
        (GOOD + f"name: {'x' * 65}\n", f"5:7: '{'x' * 65}' is too long; 64 characters are allowed"),
    ],
    ids=lambda value: repr(value[-40:]),
)
def test_a_mistake_is_shown_where_it_is(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, text) == [problem]


def test_a_misspelt_key_is_not_also_reported_as_missing(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, GOOD.replace("incidents:", "incident:"))
    assert said.endswith("did you mean 'incidents'?")


def test_a_list_whose_entries_are_all_wrong_is_not_called_empty(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, GOOD.replace("copy", "cpoy"))
    assert said.startswith("4:47: unknown kind 'cpoy'")


def test_a_file_name_that_can_name_no_link_asks_for_a_name(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, GOOD, " shop.yaml")
    assert said.startswith("1:1: ' shop' can't name a project link")
