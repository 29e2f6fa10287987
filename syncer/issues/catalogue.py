"""The project's options of every kind, the few that can be added, and its fields.

| asked for | read |
|---|---|
| each cycle that has work | the options of the built-in fields, now; the screens where custom choices are mapped |
| by the admin's tools | the screens of every issue type too, for all fields and all custom options |
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

from jira import JIRA

from syncer.core.records import Catalogue, FieldInfo, Option, Side
from syncer.errors import InDoubt, Rejected
from syncer.issues.fields import BUILT_IN, BY_WORKFLOW, CUSTOM, READ_ONLY, CustomField, Kind
from syncer.issues.people import users
from syncer.issues.scope import Scope
from syncer.issues.screens import Screen, Screens

Json: TypeAlias = Any


def catalogue(scope: Scope, screens: Screens) -> Catalogue:
    """What binding the mapping takes. Raises `Missing` for an unknown project."""
    options = _built_in(scope)
    mapped = [scope.custom_fields[name] for name in scope.mapped_custom if name in scope.custom_fields]
    chosen = {field.id for field in mapped if field.kind and field.kind.chosen}
    if chosen:
        offered = _custom(screens.create().values(), chosen)
        missing = chosen - set(offered)
        # A field may be for existing issues only.
        options |= {**offered, **(_custom(screens.edit().values(), missing) if missing else {})}
    return Catalogue(Side.ISSUE, options, {field.id: info for field in mapped if (info := _alone(field)) is not None})


def survey(scope: Scope, screens: Screens) -> Catalogue:
    """All that the server tells of the project's fields and their options. Raises `Missing` for an unknown project."""
    create, edit = screens.create(), screens.edit()
    shown = [*create.values(), *edit.values()]
    kinds: dict[str, Kind] = dict(BUILT_IN)
    on_screens = {field.id for screen in shown for field in screen}
    for field in scope.custom_fields.values():
        if field.kind is not None and (field.id in on_screens or field.id in scope.fields):
            kinds[field.id] = field.kind
    chosen = {name for name, kind in kinds.items() if kind.chosen and name.startswith(CUSTOM)}
    return Catalogue(
        Side.ISSUE,
        {**_built_in(scope), **_custom(shown, chosen)},
        {name: _info(scope, name, kind, create, edit) for name, kind in kinds.items()},
    )


def create_option(scope: Scope, kind: Literal["version", "component"], name: str) -> Option:
    """Add a version or component. Where the name is taken already, that one is meant.

    Raises `Rejected` for a name that Jira doesn't take, and `Denied` without *Administer Projects*."""
    # Cloud wants a version's project by its id and a component's by its key; Data Center takes both.
    where = {"projectId": int(scope.project.id)} if kind == "version" else {"project": scope.project.key}
    try:
        made = scope.client.post({"name": name, **where}, kind)
    except Rejected:
        for each in scope.client.get("project", scope.key, f"{kind}s"):
            if each["name"].casefold() == name.casefold():
                return _option(each)
        raise
    if not isinstance(made, dict) or "id" not in made:
        raise InDoubt(Side.ISSUE, f"Jira did not say which {kind} it made")
    return _option(made)


def _built_in(scope: Scope) -> dict[str, tuple[Option, ...]]:
    client, key = scope.client, scope.key
    project = client.get("project", key)
    return {
        "type": tuple(_option(each) for each in project.get("issueTypes", ())),
        "status": tuple(Option(each.id, each.name) for each in scope.read_statuses().values()),
        "priority": tuple(_option(each.raw) for each in client.ask(JIRA.priorities)),
        "resolution": tuple(_option(each.raw) for each in client.ask(JIRA.resolutions)),
        "component": tuple(_option(each) for each in client.get("project", key, "components")),
        "version": tuple(_option(each) for each in client.get("project", key, "versions")),
        "user": tuple(users(scope)),
    }


def _option(told: Json) -> Option:
    return Option(str(told["id"]), told["name"], active=not told.get("archived", False))


def _custom(screens: Iterable[Screen], wanted: Collection[str]) -> dict[str, tuple[Option, ...]]:
    """The options of custom fields as the screens offer them; issue types may offer different ones."""
    found: dict[str, dict[str, Option]] = {}
    for field in (field for screen in screens for field in screen if field.id in wanted):
        options = found.setdefault(field.id, {})
        for option in (option for told in field.allowed for option in _paths(told)):
            options.setdefault(option.id, option)
    return {name: tuple(options.values()) for name, options in found.items()}


def _paths(told: Json, above: Option | None = None) -> Iterator[Option]:
    """An option, and those below it by their whole path; what is disabled stays on issues and can't be chosen."""
    option_id, name = str(told["id"]), str(told.get("value") or told.get("name") or told["id"])
    active = not told.get("disabled", False)
    here = Option(option_id, name, active)
    if above is not None:
        here = Option(f"{above.id}/{option_id}", f"{above.name} / {name}", active and above.active)
    yield here
    for below in told.get("children") or ():
        yield from _paths(below, here)


def _alone(field: CustomField) -> FieldInfo | None:
    """What the list of all fields says of one; on which screens it lies isn't asked."""
    kind = field.kind
    return None if kind is None else FieldInfo(field.id, field.name, kind.shape, kind.rich, kind.limit)


def _info(scope: Scope, name: str, kind: Kind, create: Mapping[str, Screen], edit: Mapping[str, Screen]) -> FieldInfo:
    created = {type_id for type_id, screen in create.items() if any(field.id == name for field in screen)}
    edited = {type_id for type_id, screen in edit.items() if any(field.id == name for field in screen)}
    # Assumed: where no issue shows the screen on which a type's issues are edited, it is like the one for new ones.
    places = {"create"} if created else set()
    if edited or created - set(edit) or name in BY_WORKFLOW:
        places.add("edit")
    return FieldInfo(
        name,
        scope.field_names.get(name, name),
        kind.shape,
        kind.rich,
        kind.limit,
        required=any(field.demanded for screen in create.values() for field in screen if field.id == name),
        screens=frozenset() if name in READ_ONLY else frozenset(places),
    )
