"""A new machine gets what was tested: bounded dependencies, locked hashes, scripts that heal."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = ["base", "test", "semantic"]
SCRIPTS = ["script/bootstrap", "script/lock", "script/server", "script/test", "script/test-semantic", ".ci/run"]


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def declared():
    meta = project()
    extras = meta["project"]["optional-dependencies"].values()
    lists = [meta["build-system"]["requires"], meta["project"]["dependencies"], *extras]
    return [line for lines in lists for line in lines]


def lock_text(name):
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def locked(name):
    """Requirement and hashes of each entry of a lock."""
    entries = lock_text(name).replace("\\\n", " ").splitlines()
    parts = [line.split("--hash=") for line in entries if line.strip() and not line.startswith("#")]
    return [(Requirement(head.strip()), [h.strip() for h in hashes]) for head, *hashes in parts]


def pins(name):
    return {r.name: Version(next(iter(r.specifier)).version) for r, _ in locked(name)}


# --- what is declared and what is locked ---


@pytest.mark.parametrize("line", declared())
def test_dependency_when_declared_is_bounded_on_both_sides(line):
    """No dependency can change under us, neither back to an older version nor on to a new major one."""
    operators = {s.operator for s in Requirement(line).specifier}

    assert operators == {"=="} if Requirement(line).name == "whoosh" else operators == {">=", "<"}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_when_read_pins_each_package_with_hashes(name):
    """Every entry of a lock names one version and at least one sha256."""
    loose = [
        str(requirement)
        for requirement, hashes in locked(name)
        if [s.operator for s in requirement.specifier] != ["=="]
        or not hashes
        or not all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in hashes)
    ]

    assert loose == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_when_read_names_no_address(name):
    """A lock is installed from wherever pip is configured to look: it holds no URL, index option or path."""
    addresses = re.findall(r"://|--(?:extra-)?index|--find-links|@|(?<![\w.])/|\.\./", lock_text(name))

    assert addresses == []


# What bench/ compares with is in no lock: it is measured in the version that somebody installed for it.
UNLOCKED = project()["project"]["optional-dependencies"]["bench"]


@pytest.mark.parametrize("line", [line for line in declared() if line not in UNLOCKED])
def test_lock_when_compared_satisfies_what_is_declared(line):
    """The locks hold every declared dependency, in a version its bounds allow; an extra has a lock of its own."""
    requirement = Requirement(line)

    assert requirement.specifier.contains((pins("semantic") | pins("test"))[requirement.name])


def test_base_lock_when_compared_is_part_of_the_test_lock():
    """What is tested is what runs: both locks hold the same versions, setuptools included."""
    base, test = pins("base"), pins("test")

    assert base == {name: version for name, version in test.items() if name in base}
    assert "setuptools" in base


def test_semantic_lock_when_compared_agrees_with_the_others():
    """The extra changes no version of what runs without it; torch, whose build is the machine's, is in no lock."""
    semantic, test = pins("semantic"), pins("test")

    assert pins("base").items() <= semantic.items()
    assert {name: test[name] for name in semantic if name in test}.items() <= semantic.items()
    assert [name for lock in LOCKS for name in pins(lock) if name in ("torch", "triton") or "nvidia" in name] == []


def test_package_data_when_listed_covers_templates_static_and_translations():
    """A built wheel carries what the pages are made of."""
    data = project()["tool"]["setuptools"]["package-data"]

    assert {"templates/**/*", "static/**/*", "translations/**/*"} <= set(data["web"])
    assert "**/*.toml" in data["kbengine"]


# --- the scripts ---


@pytest.mark.parametrize("path", SCRIPTS)
def test_script_when_checked_out_is_executable_and_parses(path):
    """Each script can be started as it is, and its shell can read it."""
    shell = "bash" if path == ".ci/run" else "sh"

    assert os.access(ROOT / path, os.X_OK)
    assert subprocess.run([shell, "-n", ROOT / path], check=False).returncode == 0


# Stands in for Python, with its venv and pip: writes down what it is asked to do, and fails when told to.
FAKE_PYTHON = """#!/bin/sh
here={place}
step() {{ echo "$1" >>"$here/log"; [ ! -e "$here/die-${{1%% *}}" ]; }}
case "$*" in
    *_base_executable*) if [ -e "$here/old" ]; then exit 1; fi; echo "$here/bin/python3" ;;
    *ensurepip*) [ ! -e "$here/no-venv" ] ;;
    *-venv*version_info*) echo "python$(cat "$here/version")-venv" ;;
    *version_info*) for last; do :; done; echo "$last" "$(cat "$here/version")" ;;
    *"-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python; step venv ;;
    *pip*require-hashes*) for last; do :; done; step "pip $last" ;;
    *pip*) step editable ;;
esac
"""


class Machine:
    """A folder with the real bootstrap and a stand-in for everything it calls on the system."""

    def __init__(self, place):
        self.place = place
        self.repo = place / "repo"
        shutil.copytree(ROOT / "requirements", self.repo / "requirements")
        (self.repo / "script").mkdir()
        shutil.copy(ROOT / "script/bootstrap", self.repo / "script/bootstrap")
        shutil.copy(ROOT / "pyproject.toml", self.repo)
        (place / "bin").mkdir()
        for name in ["cat", "cksum", "cp", "dirname", "env", "mkdir", "mv", "rm", "sed", "sh"]:
            (place / "bin" / name).symlink_to(shutil.which(name))
        self.fake("python3", FAKE_PYTHON.format(place=place))
        self.tell("version", "3.12")
        self.fake("id", "#!/bin/sh\necho 1000\n")
        self.fake("apt-get", "#!/bin/sh\nexit 1\n")

    def fake(self, name, text):
        path = self.place / "bin" / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def tell(self, name, text=""):
        (self.place / name).write_text(text, encoding="utf-8")

    def forget(self, name):
        (self.place / name).unlink()

    def bootstrap(self, mode="run"):
        """Exit status, the steps taken, and all that was printed."""
        self.tell("log")
        done = subprocess.run(
            [self.repo / "script/bootstrap", mode],
            env={"PATH": str(self.place / "bin")},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        steps = (self.place / "log").read_text(encoding="utf-8").split("\n")[:-1]
        return done.returncode, steps, done.stdout + done.stderr


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


ALL_STEPS = ["venv", "pip requirements/base.txt", "editable"]


def test_bootstrap_when_new_builds_and_then_is_silent(machine):
    """The first run makes the environment, the second one finds it ready and does nothing."""
    assert machine.bootstrap()[:2] == (0, ALL_STEPS)
    assert machine.bootstrap() == (0, [], "")


@pytest.mark.parametrize("step", ["die-venv", "die-pip", "die-editable"])
def test_bootstrap_when_a_step_failed_builds_from_nothing(machine, step):
    """A half-built environment fails the run that left it and is never taken for a finished one."""
    machine.tell(step)
    status, _, _ = machine.bootstrap()
    machine.forget(step)

    assert status != 0
    assert machine.bootstrap()[:2] == (0, ALL_STEPS)


def test_bootstrap_when_a_lock_changed_installs_again(machine):
    """A changed lock is installed into the environment that is there."""
    machine.bootstrap()
    with (machine.repo / "requirements/base.txt").open("a") as lock:
        lock.write("# changed\n")

    assert machine.bootstrap()[:2] == (0, ALL_STEPS[1:])
    assert machine.bootstrap()[:2] == (0, [])


def test_bootstrap_when_the_reinstall_failed_builds_from_nothing(machine):
    """A reinstall that was cut short leaves no environment that looks finished."""
    machine.bootstrap()
    with (machine.repo / "pyproject.toml").open("a") as meta:
        meta.write("# changed\n")
    machine.tell("die-pip")
    machine.bootstrap()
    machine.forget("die-pip")

    assert machine.bootstrap()[:2] == (0, ALL_STEPS)


def test_bootstrap_when_python_changed_builds_from_nothing(machine):
    """An environment made by another Python is thrown away."""
    machine.bootstrap()
    machine.tell("version", "3.13")

    assert machine.bootstrap()[:2] == (0, ALL_STEPS)


def test_bootstrap_when_the_folder_moved_builds_from_nothing(machine):
    """An environment holds its own path: in another place it is made anew."""
    machine.bootstrap()
    machine.repo = machine.repo.rename(machine.place / "elsewhere")

    assert machine.bootstrap()[:2] == (0, ALL_STEPS)


def test_bootstrap_when_python_is_too_old_says_what_it_needs(machine):
    """Without a Python that fits there is one clear line and nothing is made."""
    machine.tell("old")
    status, steps, said = machine.bootstrap()

    assert (status, steps) == (1, [])
    assert re.fullmatch(r"bootstrap: Python 3\.11, .* is needed and was not found .*\n", said)


@pytest.mark.parametrize(("sudo", "command"), [(False, "su - -c '"), (True, "sudo sh -c '")])
def test_bootstrap_when_not_administrator_prints_one_command(machine, sudo, command):
    """Who may not install packages is shown the one command to run, with the package for this Python."""
    machine.tell("no-venv")
    if sudo:
        machine.fake("sudo", "#!/bin/sh\nexit 1\n")
    status, steps, said = machine.bootstrap()

    assert (status, steps) == (1, [])
    assert said.endswith(
        f"    {command}apt-get update && apt-get install --yes --no-install-recommends python3.12-venv'\n"
    )


def test_bootstrap_when_asked_for_something_else_shows_its_usage(machine):
    """An unknown argument is a usage error."""
    assert machine.bootstrap("tset") == (2, [], "usage: script/bootstrap [run|test]\n")
