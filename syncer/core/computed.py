"""The lens and the source of a computed field: a value that stands in the mapping, or a template."""

from mappings.expressions import Template, template
from mappings.fields import Shape, noun
from mappings.kinds import SetField, TemplateField
from mappings.lenses import AddLens, CopyLens, IfEmptyLens, Lens
from mappings.problems import Fault, Loc
from mappings.prose import ProseLens
from mappings.scalars import as_word, in_shape
from mappings.values import Value
from syncer.core.lensing import Lensmaker, RefusingLens, catalogue_kind
from syncer.core.records import Side
from syncer.core.relate import find_or_tell


def computed(field: SetField | TemplateField, loc: Loc, maker: Lensmaker) -> tuple[Lens, Value | Template]:
    """The lens by which the computed value reaches its field, and what makes the value.

    A value that its field can't hold is told, and every record then says so."""
    side = Side(field.target)
    name = field.on(field.target)
    shape = maker.shape(side, name)
    if isinstance(field, TemplateField):
        if shape != "text":
            said = f"a template makes text, and {name} is none; use kind: set"
            return maker.refuse((*loc, field.target), said), template(field.template)
        lens, source = _prose(side, name, maker), template(field.template)
        return (IfEmptyLens(lens) if field.if_empty else lens), source
    value = _value(field, side, name, shape, (*loc, "value"), maker)
    if value is None:
        return RefusingLens(f"{name} can't be set to '{field.value}'"), field.value
    lens = AddLens() if isinstance(value, frozenset) else _prose(side, name, maker) if shape == "text" else CopyLens()
    return (IfEmptyLens(lens) if field.if_empty else lens), value


def _prose(side: Side, name: str, maker: Lensmaker) -> Lens:
    if side is Side.ISSUE:
        return maker.prose("plain", name, None)
    info = maker.catalogues[side].fields.get(name)
    return ProseLens("html" if info is not None and info.rich else "plain", "plain", None)


def _value(field: SetField, side: Side, name: str, shape: Shape, loc: Loc, maker: Lensmaker) -> Value:
    """The value as its field holds it, `None` where it can't be."""
    match shape:
        case "choice" | "choices" | "user":
            kind = "user" if shape == "user" else catalogue_kind(side, name)
            found = find_or_tell(maker.catalogues[side], kind, field.value, loc, maker.problems)
            return frozenset({found}) if shape == "choices" and found is not None else found
        case "words":
            return frozenset({as_word(field.value)})
        case _:
            held = in_shape(field.value, shape)
            if held is None:
                maker.problems.append(Fault(loc, f"'{field.value}' is not {noun(shape)}, and {name} is one"))
            return held
