"""Faults in what observes and executes, and in the two adapters."""

from tests.mutants.fault import Fault

LOST = "tests/syncer/test_lost_answers.py"
LAGGING = f"{LOST}::test_while_a_create_could_still_surface_the_record_waits"
MISSING = "tests/syncer/test_missing.py::test_what_is_missing_but_not_deleted_deletes_nothing"
MIRROR = "tests/syncer/test_mirror.py"
REMOVALS = "tests/syncer/test_removals.py"
OBSERVE = "tests/syncer/test_observe.py"
REVIEWING = "tests/syncer/test_reviewing.py"
IN_PARTS = "tests/syncer/test_in_parts.py"
AMID = "tests/syncer/test_amid_a_cycle.py"
TIMES = "tests/time/test_histories.py::test_no_change_is_missed_and_an_idle_poll_is_cheap"
READING = "tests/syncer/issues/test_reading.py"
WALKS = "tests/explorer/test_real_code.py"

FAULTS = (
    Fault(
        "unlisted-is-deleted",
        "syncer/survey.py",
        "A lagging index, a cut page or an edited filter deletes records.",
        (
            f"{MISSING}[Jira's index lags-cloud]",
            f"{MISSING}[the issue was archived-cloud]",
        ),
        (
            ("from syncer.core.records import Side", "from syncer.core.records import Gone, Side"),
            ("    missed: int = 0\n", "    missed: int = 0\n    roll: object = None\n"),
            ("        among = turn.links |", "        self.roll = roll\n        among = turn.links |"),
            (
                "judge(self.link, some, self.earlier)",
                "judge(self.link, [replace(s, **{side.word: Gone('') for side in Side if self.roll and s.link\n"
                "    and s.link.id not in self.roll.linked[side]}) for s in some], self.earlier)",
            ),
        ),
    ),
    Fault(
        "watermark-of-our-own-clock",
        "syncer/observe.py",
        "What is edited while a cycle runs, or by a server whose clock is behind, is never looked at.",
        (OBSERVE, TIMES),
        (
            (
                "began = link.ports[side].clock()",
                "began = link.now()",
            ),
        ),
    ),
    Fault(
        "no-overlap",
        "syncer/observe.py",
        "What the index shows late is passed over.",
        (OBSERVE, TIMES),
        (("else _no_later(mark, began) - link.pace.overlap[side]", "else _no_later(mark, began)"),),
    ),
    Fault(
        "watermark-of-the-listing's-end",
        "syncer/observe.py",
        "What is saved while the pages of a long listing are read is never looked at.",
        (OBSERVE,),
        (("_moved_on(shown, began,", "_moved_on(shown, link.ports[side].clock(),"),),
    ),
    Fault(
        "watermark-stands-still",
        "syncer/observe.py",
        "After a first mirror each poll lists all records again, and one of an empty project is a census, for good.",
        (OBSERVE, TIMES),
        (
            (
                "return behind if shown is None else max(_no_later(shown, began), behind)",
                "return None if shown is None else _no_later(shown, began)",
            ),
        ),
    ),
    Fault(
        "watermark-kept-when-the-clock-is-set-back",
        "syncer/observe.py",
        "After a server's clock was set back, nothing that changes is looked at until it has come as far again.",
        (OBSERVE,),
        (("return at if clock is None else min(at, clock)", "return at"),),
    ),
    Fault(
        "oldest-first",
        "syncer/issues/project.py",
        "On Cloud an issue that stands behind one that is edited meanwhile is on no page, and gets no twin.",
        (f"{READING}::test_an_edit_while_pages_are_read_pulls_no_other_issue_out_of_sight",),
        (('order="updated DESC, key DESC"', 'order="updated ASC, key ASC"'),),
    ),
    Fault(
        "only-the-last-page",
        "syncer/observe.py",
        "Of a long listing all but its end is passed over.",
        (OBSERVE,),
        (
            (
                "found.update((line.id, line) for line in _not_seen_so(link, side, page))",
                "found = {line.id: line for line in page}",
            ),
        ),
    ),
    Fault(
        "the-same-share-each-time",
        "syncer/reviewing.py",
        "A mark or a comment that is taken off without a change of its record is never noticed.",
        (REVIEWING,),
        (("if each > review.to][:count]", "][:count]"),),
    ),
    Fault(
        "who-is-not-on-the-roll-is-passed-over",
        "syncer/reviewing.py",
        "A deletion is noticed a day late, and the guard sees deletions a few at a time.",
        (REVIEWING,),
        (("if any(each not in there[side] for side in Side)}", "if False}"),),
    ),
    Fault(
        "share-by-share-past-the-guard",
        "syncer/reviewing.py",
        "Marks that were lost on all records dissolve all links, a share of them in each census.",
        (REVIEWING,),
        (("return missed > min(", "return False and missed > min("),),
    ),
    Fault(
        "interrupted-and-forgotten",
        "syncer/survey.py",
        "After a changed mapping a stopped process leaves records as they are for a day.",
        (REVIEWING,),
        (("            link.store.set_review(link.name, None)\n", ""),),
    ),
    Fault(
        "records-in-doubt-are-planned",
        "syncer/candidates.py",
        "While a create could still surface, a second one is made.",
        (LAGGING, WALKS),
        (("                waiting[side, record_id] = reason\n", "                pass\n"),),
    ),
    Fault(
        "tombstone-ignored-when-looking",
        "syncer/candidates.py",
        "A record whose link a person dissolved gets a twin again.",
        (OBSERVE,),
        (
            (
                "return linked | {record_id for where, record_id in known.tombstones if where is side} |",
                "return linked |",
            ),
        ),
    ),
    Fault(
        "parked-for-good",
        "syncer/candidates.py",
        "What failed once is never tried again, and stays out of step.",
        (OBSERVE,),
        (
            ("due = {(row.side, row.record_id) for row in parked if row.next_try_at <= link.now()}", "due = set()"),
            (
                "due = {row.record_id for row in parked if row.side == side.word and row.record_id not in resting}",
                "due = set()",
            ),
        ),
    ),
    Fault(
        "clones-seen-part-by-part",
        "syncer/unlinked.py",
        "After the loss of the state DB a clone takes the issue of the record that it was cloned from.",
        (IN_PARTS,),
        (("if i in told_of or named_by(each, link.installation)}", "if i in told_of}"),),
    ),
    Fault(
        "watermark-first",
        "syncer/cycle.py",
        "A process that is stopped amid a cycle never looks again at what it hadn't come to.",
        (AMID,),
        (
            (
                "    parts = survey.census(",
                "    _move_watermarks(link, listings)\n    parts = survey.census(",
            ),
        ),
    ),
    Fault(
        "failed-and-forgotten",
        "syncer/record_run.py",
        "A record that a server refused is passed over in silence, and nobody is told.",
        (AMID,),
        (
            (
                "            if not rest_flows:\n",
                "            if not rest_flows:\n                return None\n",
            ),
        ),
    ),
    Fault(
        "a-page-of-issues-dropped",
        "syncer/issues/search.py",
        "An issue that moves between two pages is passed over.",
        ("tests/syncer/issues/test_search.py",),
        (("if tail and tail.isdisjoint(ids):", "if False:"),),
    ),
    Fault(
        "a-page-of-incidents-dropped",
        "syncer/incidents/paging.py",
        "An incident that is pulled over the edge of a page is passed over.",
        ("tests/syncer/incidents/test_paging.py",),
        (("if overlaps and (not names or names[0] not in seen):", "if False:"),),
    ),
    Fault(
        "403-told-as-missing",
        "syncer/issues/reading.py",
        "Issues that the account may not see for a while count as deleted.",
        ("tests/syncer/issues/test_denied.py",),
        (
            (
                "return Cause.DENIED if isinstance(problem, Denied)",
                "return Cause.MISSING if isinstance(problem, Denied)",
            ),
        ),
    ),
    Fault(
        "stamp-trusted-too-early",
        "syncer/issues/reading.py",
        "A second edit within the clock's resolution is never seen.",
        (READING,),
        (('stamp=fields["updated"] if now - updated >= RESOLUTION else None', 'stamp=fields["updated"]'),),
    ),
    Fault(
        "restricted-comments-told",
        "syncer/issues/comments.py",
        "What is for developers only leaves Jira.",
        (READING,),
        (('if not (row.get("visibility") or (part is None', "if not ((part is None"),),
    ),
    Fault(
        "stale-plan-written",
        "syncer/updating.py",
        "An edit made while a long cycle runs is overwritten.",
        (AMID,),
        (("if now.values.get(change.name) == change.before)", ")"),),
    ),
    Fault(
        "deleted-unseen",
        "syncer/removing.py",
        "A record that somebody edits while the cycle runs is deleted with the edit.",
        (AMID,),
        (("            _insist_unedited(link, record)\n", ""),),
    ),
    Fault(
        "one-bad-value-stops-all",
        "syncer/updating.py",
        "A field that Jira refuses keeps all others of its record from travelling.",
        (f"{MIRROR}::TestFields::test_one_field_that_jira_refuses_does_not_stop_the_others",),
        (("            if len(changes) == 1:\n", "            if changes:\n"),),
    ),
    Fault(
        "held-removals-trickle",
        "syncer/holding.py",
        "What waits for an approval is deleted a few records at a time.",
        (f"{REMOVALS}::TestGuard::test_what_is_held_does_not_slip_through_a_few_at_a_time",),
        (('if not whole and _held(link, "removals") is not None:', "if False:"),),
    ),
    Fault(
        "a-mapping's-change-unasked",
        "syncer/holding.py",
        "A slip in the mapping changes ten thousand records before anybody sees it.",
        (f"{REMOVALS}::TestGuard::test_a_changed_mapping_is_held_until_it_is_approved",),
        (("if whole and known is not None and known != link.mapping.fingerprint:", "if False:"),),
    ),
)
