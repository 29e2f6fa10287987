"""What the vendor does not document, as switches: the mirror must work with every position of them."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

Profile = Literal["4.6", "6.x"]
Normalise = Literal["none", "trim", "lower", "markup"]
Cut = Literal["none", "short", "empty"]
Dates = Literal["moment", "day"]
Lists = Literal["array", "joined", "objects"]
AsText = Literal["json", "text"]


@dataclass(frozen=True, slots=True)
class WireForms:
    """How values of custom fields are written in JSON, read and shown alike.

    Assumed: the first form of each, as the vendor's page Custom Fields names the kinds but not their values.

    | values                              | forms                                                                |
    |-------------------------------------|----------------------------------------------------------------------|
    | dates                               | `moment` "2026-11-22T00:00:00Z"; `day` "2026-11-22"                  |
    | several options, and cascades       | `array` ["a", "b"], a cascade from the top; `joined` "a, b";         |
    |                                     | `objects` [{"Value": "a", "Text": "a"}]                              |
    | checkboxes                          | `json` true; `text` "True"                                           |
    | numbers                             | `json` 2.5; `text` "2.5"                                             |
    """

    dates: Dates = "moment"
    lists: Lists = "array"
    booleans: AsText = "json"
    numbers: AsText = "json"


ASSUMED = WireForms()


@dataclass(slots=True)
class TesterBehaviour:
    """How the server behaves; every field may be set while it runs.

    | switch                       | when set                                                              |
    |------------------------------|-----------------------------------------------------------------------|
    | `index_lag_seconds`          | listings of incidents show what was held that long ago                |
    | `post_status`                | the code of a created incident                                        |
    | `normalise`                  | what is done to summary, description and comments when they are stored |
    | `null_clears`                | a null member clears the value; otherwise it means unchanged          |
    | `comments_replace`           | the Comments of a PUT are the whole list; otherwise they are added    |
    | `fresh_comment_never_updated`| a comment nobody edited is listed as last updated in the year 1       |
    | `comment_edit_accepted`      | a comment with an Id is edited; otherwise the request is refused      |
    | `comment_author_honoured`    | CreatedById and CreatedAt of a new comment are taken over             |
    | `page_cap`                   | the longest page; a longer `$top` is cut silently                     |
    | `error_pages`                | 401, 404, 405 and 500 are HTML pages instead of {"Message"}           |
    | `credentials_expired`        | nobody's credentials are good any more                                |
    | `tokens_expired`             | no OAuth access token is, while passwords still are                   |
    | `consumer_public_key`        | the OAuth consumer's public key, as PEM text: it signs by RSA-SHA1    |
    | `hidden_incidents`           | ids that answer 403 and vanish from listings                          |
    | `hidden_step_results`        | ids of step results that answer 403 and vanish from their runs        |
    | `hidden_project`             | the whole project does so                                             |
    | `wrong_site`                 | another server answers at this address, one without the project: 404  |
    | `read_only`                  | whoever writes lacks the permission: 403                              |
    | `delete_forbidden`           | whoever deletes an incident does                                      |
    | `index_rebuilding`           | the share of incidents and runs that listings lack; reads by id do not |
    | `cut_pages`                  | from the second page on: `short` pages hold half of what they should, |
    |                              | and at least one item; `empty` ones nothing. Total stays true         |
    | `definitions_forbidden`      | whoever reads the definitions of custom fields lacks the permission   |
    | `dates`, `lists`, `booleans`, | how values of custom fields are written: see `WireForms`             |
    | `numbers`                    |                                                                       |
    """

    index_lag_seconds: Annotated[float, Field(ge=0)] = 0.0
    post_status: Literal[200, 201] = 201
    normalise: Normalise = "none"
    null_clears: bool = False
    comments_replace: bool = False
    fresh_comment_never_updated: bool = True
    comment_edit_accepted: bool = True
    comment_author_honoured: bool = True
    page_cap: Annotated[int, Field(ge=1)] = 100
    error_pages: bool = False
    credentials_expired: bool = False
    tokens_expired: bool = False
    consumer_public_key: str = ""
    hidden_incidents: list[str] = field(default_factory=list)
    hidden_step_results: list[str] = field(default_factory=list)
    hidden_project: bool = False
    wrong_site: bool = False
    read_only: bool = False
    delete_forbidden: bool = False
    index_rebuilding: Annotated[float, Field(ge=0, le=1)] = 0.0
    cut_pages: Cut = "none"
    definitions_forbidden: bool = False
    dates: Dates = "moment"
    lists: Lists = "array"
    booleans: AsText = "json"
    numbers: AsText = "json"

    @property
    def forms(self) -> WireForms:
        """How values of custom fields are written now."""
        return WireForms(self.dates, self.lists, self.booleans, self.numbers)
