"""OAuth 1.0a over a real socket: the adapter signs with one implementation, the sandbox checks with another one.

All of it goes for both methods; the key pair of RSA-SHA1 is made anew each time."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncer.errors import Denied, SideError
from syncer.incidents import IncidentClient, OAuthLogin, SharedSecrets
from syncer.incidents.signing import Signing
from syncer.private_key import PrivateKey
from syncer.sandbox import cast
from syncer.sandbox.server import Sandbox
from syncer.sandbox.tester.oauth import CONSUMER, CONSUMER_SECRET, token_of, token_secret_of
from tests.key_pairs import key_pair
from tests.syncer.incidents.scripted import Asked, Reply, scripted

SECRETS = SharedSecrets(CONSUMER_SECRET, token_secret_of(cast.SERVICE))
KEY, PUBLIC_KEY = key_pair()
LOGINS = {
    method: OAuthLogin(cast.SERVICE, CONSUMER, token_of(cast.SERVICE), signs_with)
    for method, signs_with in (("HMAC-SHA1", SECRETS), ("RSA-SHA1", PrivateKey(KEY)))
}
ENDED = "if the access token has ended or was withdrawn, have the synchronizer authorised again"


@pytest.fixture(scope="module", params=LOGINS)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Servers that take signatures of one method and no others."""
    with Sandbox(incidents=3) as running:
        running.tester.behaviour.consumer_public_key = PUBLIC_KEY if request.param == "RSA-SHA1" else ""
        yield running


def login(sandbox: Sandbox) -> OAuthLogin:
    """The login whose signatures these servers take."""
    return LOGINS["RSA-SHA1" if sandbox.tester.behaviour.consumer_public_key else "HMAC-SHA1"]


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[IncidentClient]:
    with IncidentClient(sandbox.tester_url, login(sandbox), pauses=()) as made:
        yield made


def signed(sandbox: Sandbox, ahead: float = 0.0) -> httpx.Client:
    """A client whose clock is so many seconds ahead of the server's."""
    return httpx.Client(base_url=sandbox.tester_url, auth=Signing(login(sandbox), lambda: time.time() + ahead))


def test_whoever_signs_is_known_by_the_token(client: IncidentClient, sandbox: Sandbox) -> None:
    [first, *_] = client.get("incidents", {"$top": 1}).body["Items"]
    edited = client.put(f"incident/{first['Id']}", {"Summary": "Signed"})
    assert (edited.body["Summary"], edited.body["LastUpdatedBy"]) == ("Signed", cast.SERVICE)
    made = client.post("incidents", {"Summary": "New", "ProjectId": first["ProjectId"]})
    client.delete(f"incident/{made.body['Id']}")
    assert client.user == cast.SERVICE


AWKWARD = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=AWKWARD, value=AWKWARD)
def test_any_query_is_signed_as_it_is_read(sandbox: Sandbox, name: str, value: str) -> None:
    """Blanks, plus signs, ampersands, percent signs, brackets, umlauts, and names that sort before others."""
    with signed(sandbox) as http:
        assert http.get("/api/systeminfo", params=[(name, value), ("$top", "1"), (name, "b +&=%~")]).is_success


@pytest.mark.parametrize(
    "query", ["a=1&a=0", "b=&a", "tql=Project+%3d+%22A%20B%22", "x=%5B1%5D&%24expand=A,B", "q=~*'()!"]
)
def test_a_query_in_any_spelling_is_signed_as_it_is_read(sandbox: Sandbox, query: str) -> None:
    with signed(sandbox) as http:
        assert http.get(f"/api/systeminfo?{query}").is_success


def test_a_query_that_means_something_still_does(client: IncidentClient, sandbox: Sandbox) -> None:
    title = 'A "quoted" title + 100 % & more'
    made = sandbox.call(lambda: sandbox.tester.create_incident("joeb", Summary=title))
    found = client.get("incidents", {"tql": "Project = \"Test Project\" AND Name ~ '100 % & more'", "$top": 5})
    assert [each["Id"] for each in found.body["Items"]] == [made.id]


@pytest.mark.parametrize("path", ["/API/Systeminfo", "/api/systeminfo/", "/api//systeminfo/../systeminfo"])
def test_a_path_is_signed_as_it_is_sent(sandbox: Sandbox, path: str) -> None:
    with signed(sandbox) as http:
        assert http.get(path).status_code != 401


@pytest.mark.parametrize("ahead", [-3600.0, -600.0, -250.0, 250.0, 600.0, 3600.0])
def test_a_clock_that_is_wrong_costs_one_more_request_and_once(sandbox: Sandbox, ahead: float) -> None:
    sandbox.tester_switchboard.reset_traffic()
    with signed(sandbox, ahead) as http:
        assert all(http.get("/api/systeminfo").is_success for _ in range(3))
    assert len(sandbox.tester_switchboard.requests) == (3 if abs(ahead) < 300 else 4)


def test_a_write_by_a_wrong_clock_is_carried_out_once(sandbox: Sandbox) -> None:
    with signed(sandbox, 900.0) as http:
        project = http.get("/api/projects").json()["Items"][0]["Id"]
    with signed(sandbox, 900.0) as http:
        assert http.post("/api/incidents", json={"Summary": "Once by a wrong clock", "ProjectId": project}).is_success
        found = http.get("/api/incidents", params={"tql": "Name ~ 'Once by a wrong clock'"}).json()["Items"]
    assert len(found) == 1


def test_a_request_that_is_sent_again_as_it_was_is_refused(sandbox: Sandbox) -> None:
    with signed(sandbox) as http:
        first = http.get("/api/systeminfo")
        again = httpx.get(first.request.url, headers={"Authorization": first.request.headers["Authorization"]})
    assert (again.status_code, again.json()["Message"]) == (401, "oauth_problem=nonce_used")


def test_every_request_has_a_nonce_of_its_own_also_in_many_threads(client: IncidentClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.get("systeminfo"), range(64)))
    assert {each.status for each in answers} == {200}


def refusal(sandbox: Sandbox, wrong: OAuthLogin) -> str:
    """What is said to whoever logs in like that; none of the secrets is."""
    with IncidentClient(sandbox.tester_url, wrong, pauses=()) as client, pytest.raises(Denied) as refused:
        client.get("incidents")
    said = str(refused.value)
    assert said.endswith("else check the consumer's key, and its secret or the private key")
    assert "guessed" not in said
    assert not any(secret in said or secret in repr(wrong) for secret in wrong.secrets)
    return said


def test_a_wrong_consumer_or_token_is_refused_and_what_to_do_is_said(sandbox: Sandbox) -> None:
    right = login(sandbox)
    assert "oauth_problem=token_rejected" in refusal(sandbox, replace(right, token="guessed"))
    assert "oauth_problem=consumer_key_unknown" in refusal(sandbox, replace(right, consumer_key="guessed"))


OTHERS: dict[str, tuple[SharedSecrets | PrivateKey, ...]] = {
    "HMAC-SHA1": (SharedSecrets("guessed", SECRETS.token), SharedSecrets(CONSUMER_SECRET, "guessed")),
    "RSA-SHA1": (PrivateKey(key_pair()[0]), PrivateKey(key_pair(bits=1024)[0])),
}


def test_what_signs_has_to_be_what_the_server_knows(sandbox: Sandbox) -> None:
    right = login(sandbox)
    [method] = [name for name, each in LOGINS.items() if each is right]
    for wrong in OTHERS[method]:
        assert "oauth_problem=signature_invalid" in refusal(sandbox, replace(right, signs_with=wrong))


def test_the_other_method_is_refused_and_the_one_that_is_wanted_is_said(sandbox: Sandbox) -> None:
    right = login(sandbox)
    [(_, other)] = [(name, each) for name, each in LOGINS.items() if each is not right]
    [method] = [name for name, each in LOGINS.items() if each is right]
    said = refusal(sandbox, other)
    assert f"oauth_problem=signature_method_rejected: only {method}" in said


@pytest.mark.parametrize("registered", ["nothing like a key", KEY], ids=["no key", "the private one"])
def test_a_consumer_that_was_registered_wrongly_is_told(sandbox: Sandbox, registered: str) -> None:
    behaviour = sandbox.tester.behaviour
    before, behaviour.consumer_public_key = behaviour.consumer_public_key, registered
    try:
        assert "oauth_problem=consumer_key_refused" in refusal(sandbox, LOGINS["RSA-SHA1"])
    finally:
        behaviour.consumer_public_key = before


@pytest.mark.parametrize("pages", [False, True])
def test_a_token_that_has_ended_is_told_with_what_to_do(client: IncidentClient, sandbox: Sandbox, pages: bool) -> None:
    behaviour = sandbox.tester.behaviour
    behaviour.tokens_expired, behaviour.error_pages = True, pages
    try:
        with pytest.raises(Denied, match="401") as refused:
            client.get("incidents")
        with pytest.raises(Denied, match="401") as not_written:
            client.put("incident/x", {"Summary": "x"})
        assert ENDED in str(refused.value)
        assert ENDED in str(not_written.value)
        assert httpx.get(f"{sandbox.tester_url}/api/incidents", auth=(cast.SERVICE, cast.PASSWORD)).is_success
    finally:
        behaviour.tokens_expired = behaviour.error_pages = False
    assert client.get("incidents").status == 200


@pytest.mark.parametrize("login", LOGINS.values(), ids=LOGINS)
@pytest.mark.parametrize("status", [200, 401, 403, 500])
def test_a_page_that_repeats_what_it_was_sent_brings_no_secret_out(status: int, login: OAuthLogin) -> None:
    token, other, *_ = login.secrets

    def echo(asked: Asked) -> Reply:
        return Reply(status, f"<p>We know {token} and {other}, and you sent {asked.headers['Authorization']}</p>")

    with scripted(echo) as server, IncidentClient(server.url, login, pauses=()) as client:
        with pytest.raises(SideError) as refused:
            client.get("incidents")
        sent = server.asked[0].headers["Authorization"]
    assert "We know *** and ***, and you sent" in str(refused.value)
    assert not [secret for secret in login.secrets if secret in str(refused.value)]
    assert [secret for secret in login.secrets if secret in sent] == [quote(login.token)]


@pytest.mark.parametrize(
    "header", ["", "OAuth", "OAuth oauth_nonce", 'OAuth realm="x"', 'oauth oauth_token="%zz"', "Bearer x", "Basic !"]
)
def test_half_a_header_opens_nothing(sandbox: Sandbox, header: str) -> None:
    answer = httpx.get(f"{sandbox.tester_url}/api/incidents", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401


@pytest.mark.parametrize("signature", ["%C3%BC", "%3D%3D%3D", "bm90aGluZw%3D%3D"])
def test_whatever_stands_in_the_place_of_a_signature_is_refused(sandbox: Sandbox, signature: str) -> None:
    request = next(Signing(login(sandbox)).auth_flow(httpx.Request("GET", f"{sandbox.tester_url}/api/incidents")))
    header = re.sub('(?<=oauth_signature=")[^"]+', signature, request.headers["Authorization"])
    answer = httpx.get(request.url, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["Message"]) == (401, "oauth_problem=signature_invalid")


def test_a_request_that_was_changed_on_its_way_is_refused(sandbox: Sandbox) -> None:
    with signed(sandbox) as http:
        request = next(
            Signing(login(sandbox)).auth_flow(http.build_request("GET", "/api/incidents", params={"$top": 1}))
        )
    header = {"Authorization": request.headers["Authorization"]}
    for method, url in (("GET", request.url.copy_set_param("$top", 2)), ("DELETE", request.url)):
        answer = httpx.request(method, url, headers=header)
        assert answer.status_code in (401, 405)
        assert not answer.is_success
    assert httpx.get(request.url, headers=header).is_success


@pytest.mark.parametrize("login", LOGINS.values(), ids=LOGINS)
def test_an_answer_without_a_date_is_no_reason_to_sign_again(login: OAuthLogin) -> None:
    flow = Signing(login, lambda: datetime.now(UTC).timestamp()).auth_flow(httpx.Request("GET", "http://a.example/api"))
    next(flow)
    with pytest.raises(StopIteration):
        flow.send(httpx.Response(401))
    late = (datetime.now(UTC) + timedelta(minutes=10)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    flow = Signing(login).auth_flow(httpx.Request("GET", "http://a.example/api"))
    next(flow)
    again = flow.send(httpx.Response(401, headers={"Date": late}))
    with pytest.raises(StopIteration):
        flow.send(httpx.Response(401, headers={"Date": late}))
    assert "oauth_timestamp" in again.headers["Authorization"]
