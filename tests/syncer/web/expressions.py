"""What a query for Prometheus names: metrics, and for each the labels by which it is chosen or grouped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_METRIC = re.compile(r"\b(syncer_\w+)(\{[^}]*\})?")
_MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"')
_GROUPED = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_LABEL_VALUES = re.compile(r"label_values\((syncer_\w+), (\w+)\)")


@dataclass(frozen=True, slots=True)
class Named:
    """`chosen` are the labels by which each metric is chosen; `grouped` those by which any of them is grouped."""

    chosen: dict[str, set[str]]
    grouped: set[str]


def named(query: str) -> Named:
    listed = _LABEL_VALUES.fullmatch(query)
    if listed:
        return Named({listed[1]: {listed[2]}}, set())
    chosen: dict[str, set[str]] = {}
    for metric, matchers in _METRIC.findall(query):
        chosen.setdefault(metric, set()).update(label for label, _ in _MATCHER.findall(matchers))
    return Named(chosen, set(_words(query)))


def _words(query: str) -> Iterator[str]:
    for inside in _GROUPED.findall(query):
        yield from re.findall(r"\w+", inside)
