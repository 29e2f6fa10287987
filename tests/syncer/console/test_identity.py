"""Sessions: nobody makes one without the token, changes one, or keeps one beyond its end."""

import pytest

from syncer.console.identity import LONGEST_NAME, Keys, Session, clean_name

KEYS = Keys("sixteen-letters-or-more")
SESSION = Session("Ada", 1000, "1f" * 16)


def test_a_session_comes_back_as_it_was_until_it_ends() -> None:
    cookie = KEYS.seal(SESSION)
    assert KEYS.open(cookie, 999) == SESSION
    assert KEYS.open(cookie, 1000) is None


def test_another_token_ends_all_sessions_and_refuses_their_forms() -> None:
    other = Keys("sixteen-letters-or-less")
    assert other.open(KEYS.seal(SESSION), 0) is None
    assert not other.fits(SESSION, KEYS.form(SESSION))


@pytest.mark.parametrize("cookie", ["", ".", "a.b", "é.ü", "e30." + "0" * 64, "\udcff.\udcff"])
def test_what_we_have_not_signed_is_no_session(cookie: str) -> None:
    assert KEYS.open(cookie, 0) is None


def test_a_session_whose_name_was_changed_is_none() -> None:
    forged = KEYS.seal(Session("Eve", 9_999_999_999, SESSION.id)).partition(".")[0]
    assert KEYS.open(f"{forged}.{KEYS.seal(SESSION).partition('.')[2]}", 0) is None


def test_a_form_fits_its_own_session_only() -> None:
    assert KEYS.fits(SESSION, KEYS.form(SESSION))
    assert not KEYS.fits(Session("Ada", 1000, "2f" * 16), KEYS.form(SESSION))
    assert not KEYS.fits(SESSION, "")


def test_only_the_whole_token_is_the_token() -> None:
    assert KEYS.knows("sixteen-letters-or-more")
    assert not any(KEYS.knows(wrong) for wrong in ("", "sixteen-letters-or-mor", "sixteen-letters-or-more ", "\udcff"))


def test_a_name_for_the_history_is_one_line_that_can_be_printed() -> None:
    assert clean_name("  Ada\n\tLove\x1b[2Jlace\u202e ") == "Ada Love [2Jlace"
    assert clean_name("\x00\n") == ""
    assert len(clean_name("x" * 1000)) == LONGEST_NAME
