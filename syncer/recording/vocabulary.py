"""What may stand in a recording as it is: words of the two vendors and of our own, ids, times, and nothing else.

All that isn't known here is replaced. A word too few makes a recording that can't be replayed, which is noticed before
it is written; a word too many tells no more than that somebody uses a word of the vendor's.
"""

import re

_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
GUID = re.compile(_GUID, re.IGNORECASE)
ID = re.compile(rf"-?\d{{1,12}}|{_GUID}|customfield_\d{{1,9}}", re.IGNORECASE)
TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
VERSION = re.compile(r"\d{1,7}(?:\.\d{1,7}){0,4}(?:-SNAPSHOT)?")
_KIND_WORDS = (
    "add|area|array|attachments?|blue|boolean|box|brown|button|cascad(?:e|ing)|check|combo|comments?|control|custom|date|"
    "delete|drop|down|edit|entity|field|gr[ae]y|green|group|html|image|incidents?|intrinsic|integer|item|label|link|list|"
    "medium|multi(?:ple)?|number|numeric|picker|project|purple|radio|read|red|requirements?|rich|script|select|self|single|"
    "span|string|teal|text|time|update|url|user|value|view|warm|widget|write|yellow"
)
TOKEN = re.compile(rf"(?:(?:{_KIND_WORDS})[ -]?){{1,6}}", re.IGNORECASE)
"""What the vendors' own lists of kinds hold: nothing but words of theirs."""
PLUGIN = re.compile(r"com\.(?:atlassian|pyxis)\.[\w.:-]{1,120}")
"""The kind of a custom field of Jira, as far as it is the vendor's own."""
MEMBER = re.compile(r"[A-Za-z_$][\w$.-]{0,60}")
"""A name of a member of JSON that is a vendor's, not a customer's."""

OUR_OWN = re.compile(
    rf"(?P<ours>syncer(?:-dissolved)?[:-])(?P<installation>[^\s:\]]{{1,200}}?)"
    rf"(?P<twin>(?::incident|:stepresult)?[:-](?:[0-9a-f]{{32}}|{_GUID}|\d{{1,12}}))(?![0-9a-z])"
    r"|(?P<heading>\bwrote\s+in\s+(?:Jira\b(?=\s*\[)|Enterprise\s+Tester\b(?=\s*:)))",
    re.IGNORECASE,
)
"""Our marks, in which the installation's name is replaced, and what makes the heading of a mirrored comment one."""

IDS = frozenset({"id", "fieldid", "issuetypeid", "avatarid", "customid"})
"""Members that hold ids, beside all whose names end in `Id` or `Ids`; in small letters, as all that follow."""
TOKENS = frozenset(
    {"customfieldtypename", "widgettype", "handlertype", "valuetype", "fieldcategory", "entities", "entitytype"}
    | {"expands", "rel", "operations", "colorname"}
)
NUMBERS = frozenset(
    {"id", "startat", "maxresults", "total", "size", "skip", "top", "ordernumber", "sortorder", "versionnumber"}
    | {"versionnumbers", "buildnumber", "avatarid", "customid", "hierarchylevel", "incidentnumber", "projectid"}
    | {"maxlength", "status", "status-code", "code"}
)
PEOPLE = frozenset({"accountid"})
"""Members whose ids are those of people, on any server of the vendor's."""
TEXTS = frozenset(
    {"summary", "description", "body", "renderedbody", "environment", "message", "errormessage", "errormessages"}
    | {"title", "warning"}
)
CUSTOMERS_MEMBERS = frozenset({"fieldvalues"})
"""Objects whose members are named by customers."""
TOKEN_MEMBERS = frozenset({"nextpagetoken"})
"""What goes back to the server as it came."""

_JIRA = """
summary description environment issuetype status priority resolution assignee reporter creator labels components
component versions version fixversions duedate created updated resolutiondate project comment archiveddate
renderedfields renderedbody properties key issuekey id name new indeterminate done undefined software business
service_desk atlassian app cloud server and or not in is empty null order by asc desc was changed rest api issue
bulkfetch search jql field createmeta issuetypes editmeta projects statuses serverinfo myself mypermissions user
users assignable user_permission securitylevel comments list remotelink multiprojectsearch permissions latest
value ids issueidsorkeys maxresults startat fields expand orderby syncer mark transitions transition mirrors
option array string number date datetime option-with-child any comments-page priorities nextpagetoken projectkey
browse_projects create_issues edit_issues transition_issues add_comments edit_own_comments link_issues
assign_issues delete_issues administer_projects set_issue_security
"""
_ENTERPRISE_TESTER = """
type assignedto affectedversions createdby lastupdatedby createdat lastupdatedat incidentnumber projectname
incident incidents customfields customfield customfieldtype assignees widgets fieldvalues fieldcontrols options
systeminfo incidenttypes incidentstatuses incidentresolutions externalsystemlinks allpages attachments
enterprisetester true false jira intrinsic textbox textarea richtext checkbox checkboxgroup combobox radiogroup
multiselect multicascade timespan lastupdated content top skip inlinecount scripts requirements stepresult
actualtime estimatedtime filter tql
"""
_OURS = ("syncer.mark", "syncer.comment", "sd.public.comment", "found by", "enterprise tester")
WORDS = frozenset([*_JIRA.split(), *_ENTERPRISE_TESTER.split(), *_OURS])
"""Words that may stand anywhere but in texts, in small letters."""
HEADERS = frozenset({"content-type", "date", "retry-after"})
