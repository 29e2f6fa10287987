"""What can be typed: every command with its options and the help that teaches it.

The docstrings are for the people at the command line. Blocks that begin with a backspace keep their lines.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from syncer.cli.backup_commands import backups
from syncer.cli.decision_commands import decisions
from syncer.cli.hand_commands import hand
from syncer.cli.mapping_commands import explaining, mapping
from syncer.cli.options import Json, Link, session_of
from syncer.cli.record_commands import recordings
from syncer.cli.session import Session
from syncer.cli.state_commands import states
from syncer.cli.telling_commands import telling
from syncer.cli.worker_commands import workers

app = typer.Typer(
    help="Mirrors Enterprise Tester incidents and Jira issues both ways, and keeps them agreed.",
    epilog="New here? 'syncer demo' shows everything on two small servers of its own, in less than a minute.",
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Incidents = Annotated[int, typer.Option(min=20, max=20000, help="How many incidents the sandbox holds.")]
Seed = Annotated[int, typer.Option(help="Another number tells another story.")]


class Profile(StrEnum):
    """The two generations of Enterprise Tester's API."""

    OLD = "4.6"
    NEW = "6.x"


class Deployment(StrEnum):
    """The two kinds of Jira."""

    CLOUD = "cloud"
    DATACENTER = "datacenter"


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    env_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Read settings from this file, not from .env; the environment wins."),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Log everything, and show the traceback of an error.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    session = context.ensure_object(Session)
    session.env_file, session.debug = env_file, debug
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"syncer {installed('enterprise-tester-syncer')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the servers and the daemon running until Ctrl-C.")
    ] = False,
    incidents: Incidents = 200,
    directory: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="Write its files there, not into a new temporary folder."),
    ] = None,
    seed: Seed = 1,
) -> int:
    """Show everything on two small servers of its own, in less than a minute.

    Starts the sandbox, writes a settings and a mapping file to look at, mirrors a project of 200 incidents, lets people
    change things on both sides, syncs, shows what travelled where, and syncs again to show that nothing is written.
    Nothing outside the printed folder is touched.

    \b
    syncer demo
    syncer demo --keep --dir /tmp/demo     then look around with: syncer --env-file /tmp/demo/settings.env status
    """
    from syncer.cli.demo import demo as carry_out

    return carry_out(keep=keep, incidents=incidents, directory=directory, seed=seed)


@app.command()
def check(context: typer.Context, link: Link = None) -> int:
    """Check everything that a first sync needs, and change nothing.

    Settings, mapping files, state DB, both servers, credentials, projects, permissions, and every name in the mapping.
    What isn't right is said with what to do about it. Exit code 1 if anything isn't.

    \b
    syncer check
    syncer --env-file staging.env check --link billing
    """
    from syncer.cli.check import check as carry_out

    return carry_out(session_of(context), link)


@app.command()
def plan(
    context: typer.Context,
    link: Link = None,
    as_json: Json = False,
    limit: Annotated[int, typer.Option(min=0, metavar="N", help="Show so many records of each link; 0 for all.")] = 50,
) -> int:
    """Show what a sync would do now, and change nothing.

    Reads both servers completely and the state DB. The counts at the end are always complete.

    \b
    exit code 0   nothing to do
    exit code 2   there are changes
    exit code 1   an error

    \b
    syncer plan
    syncer plan --limit 0 | less
    syncer plan --json > plan.json
    """
    from syncer.cli.plan import plan as carry_out

    return carry_out(session_of(context), link, as_json=as_json, limit=limit)


@app.command()
def sync(
    context: typer.Context,
    link: Link = None,
    census: Annotated[
        bool, typer.Option("--census", help="Look at all records, not only those updated lately.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Bring both sides in step once: one cycle of each project link.

    What can't be done now is parked with its reason (see 'syncer status') and tried again by later cycles. A project
    link that fails doesn't keep the others from going on; the exit code is then 1.

    \b
    syncer sync
    syncer sync --link billing --census
    """
    from syncer.cli.sync import sync as carry_out

    return carry_out(session_of(context), link, census=census, as_json=as_json)


@app.command()
def run(context: typer.Context, link: Link = None) -> int:
    """Keep both sides in step until SIGTERM or Ctrl-C: the daemon.

    Every project link runs its cycles at the interval of SYNCER_SCHEDULE__EVERY_SECONDS, the first one at once. On
    SIGTERM no new record is begun, and what is under way gets 10 seconds to settle. Being killed does no harm either:
    the next start looks for what was left in doubt.

    \b
    syncer run
    SYNCER_LOG__FORMAT=json syncer run 2>> syncer.log
    """
    from syncer.cli.run import run as carry_out

    return carry_out(session_of(context), link)


@app.command()
def status(
    context: typer.Context,
    link: Link = None,
    as_json: Json = False,
    limit: Annotated[
        int, typer.Option(min=0, metavar="N", help="Show so many waiting items of each link; 0 for all.")
    ] = 20,
) -> int:
    """Show how each project link is doing, and what waits for a person.

    Only the state DB is read, so this works while the daemon runs and while the servers are down.

    \b
    syncer status
    syncer status --link billing --limit 0
    syncer status --json
    """
    from syncer.cli.status import status as carry_out

    return carry_out(session_of(context), link, as_json=as_json, limit=limit)


@app.command()
def settings(context: typer.Context) -> int:
    """Show every setting, its value and where it came from; secrets are masked.

    \b
    syncer settings
    syncer --env-file staging.env settings
    """
    from syncer.cli.settings import settings as carry_out

    return carry_out(session_of(context))


@app.command()
def healthcheck(context: typer.Context, link: Link = None) -> int:
    """Tell by the exit code whether every project link is well: it had a good cycle within three intervals, or one
    runs and gets on.

    Only the state DB is read. This is the image's HEALTHCHECK.

    \b
    syncer healthcheck && echo fine
    """
    from syncer.cli.healthcheck import healthcheck as carry_out

    return carry_out(session_of(context), link)


@app.command()
def sandbox(
    port_incidents: Annotated[
        int, typer.Option(min=0, max=65535, help="Enterprise Tester's port; 0 for a free one.")
    ] = 0,
    port_jira: Annotated[int, typer.Option(min=0, max=65535, help="Jira's port; 0 for a free one.")] = 0,
    profile: Annotated[Profile, typer.Option(help="The version of Enterprise Tester.")] = Profile.NEW,
    deployment: Annotated[Deployment, typer.Option(help="The kind of Jira.")] = Deployment.CLOUD,
    incidents: Incidents = 200,
    seed: Seed = 1,
) -> int:
    """Run a small Enterprise Tester and a small Jira on this machine until Ctrl-C, to try mappings on.

    Prints their addresses, the accounts, and the settings that reach them. All they hold is in memory, and gone when
    they end. mappings/examples/ has mapping files that fit them.

    \b
    syncer sandbox
    syncer sandbox --port-incidents 8081 --port-jira 8082 --deployment datacenter
    """
    from syncer.cli.sandbox import SandboxOptions
    from syncer.cli.sandbox import sandbox as carry_out

    options = SandboxOptions(port_incidents, port_jira, profile.value, deployment.value, incidents, seed)
    return carry_out(options)


# Without a name of its own: its commands stand beside those above.
app.add_typer(hand)
app.add_typer(decisions)
app.add_typer(backups)
app.add_typer(telling)
app.add_typer(mapping, name="mapping")
app.add_typer(explaining)
app.add_typer(states, name="state")
app.add_typer(workers)
app.add_typer(recordings)
