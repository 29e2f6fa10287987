"""Faults in what decides: merging, planning, judging absences, the guard, lenses."""

from tests.mutants.fault import Fault

CORE = "tests/syncer/core"
MERGE = f"{CORE}/test_merge.py"
PLANNER = f"{CORE}/test_planner.py"
GUARD = f"{CORE}/test_guard.py"
ABSENCE = f"{CORE}/test_absence.py"
COMMENTS = f"{CORE}/test_comments.py"
REMOVALS = "tests/syncer/test_removals.py"
LENSES = "tests/mappings/test_lenses.py"
SIMULATOR = "tests/simulation/test_simulator.py"
SWEEP = "tests/crash/test_sweep.py"

FAULTS = (
    Fault(
        "incident-always-wins",
        "syncer/core/merge.py",
        "An edit in Jira is overwritten although the mapping says that the issue, or a person, decides.",
        (
            MERGE,
            "tests/syncer/test_mirror.py::TestFields::test_the_same_field_edited_on_both_sides_follows_the_"
            "mappings_policy[issue-Theirs]",
            SIMULATOR,
        ),
        (("match field.conflict:", "match Conflict.INCIDENT:"),),
    ),
    Fault(
        "newest-is-oldest",
        "syncer/core/fields.py",
        "Of two edits the older one wins.",
        (PLANNER,),
        (("if incident.updated_at > issue.updated_at", "if incident.updated_at < issue.updated_at"),),
    ),
    Fault(
        "unsent-is-empty",
        "syncer/core/merge.py",
        "A member that a server leaves out of its answer empties the field on the other side.",
        (PLANNER,),
        (
            ("    if name not in values:\n        return None\n", ""),
            ("return Held(values[name],", "return Held(values.get(name),"),
        ),
    ),
    Fault(
        "empty-wins-unasked",
        "syncer/core/merge.py",
        "A field that joins the mapping later is emptied where it was filled.",
        (MERGE,),
        (("if held_by.now in (None, frozenset()) and not held_by.known:", "if False:"),),
    ),
    Fault(
        "sets-are-copied",
        "syncer/core/merge.py",
        "Adding a version on one side removes those that somebody added on the other.",
        (MERGE, SIMULATOR, SWEEP),
        (("return theirs - removed | added", "return theirs & standing | added"),),
    ),
    Fault(
        "additive-sets-shrink",
        "syncer/core/merge.py",
        "A field that may only add takes away what people removed elsewhere.",
        (MERGE,),
        (("gone = frozenset[str]() if only_add else base - now", "gone = base - now"),),
    ),
    Fault(
        "tombstone-ignored-by-the-plan",
        "syncer/core/planner.py",
        "A record whose link a person dissolved gets a second twin.",
        (PLANNER,),
        (("if situation.tombstone is not None:", "if False:"),),
    ),
    Fault(
        "marks-not-compared-at-adoption",
        "syncer/core/planner.py",
        "A record that belongs to another installation, or is a clone, is linked to a stranger.",
        (PLANNER,),
        (("if claims[side] not in (None, expected[side]):", "if False:"),),
    ),
    Fault(
        "twice-adopted",
        "syncer/core/planner.py",
        "Of two clones each overwrites the twin of the other.",
        (PLANNER,),
        (("tuple(_one_twin_each(records))", "tuple(records)"),),
    ),
    Fault(
        "unknown-is-judged",
        "syncer/core/planner.py",
        "A record that can't be read for now counts as deleted, or as new.",
        (PLANNER,),
        (("if isinstance(seen, Unknown):", "if False:"),),
    ),
    Fault(
        "foreign-marks-ignored",
        "syncer/core/planner.py",
        "Two installations mirror each other's records without end.",
        (PLANNER,),
        (("    if record.mark is not None:\n", "    if False:\n"),),
    ),
    Fault(
        "delete-beats-edit",
        "syncer/core/vanished.py",
        "A record that somebody worked on is deleted because its twin was.",
        (PLANNER, f"{REMOVALS}::TestRecords::test_edit_beats_delete"),
        (("if edited_since(left, situation, bound):", "if False:"),),
    ),
    Fault(
        "403-is-a-deletion",
        "syncer/core/absence.py",
        "A lost permission deletes the twins of all records.",
        (ABSENCE,),
        (("if seen.cause is not Cause.MISSING:", "if seen.cause not in (Cause.MISSING, Cause.DENIED):"),),
    ),
    Fault(
        "one-look-is-enough",
        "syncer/core/absence.py",
        "A moment in which a server answers 404 deletes records.",
        (ABSENCE,),
        (("self.now - earlier.first_seen_at >= self.confirm_after", "True"),),
    ),
    Fault(
        "alone-in-the-dark",
        "syncer/core/absence.py",
        "A project that is hidden from the account counts as a project whose records were deleted.",
        (ABSENCE,),
        (("return self.project_read and self.siblings_read > 0", "return self.project_read"),),
    ),
    Fault(
        "cap-ten-times-as-high",
        "syncer/core/guard.py",
        "A hundred records go where ten were allowed.",
        (GUARD,),
        (
            ("    if count + lately > limits.at_most:", "    if count + lately > 10 * limits.at_most:"),
            ("and count + lately <= limits.at_most:", "and count + lately <= 10 * limits.at_most:"),
        ),
    ),
    Fault(
        "held-but-done",
        "syncer/core/guard.py",
        "The guard says that removals wait for an approval, and they are done all the same.",
        (GUARD,),
        (("return Verdict(replace(plan, records=records),", "return Verdict(replace(plan, records=plan.records),"),),
    ),
    Fault(
        "feigned-deletions-pass",
        "syncer/core/guard.py",
        "Where security levels can hide single issues, hiding one deletes its incident without a person's word.",
        (GUARD,),
        (("if reason or not removal.certain]", "if reason]"),),
    ),
    Fault(
        "mirrored-back",
        "syncer/core/comments.py",
        "Each mirrored comment is mirrored back, cycle after cycle.",
        (COMMENTS,),
        (
            (
                "if c.mark is None and c.id not in linked[owner] and c.id not in adopted]",
                "if (c.mark is not None or c.id not in linked[owner]) and c.id not in adopted]",
            ),
        ),
    ),
    Fault(
        "owner-ignored",
        "syncer/core/comments.py",
        "What a server makes of a mirrored comment overwrites the person's own words.",
        (COMMENTS,),
        (("if link.owner == owner.word]", "]"),),
    ),
    Fault(
        "comments-of-one-way-go-both",
        "syncer/core/comments.py",
        "What developers say among themselves is shown to the testers, against the mapping.",
        (COMMENTS,),
        (
            (
                "        if direction.carries(owner.other.word):\n            new",
                "        if direction:\n            new",
            ),
        ),
    ),
    Fault(
        "unseen-comments-are-none",
        "syncer/core/comments.py",
        "Comments that a server didn't tell are mirrored a second time.",
        (COMMENTS,),
        (
            (
                "    if incident is None or issue is None:\n        return\n",
                "    incident, issue = incident or (), issue or ()\n",
            ),
        ),
    ),
    Fault(
        "text-without-what-is-held",
        "mappings/prose.py",
        "Each server's own way to write a text counts as an edit and travels back and forth.",
        ("tests/mappings/test_prose.py",),
        (
            (
                "return issue if self._says(issue, (made, whole)) else made or None",
                "return made or None",
            ),
        ),
    ),
    Fault(
        "default-pushed-back",
        "mappings/lenses.py",
        "A value that stood for many is written over each of them.",
        (LENSES,),
        (
            (
                "return issue_id in self.issues_of(incident_id) or incident_id in self.incidents_of(issue_id)",
                "return (incident_id, issue_id) in self.rows",
            ),
        ),
    ),
)
