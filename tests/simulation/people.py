"""The users of both servers: they edit, comment, delete, hide, move and copy records, and know nothing of us."""

from collections.abc import Callable, Mapping

from mappings.values import Value
from syncer.core.records import Side
from tests.simulation.rows import Remark, Row
from tests.simulation.server import Server
from tests.simulation.steps import Deal

AUTHORS = ("Joe Bloggs", "Anna Krüger")


class People:
    """All hands on both servers. What can't be done, as there is nothing to do it to, isn't done."""

    def __init__(self, servers: Mapping[Side, Server]) -> None:
        self._servers = servers
        self._doings: Mapping[str, Callable[[Server, Row, Deal], None]] = {
            "edit title": lambda s, row, d: self._edit(s, row, s.flavour.title, _words("Title", d)),
            "edit text": lambda s, row, d: self._edit(s, row, s.flavour.text, _words("Text", d)),
            "clear text": lambda s, row, d: self._edit(s, row, s.flavour.text, None),
            "edit priority": lambda s, row, d: self._choose(s, row, s.flavour.priority, d),
            "edit status": lambda s, row, d: self._choose(s, row, s.flavour.status, d),
            "add version": self._add_version,
            "drop version": self._drop_version,
            "edit both": self._edit_both,
            "comment": self._comment,
            "edit comment": self._edit_comment,
            "delete comment": self._delete_comment,
            "restrict comment": self._restrict_comment,
            "link result": self._link_result,
            "unlink result": self._unlink_result,
            "deface mirrored comment": self._deface,
            "delete": lambda s, row, d: s.become(row, "gone", "person"),
            "hide": self._hide,
            "archive": self._put_away,
            "move": self._put_away,
            "clone": self._clone,
            "unmark": self._unmark,
        }

    def do(self, deal: Deal) -> str:
        """Carry out one deal; gives what was done, for the trace."""
        server = self._servers[deal.side]
        if deal.doing == "create":
            row = server.create({server.flavour.title: _words("Made", deal)}, "person")
            return f"{deal.side} create {row.id}"
        if deal.doing == "rename version":
            option = server.options["version"][deal.pick % 3]
            server.rename_option("version", option.id, f"{option.name}{deal.number}")
            return f"{deal.side} rename version {option.id}"
        wanted = ("hidden", "archived", "moved") if deal.doing == "bring back" else ("present",)
        rows = [row for row in server.rows.values() if row.state in wanted]
        if not rows:
            return f"{deal.side} {deal.doing}: nothing there"
        row = rows[deal.pick % len(rows)]
        if deal.doing == "bring back":
            server.become(row, "present", "person")
        else:
            self._doings[deal.doing](server, row, deal)
        return f"{deal.side} {deal.doing} {row.id}"

    def _edit(self, server: Server, row: Row, name: str, value: Value) -> None:
        if row.values[name] != value:
            server.edit(row, {name: value}, "person")

    def _choose(self, server: Server, row: Row, name: str, deal: Deal) -> None:
        options = server.options[server.flavour.kinds[name]]
        self._edit(server, row, name, options[deal.more % len(options)].id)

    def _add_version(self, server: Server, row: Row, deal: Deal) -> None:
        held = row.values[server.flavour.versions]
        assert isinstance(held, frozenset)
        option = server.options["version"][deal.more % 3].id
        self._edit(server, row, server.flavour.versions, held | {option})

    def _drop_version(self, server: Server, row: Row, deal: Deal) -> None:
        held = row.values[server.flavour.versions]
        assert isinstance(held, frozenset)
        self._edit(server, row, server.flavour.versions, held - {*sorted(held)[:1]})

    def _edit_both(self, server: Server, row: Row, deal: Deal) -> None:
        """Somebody edits the twin as well, before the synchronizer comes."""
        self._edit(server, row, server.flavour.text, _words("Here", deal))
        other = self._servers[server.side.other]
        twin = next((each for each in other.rows.values() if row.id == each.born_of or each.id == row.born_of), None)
        if twin is not None and twin.state == "present":
            server.clock.tick(1 + deal.more % 3)
            self._edit(other, twin, other.flavour.text, _words("There", deal))

    def _comment(self, server: Server, row: Row, deal: Deal) -> None:
        """On the issue side one in six is for a few people only."""
        remark = server.comment(row, AUTHORS[deal.more % 2], _words("Remark", deal), "person")
        remark.restricted = remark.secret = server.side is Side.ISSUE and deal.more % 6 == 0

    def _edit_comment(self, server: Server, row: Row, deal: Deal) -> None:
        if remark := _chosen([each for each in row.remarks.values() if each.mark is None], deal):
            server.edit_comment(row, remark, _words("Reworded", deal), "person")

    def _delete_comment(self, server: Server, row: Row, deal: Deal) -> None:
        if server.side is Side.ISSUE and (remark := _chosen(list(row.remarks.values()), deal)):
            server.delete_comment(row, remark.id, "person")

    def _restrict_comment(self, server: Server, row: Row, deal: Deal) -> None:
        open_ones = [each for each in row.remarks.values() if each.mark is None and not each.restricted]
        if server.side is Side.ISSUE and (remark := _chosen(open_ones, deal)):
            server.restrict(row, remark)

    def _link_result(self, server: Server, row: Row, deal: Deal) -> None:
        if server.side is Side.INCIDENT:
            server.link_result(row, f"result-{deal.number}", _words("Step", deal))

    def _unlink_result(self, server: Server, row: Row, deal: Deal) -> None:
        if row.results:
            server.unlink_result(row, sorted(row.results)[deal.more % len(row.results)])

    def _deface(self, server: Server, row: Row, deal: Deal) -> None:
        if remark := _chosen([each for each in row.remarks.values() if each.mark is not None], deal):
            server.edit_comment(row, remark, _words("Defaced", deal), "person")

    def _hide(self, server: Server, row: Row, deal: Deal) -> None:
        """Jira hides a single issue only where the project has issue security."""
        if server.side is Side.INCIDENT or server.secures_single_records:
            server.become(row, "hidden", "person")

    def _put_away(self, server: Server, row: Row, deal: Deal) -> None:
        """Only Jira archives issues and moves them to other projects."""
        if server.side is Side.ISSUE:
            server.become(row, "archived" if deal.doing == "archive" else "moved", "person")

    def _clone(self, server: Server, row: Row, deal: Deal) -> None:
        server.clone(row)

    def _unmark(self, server: Server, row: Row, deal: Deal) -> None:
        if row.mark is not None and row.shown and deal.more % 2:
            server.unmark(row, "person")


def _chosen(remarks: list[Remark], deal: Deal) -> Remark | None:
    return remarks[deal.more % len(remarks)] if remarks else None


def _words(what: str, deal: Deal) -> str:
    """Words that nobody else writes, with what a server could change: capitals, and blanks doubled or at the end."""
    return f"{what} No  {deal.number} Of {deal.side.upper()} "
