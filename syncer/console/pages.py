"""The pages that people read. Plain functions: they run in threads, as the state DB and the servers make them wait."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from mappings import MappingError, load_mappings
from state import StateError
from state.counting import Counting
from state.rows import CycleRow
from syncer.activity import Doing
from syncer.console.access import Refusal
from syncer.console.mapped import MappingView, mapping_view
from syncer.console.overview import Card, card, overview, progress_of
from syncer.console.planned import plan_view
from syncer.console.record import record_view, target_of
from syncer.console.records import SHOWN, listing
from syncer.console.site import Site
from syncer.console.sparkline import CYCLES
from syncer.console.told import LAST_PAGE, Wish, cycles_view, day, history_view
from syncer.console.waiting import choices_of, items, waiting
from syncer.context import ProjectLink
from syncer.core.actions import Action, CatalogueAction
from syncer.errors import SyncerError
from syncer.holding import approvals_of
from syncer.journalled import LEAVE_WITHIN
from syncer.vitals import longest_request
from syncer.web.front import Running

BY_HAND = ("approve", "settle conflict", "discard", "retry", "link", "unlink", "undo")
KINDS = tuple(sorted({each.kind for each in (*get_args(Action), *get_args(CatalogueAction))} | set(BY_HAND)))
"""What the history can be filtered by."""


class Pages:
    """All of them but the few that act."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def overview(self, request: Request) -> Response:
        return self._site.page(request, "overview.html", **self._overview())

    def overview_live(self, request: Request) -> Response:
        return self._site.part("overview_live.html", **self._overview())

    def records(self, request: Request) -> Response:
        link, asked = self._link(request), request.query_params
        shown = asked.get("show", "all")
        if shown not in SHOWN:
            raise Refusal(404, f"There is no such filter; there are {', '.join(SHOWN)}.")
        found = listing(link.store, link.name, shown, asked.get("q", "").strip()[:200], _page(request))
        return self._page(request, link, "records.html", found=found, filters=SHOWN)

    def record(self, request: Request) -> Response:
        link = self._link(request)
        target = target_of(link, request.path_params["ref"])
        if target is None:
            raise Refusal(404, "The state DB knows no such record in this project link.")
        view = record_view(target, self._site.readers)
        conflicts = link.store.conflicts(link.name)
        choices = choices_of(conflicts, link.mapping, view.link)
        chosen = {choice.conflict.parked.item for choice in choices}
        links = {(row.side, row.record_id): view.link for row in view.parked if view.link is not None}
        rest = items([row for row in view.parked if row.item not in chosen], links, link.now())
        shown = {"view": view, "choices": choices, "items": list(rest), "back": request.path_params["ref"]}
        return self._page(request, link, "record.html", **shown)

    def waiting(self, request: Request) -> Response:
        link = self._link(request)
        return self._page(request, link, "waiting.html", view=waiting(link.store, link.mapping, link.now()), back="")

    def held(self, request: Request) -> Response:
        link = self._link(request)
        approved = {row.digest: row for row in link.store.approvals(link.name)}
        discarded = {row.digest: row for row in link.store.discards(link.name)}
        sets = []
        for held in link.store.held(link.name):
            digests = set(approvals_of(held))
            word = ("approved", approved) if digests <= approved.keys() else ("discarded", discarded)
            said = next((word[1][each] for each in digests), None) if digests <= word[1].keys() else None
            sets.append((held, [line.partition(": ")[::2] for line in held.lines], word[0] if said else "", said))
        return self._page(request, link, "held.html", sets=sets)

    def plan(self, request: Request) -> Response:
        link = self._link(request)
        return self._page(request, link, "plan.html", **self._plan(link))

    def plan_live(self, request: Request) -> Response:
        link = self._link(request)
        return self._site.part("plan_live.html", name=link.name, **self._plan(link))

    def mapping(self, request: Request) -> Response:
        link, live = self._link(request), "live" in request.query_params
        trouble, settings = "", self._site.front.settings
        view: MappingView | None = None
        if live:
            try:
                view = self._site.linters.within(lambda: mapping_view(link.mapping, settings, live=True))
            except SyncerError as error:
                trouble = str(error)
        view = view or mapping_view(link.mapping, settings, live=False)
        return self._page(request, link, "mapping.html", view=view, live=live, trouble=trouble)

    def cycles(self, request: Request) -> Response:
        link = self._link(request)
        view = cycles_view(link.store, link.name, _page(request))
        return self._page(request, link, "cycles.html", view=view)

    def history(self, request: Request) -> Response:
        running, asked = self._site.running(), request.query_params
        told = {name: asked.get(name, "").strip()[:200] for name in ("link", "record", "kind", "since")}
        if told["since"] and day(told["since"]) is None:
            raise Refusal(422, "Give the day as 2026-01-31.")
        view = history_view(running.store, Wish(**told, page=_page(request)), KINDS)
        return self._site.page(request, "history.html", view=view, name=None)

    def sign_in(self, request: Request) -> Response:
        return self._site.page(request, "login.html", name=None, next=request.query_params.get("next", "/"))

    def _page(self, request: Request, link: ProjectLink, template: str, **shown: Any) -> Response:
        return self._site.page(request, template, name=link.name, **shown)

    def _link(self, request: Request) -> ProjectLink:
        return self._site.link(self._site.running(), request)

    def _overview(self) -> dict[str, Any]:
        front, running = self._site.front, self._site.front.running
        if running is None:
            return {"view": None, "waits_for": front.waits_for, "standby": list(self._standby()), "name": None}
        frozen, faults = front.vitals.alive().faults, front.vitals.ready().faults
        try:
            cards = list(self._cards(running))
        except StateError as error:
            cards, faults = [], (str(error),)
        return {"view": overview(cards, faults, frozen), "waits_for": "", "standby": [], "name": None}

    def _cards(self, running: Running) -> Iterator[Card]:
        front, store = self._site.front, running.store
        names, doing, now = [link.name for link in running.daemon.links()], front.activity.doing(), front.now()
        under_way = LEAVE_WITHIN + timedelta(seconds=longest_request(front.settings))
        for name, numbers in Counting.of(store).numbers(names, now - under_way).items():
            cycles, held = store.last_cycles(name, CYCLES), store.held(name)
            yield card(name, numbers, cycles, held, doing.get(name, Doing()), now)

    def _standby(self) -> Iterator[str]:
        try:
            yield from (mapping.name for mapping in load_mappings(self._site.front.settings.mappings))
        except MappingError:
            return

    def _plan(self, link: ProjectLink) -> dict[str, Any]:
        made, doing = self._site.planner.look(link, _last_cycle(link.store.last_cycles(link.name, 2)))
        plan = plan_view(made.plan) if made is not None and made.plan is not None else None
        return {"made": made, "plan": plan, "progress": progress_of(doing, "Plan") if doing is not None else None}


def _last_cycle(rows: list[CycleRow]) -> str | None:
    """The last cycle that has ended."""
    return next((row.cycle for row in rows if row.finished_at is not None), None)


def _page(request: Request) -> int:
    told = request.query_params.get("page", "1")
    page = int(told) if told.isascii() and told.isdecimal() and len(told) < 7 else 0
    if page < 1:
        raise Refusal(404, "Pages are numbered from 1 on.")
    if page > LAST_PAGE and not request.url.path.endswith("/records"):
        raise Refusal(404, f"There are {LAST_PAGE} pages at most; what is older is found by the filters.")
    return page
