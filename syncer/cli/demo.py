"""`syncer demo`: mirror a sandbox, let people change both sides, show what travelled where, and then quiet."""

from contextlib import closing
from pathlib import Path

from config.settings import load_settings
from mappings import load_mappings
from state import Store
from syncer import logs
from syncer.activity import Activity
from syncer.cli.console import out, program, row, say, sign, table
from syncer.cli.run import rhythm
from syncer.cli.sync import cycle, summary
from syncer.context import ProjectLink
from syncer.daemon import Daemon
from syncer.demo.folder import CONSOLE_TOKEN, Folder, make_folder, server_settings
from syncer.demo.people import Deed, act
from syncer.demo.stage import Stage
from syncer.sandbox.server import Sandbox
from syncer.stopping import stop_requests
from syncer.web.front import Front, Running, opened
from syncer.wiring import Linker


def demo(*, keep: bool, incidents: int, directory: Path | None, seed: int) -> int:
    """0 if everything travelled as it should and the last cycle wrote nothing, by the servers' own counters."""
    folder = make_folder(directory)
    with Sandbox(incidents=incidents, seed=seed) as sandbox:
        _step(1, "Two servers of our own, and what the synchronizer is told about them")
        folder.write(server_settings(sandbox.tester_url, sandbox.jira_url, cloud=True))
        _tell_places(sandbox, folder)
        settings = load_settings(env={}, env_file=folder.settings)
        logs.configure(settings.log.format, "warning")
        store = Store.open(settings.state.url)
        try:
            front = Front(settings, Activity())
            with store.single_writer(), closing(Linker(settings, store, front.metrics)) as linker:
                (mapping,) = load_mappings(settings.mappings)
                link = linker.link(mapping)
                good = _play(sandbox, link)
                _farewell(folder, keep)
                if keep:
                    _keep_running(
                        front, Daemon([link], rhythm(settings.schedule), activity=front.activity), linker, sandbox
                    )
        finally:
            store.close()
    return 0 if good else 1


def _play(sandbox: Sandbox, link: ProjectLink) -> bool:
    console = out()
    _step(2, "The first sync mirrors everything")
    say(console, summary(cycle(link)))
    say(console, f"{link.store.count_links(link.name)} links; comments, versions and marks included.")

    _step(3, "People change things on both sides, and one sync later")
    stage = Stage(sandbox, link.store, link.name)
    deeds = act(stage)
    report = cycle(link)
    arrived = _show(deeds)
    say(console, summary(report))

    _step(4, "Nothing has changed since, so the next sync writes nothing")
    for switchboard in (sandbox.tester_switchboard, sandbox.jira_switchboard):
        switchboard.reset_traffic()
    report = cycle(link)
    writes = sandbox.tester_switchboard.writes + sandbox.jira_switchboard.writes
    quiet = writes == 0 and report.writes == 0
    say(console, f"{sign(console, quiet)} {writes} writes, counted by the two servers", "bold" if quiet else "bold red")
    return arrived and quiet


def _show(deeds: list[Deed]) -> bool:
    console = out()
    outcomes = [deed.then() for deed in deeds]
    grid = table(console, "", "", "who", "did what", "and on the other side")
    for deed, outcome in zip(deeds, outcomes, strict=True):
        style = "" if outcome.arrived else "red"
        row(grid, sign(console, outcome.arrived), deed.who, deed.did, outcome.shown, style=style)
    console.print(grid)
    return all(outcome.arrived for outcome in outcomes)


def _step(number: int, title: str) -> None:
    say(out())
    say(out(), f"{number}. {title}", "bold")


def _tell_places(sandbox: Sandbox, folder: Folder) -> None:
    for name, place in (
        ("Enterprise Tester", sandbox.tester_url),
        ("Jira", sandbox.jira_url),
        ("settings", folder.settings),
        ("mapping", folder.mapping),
        ("state DB", folder.state),
    ):
        say(out(), f"   {name:18}{place}")


def _farewell(folder: Folder, keep: bool) -> None:
    syncer = f"{program()} --env-file {folder.settings}"
    _step(5, "Where to look, and what to try next")
    say(out(), f"   {syncer} status      what waits for a person, and why")
    say(out(), f"   {syncer} settings    what it was told, and by whom")
    say(out(), f"   {folder.mapping}    how fields are carried; every line is explained")
    if keep:
        say(out(), f"   {syncer} plan        what the next cycle would do, while both servers run")
    else:
        say(out(), f"   {program()} demo --keep    the same, and everything goes on running until Ctrl-C")
        say(out(), f"   {program()} sandbox        the two servers alone, to try mappings of your own on")


def _keep_running(front: Front, daemon: Daemon, linker: Linker, sandbox: Sandbox) -> None:
    settings = front.settings
    logs.configure(settings.log.format, settings.log.level)
    (link,) = daemon.links()
    with stop_requests() as requests, opened(front) as address:
        _step(6, "Open the pages side by side")
        say(out(), f"   Enterprise Tester   {sandbox.tester_page}", "bold")
        say(out(), f"   Jira                {sandbox.jira_page}", "bold")
        say(out(), f"   the console         {address}", "bold")
        say(out())
        seconds = f"{settings.schedule.every_seconds} seconds"
        say(out(), "   Open a record on one page and its twin, to which it links, on the other. Edit one, comment on")
        say(out(), f"   it: the other follows within some {seconds}, without a reload. What is deleted or unlinked has")
        say(out(), "   to be missed twice, so that takes two minutes or so.")
        say(out(), f"   The console shows what waits for a person. To decide there, sign in with {CONSOLE_TOKEN}")
        say(out())
        say(out(), "The servers and the daemon run until Ctrl-C.", "bold")
        front.running = Running(daemon, link.store, linker)
        daemon.run(requests)
