"""`syncer sync`: one cycle of each project link."""

import json
from collections.abc import Mapping
from typing import Any

from syncer.cli.console import counted, out, say, watching
from syncer.cli.errors import complain, sentences
from syncer.cli.session import Session
from syncer.context import ProjectLink
from syncer.cycle import CycleReport, run_cycle


def sync(session: Session, only: str | None, *, census: bool, as_json: bool) -> int:
    """Run the cycles one after the other; 1 if any of them failed."""
    results: list[Mapping[str, Any]] = []
    failed = False
    with session.writing(only, quiet=True) as opened:
        for link in opened.links:
            try:
                report = cycle(link, census=census)
            except Exception as error:
                complain(error, debug=session.debug, about=link.name)
                results.append({"project_link": link.name, "outcome": "failed", "detail": " ".join(sentences(error))})
                failed = True
                continue
            results.append(_as_json(report))
            if not as_json:
                say(out(), summary(report))
    if as_json:
        print(json.dumps(results, indent=2))
    return 1 if failed else 0


def cycle(link: ProjectLink, *, census: bool = False) -> CycleReport:
    """One cycle with its progress shown. Raises what the cycle raises."""
    with watching(link.name) as progress:
        return run_cycle(link, progress, whole=census)


def summary(report: CycleReport) -> str:
    """One line about a cycle."""
    done = f"{report.project_link}: {counted(report.settled)}; {report.writes} writes"
    hint = "; 'syncer status' says what waits and why" if report.waiting or report.in_doubt else ""
    return f"{done}; {report.waiting} waiting, {report.in_doubt} in doubt{hint}"


def _as_json(report: CycleReport) -> dict[str, Any]:
    return {
        "project_link": report.project_link,
        "outcome": "done",
        "cycle": report.cycle,
        "settled": report.settled,
        "writes": report.writes,
        "waiting": report.waiting,
        "in_doubt": report.in_doubt,
    }
