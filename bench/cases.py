"""What is measured: each case brings servers and state DB to where it begins, and runs the product once.

| case         | what happens in what is measured                                                       |
|--------------|----------------------------------------------------------------------------------------|
| first-mirror | N incidents with comments get their issues                                             |
| plain-script | the same by a script on the `jira` library, one after another and in as many threads   |
| idle         | a daemon with N links finds nothing to do, over and over                               |
| edits        | 100 of N linked records were changed by people, half of them on each side              |
| census       | a daemon begins: all ids of N links are listed, and a share of them is read            |
| restart      | N creates are in doubt: each was carried out, and its answer lost                      |
| many-links   | a daemon with 50 project links finds nothing to do                                     |
| workers      | N incidents of 8 project links get their issues, by 1, 2 and 4 workers                 |
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bench.fleet import workers
from bench.idling import first_census, idle_cycles
from bench.measuring import Lab, Measured
from bench.product import Product
from bench.stage import Size

EDITS = 100
PROJECT_LINKS = 50
ONE_LINK_OF_MANY = """\
name: link-{number}
incidents: {{project: Test Project, only: "Name ~ 'of link {number} only'", mark_field: Jira key}}
issues: {{project: TEST, only: "labels = link-{number}", type: Bug}}
fields:
  - {{incident: Summary, issue: summary, kind: copy}}
"""


@dataclass(frozen=True, slots=True)
class Case:
    """`sizes` are those of a whole run, `small` those of a short one; each yields one or more rows."""

    name: str
    unit: str
    sizes: tuple[int, ...]
    small: tuple[int, ...]
    measure: Callable[[Lab, int], Iterator[Measured]]


def first_mirror(lab: Lab, incidents: int) -> Iterator[Measured]:
    with lab.stage(Size(incidents, lab.comments)) as stage:
        product = Product(stage, lab.connections)
        yield lab.measured(stage, "first-mirror", incidents, product.sync, product)


def plain_script(lab: Lab, incidents: int) -> Iterator[Measured]:
    for threads in (1, lab.connections):
        alone = replace(lab, connections=threads, replays=False)
        with alone.stage(Size(incidents, lab.comments)) as stage:
            script = partial(alone.script, [*(server.url for server in stage.servers.values()), str(threads)])
            yield alone.measured(stage, f"plain-script x{threads}", incidents, script)


def idle(lab: Lab, links: int) -> Iterator[Measured]:
    with lab.mirrored(links) as (stage, product):
        yield idle_cycles(lab, stage, product, ("idle", links))


def edits(lab: Lab, links: int) -> Iterator[Measured]:
    with lab.mirrored(links) as (stage, product):
        chosen = product.links()[:: max(1, links // EDITS)][:EDITS]
        # Nobody edits both sides of one link: that would be a conflict, and measure something else.
        stage.servers["incident"].order("edit", ids=[incident_id for incident_id, _ in chosen[::2]])
        stage.servers["issue"].order("edit", ids=[issue_id for _, issue_id in chosen[1::2]])
        yield lab.measured(stage, "edits", links, product.sync, product).for_items(len(chosen))


def census(lab: Lab, links: int) -> Iterator[Measured]:
    with lab.mirrored(links) as (stage, product):
        yield first_census(lab, stage, product, ("census", links))


def restart(lab: Lab, intents: int) -> Iterator[Measured]:
    with lab.stage(Size(intents, lab.comments)) as stage:
        product = Product(stage, lab.connections)
        stage.servers["issue"].order("lose answers", path=r"/issue(/bulk)?$")
        product.sync(may_fail=True)
        stage.servers["issue"].order("lose answers", path="")
        left = product.held("intents")
        yield lab.measured(stage, "restart", intents, product.sync, product).noting(f"{left} intents open")


def many_links(lab: Lab, links: int) -> Iterator[Measured]:
    with lab.stage(Size(0, 0)) as stage:
        product = Product(stage, lab.connections)
        _put_mappings(product.mappings, links)
        product.sync()
        yield idle_cycles(lab, stage, product, ("many-links", links))


def _put_mappings(folder: Path, links: int) -> None:
    for mapping in folder.glob("*.yaml"):
        mapping.unlink()
    for number in range(links):
        (folder / f"link-{number}.yaml").write_text(ONE_LINK_OF_MANY.format(number=number), encoding="utf-8")


CASES = (
    Case("first-mirror", "incidents", (200, 2_000, 10_000), (200, 2_000), first_mirror),
    Case("plain-script", "incidents", (200, 2_000), (200,), plain_script),
    Case("idle", "links", (1_000, 10_000, 100_000), (1_000,), idle),
    Case("edits", "links", (1_000, 10_000, 100_000), (1_000,), edits),
    Case("census", "links", (1_000, 10_000, 100_000), (1_000,), census),
    Case("restart", "intents", (1_000,), (200,), restart),
    Case("many-links", "project links", (PROJECT_LINKS,), (PROJECT_LINKS,), many_links),
    Case("workers", "incidents", (120,), (40,), workers),
)
