"""The inputs of a form, and what a posted form changes.

A form says beside each value what the page showed (`was:<name>`). Only what a person moved is written: what arrived
from the other server while they were typing is not undone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl

MOST_FIELDS = 1000
WAS = "was:"


class Form:
    """The fields of a posted form, with the line ends of text files. Raises ValueError for more than it can hold."""

    def __init__(self, body: bytes = b"") -> None:
        text = body.decode("utf-8", "replace")
        self._pairs = [
            (name, value.replace("\r\n", "\n"))
            for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        ]

    def text(self, name: str) -> str:
        """The first value of that name, "" where there is none."""
        return next((value for known, value in self._pairs if known == name), "")

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(value for known, value in self._pairs if known == name)


@dataclass(frozen=True, slots=True)
class Control:
    """One input with its label. `options` are values and what people read; `value` has several for `many` only."""

    name: str
    label: str
    kind: Literal["line", "area", "date", "choice", "many"]
    value: tuple[str, ...] = ()
    options: Sequence[tuple[str, str]] = ()
    hint: str = ""
    required: bool = False

    @property
    def text(self) -> str:
        return self.value[0] if self.value else ""


def moved(controls: Iterable[Control], form: Form) -> dict[str, tuple[str, ...]]:
    """The values that differ from what the page showed, by the names of their controls."""
    return {
        one.name: _given(one, form.texts(one.name))
        for one in controls
        if _given(one, form.texts(one.name)) != _given(one, form.texts(WAS + one.name))
    }


def filled(controls: Iterable[Control], form: Form) -> dict[str, tuple[str, ...]]:
    """The values that aren't empty, by the names of their controls."""
    given = {one.name: _given(one, form.texts(one.name)) for one in controls}
    return {name: value for name, value in given.items() if value}


def retyped(controls: Iterable[Control], form: Form) -> list[Control]:
    """The controls with what a person typed, for a form that was refused."""
    return [replace(one, value=form.texts(one.name)) for one in controls]


def _given(control: Control, values: tuple[str, ...]) -> tuple[str, ...]:
    if control.kind == "many":
        return tuple(value for value, _ in control.options if value in values)
    # A browser takes the line ends out of what it shows in an input of one line.
    whole = values[0].replace("\n", "") if values and control.kind != "area" else "".join(values[:1])
    return (whole,) if whole else ()
