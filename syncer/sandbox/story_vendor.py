"""The records of the vendor's example pages, so that those examples can be tried against the sandbox.

Ids, times and the summary are those of the pages, longer texts are not.

| page                 | records                                                             |
|----------------------|---------------------------------------------------------------------|
| Incident             | the incident, its comment, its custom field                         |
| Step Result Incident | another incident, the step result in which it was found, their link |

The answer on the second page swaps both ids against its request; the request is followed here.
"""

from datetime import UTC, datetime

from syncer.sandbox.tester.catalogue import Catalogue
from syncer.sandbox.tester.records import Comment, Incident

INCIDENT_ID = "4bb709c2-e0e7-4af3-9f60-a045016a9610"
COMMENT_ID = "36f8985c-040e-44e6-9340-17a5ce68a086"
LINKED_INCIDENT_ID = "b849f98e-62b2-460c-97ef-49e6c478a3f9"
STEP_RESULT_ID = "0f61b42d-87f9-40b8-89ee-1bc12a6b5dba"

_CREATED = datetime(2012, 1, 1, 14, 4, 5, tzinfo=UTC)
_UPDATED = datetime(2012, 2, 2, 15, 5, 6, tzinfo=UTC)


def vendor_incidents(catalogue: Catalogue) -> list[Incident]:
    """Both incidents of the pages, the one of the Incident page first."""
    joe = catalogue.user_named("joeb").id
    comment = Comment(
        id=COMMENT_ID,
        body="The lists on the search page break in the same place.",
        created_by=joe,
        created_at=_UPDATED,
        updated_by=joe,
    )
    first = Incident(
        id=INCIDENT_ID,
        number=0,
        summary="Report pagination",
        description="The pages of a long report do not follow each other.",
        assigned_to=joe,
        priority=catalogue.pick_named("Priority", "High").id,
        status=catalogue.pick_named("IncidentStatus", "Fixed").id,
        type=catalogue.pick_named("IncidentType", "Defect").id,
        resolution=catalogue.pick_named("IncidentResolution", "Fixed").id,
        affected_versions=(catalogue.pick_named("Version", "2.0").id,),
        fixed_versions=tuple(catalogue.pick_named("Version", name).id for name in ("2.1", "3.0 beta")),
        components=(catalogue.pick_named("Component", "Reports").id,),
        field_values={"Cycle": "V2.1 Cycle 1"},
        comments=(comment,),
        created_by=joe,
        created_at=_CREATED,
        updated_by=joe,
        updated_at=_UPDATED,
    )
    second = Incident(
        id=LINKED_INCIDENT_ID,
        number=1,
        summary="Last page of a report repeats the first row",
        description="Seen while checking the pages of a long report.",
        priority=catalogue.pick_named("Priority", "Medium").id,
        status=catalogue.pick_named("IncidentStatus", "Open").id,
        type=catalogue.pick_named("IncidentType", "Defect").id,
        components=(catalogue.pick_named("Component", "Reports").id,),
        created_by=joe,
        created_at=_UPDATED,
        updated_by=joe,
        updated_at=_UPDATED,
    )
    return [first, second]
