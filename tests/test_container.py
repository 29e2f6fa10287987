"""Promises about the image and the samples for running it: what they confine, and that they fit the program.

Linters look at their form: hadolint at the Dockerfile, kubernetes-validate at the manifests, both locked as all that is
for development. Here is what no linter knows.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from config.model import Settings
from config.settings import load_settings
from config.variables import SECRETS, VARIABLES
from mappings import load_mappings
from syncer.activity import Activity
from syncer.cli.entry import run
from syncer.daemon import STOP_SECONDS
from syncer.web.front import Front, opened

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "Dockerfile"
COMPOSE = ROOT / "config/compose.yaml"
KUBERNETES = ROOT / "config/kubernetes.yaml"
SERVICE = ROOT / "config/syncer.service"
USER = 10001
PORT = 8484
VARIANTS = ("sqlite", "postgres")

SERVERS = {
    "SYNCER_INCIDENTS__URL": "http://127.0.0.1:9/et",
    "SYNCER_INCIDENTS__USER": "syncer",
    "SYNCER_JIRA__URL": "http://127.0.0.1:9",
}
"""What an operator writes into .env, or into the config map that is made of it."""


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, comments taken out and lines joined."""
    lines = (line for line in DOCKERFILE.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#"))
    joined = "\n".join(lines).replace("\\\n", " ")
    split = (line.split(None, 1) for line in joined.splitlines() if line.strip())
    return [(words[0], " ".join(words[1].split())) for words in split]


def final_stage() -> list[tuple[str, str]]:
    """The instructions of the stage that is shipped, its FROM included."""
    found = instructions()
    return found[max(at for at, (name, _) in enumerate(found) if name == "FROM") :]


def only(name: str) -> str:
    """The argument of the shipped stage's one instruction of that name."""
    (argument,) = [argument for each, argument in final_stage() if each == name]
    return argument


def manifests(variant: str) -> dict[str, Any]:
    """The Kubernetes objects by kind; with PostgreSQL as the file's own head says how to get them."""
    text = KUBERNETES.read_text(encoding="utf-8")
    if variant == "postgres":
        (command,) = re.findall(r"(?m)^#   (sed .*) kubernetes\.yaml > standby\.yaml$", text)
        text = subprocess.run([*shlex.split(command), KUBERNETES], capture_output=True, text=True, check=True).stdout
    return {each["kind"]: each for each in YAML(typ="safe", pure=True).load_all(text)}


def pod(variant: str) -> dict[str, Any]:
    spec: dict[str, Any] = manifests(variant)["Deployment"]["spec"]["template"]["spec"]
    return spec


def container(variant: str) -> dict[str, Any]:
    (found,) = pod(variant)["containers"]
    assert isinstance(found, dict)
    return found


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(COMPOSE.read_text(encoding="utf-8"))
    return loaded


def given(sample: str) -> dict[str, str]:
    """The variables that a sample gives to the program."""
    if sample == "compose":
        return dict(compose()["services"]["syncer"]["environment"])
    return {each["name"]: each["value"] for each in container(sample)["env"]}


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("SYNCER_"):
            monkeypatch.delenv(name)


def as_kubernetes_runs_it(**more: str) -> Settings:
    """What the Kubernetes sample gives the program, but for its port: this machine's may be taken."""
    secrets = {"SYNCER_INCIDENTS__PASSWORD": "a", "SYNCER_JIRA__TOKEN": "b", "SYNCER_SECRETS_DIR": ""}
    port = {"SYNCER_HTTP__LISTEN": "0.0.0.0:0"}
    return load_settings(SERVERS | given("sqlite") | secrets | port | more, env_file=None)


def probes() -> set[tuple[str, str]]:
    """The paths that the Kubernetes sample asks, and the names by which it asks them."""
    kinds = ("startupProbe", "livenessProbe", "readinessProbe")
    asked = [container("sqlite")[kind]["httpGet"] for kind in kinds]
    assert {each["port"] for each in asked} == {"http"}
    return {(each["path"], each["httpHeaders"][0]["value"]) for each in asked}


def answers(settings: Settings, asked: set[tuple[str, str]]) -> dict[str, int]:
    """The status of each path, asked by a name."""
    with opened(Front(settings, Activity())) as address:
        assert address is not None
        base = address.replace("0.0.0.0", "127.0.0.1")
        return {path: status_of(base + path, host) for path, host in asked}


def lint(tool: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a linter out of the environment of the tests, or else one that is installed on the machine."""
    place = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    found = shutil.which(tool, path=place)
    assert found, f"{tool} isn't installed; script/setup installs it"
    return subprocess.run([found, *map(str, arguments)], capture_output=True, text=True, check=False)


def test_a_linter_finds_nothing_in_the_dockerfile() -> None:
    said = lint("hadolint", "--no-color", DOCKERFILE)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("version", ["1.28.0", "1.37.0"])
def test_older_and_newer_kubernetes_know_every_key_of_the_manifests(tmp_path: Path, variant: str, version: str) -> None:
    file = tmp_path / "manifests.yaml"
    with file.open("w", encoding="utf-8") as out:
        YAML(typ="safe", pure=True).dump_all(manifests(variant).values(), out)
    said = lint("kubernetes-validate", "--strict", "--quiet", "--kubernetes-version", version, file)
    assert said.returncode == 0, said.stdout + said.stderr


def test_systemd_finds_nothing_in_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("only systemd can read its units, and it isn't on this machine")
    unit = tmp_path / SERVICE.name
    # It looks whether the program is there, which it is on the operator's machine alone.
    unit.write_text(SERVICE.read_text(encoding="utf-8").replace("/opt/syncer/bin/syncer", "/bin/true"))
    said = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


def test_the_image_is_built_from_the_locked_requirements_on_a_base_of_a_stated_release() -> None:
    bases = [argument for name, argument in instructions() if name == "ARG"]
    assert len(bases) == 1
    assert re.fullmatch(r"BASE=python:3\.\d+-slim-[a-z]+", bases[0])
    assert {argument.split()[0] for name, argument in instructions() if name == "FROM"} == {"${BASE}"}
    installs = re.findall(r"pip install ([^&]*)", " && ".join(argument for _, argument in instructions()))
    assert [each.strip() for each in installs] == [
        "--require-hashes -r requirements/build.txt",
        "--require-hashes -r requirements/run.txt",
        "--no-deps --no-index /dist/*.whl",
    ]


def test_what_the_build_copies_reaches_it_and_nothing_else_does() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert "*" in ignored
    copied = {word for name, argument in instructions() if name == "COPY" for word in argument.split()[:-1]}
    assert {word for word in copied if word.startswith("requirements/")} <= let_in
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    assert {name.split(".")[0] for name in packages} | {"pyproject.toml", "README.md"} <= let_in


def test_the_image_runs_the_daemon_as_a_user_who_may_write_one_folder() -> None:
    assert only("USER") == f"{USER}:{USER}"
    assert shlex.split(only("RUN")).count("--mode=0700") == 1
    state = Settings.model_fields["state"].default.url.removeprefix("sqlite:///")
    assert only("VOLUME") == str(Path(state).parent)
    environment = dict(word.split("=", 1) for word in shlex.split(only("ENV")))
    assert environment["TMPDIR"] == only("VOLUME")
    assert environment["PYTHONDONTWRITEBYTECODE"] == "1"
    names = [name for name, _ in final_stage()]
    assert names.index("USER") > names.index("RUN")
    assert (only("ENTRYPOINT"), only("CMD"), only("EXPOSE")) == ('["syncer"]', '["run"]', str(PORT))


def test_the_images_health_check_is_the_programs(capsys: pytest.CaptureFixture[str]) -> None:
    command = re.search(r'CMD \["syncer", "(\w+)"\]$', only("HEALTHCHECK"))
    assert command
    assert run([command[1], "--help"]) == 0
    assert "This is the image's HEALTHCHECK" in " ".join(capsys.readouterr().out.split())


def test_compose_confines_the_container() -> None:
    service = compose()["services"]["syncer"]
    assert service["user"] == f"{USER}:{USER}"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices", "tmpfs"} & set(service)
    assert int(service["stop_grace_period"].removesuffix("s")) > STOP_SECONDS
    assert service["restart"] == "always"


def test_compose_publishes_the_port_on_loopback_alone() -> None:
    service = compose()["services"]["syncer"]
    assert service["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert given("compose")["SYNCER_HTTP__LISTEN"] == f"0.0.0.0:{PORT}"


def test_compose_mounts_state_mappings_and_secrets_where_the_program_looks() -> None:
    loaded = compose()
    service, variables = loaded["services"]["syncer"], given("compose")
    targets = {volume.split(":")[1]: volume.split(":") for volume in service["volumes"]}
    assert targets[variables["SYNCER_MAPPINGS"]][2] == "ro"
    state = variables["SYNCER_STATE__URL"].removeprefix("sqlite:///")
    (name,) = loaded["volumes"]
    assert targets[str(Path(state).parent)][0] == name
    assert len(targets) == 2
    assert variables["SYNCER_SECRETS_DIR"] == "/run/secrets"
    assert set(service["secrets"]) == set(loaded["secrets"])
    assert all(each["file"] == f"./secrets/{name}" for name, each in loaded["secrets"].items())


@pytest.mark.parametrize("variant", VARIANTS)
def test_kubernetes_confines_the_container(variant: str) -> None:
    assert container(variant)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    security = pod(variant)["securityContext"]
    assert security["runAsNonRoot"] is True
    assert {security[key] for key in ("runAsUser", "runAsGroup", "fsGroup")} == {USER}
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod(variant)["automountServiceAccountToken"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod(variant))
    assert {"memory"} <= set(container(variant)["resources"]["limits"])


@pytest.mark.parametrize("variant", VARIANTS)
def test_kubernetes_lets_the_program_stop_and_never_runs_two_releases_at_once(variant: str) -> None:
    assert pod(variant)["terminationGracePeriodSeconds"] > STOP_SECONDS
    assert manifests(variant)["Deployment"]["spec"]["strategy"] == {"type": "Recreate"}


def test_there_is_one_instance_on_sqlite_and_another_one_stands_by_on_postgresql_without_a_volume() -> None:
    assert manifests("sqlite")["Deployment"]["spec"]["replicas"] == 1
    assert manifests("sqlite")["PersistentVolumeClaim"]["spec"]["accessModes"] == ["ReadWriteOnce"]
    assert manifests("postgres")["Deployment"]["spec"]["replicas"] == 2
    assert "PersistentVolumeClaim" not in manifests("postgres")
    # Empty counts as not given: the secret of that name is what counts then.
    assert given("postgres")["SYNCER_STATE__URL"] == ""
    assert "SYNCER_STATE__URL" in SECRETS


@pytest.mark.parametrize("variant", VARIANTS)
def test_kubernetes_mounts_everything_where_the_program_looks(variant: str) -> None:
    mounts = {mount["mountPath"]: mount for mount in container(variant)["volumeMounts"]}
    variables = given(variant)
    assert mounts[variables["SYNCER_MAPPINGS"]]["readOnly"] is True
    assert mounts[variables["SYNCER_SECRETS_DIR"]]["readOnly"] is True
    volumes = {volume["name"] for volume in pod(variant)["volumes"]}
    assert {mount["name"] for mount in mounts.values()} == volumes
    if variant == "sqlite":
        state = variables["SYNCER_STATE__URL"].removeprefix("sqlite:///")
        assert mounts[str(Path(state).parent)]["name"] == "state"


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_port_is_one_everywhere_and_prometheus_alone_reaches_it(variant: str) -> None:
    (port,) = container(variant)["ports"]
    assert (port["name"], port["containerPort"]) == ("http", PORT)
    assert given(variant)["SYNCER_HTTP__LISTEN"] == f"0.0.0.0:{PORT}"
    kinds = manifests(variant)
    labels = kinds["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert kinds["Service"]["spec"]["selector"] == labels
    assert kinds["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels
    assert kinds["NetworkPolicy"]["spec"]["ingress"][0]["ports"] == [{"port": "http"}]
    annotations = kinds["Deployment"]["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(PORT)


@pytest.mark.parametrize("sample", ["compose", *VARIANTS])
def test_every_variable_that_a_sample_gives_is_a_setting_and_no_secret_in_clear(sample: str) -> None:
    variables = given(sample)
    assert set(variables) <= set(VARIABLES)
    assert not set(variables) & SECRETS - {"SYNCER_STATE__URL"}


def test_every_secret_file_is_named_after_a_secret() -> None:
    text = COMPOSE.read_text(encoding="utf-8") + KUBERNETES.read_text(encoding="utf-8")
    assert set(re.findall(r"secrets/(SYNCER_\w+)", text)) <= SECRETS


def test_the_program_answers_on_every_path_that_kubernetes_and_prometheus_ask() -> None:
    annotations = manifests("sqlite")["Deployment"]["spec"]["template"]["metadata"]["annotations"]
    metrics = (annotations["prometheus.io/path"], "10.0.0.7")
    assert answers(as_kubernetes_runs_it(), probes() | {metrics}) == {"/livez": 200, "/readyz": 503, "/metrics": 200}


def test_the_probes_are_answered_too_where_the_console_is_opened_under_a_name_of_its_own() -> None:
    settings = as_kubernetes_runs_it(SYNCER_HTTP__URL="https://syncer.example.com")
    assert answers(settings, probes()) == {"/livez": 200, "/readyz": 503}


def status_of(url: str, host: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Host": host}), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code


def test_the_unit_confines_the_program_and_starts_it_again_after_a_take_over() -> None:
    lines = SERVICE.read_text(encoding="utf-8").splitlines()
    unit = {name: value for line in lines if "=" in line and line[0] != "#" for name, value in [line.split("=", 1)]}
    assert unit["NoNewPrivileges"] == "yes"
    assert unit["CapabilityBoundingSet"] == ""
    assert unit["ProtectSystem"] == "strict"
    assert unit["ReadWritePaths"] == f"{unit['WorkingDirectory']}/state"
    assert unit["User"] not in ("root", "")
    assert unit["Restart"] == "always"
    assert int(unit["TimeoutStopSec"]) > STOP_SECONDS
    assert unit["ExecStart"] == "/opt/syncer/bin/syncer run"


def test_folders_as_kubernetes_mounts_them_are_read_as_mappings_and_secrets(tmp_path: Path) -> None:
    """Each file is a symbolic link into a folder that is replaced as a whole when something changes."""
    for name, files in {
        "mappings": {"minimal.yaml": (ROOT / "mappings/examples/minimal.yaml").read_text(encoding="utf-8")},
        "secrets": {"SYNCER_INCIDENTS__PASSWORD": "a", "SYNCER_JIRA__TOKEN": "b\n"},
    }.items():
        kept = tmp_path / name / "..2026_01_01_00_00_00.1"
        kept.mkdir(parents=True)
        (tmp_path / name / "..data").symlink_to(kept.name)
        for file, text in files.items():
            (kept / file).write_text(text, encoding="utf-8")
            (tmp_path / name / file).symlink_to(f"..data/{file}")
    assert [mapping.issues.project for mapping in load_mappings(tmp_path / "mappings")] == ["TEST"]
    variables = SERVERS | given("sqlite") | {"SYNCER_SECRETS_DIR": str(tmp_path / "secrets")}
    loaded = load_settings(variables, env_file=None)
    assert loaded.jira.token is not None
    assert loaded.jira.token.get_secret_value() == "b"
