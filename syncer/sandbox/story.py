"""Fills the sandbox's Enterprise Tester with a believable project.

    2 incidents of the vendor's example pages     `story_vendor`
    some that are there to trip a mirror          `story_specials`
    everyday ones, as many as asked for           `story_words`, `story_texts`
    test runs, with some incidents found in them  `story_runs`

The same seed on the same day tells the same story, ids included; on another day all its times are shifted.
"""

import random
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from syncer.sandbox import cast
from syncer.sandbox.story_remarks import CIRCUMSTANCES, REMARKS
from syncer.sandbox.story_runs import add_runs
from syncer.sandbox.story_specials import SPECIALS
from syncer.sandbox.story_texts import DESCRIPTIONS
from syncer.sandbox.story_vendor import vendor_incidents
from syncer.sandbox.story_words import PROBLEMS
from syncer.sandbox.tester.drafts import read_draft
from syncer.sandbox.tester.model import TesterModel
from syncer.sandbox.tester.person import to_body
from syncer.sandbox.tester.records import Comment, Incident

SPAN = timedelta(days=730)
SILENCE = timedelta(weeks=3)
"""How long ago the last thing of the story happened."""

HOW_OFTEN = (30, 20, 15, 10, 9, 7, 4, 3, 2)
"""Of a hundred incidents, how many have 0, 1, 2, ... comments."""

RESOLVED = {
    "Fixed": ("Fixed",),
    "Ready to Test": ("Fixed",),
    "Closed": ("Fixed", "Fixed", "Fixed", "Cannot Reproduce"),
    "Rejected": ("Won't Fix", "Duplicate", "Cannot Reproduce"),
}
REPORTERS = tuple(person.login for person in cast.PEOPLE if person.login != cast.SERVICE)


def tell(model: TesterModel, *, incidents: int = 200, seed: int = 1) -> None:
    """Put `incidents` incidents into an empty model, and test runs; 0 leaves the project without incidents."""
    ending = model.now().replace(hour=0, minute=0, second=0) - SILENCE
    teller = _Teller(model, random.Random(f"story {seed}"), ending)
    for incident in vendor_incidents(model.catalogue)[:incidents]:
        model.put_in(incident)
    teller.tell(max(0, incidents - 2))
    add_runs(model, random.Random(f"runs {seed}"), ending)


class _Teller:
    """Makes one incident after the other; every choice comes from one random source."""

    def __init__(self, model: TesterModel, rng: random.Random, ending: datetime) -> None:
        self._model = model
        self._catalogue = model.catalogue
        self._rng = rng
        self._ending = ending

    def tell(self, count: int) -> None:
        """Make `count` incidents, numbered in the order in which they were written."""
        seconds = int(SPAN.total_seconds())
        ages = sorted((self._rng.randrange(3600, seconds) for _ in range(count)), reverse=True)
        for index, age in enumerate(ages):
            incident = self._incident(index, self._ending - timedelta(seconds=age))
            if index < len(SPECIALS):
                incident = self._odd(index, incident)
            self._model.put_in(self._discussed(index, incident))

    def _incident(self, index: int, created: datetime) -> Incident:
        rng, catalogue = self._rng, self._catalogue
        problem = rng.choice(PROBLEMS)
        status = _in_turn(cast.INCIDENT_STATUSES, index, rng)
        resolution = rng.choice(RESOLVED[status]) if status in RESOLVED else None
        author = catalogue.user_named(rng.choice(REPORTERS)).id
        return Incident(
            id=self._new_id(),
            number=index + 2,
            summary=f"{problem.summary} {rng.choice(CIRCUMSTANCES)}".strip(),
            description=DESCRIPTIONS[index % len(DESCRIPTIONS)](problem, rng),
            assigned_to=self._assignee(),
            priority=catalogue.pick_named("Priority", _in_turn(cast.PRIORITIES, index, rng)).id,
            status=catalogue.pick_named("IncidentStatus", status).id,
            type=catalogue.pick_named("IncidentType", _in_turn(cast.INCIDENT_TYPES, index, rng)).id,
            resolution=resolution and catalogue.pick_named("IncidentResolution", resolution).id,
            affected_versions=self._versions(),
            fixed_versions=self._versions() if resolution == "Fixed" else (),
            components=(catalogue.pick_named("Component", problem.component).id,) if rng.random() < 0.8 else (),
            field_values=self._field_values(),
            created_by=author,
            created_at=created,
            updated_by=author,
            updated_at=created,
        )

    def _odd(self, index: int, incident: Incident) -> Incident:
        """The incident with what makes a special one special."""
        special, catalogue = SPECIALS[index], self._catalogue
        text = special.description
        said = read_draft(to_body(special.said, catalogue), catalogue, null_clears=True, modern=True)
        return replace(
            incident,
            summary=special.summary,
            description=text(self._rng) if callable(text) else text,
            **said.attributes,
        )

    def _discussed(self, index: int, incident: Incident) -> Incident:
        """The incident with its comments and with the moment of its last change."""
        rng = self._rng
        number = index if index < len(HOW_OFTEN) else rng.choices(range(len(HOW_OFTEN)), HOW_OFTEN)[0]
        until = min(self._ending, incident.created_at + timedelta(days=90))
        span = int((until - incident.created_at).total_seconds())
        moments = sorted(incident.created_at + timedelta(seconds=rng.randrange(1, span)) for _ in range(number))
        comments = tuple(self._comment(moment) for moment in moments)
        edited = rng.random() < 0.4
        last = incident.created_at + timedelta(seconds=rng.randrange(1, span) if edited else 0)
        touched = [last, *(comment.updated_at or comment.created_at for comment in comments)]
        return replace(
            incident,
            comments=comments,
            updated_at=max(touched),
            updated_by=comments[-1].updated_by if comments else incident.updated_by,
            version_number=1 + len(comments) + edited,
        )

    def _comment(self, moment: datetime) -> Comment:
        author = self._catalogue.user_named(self._rng.choice(REPORTERS)).id
        edited = self._rng.random() < 0.1
        return Comment(
            id=self._new_id(),
            body=self._rng.choice(REMARKS),
            created_by=author,
            created_at=moment,
            updated_by=author,
            updated_at=min(self._ending, moment + timedelta(seconds=self._rng.randint(60, 9000))) if edited else None,
        )

    def _assignee(self) -> str | None:
        login = self._rng.choice((None, *REPORTERS, "joeb", "annak", "mariag", "samw"))
        return login and self._catalogue.user_named(login).id

    def _versions(self) -> tuple[str, ...]:
        number = self._rng.choice((0, 1, 1, 1, 2))
        names = self._rng.sample((*cast.VERSIONS, cast.TESTER_ONLY_VERSION), number)
        return tuple(self._catalogue.pick_named("Version", name).id for name in sorted(names))

    def _field_values(self) -> dict[str, str]:
        values = {}
        if self._rng.random() < 0.5:
            values["Cycle"] = f"Cycle {self._rng.randint(1, 12)}"
        if self._rng.random() < 0.6:
            values["Severity"] = self._rng.choice(self._catalogue.fields["Severity"].options)
        return values

    def _new_id(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))


def _in_turn(words: Sequence[str], index: int, rng: random.Random) -> str:
    """Each word once, in turn, so that a small story has them all; any of them afterwards."""
    return words[index] if index < len(words) else rng.choice(words)
