"""Faults in what journals, settles and recovers: where duplicates and lost edits would come from."""

from tests.mutants.fault import Fault

LOST = "tests/syncer/test_lost_answers.py"
LOST_CREATE = f"{LOST}::test_a_lost_create_of_an_issue_yields_one_issue[6.x-cloud-drop_after]"
LAGGING = f"{LOST}::test_while_a_create_could_still_surface_the_record_waits"
MIRROR = "tests/syncer/test_mirror.py"
JOURNALLED = "tests/syncer/test_journalled.py"
RECOVER = "tests/syncer/test_recover.py"
WALKS = "tests/explorer/test_real_code.py"
SWEEP = "tests/crash/test_sweep.py"
ANSWER = "            answer = call()\n"
DOUBT = 'Settlement(None, (), [self._entry(action, ids, "in doubt", str(error))])'
INTEND = "intent = self.link.store.intend(self.link.name, self._wish(action, ids, body))"
LEAVE = "            self._leave(intent, action, ids, error)\n            raise\n"
SETTLE = "return answer, self._settle(intent.id, action,"
ABANDON = 'Settlement(intent.id, (), [self._entry(action, ids, "refused", str(error))] if refused else ())'
NOTHING_TO_ABANDON = (ABANDON, ABANDON.replace("intent.id", "None"))

FAULTS = (
    Fault(
        "no-intent",
        "syncer/journalled.py",
        "A create whose answer was lost is sent again: two issues for one incident.",
        (LOST_CREATE, JOURNALLED, WALKS, SWEEP),
        (
            (ANSWER, f"            self.link.store.abandon(intent.id)\n{ANSWER}"),
            NOTHING_TO_ABANDON,
            (SETTLE, "return answer, self._settle(None, action,"),
        ),
    ),
    Fault(
        "intent-after-the-call",
        "syncer/journalled.py",
        "A process that is killed while a create is under way makes a second one after its restart.",
        (JOURNALLED, WALKS, SWEEP),
        (
            (ANSWER, f"            self.link.store.abandon(intent.id)\n{ANSWER}            intent = again()\n"),
            (INTEND, f"intent = (again := lambda: {INTEND.removeprefix('intent = ')})()"),
            (LEAVE, f"            if isinstance(error, InDoubt):\n                again()\n{LEAVE}"),
            NOTHING_TO_ABANDON,
        ),
    ),
    Fault(
        "doubt-forgotten",
        "syncer/journalled.py",
        "What was sent without an answer is planned anew at once, and done twice.",
        (LOST_CREATE, JOURNALLED, WALKS),
        ((DOUBT, DOUBT.replace("None", "intent.id", 1)),),
    ),
    Fault(
        "create-sent-again",
        "syncer/journalled.py",
        "Each lost answer makes a duplicate.",
        (LOST_CREATE, JOURNALLED, WALKS),
        (
            (
                ANSWER,
                f"            try:\n    {ANSWER}            except InDoubt:\n    {ANSWER}",
            ),
        ),
    ),
    Fault(
        "the-library-sends-again",
        "syncer/issues/client.py",
        "A POST that Jira carried out without answering is repeated: duplicates.",
        ("tests/syncer/issues/test_client.py::test_a_write_without_a_clear_answer_is_in_doubt_and_never_repeated",),
        (
            (
                "            max_retries=0,\n            timeout=timeout,",
                "            max_retries=3,\n            timeout=timeout,",
            ),
        ),
    ),
    Fault(
        "no-fencing",
        "state/database.py",
        "A process that was frozen goes on beside its successor, and both write.",
        ("tests/state/test_single_writer.py", WALKS),
        (("            if not beside_writer:\n", "            if False:\n"),),
    ),
    Fault(
        "half-a-step-kept",
        "state/journal.py",
        "A crash between the effects and the end of an intent leaves both: it is carried out twice.",
        ("tests/state/test_journal.py",),
        (('{"ended": intent_ids}).rowcount != len(intent_ids):', '{"ended": intent_ids}).rowcount < 0:'),),
    ),
    Fault(
        "baseline-of-what-was-sent",
        "syncer/journal.py",
        "A server that normalises a text makes the next cycle overwrite the author's own words.",
        (f"{LOST}::test_a_lost_update_on_a_server_that_normalises_never_comes_back_to_its_author",),
        (("{n: v for n, v in held.items() if n in names}", "{c.name: c.after for c in changes}"),),
    ),
    Fault(
        "birth-baseline-of-what-was-sent",
        "syncer/journal.py",
        "A server that normalises the texts of a new record has them pushed back over the author's.",
        (f"{MIRROR}::test_a_server_that_normalises_text_causes_no_write_and_never_overwrites_the_authors_text",),
        (
            (
                "new.side.word: Baseline(observed(new, bound)),",
                "new.side.word: Baseline({**observed(new, bound), **{c.name: c.after for c in changes}}),",
            ),
        ),
    ),
    Fault(
        "digests-of-the-wrong-sides",
        "syncer/journal.py",
        "Each mirrored comment counts as edited and is written again.",
        (f"{MIRROR}::test_a_server_that_normalises_text_causes_no_write_and_never_overwrites_the_authors_text",),
        (
            (
                "digests = {side: digest(added.body), side.other: twin_digest}",
                "digests = {side: twin_digest, side.other: digest(added.body)}",
            ),
        ),
    ),
    Fault(
        "settled-without-looking",
        "syncer/recover.py",
        "An edit whose request never arrived counts as carried out: it is lost, and later turned back.",
        (RECOVER,),
        (("return now == after or (now != before and not edited)", "return now == after or not edited"),),
    ),
    Fault(
        "their-edit-taken-for-ours",
        "syncer/recover.py",
        "What a person wrote while an update was in doubt never reaches the other side.",
        (f"{LOST}::test_an_edit_made_while_an_update_is_in_doubt_is_not_taken_for_our_own",),
        (("return now == after or (now != before and not edited)", "return now == after or now != before"),),
    ),
    Fault(
        "given-up-at-once",
        "syncer/recover.py",
        "A create that the search doesn't show yet is sent again: a duplicate.",
        (LAGGING, WALKS),
        (
            (
                "intent.intended_at < link.pace.settle_after[side]:",
                "intent.intended_at < link.pace.settle_after[side] * 0:",
            ),
        ),
    ),
)
