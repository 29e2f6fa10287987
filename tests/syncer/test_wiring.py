"""Settings and mapping files become project links, and nothing is sent before it is asked for."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import Settings, load_settings
from mappings import load_mappings
from state import Store
from syncer.context import NoProgress
from syncer.core.records import Side
from syncer.cycle import run_cycle
from syncer.errors import SyncerError
from syncer.incidents import OAuthLogin, SharedSecrets
from syncer.issues import AccessToken, Login
from syncer.private_key import PrivateKey
from syncer.sandbox import cast
from syncer.sandbox.tester.oauth import CONSUMER, CONSUMER_SECRET, token_of, token_secret_of
from syncer.wiring import Linker, Servers, credentials, incident_credentials, open_links
from tests.fresh_state import lay
from tests.key_pairs import key_pair
from tests.syncer.mirror_stage import MirrorStage, full_mapping

EXAMPLES = Path(__file__).parents[2] / "mappings" / "examples"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(lay(tmp_path / "state.db"))
    yield opened
    opened.close()


def settings(**changed: str) -> Settings:
    environment = {
        "SYNCER_INCIDENTS__URL": "http://127.0.0.1:9/EnterpriseTester",
        "SYNCER_INCIDENTS__USER": "syncer",
        "SYNCER_INCIDENTS__PASSWORD": "secret",
        "SYNCER_JIRA__URL": "http://127.0.0.1:9",
        "SYNCER_JIRA__TOKEN": "secret",
        **{f"SYNCER_{name}": value for name, value in changed.items()},
    }
    return load_settings(environment, env_file=None)


def test_opening_links_asks_no_server_for_anything(store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        given = settings(INCIDENTS__URL=url, JIRA__URL=url)
        links = open_links(given, load_mappings(EXAMPLES / "full.yaml"), store)
        for link in links:
            link.close()
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_all_examples_become_links_of_the_same_process_in_the_order_of_their_files(store: Store) -> None:
    mappings = load_mappings(EXAMPLES)
    links = open_links(settings(INSTALLATION="lab"), mappings, store)
    assert [link.name for link in links] == [mapping.name for mapping in mappings]
    assert {link.installation for link in links} == {"lab"}
    assert all(set(link.ports) == set(Side) for link in links)
    assert all(link.ports[side].side is side for link in links for side in Side)
    links[0].stopping.set()
    assert all(link.stopping.is_set() for link in links), "a process stops as a whole"
    for link in links:
        link.close()


def test_a_link_that_is_made_later_belongs_to_the_same_process_and_all_are_closed_at_once(store: Store) -> None:
    mappings = load_mappings(EXAMPLES)
    linker = Linker(settings(), store)
    first = linker.link(mappings[0])
    first.stopping.set()
    later = [linker.link(mapping) for mapping in mappings]
    assert all(link.stopping.is_set() for link in later)
    linker.close()
    for link in (first, *later):
        with pytest.raises(RuntimeError, match="closed"):
            link.ports[Side.INCIDENT].catalogue()


def test_settings_decide_how_long_things_may_take_to_show_and_how_many_go_at_once(store: Store) -> None:
    given = settings(
        INCIDENTS__SETTLE_AFTER_SECONDS="7",
        JIRA__OVERLAP_SECONDS="11",
        SCHEDULE__RETRY_AFTER_SECONDS="10",
        SCHEDULE__RETRY_AT_MOST_SECONDS="35",
        INCIDENTS__CONNECTIONS="3",
        JIRA__CONNECTIONS="5",
    )
    (link,) = open_links(given, load_mappings(EXAMPLES / "full.yaml"), store)
    assert link.pace.settle_after[Side.INCIDENT] == timedelta(seconds=7)
    assert link.pace.overlap[Side.ISSUE] == timedelta(seconds=11)
    assert [link.pace.delay(tries).total_seconds() for tries in (1, 2, 3)] == [10, 20, 35]
    assert link.workers == 3 + 5
    assert link.now().utcoffset() == timedelta(0)
    link.close()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"JIRA__USER": "me@example.com"}, Login("me@example.com", "secret")),
        ({}, AccessToken("secret")),
        ({"JIRA__USER": "me", "JIRA__TOKEN": "", "JIRA__PASSWORD": "pass"}, Login("me", "pass")),
    ],
    ids=["API token", "personal access token", "password"],
)
def test_each_way_to_log_in_to_jira_is_the_one_that_the_settings_name(
    given: dict[str, str], expected: Login | AccessToken
) -> None:
    assert credentials(settings(**given).jira) == expected


def test_enterprise_tester_is_logged_in_to_as_the_settings_name_it() -> None:
    assert incident_credentials(settings().incidents) == ("syncer", "secret")
    names = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "TOKEN_SECRET")
    oauth = {f"INCIDENTS__{name}": name.lower() for name in names}
    given = settings(INCIDENTS__PASSWORD="", **oauth)
    expected = OAuthLogin("syncer", "consumer_key", "access_token", SharedSecrets("consumer_secret", "token_secret"))
    assert incident_credentials(given.incidents) == expected
    key, _ = key_pair()
    by_key = {name: value for name, value in oauth.items() if "SECRET" not in name} | {"INCIDENTS__PRIVATE_KEY": key}
    given = settings(INCIDENTS__PASSWORD="", **by_key)
    expected = OAuthLogin("syncer", "consumer_key", "access_token", PrivateKey(key))
    assert incident_credentials(given.incidents) == expected


@pytest.mark.parametrize("method", ["HMAC-SHA1", "RSA-SHA1"])
def test_a_project_is_mirrored_over_signed_requests_and_none_is_sent_otherwise(tmp_path: Path, method: str) -> None:
    key, public_key = key_pair()
    by_secrets = {
        "SYNCER_INCIDENTS__CONSUMER_SECRET": CONSUMER_SECRET,
        "SYNCER_INCIDENTS__TOKEN_SECRET": token_secret_of(cast.SERVICE),
    }
    with MirrorStage(tmp_path, incidents=2) as stage:
        by_key = method == "RSA-SHA1"
        stage.sandbox.tester.behaviour.consumer_public_key = public_key if by_key else ""
        oauth = {
            "SYNCER_INCIDENTS__PASSWORD": "",
            "SYNCER_INCIDENTS__CONSUMER_KEY": CONSUMER,
            "SYNCER_INCIDENTS__ACCESS_TOKEN": token_of(cast.SERVICE),
            **({"SYNCER_INCIDENTS__PRIVATE_KEY": key.replace("\n", "\\n")} if by_key else by_secrets),
        }
        linker = Linker(load_settings(stage.environment() | oauth, env_file=None), stage.store)
        link = linker.link(full_mapping())
        run_cycle(link, NoProgress())
        assert stage.store.count_links(link.name) == 2
        stage.sandbox.tester.behaviour.tokens_expired = True
        with pytest.raises(SyncerError, match="have the synchronizer authorised again in Enterprise Tester"):
            run_cycle(link, NoProgress())
        linker.close()


def test_servers_can_be_closed_twice() -> None:
    """Each link closes its ports, and the clients behind them are shared."""
    servers = Servers(settings())
    servers.close()
    servers.close()
