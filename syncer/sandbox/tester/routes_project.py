"""Routes of the project, its pick lists and people (vendor's pages Project,
Project Picklist, Widgets, Custom Fields, User)."""

from starlette.responses import Response

from syncer.sandbox.tester.calls import Call, JsonAnswer, Route
from syncer.sandbox.tester.catalogue import EXPANSIONS
from syncer.sandbox.tester.errors import Missing, Refused
from syncer.sandbox.tester.records import PickKind, User
from syncer.sandbox.tester.views_project import (
    custom_field_view,
    external_links_view,
    pick_list_view,
    project_view,
    user_view,
    widgets_view,
)

_PICK_LISTS: dict[str, PickKind] = {
    **{name.lower(): kind for name, kind in EXPANSIONS.items()},
    **{kind.lower(): kind for kind in EXPANSIONS.values()},
}


def _projects(call: Call) -> Response:
    return call.odata([project_view(call.model, call.expand)] if call.model.shows_project else [])


def _project(call: Call) -> Response:
    call.model.check_project(call.part("id"))
    return JsonAnswer(project_view(call.model, call.expand))


def _pick_list(call: Call) -> Response:
    call.model.check_project(call.part("id"))
    kind = _PICK_LISTS.get(call.part("kind"))
    if kind is None:
        raise Missing(f"There is no picklist {call.part('kind')!r}; there are: {', '.join(EXPANSIONS.values())}.")
    return call.odata(pick_list_view(call.model, kind))


def _widgets(call: Call) -> Response:
    call.model.check_project(call.part("id"))
    return JsonAnswer(widgets_view(call.model))


def _custom_fields(call: Call) -> Response:
    _check_definitions(call)
    fields = call.model.catalogue.fields.values() if call.model.shows_project else ()
    return call.odata([custom_field_view(call.model, one, call.expand) for one in fields])


def _custom_field(call: Call) -> Response:
    _check_definitions(call)
    name = call.part("name")  # in lower case, as all of the path
    found = next((one for one in call.model.catalogue.fields.values() if one.name.lower() == name), None)
    if found is None or not call.model.shows_project:
        raise Missing(f"There is no custom field {name!r}.")
    return JsonAnswer(custom_field_view(call.model, found, call.expand))


def _check_definitions(call: Call) -> None:
    if call.model.behaviour.definitions_forbidden:
        raise Refused("You do not have permission to view custom fields.")


def _assignees(call: Call) -> Response:
    call.model.check_project(call.part("id"))
    found = [user for user in _search(call) if user.enabled]
    return call.odata([user_view(call.model, user) for user in sorted(found, key=lambda user: user.login)])


def _users(call: Call) -> Response:
    return call.odata([user_view(call.model, user, call.expand) for user in call.model.catalogue.users.values()])


def _user(call: Call) -> Response:
    user = call.model.catalogue.users.get(call.part("id"))
    if user is None:
        raise Missing(f"There is no user with the id {call.part('id')}.")
    return JsonAnswer(user_view(call.model, user, call.expand))


def _users_search(call: Call) -> Response:
    return call.odata([user_view(call.model, user) for user in _search(call)])


def _search(call: Call) -> list[User]:
    wanted = call.param("query").lower()
    users = call.model.catalogue.users.values()
    return [one for one in users if wanted in f"{one.login} {one.first_name} {one.last_name} {one.email}".lower()]


def _external_links(call: Call) -> Response:
    return call.odata(external_links_view(call.model) if call.model.shows_project else [])


ROUTES: tuple[Route, ...] = (
    ("GET", "/api/projects", _projects),
    ("GET", "/api/project/{id}", _project),
    ("GET", "/api/project/{id}/picklist/{kind}", _pick_list),
    ("GET", "/api/project/{id}/widgets", _widgets),
    ("GET", "/api/project/{id}/assignees", _assignees),
    ("GET", "/api/customfields", _custom_fields),
    ("GET", "/api/customfield/{name}", _custom_field),
    ("GET", "/api/users", _users),
    ("GET", "/api/user/{id}", _user),
    ("GET", "/api/userssearch", _users_search),
    ("GET", "/api/externalsystemlinks", _external_links),
)
