"""A drafted mapping loads whatever the servers call things, is certain only of names, and asks about all the rest."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings import load_mapping
from mappings.fields import INCIDENT_FIELDS, ISSUE_FIELDS, Shape
from mappings.model import Mapping as LinkMapping
from mappings.policies import Direction
from syncer.core.bind import bind
from syncer.core.records import Catalogue, FieldInfo, Option, Side
from syncer.drafting import BUILT_IN, draft
from syncer.drafting_pairs import Pair
from syncer.drafting_text import file_text
from syncer.drafting_values import Draft, Entry, Fill

MARK = FieldInfo("FieldValues.Jira key", "Jira key", "text")
WORKFLOW = frozenset({"edit"})


def options(*names: str) -> tuple[Option, ...]:
    return tuple(Option(f"id of {name}", name) for name in names)


def surveys(
    incidents: Iterable[FieldInfo] = (MARK,),
    issues: Iterable[FieldInfo] = (),
    offered: Mapping[str, Sequence[Option]] | None = None,
    wanted: Mapping[str, Sequence[Option]] | None = None,
    **members: Any,
) -> dict[Side, Catalogue]:
    """Two projects with the built-in fields and a few more; options of one side each."""
    own = {"type": options("Bug"), "status": options("New", "Closed"), "priority": options("High")}
    theirs = {"type": options("Bug"), "status": options("To Do", "Done"), "priority": options("High")}
    told = {side: {names[place]: info(names[place]) for names in BUILT_IN} for place, side in enumerate(Side)}
    return {
        Side.INCIDENT: Catalogue(
            Side.INCIDENT,
            {key: tuple(each) for key, each in {**own, **(offered or {})}.items()},
            {**told[Side.INCIDENT], **{each.id: each for each in incidents}},
            **members,
        ),
        Side.ISSUE: Catalogue(
            Side.ISSUE,
            {key: tuple(each) for key, each in {**theirs, **(wanted or {})}.items()},
            {**told[Side.ISSUE], **{each.id: each for each in issues}},
        ),
    }


def info(name: str) -> FieldInfo:
    spec = INCIDENT_FIELDS.get(name) or ISSUE_FIELDS[name]
    screens = WORKFLOW if name in ("status", "resolution") else frozenset({"create", "edit"})
    return FieldInfo(name, name, spec.shape or "text", screens=screens)


def drafted(told: dict[Side, Catalogue], *, to_issue: bool = False, **ranks: int) -> Draft:
    return draft(told, {f"id of {name}": rank for name, rank in ranks.items()}, "Shop", "SHOP", to_issue=to_issue)


def loaded(text: str, folder: Path) -> LinkMapping:
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path)


def entry(made: Draft, incident: str) -> Entry:
    return next(each for each in made.entries if each.incident == incident)


def custom(name: str, number: int, shape: Any, **members: Any) -> tuple[FieldInfo, FieldInfo]:
    """A field of that name on both sides; what is given besides is the incident's."""
    return FieldInfo(f"FieldValues.{name}", name, shape, **members), FieldInfo(f"customfield_{number}", name, shape)


class TestFields:
    @pytest.mark.parametrize(
        ("incident", "issue", "kind"),
        [
            ("text", "text", "copy"), ("number", "number", "copy"), ("date", "date", "copy"),
            ("date", "moment", "copy"), ("text", "number", "copy"), ("user", "user", "users"),
            ("text", "words", "labels"),
            ("choices", "words", "labels"), ("choice", "choice", "automap"), ("choices", "choices", "automap"),
        ],
    )  # fmt: skip
    def test_fields_of_one_name_are_mapped_by_the_kind_that_their_shapes_need(
        self, incident: Any, issue: Any, kind: str, tmp_path: Path
    ) -> None:
        told = surveys(
            (MARK, FieldInfo("FieldValues.found  BY", "found  BY", incident)),
            (FieldInfo("customfield_7", "Found by", issue),),
            {"FieldValues.found  BY": options("Ann")},
            {"customfield_7": options("Ann")},
        )
        made = drafted(told)
        assert entry(made, "FieldValues.found  BY").kind == kind
        mapping = loaded(file_text(made, "shop"), tmp_path)
        assert not bind(mapping, told, ()).problems
        assert not [question for question in made.questions if "found" in question.sentence.casefold()]

    def test_options_of_different_names_make_a_table(self) -> None:
        left, right = custom("Risk", 7, "choice")
        kinds = {"FieldValues.Risk": options("Critical", "Low", "None")}, {"customfield_7": options("Blocker", "Low")}
        found = entry(drafted(surveys((MARK, left), (right,), *kinds)), left.id)
        assert found.kind == "table"
        assert found.pairs is not None
        assert found.pairs.rows == (Pair("Critical", "Blocker", guessed=True), Pair("Low", "Low"))
        assert found.pairs.open[Side.INCIDENT] == ("None",)

    def test_what_does_not_fit_is_asked_about_with_the_reason(self) -> None:
        left, right = custom("Risk", 7, "choice")
        made = drafted(surveys((MARK, left), (replace(right, shape="number"),)))
        assert "FieldValues.Risk is a choice and customfield_7 is a number" in made.questions[-2].sentence

    def test_of_several_fields_of_one_name_the_one_of_the_same_shape_is_taken(self) -> None:
        left, right = custom("Points", 7, "number")
        made = drafted(surveys((MARK, left), (right, replace(right, id="customfield_6", shape="text"))))
        assert entry(made, left.id).issue == "customfield_7"

    def test_a_rich_text_says_that_it_holds_html(self, tmp_path: Path) -> None:
        left, right = custom("Steps", 7, "text", rich=True)
        made = drafted(surveys((MARK, left), (right,)))
        (field,) = [f for f in loaded(file_text(made, "shop"), tmp_path).fields if f.incident == left.id]
        assert getattr(field, "incident_text", None) == "html"

    def test_a_field_that_one_side_does_not_take_is_carried_one_way(self) -> None:
        left, right = custom("Cycle", 7, "text")
        shown = drafted(surveys((MARK, left), (replace(right, screens=frozenset({"create"})),)))
        assert entry(shown, left.id).direction is Direction.TO_INCIDENT
        assert "isn't on the screen of existing issues" in entry(shown, left.id).note
        closed = drafted(surveys((MARK, replace(left, screens=frozenset())), (right,)))
        assert entry(closed, left.id).direction is Direction.TO_ISSUE

    def test_a_link_of_one_way_asks_about_what_it_can_not_carry(self, tmp_path: Path) -> None:
        left, right = custom("Cycle", 7, "text")
        made = drafted(surveys((MARK, left), (replace(right, screens=frozenset({"create"})),)), to_issue=True)
        assert left.id not in {each.incident for each in made.entries}
        assert any("isn't on the screen of existing issues" in each.sentence for each in made.questions)
        assert loaded(file_text(made, "shop"), tmp_path).direction is Direction.TO_ISSUE

    def test_a_type_that_can_not_be_mapped_leaves_one_for_new_issues(self, tmp_path: Path) -> None:
        told = surveys(offered={"type": options("Odd")}, wanted={"type": options("Epic", "Bug")})
        assert loaded(file_text(drafted(told), "shop"), tmp_path).issues.type == "Bug"

    def test_what_new_records_need_is_asked_about_with_a_value_to_set(self) -> None:
        left = FieldInfo("FieldValues.Team", "Team", "choice", required=True)
        right = FieldInfo("customfield_7", "Phase", "choice", required=True)
        kinds = {"FieldValues.Team": options("Red", "Blue")}, {"customfield_7": options("Alpha", "Beta")}
        made = drafted(surveys((MARK, left), (right,), *kinds))
        fills = [each for question in made.questions for each, _ in question.entries if isinstance(each, Fill)]
        assert fills == [Fill(Side.INCIDENT, left.id, "Red"), Fill(Side.ISSUE, right.id, "Alpha")]

    def test_a_resolution_is_carried_for_what_is_over(self) -> None:
        both = {"resolution": options("Fixed")}
        assert entry(drafted(surveys(offered=both, wanted=both)), "Resolution").when == "incident.Status in ['Closed']"


class TestFile:
    @pytest.mark.parametrize("name", ["JIRA KEY", "Issue  key", "jira issue"])
    def test_a_text_box_that_is_called_like_a_mark_becomes_it(self, name: str) -> None:
        made = drafted(surveys((FieldInfo(f"FieldValues.{name}", name, "text"),)))
        assert (made.mark_field, made.direction) == (name, Direction.BOTH)
        assert not any(name in question.sentence for question in made.questions)

    def test_a_text_with_markup_is_no_place_for_the_mark(self, tmp_path: Path) -> None:
        made = drafted(surveys((replace(MARK, rich=True), FieldInfo("FieldValues.Page", "Page", "text"))))
        assert (made.mark_field, made.boxes) == (None, ("Page",))
        assert loaded(file_text(made, "shop"), tmp_path).direction is Direction.TO_ISSUE

    def test_versions_are_created_unless_that_might_double_them(self) -> None:
        def create(mine: Sequence[Option], theirs: Sequence[Option]) -> bool:
            return drafted(surveys(offered={"version": mine}, wanted={"version": theirs})).versions.create

        assert create(options("1.0", "nightly"), options("1.0"))
        assert create(options("1.0"), ())
        assert not create(options("1.0"), options("1.0", "2.0"))
        assert not create(options("1.0", "Release two"), options("1.0", "Release 2"))
        assert not create(options("Spring"), options("2026-03"))

    def test_another_program_on_the_same_project_is_told_about(self) -> None:
        assert "'Old link' is active" in file_text(drafted(surveys(foreign_link="Old link")), None)

    def test_people_are_counted_and_not_named(self) -> None:
        told = surveys(offered={"user": options("Joe Bloggs", "Eve Adams")}, wanted={"user": options("Joe Bloggs")})
        text = file_text(drafted(told), None)
        assert "1 of the 2 active ones" in text
        assert "Eve" not in text

    def test_each_answer_that_is_offered_loads_when_it_is_uncommented(self, tmp_path: Path) -> None:
        shapes: tuple[tuple[Shape, ...], ...] = (("text", "choices", "date"), ("text", "words", "date"))
        mine = [FieldInfo(f"FieldValues.My {shape}", f"My {shape}", shape) for shape in shapes[0]]
        theirs = [FieldInfo(f"customfield_{n}", f"Their {n}", shape) for n, shape in enumerate(shapes[1])]
        told = surveys(
            (MARK, *mine), theirs, {"type": options("Bug", "Odd")}, {"type": options("Bug", "Epic"), "user": ()}
        )
        lines = file_text(drafted(told), "shop").splitlines()
        answers = [place for place, line in enumerate(lines) if line.lstrip().startswith("# - {")]
        assert len(answers) >= 5
        for place in answers:
            chosen = [*lines[:place], lines[place].replace("# ", "", 1), *lines[place + 1 :]]
            mapping = loaded("\n".join(chosen), tmp_path)
            assert not bind(mapping, told, ()).problems

    @given(st.lists(st.text(min_size=1).filter(lambda name: name.strip()), min_size=1, max_size=4, unique=True))
    def test_whatever_things_are_called_the_file_loads_and_finds_them(self, names: list[str]) -> None:
        mine = [FieldInfo(f"FieldValues.{name}", name, "choice") for name in names]
        theirs = [FieldInfo(f"customfield_{n}", name, "choice") for n, name in enumerate(names)]
        mixed = (
            {each.id: options(*names, "Mine") for each in mine},
            {each.id: options(*names, "Theirs") for each in theirs},
        )
        told = surveys((MARK, *mine), theirs, *mixed, foreign_link=names[0])
        with tempfile.TemporaryDirectory() as folder:
            mapping = loaded(file_text(drafted(told), "shop"), Path(folder))
        assert not bind(mapping, told, ()).problems
