"""The ephemeral runner: a job is made for one run, alone, without the token, and gone after it."""

import os
import signal
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

import pytest

from core.installation import ROOT

SCRIPT = ROOT / "configs" / "runner" / "ephemeral-runner.sh"
TOKEN = "github_pat_secret"
USER = "nobody"
SAYS = """#!/bin/bash
{ id --user --name; echo "args: $*"; echo "home: $HOME"; env; ls -A /tmp /var/tmp /dev/shm
  grep NoNewPrivs /proc/self/status; cat "$TOKEN_FILE" || echo "no token"
  pwd; } > "$SLIMGATE_STORE/said" 2>&1
touch /tmp/left "$HOME/left"
setsid sleep 1000 > /dev/null 2>&1 &
exit CODE
"""


@pytest.fixture
def tmp_path():
    """A folder that the job's user can enter, and outside of /tmp, which a job does not see."""
    if os.geteuid() != 0:
        pytest.skip("the runner's keeper is root")
    with tempfile.TemporaryDirectory(dir="/var/lib", prefix="slimgate-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def machine(tmp_path):
    """Settings of a runner, with a GitHub that answers every request."""
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "token").chmod(0o600)
    (tmp_path / "bin").mkdir()
    write_tool(
        tmp_path / "bin" / "curl",
        """cat > "$0.stdin"; echo "$@" > "$0.args"
echo '{"runner": {}, "encoded_jit_config": "aml0"}'""",
    )
    pack_runner(tmp_path)
    return {
        "PATH": f"{tmp_path / 'bin'}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "SLIMGATE_REPOSITORY": "owner/suite",
        "SLIMGATE_KIND": "cpu",
        "SLIMGATE_TOKEN_FILE": str(tmp_path / "token"),
        "SLIMGATE_RUNNER": str(tmp_path / "runner.tar.gz"),
        "SLIMGATE_USER": USER,
        "SLIMGATE_STATE": str(tmp_path / "state"),
    }


def write_tool(path, script):
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(0o755)


def pack_runner(folder, code=0):
    script = SAYS.replace("CODE", str(code)).replace("$TOKEN_FILE", str(folder / "token"))
    write_tool(folder / "run.sh", script.removeprefix("#!/bin/bash\n"))
    with tarfile.open(folder / "runner.tar.gz", "w:gz") as archive:
        archive.add(folder / "run.sh", "run.sh")


def run(machine, *words):
    return subprocess.run(
        ["bash", str(SCRIPT), *words],
        env=machine,
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"SLIMGATE_KIND": ""}, "not set: SLIMGATE_KIND; see ephemeral-runner.sh --help"),
        ({"SLIMGATE_REPOSITORY": "owner/suite/../x"}, "write owner/name"),
        ({"SLIMGATE_REPOSITORY": 'o/s" --upload-file /etc/shadow'}, "write owner/name"),
        ({"SLIMGATE_KIND": 'cpu"],"x":["'}, "use small letters, digits and hyphens"),
        ({"SLIMGATE_USER": "no-such-user"}, "no user no-such-user"),
        ({"SLIMGATE_RUNNER": "/etc/hostname"}, "no whole archive"),
        ({"SLIMGATE_DATA": "/no/such/folder"}, "no folder /no/such/folder"),
        ({"SLIMGATE_TOKEN_FILE": "/no/such/file"}, "no file /no/such/file"),
    ],
)
def test_wrong_settings_are_said_before_anything_is_done(machine, changes, problem):
    done = run({**machine, **changes}, "once")
    assert (done.returncode, problem in done.stderr) == (2, True), done.stderr
    assert not Path(machine["SLIMGATE_STATE"]).exists()


def test_a_token_that_others_can_read_is_refused(machine):
    Path(machine["SLIMGATE_TOKEN_FILE"]).chmod(0o640)
    done = run(machine, "once")
    assert (done.returncode, "others can read" in done.stderr) == (2, True)


@pytest.fixture
def job(machine, tmp_path):
    """What a job saw of its machine, and the folder of its keeper."""
    (Path("/tmp") / f"others-{tmp_path.name}").write_text("somebody's")
    try:
        done = run(machine, "once")
    finally:
        (Path("/tmp") / f"others-{tmp_path.name}").unlink()
    if done.returncode == 125:
        pytest.skip("this machine gives no control groups or namespaces")
    said = (Path(machine["SLIMGATE_STATE"]) / "store" / "said").read_text()
    return done, said, tmp_path


def test_a_job_is_alone_without_token_and_gone_afterwards(job):
    done, said, folder = job
    assert done.returncode == 0, done.stderr
    assert said.startswith(f"{USER}\nargs: --jitconfig aml0\n")
    assert "NoNewPrivs:\t1" in said
    assert "no token" in said
    assert TOKEN not in said
    assert "SLIMGATE_TOKEN_FILE" not in said
    assert "JIT=" not in said
    assert f"others-{folder.name}" not in said
    assert f"home: {folder}/state/jobs/" in said
    assert list((folder / "state" / "jobs").iterdir()) == []
    assert not list(Path("/tmp").glob("left"))
    assert (folder / "bin" / "curl.stdin").read_text() == (
        f'header = "Authorization: Bearer {TOKEN}"\n'
    )
    arguments = (folder / "bin" / "curl.args").read_text()
    assert TOKEN not in arguments
    assert "/repos/owner/suite/actions/runners/generate-jitconfig" in arguments
    assert '"labels":["self-hosted","slimgate-cpu"]' in arguments


@pytest.mark.usefixtures("job")
def test_what_a_job_starts_ends_with_it():
    sleeping = subprocess.run(
        ["pgrep", "-u", USER, "-f", "sleep 1000"], text=True, capture_output=True, check=False
    )
    assert sleeping.stdout == ""


def test_a_failing_job_is_removed_and_reported(machine, tmp_path):
    pack_runner(tmp_path, code=7)
    done = run(machine, "once")
    if done.returncode == 125:
        pytest.skip("this machine gives no control groups or namespaces")
    assert done.returncode == 7
    assert list((tmp_path / "state" / "jobs").iterdir()) == []


def test_without_a_right_from_github_nothing_runs(machine, tmp_path):
    write_tool(
        tmp_path / "bin" / "curl", """cat > /dev/null; echo '{"message": "Bad credentials"}'"""
    )
    done = run(machine, "once")
    assert done.returncode == 2
    assert 'gave no right to run a job in owner/suite: {"message"' in done.stderr
    assert not (tmp_path / "state" / "store" / "said").exists()
    assert list((tmp_path / "state" / "jobs").iterdir()) == []


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_job_ends_with_its_keeper_and_the_next_keeper_removes_its_folder(
    job, machine, tmp_path, number
):
    store = tmp_path / "state" / "store"
    write_tool(tmp_path / "run.sh", 'echo "$$" > "$SLIMGATE_STORE/up"; exec sleep 47.11')
    with tarfile.open(tmp_path / "runner.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "run.sh", "run.sh")
    with subprocess.Popen(["bash", str(SCRIPT), "once"], env=machine) as keeper:
        wait_until((store / "up").exists)
        keeper.send_signal(number)
    wait_until(lambda: not sleepers())
    (left,) = (tmp_path / "state" / "jobs").iterdir()
    pack_runner(tmp_path)
    assert run(machine, "once").returncode == 0
    assert not left.exists()


def sleepers():
    done = subprocess.run(["pgrep", "-f", "sleep 47.11"], capture_output=True, check=False)
    return done.stdout.split()
