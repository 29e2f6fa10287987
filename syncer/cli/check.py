"""`syncer check`: everything that a first sync needs, one line each, nothing changed."""

from collections.abc import Iterator, Mapping, Sequence

from config.model import Settings
from mappings import Mapping as LinkMapping
from state import StateError, Store
from state.rows import VersionLink
from syncer.cli.console import out, say, sign
from syncer.cli.session import Session, chosen
from syncer.core.bind import bind
from syncer.core.records import Side
from syncer.errors import SideError
from syncer.needs import needs_of
from syncer.ports import Finding, Port
from syncer.wiring import Servers


def check(session: Session, only: str | None) -> int:
    """Print the findings as they come; 1 if any of them asks for something to be done."""
    console = out()
    failed = 0
    for heading, findings in _groups(session, only):
        say(console, heading, "bold")
        for finding in findings:
            failed += not finding.ok
            say(console, f"  {sign(console, finding.ok)} {finding.sentence}", "" if finding.ok else "red")
    say(console)
    if failed:
        say(console, f"{failed} to be put right.", "bold red")
        return 1
    say(console, "All is well. Next: 'syncer plan' shows what a sync would do.", "bold")
    return 0


def _groups(session: Session, only: str | None) -> Iterator[tuple[str, Iterator[Finding]]]:
    """Headings with their findings. Raises for settings and mappings: without them there is nothing to look at."""
    settings = session.settings()
    mappings = chosen(settings, only)
    session.logging(settings, quiet=True)
    yield "This installation", _installation(settings, mappings)
    servers = Servers(settings)
    try:
        for mapping in mappings:
            ports = servers.ports(mapping)
            for side, port in ports.items():
                yield f"{mapping.name}, {side} side", port.check(needs_of(mapping, side))
            yield f"{mapping.name}, mapping", _names(settings, mapping, ports)
    finally:
        servers.close()


def _installation(settings: Settings, mappings: Sequence[LinkMapping]) -> Iterator[Finding]:
    yield Finding(True, f"settings: read; this installation is called '{settings.installation}'")
    names = ", ".join(mapping.name for mapping in mappings)
    yield Finding(True, f"mapping files in {settings.mappings}: read; they link {names}")
    try:
        store = Store.open_readonly(settings.state.url)
    except StateError as error:
        yield Finding(False, str(error))
        return
    known = sum(store.count_links(mapping.name) for mapping in mappings)
    store.close()
    yield Finding(True, f"state DB: usable; it holds {known} links")


def _names(settings: Settings, mapping: LinkMapping, ports: Mapping[Side, Port]) -> Iterator[Finding]:
    """Every name of the mapping, looked up in both catalogues."""
    try:
        catalogues = {side: port.catalogue() for side, port in ports.items()}
    except SideError as error:
        yield Finding(False, f"its names can't be looked up: {error}")
        return
    for side, catalogue in catalogues.items():
        held = ", ".join(f"{len(options)} of {kind}" for kind, options in sorted(catalogue.options.items()))
        yield Finding(True, f"the {side} side offers {held}")
    bound = bind(mapping, catalogues, _version_links(settings, mapping))
    for problem in bound.problems:
        yield Finding(False, f"{mapping.place(problem.loc)}: {problem.sentence}")
    if not bound.problems:
        yield Finding(True, f"all names in the {len(bound.fields)} mapped fields are known on both sides")
    for kind, name in bound.missing:
        yield Finding(True, f"{kind} '{name}' will be created on the issue side")


def _version_links(settings: Settings, mapping: LinkMapping) -> list[VersionLink]:
    """Known version links; none from a state DB that can't be used, which has been said already."""
    try:
        store = Store.open_readonly(settings.state.url)
    except StateError:
        return []
    try:
        return store.version_links(mapping.name)
    finally:
        store.close()
