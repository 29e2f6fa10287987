"""What has to hold for the templates and conditions of a mapping: they can be read, are bounded, and name fields
that there are."""

from collections.abc import Iterator, Mapping
from typing import Literal

from mappings.entry_rules import unknown_field
from mappings.expressions import condition, names, template
from mappings.expressions import faults as flaws
from mappings.fields import Side, field_of
from mappings.problems import Fault, Loc
from mappings.raw import block, items, strings


def expression_faults(link: Mapping[str, object]) -> Iterator[Fault]:
    """All that is wrong with the expressions of one mapping."""
    yield from _faults(("incidents", "when"), block(link, "incidents").get("when"), "condition", only="incident")
    yield from _faults(("issues", "when"), block(link, "issues").get("when"), "condition", only="issue")
    for place, item in enumerate(items(link.get("fields"))):
        entry = strings(item)
        yield from _faults(("fields", place, "when"), entry.get("when"), "condition")
        if entry.get("kind") == "template":
            loc = ("fields", place, "template")
            source: Side = "incident" if entry.get("issue") is not None else "issue"
            yield from _faults(loc, entry.get("template"), "template", only=source)


def _faults(
    loc: Loc, text: object, kind: Literal["template", "condition"], *, only: Side | None = None
) -> Iterator[Fault]:
    """`only` is the side that is there to be read when the expression is evaluated."""
    if not isinstance(text, str):
        return
    found = [Fault(loc, flaw) for flaw in flaws(text, kind)]
    yield from found
    if found:
        return
    for side, name in sorted(names(text)):
        if field_of(side, name) is None:
            yield Fault(loc, unknown_field(side, name))
    sides = (template(text) if kind == "template" else condition(text)).sides
    if only is not None and not sides <= {only}:
        yield Fault(loc, f"this is looked at when only the {only} is there; name fields of the {only}")
