"""A tiny run from end to end: what was counted is what must have happened."""

import json
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.cases import edits
from bench.measuring import Lab
from bench.product import Product
from bench.stage import Size

INCIDENTS = 20


def test_a_first_mirror_posts_each_comment_once_and_its_replay_does_the_same() -> None:
    lab = Lab()
    with lab.stage(Size(INCIDENTS)) as stage:
        product = Product(stage, lab.connections)
        row = lab.measured(stage, "first-mirror", INCIDENTS, product.sync, product)
        replayed = stage.servers["issue"].order("size")
    assert row.requests["issue POST /issue/{id}/comment"] == 3 * INCIDENTS
    assert row.requests["issue POST /issue/{id}/remotelink"] == INCIDENTS
    assert (row.note, row.otherwise) == ("", 0)
    # As many as the mirror had made: the servers had been emptied, and the replay made all of it again.
    assert (replayed["records"], replayed["ours"]) == (INCIDENTS, 3 * INCIDENTS)
    assert row.replay is not None
    assert 0 < row.replay < row.wall


def test_an_edited_record_is_written_once_on_the_other_side() -> None:
    row = next(edits(Lab(replays=False), INCIDENTS))
    assert row.items == INCIDENTS
    assert row.requests["incident PUT /api/incident/{id}"] == INCIDENTS / 2
    assert row.requests["issue PUT /issue/{id}"] == INCIDENTS / 2
    assert row.note == ""


def test_rows_are_appended_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = tmp_path / "rows.jsonl"
    for _ in range(2):
        assert main(["plain-script", "--size", "3", "--connections", "2", "--json", str(rows)]) == 0
    told = [json.loads(line) for line in rows.read_text(encoding="utf-8").splitlines()]
    assert [row["case"] for row in told] == ["plain-script x1", "plain-script x2"] * 2
    assert all(row["requests"]["issue POST /issue"] == 3 for row in told)
    assert "| plain-script x1 | 3 | 0/0 |" in capsys.readouterr().out


@pytest.mark.parametrize("latency", ["fast", "1/x", "-1/2"])
def test_a_latency_that_makes_no_sense_is_refused(latency: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["idle", f"--latency={latency}"])
    assert "150/350" in capsys.readouterr().err
