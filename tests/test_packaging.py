"""Promises about what is shipped: a whole wheel, locks without addresses, scripts that run."""

import importlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DISTRIBUTION = PROJECT["project"]["name"]
TOP_LEVEL = ("config", "mappings", "state", "syncer")
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def shipped_files() -> set[str]:
    """Every file of every package, as a path from the root; what tools leave behind is none."""
    files = (path for name in TOP_LEVEL for path in (ROOT / name).rglob("*") if path.is_file())
    relative = (path.relative_to(ROOT) for path in files)
    return {str(path) for path in relative if not any(re.match(r"\.|__pycache__", part) for part in path.parts)}


def packages() -> set[str]:
    """Every folder that holds code, as a dotted name."""
    return {str(Path(file).parent).replace("/", ".") for file in shipped_files() if file.endswith(".py")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    # A copy, so that the build leaves nothing in the source tree.
    for file in (*shipped_files(), "pyproject.toml"):
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        (source / file).write_bytes((ROOT / file).read_bytes())
    (source / "README.md").write_text("x")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(place),
        str(source),
    ]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return zipfile.ZipFile(next(place.glob("*.whl")))


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_a_top_level_package_is_ours_and_no_other_distributions(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__file__ is not None
    assert Path(module.__file__).parent == ROOT / name
    owners = importlib.metadata.packages_distributions().get(name, [DISTRIBUTION])
    assert set(owners) == {DISTRIBUTION}


def test_every_folder_with_code_is_listed_in_pyproject() -> None:
    listed = PROJECT["tool"]["setuptools"]["packages"]
    missing, idle = packages() - set(listed), set(listed) - packages()
    assert not missing | idle, f"`packages` in pyproject.toml: add {sorted(missing)}, take away {sorted(idle)}"
    assert listed == sorted(listed)


@pytest.mark.parametrize("name", sorted(packages()))
def test_every_package_says_that_it_is_one(name: str) -> None:
    assert (ROOT / name.replace(".", "/") / "__init__.py").is_file()


def test_the_wheel_holds_every_file_of_every_package(wheel: zipfile.ZipFile) -> None:
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    left_out = sorted(shipped_files() - inside)
    assert not left_out, f"bring `packages` or `package-data` in pyproject.toml up to date: {left_out}"
    assert inside <= shipped_files()


def test_the_wheel_brings_the_command(wheel: zipfile.ZipFile) -> None:
    entry_points = next(name for name in wheel.namelist() if name.endswith("/entry_points.txt"))
    assert "syncer = syncer.cli:main" in wheel.read(entry_points).decode()


def test_there_is_a_lock_for_running_for_building_and_for_developing() -> None:
    assert [lock.stem for lock in LOCKS] == ["build", "dev", "run"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_names_no_address_and_no_place_on_a_machine(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    assert not re.search(r"://|\bpypi\b|index|file:/|(?<![\w.-])/\w", text)
    requirement = re.compile(r"|[a-z0-9-]+==\S+( ; [^\\]+)? \\|--hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not requirement.fullmatch(line)] == []


def test_what_runs_is_what_was_tested() -> None:
    pins = {lock.stem: set(re.findall(r"(?m)^\S+==\S+", lock.read_text(encoding="utf-8"))) for lock in LOCKS}
    assert pins["run"] <= pins["dev"]
    assert pins["build"] <= pins["dev"]


def distribution(requirement: str) -> str:
    """The normalised name in a requirement such as `ruamel.yaml>=0.18`."""
    return re.split(r"[^A-Za-z0-9._-]|[<>=]", requirement)[0].replace(".", "-").replace("_", "-").lower()


def imported(*folders: str) -> set[str]:
    """The distributions that the code in `folders` imports from, ours and the standard library left out."""
    files = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    lines = (line for path in files for line in path.read_text(encoding="utf-8").splitlines())
    modules = {match[1] for line in lines if (match := re.match(r"\s*(?:from|import) (\w+)(?:\.\S*)?(?: |$)", line))}
    owners = importlib.metadata.packages_distributions()
    return {distribution(owners[module][0]) for module in modules if module in owners} - {DISTRIBUTION}


RUN_TIME = {distribution(requirement) for requirement in PROJECT["project"]["dependencies"]}
EXTRAS = PROJECT["project"]["optional-dependencies"]
ASKED = RUN_TIME | {distribution(requirement) for extra in EXTRAS.values() for requirement in extra}


def test_every_dependency_is_locked_and_its_reason_is_written_down() -> None:
    dev = (ROOT / "requirements/dev.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"(?m)^([a-z0-9-]+)==", dev))
    assert not ASKED - pinned, "run script/lock"
    reasons = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8").replace("ruamel.yaml", "ruamel-yaml")
    assert not {name for name in ASKED if not re.search(rf"(?m)^\| .*\b{name}\b.* \|", reasons)}


def test_what_the_program_imports_it_asks_for_and_the_other_way_round() -> None:
    # pydantic-core belongs to pydantic, which asks for the one release that fits.
    # uvicorn imports httptools where it is told its name.
    needed = imported(*TOP_LEVEL) - {"pydantic-core"} | {"httptools"}
    assert needed >= RUN_TIME
    assert needed - RUN_TIME <= {distribution(requirement) for requirement in EXTRAS["scale"]}


def test_the_tests_import_nothing_that_nobody_asked_for() -> None:
    assert imported("tests") - {"pydantic-core"} <= ASKED


@pytest.mark.parametrize("script", sorted((ROOT / "script").iterdir()), ids=lambda script: script.name)
def test_a_script_can_be_run_says_what_it_does_and_is_in_the_contributors_list(script: Path) -> None:
    shebang, purpose, *_ = script.read_text(encoding="utf-8").splitlines()
    assert os.access(script, os.X_OK)
    assert shebang == "#!/bin/sh"
    assert purpose.startswith("# ")
    assert f"| `script/{script.name}` |" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
