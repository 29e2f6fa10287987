"""The two servers' starting data: so many incidents with so many comments each, and nothing in Jira yet.

Incidents are those of the sandbox's story, without what is there to trip a mirror: nothing gets parked, and no status
needs transitions, so that what is counted is the work of mirroring itself.
"""

import pickle
import random
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from syncer.sandbox import cast
from syncer.sandbox.jira import JiraModel
from syncer.sandbox.story import tell
from syncer.sandbox.story_remarks import REMARKS
from syncer.sandbox.story_specials import SPECIALS
from syncer.sandbox.story_vendor import vendor_incidents
from syncer.sandbox.tester import TesterModel
from syncer.sandbox.tester.records import Comment, Incident

AUTHORS = ("joeb", "annak", "mariag", "yukit", "olgap", "samw")
STATUSES = ("New", "Open")
LONGEST_PAGE = 5000
"""So many incidents are given at once where so many are asked for. Assumed: the vendor names no limit."""

NOT_KEPT = ("clock", "lock")
"""Attributes of the models that belong to the process and not to the data."""


@dataclass(frozen=True, slots=True)
class World:
    """How large the starting data are; the same values give the same data, ids included, on the same day."""

    incidents: int
    comments: int
    seed: int = 1


def tester_model(world: World) -> TesterModel:
    """Enterprise Tester with its incidents."""
    told = TesterModel(seed=world.seed)
    odd = len(SPECIALS) + len(vendor_incidents(told.catalogue))
    tell(told, incidents=world.incidents + odd, seed=world.seed)
    model = TesterModel(seed=world.seed)
    model.behaviour = replace(model.behaviour, page_cap=LONGEST_PAGE)
    model.catalogue = told.catalogue
    model.add_version(cast.JIRA_ONLY_VERSION)
    rng = random.Random(f"bench {world.seed}")
    for number, incident in enumerate(told.incidents()[odd:], start=1):
        model.put_in(_plain(model, rng, replace(incident, number=number), world.comments))
    return model


def jira_model(world: World) -> JiraModel:
    """Jira with an empty project."""
    model = JiraModel("cloud", seed=world.seed)
    for issue in [each for each in model.issues.values() if each.key.startswith(f"{cast.PROJECT_KEY}-")]:
        model.delete(issue.id)
    return model


def frozen(model: TesterModel | JiraModel) -> bytes:
    """All data of a model; `thaw` puts them back."""
    return pickle.dumps({name: value for name, value in vars(model).items() if name not in NOT_KEPT})


def thaw(model: TesterModel | JiraModel, data: bytes) -> None:
    """Make a model hold what it, or another one of its kind, held when it was frozen. Its address stays."""
    vars(model).update({**pickle.loads(data), "base_url": model.base_url})


def _plain(model: TesterModel, rng: random.Random, incident: Incident, comments: int) -> Incident:
    users = {user.login: user.id for user in model.catalogue.users.values()}
    known = [users[login] for login in AUTHORS]
    made = [_comment(rng, incident, known, place) for place in range(comments)]
    return replace(
        incident,
        assigned_to=incident.assigned_to if incident.assigned_to in known else None,
        created_by=rng.choice(known),
        status=model.catalogue.pick_named("IncidentStatus", rng.choice(STATUSES)).id,
        resolution=None,
        fixed_versions=(),
        comments=tuple(made),
        updated_at=made[-1].created_at if made else incident.created_at,
        version_number=1 + comments,
    )


def _comment(rng: random.Random, incident: Incident, authors: list[str], place: int) -> Comment:
    author = rng.choice(authors)
    return Comment(
        id=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        body=rng.choice(REMARKS),
        created_by=author,
        created_at=incident.created_at + timedelta(minutes=1 + place),
        updated_by=author,
    )
