"""`syncer state copy`: a mirror goes on from PostgreSQL as if nothing had happened."""

from tests import postgres
from tests.syncer.cli.terminal import Terminal


def test_a_mirror_goes_on_from_the_copy_and_writes_nothing_anew(terminal: Terminal) -> None:
    with postgres.server().database(migrated=False) as url:
        assert terminal("sync").code == 0
        said = terminal("state", "copy", "--to", url)
        assert said.code == 0, said.err
        assert f"now holds what the state DB {terminal.state} held: " in said.out
        assert "let nothing write to the old one again" in said.out
        assert "copy: links 9" in said.err

        again = terminal("state", "copy", "--to", url)
        assert again.code == 1
        assert "isn't empty" in again.complaints[-1]
        terminal.settings["SYNCER_STATE__URL"] = url
        before = terminal.stage.writes()
        assert "; 0 writes" in terminal("sync", "--census").out
        assert terminal.stage.writes() == before
