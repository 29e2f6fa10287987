"""The tables that people read and the rows that programs read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bench.measuring import Measured

COLUMNS = ("case", "size", "latency", "wall s", "cycle s", "replay s", "ratio", "CPU s", "replay CPU s", "peak MB",
           "requests", "per item", "remarks")  # fmt: skip
FEW = 0.01
"""Requests per item below which a route gets no line of its own."""


def as_row(measured: Measured) -> dict[str, Any]:
    """All of it for programs, with what the tables work out."""
    return {
        **asdict(measured),
        "ratio": ratio(measured),
        "per_item": {route: count / measured.items for route, count in measured.requests.items()},
        "per_record": _hundredth(sum(measured.requests.values()) / measured.items),
    }


def ratio(measured: Measured) -> float | None:
    """The time of the whole program in times of the replay; `None` where nothing was replayed."""
    return _hundredth(measured.wall / measured.replay) if measured.replay else None


def table(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """A Markdown table, a line for each row as `as_row` gives it."""
    return _markdown(COLUMNS, [_cells(row) for row in rows])


def routes(row: Mapping[str, Any]) -> list[str]:
    """A Markdown table of the requests of one row by side, method and route, the most frequent first."""
    shown = [(route, count) for route, count in row["per_item"].items() if count >= FEW]
    lines = [(f"`{route}`", f"{row['requests'][route]:g}", f"{count:.2f}") for route, count in _by_count(shown)]
    rest = [count for count in row["per_item"].values() if count < FEW]
    if rest:
        lines.append((f"{len(rest)} others", f"{sum(rest) * row['items']:g}", f"{sum(rest):.2f}"))
    return _markdown(("request", "times", "per item"), lines)


def races(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A Markdown table of how many times faster the mirror was than each plain script of the same run."""
    mirrors = {(row["size"], row["latency"]): row for row in rows if row["case"] == "first-mirror"}
    found = []
    for row in rows:
        mirror = mirrors.get((row["size"], row["latency"]))
        if row["case"].startswith("plain-script") and mirror is not None:
            found.append((row["case"], f"{row['size']:,}", row["latency"], f"{row['wall'] / mirror['wall']:.1f}"))
    return _markdown(("against", "size", "latency", "times faster"), found) if found else []


def as_line(row: Mapping[str, Any]) -> str:
    return json.dumps(row) + "\n"


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    remarks = [row["note"]] if row["note"] else []
    if row["otherwise"]:
        remarks.append(f"{row['otherwise']} answers of the replay differ")
    return (
        row["case"], f"{row['size']:,}", row["latency"], _number(row["wall"]), _number(row["cycle"]),
        _number(row["replay"]), _number(row["ratio"]), _number(row["cpu"], 3), _number(row["replay_cpu"]),
        f"{row['peak']:.0f}", f"{sum(row['requests'].values()):,.0f}", f"{row['per_record']:.2f}", "; ".join(remarks),
    )  # fmt: skip


def _number(value: float | None, digits: int = 2) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _hundredth(value: float) -> float:
    return round(value, 2)


def _by_count(counts: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(counts, key=lambda each: (-each[1], each[0]))


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]
