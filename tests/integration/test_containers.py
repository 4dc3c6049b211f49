"""The image, the compose file and the manifest: linted, and in step with each other.

The image's own commands run without a container engine too: as a user without rights, where nothing but the
folder of the data can be written.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from tests.integration.ci_recipes import schema_errors
from tests.integration.commands import environment
from tests.integration.packages import tracked

from roamspec.emulator.disk.database import FILE_NAME

ROOT: Final = Path(__file__).parents[2]
IMAGE: Final = ROOT / "Dockerfile"
FOLDER: Final = ROOT / "examples" / "containers"
COMPOSE: Final = FOLDER / "compose.yaml"
MANIFEST: Final = FOLDER / "kubernetes.yaml"
SHARED_COMPOSE: Final = FOLDER / "compose.shared.yaml"
SHARED_MANIFEST: Final = FOLDER / "kubernetes.shared.yaml"
USER: Final = 10001

# Only the folder of the data can be written, and the network is a loopback. Then nobody has any rights.
_SET_UP: Final = """
set -e
mount --bind {root} {root}
mount --bind {data} {data}
mount -o remount,bind,ro {root}
mount -o remount,bind,ro /
{python} -c '
import fcntl, socket, struct
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14s", b"lo", 0x49, b""))
'
exec unshare --user --map-user={user} --map-group={user} bash -c {inside}
"""
_INSIDE: Final = """
test "$(id -u)" = {user}
if touch {root}/written 2>/dev/null; then echo "the root can be written"; exit 1; fi
healthy() {{ for _ in $(seq 200); do if {health} 2>/dev/null; then return; fi; sleep 0.1; done; exit 2; }}
{serve} >>{data}/output & emulator=$!
healthy
kill -9 $emulator; wait $emulator || test $? = 137
if {health} 2>/dev/null; then echo "healthy without an emulator"; exit 3; fi
{serve} >>{data}/output & emulator=$!
healthy
{conformance} || exit 4
kill -TERM $emulator; wait $emulator
"""


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile with its words, on one line."""
    text = re.sub(r"^#.*\n", "", IMAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    pairs = [line.partition(" ") for line in text.replace("\\\n", " ").splitlines() if line]
    return [(name, " ".join(words.split())) for name, _, words in pairs]


def words_of(name: str) -> list[str]:
    """The words of the last instruction of this name, which is written as JSON."""
    (*_, words) = [words for found, words in instructions() if found == name]
    found: list[str] = json.loads(words[words.index("[") :])
    return found


def read_all(path: Path) -> list[dict[str, Any]]:
    return [found for found in yaml.safe_load_all(path.read_text(encoding="utf-8")) if found]


def linter(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Skipped where it is not installed: no licence of either lets it be among the dependencies."""
    folders = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    program = shutil.which(name, path=folders)
    if program is None:
        pytest.skip(f"{name} is not installed here")
    return subprocess.run([program, *words], capture_output=True, text=True, check=False)


def test_hadolint_finds_nothing(tmp_path: Path) -> None:
    done = linter("hadolint", str(IMAGE))
    assert done.returncode == 0, done.stdout
    broken = tmp_path / "Dockerfile"
    text = IMAGE.read_text(encoding="utf-8")
    broken.write_text(text.replace("WORKDIR /data", "WORKDIR data"), encoding="utf-8")
    assert "DL3000" in linter("hadolint", str(broken)).stdout


def test_each_instruction_of_the_image_is_one() -> None:
    """Also where hadolint is not installed; and each stage that is copied from exists."""
    known = {"ARG", "FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK"}
    found = instructions()
    assert {name for name, _ in found} == known | {"ENTRYPOINT", "CMD"}
    stages = re.findall(r"^FROM \S+ AS (\w+)$", IMAGE.read_text(encoding="utf-8"), re.MULTILINE)
    copied = [words for name, words in found if name == "COPY" and words.startswith("--from=")]
    assert [words.split()[0] for words in copied] == [f"--from={stage}" for stage in stages]
    for name, words in found:
        if name == "RUN":
            checked = subprocess.run(["bash", "-n", "-c", words], capture_output=True, check=False)
            assert checked.returncode == 0, words


@pytest.mark.parametrize("file", [COMPOSE, SHARED_COMPOSE], ids=lambda path: path.name)
def test_the_compose_file_has_the_form_of_one(file: Path, tmp_path: Path) -> None:
    assert schema_errors("compose-spec", file) == ""
    broken = tmp_path / "compose.yaml"
    broken.write_text(file.read_text(encoding="utf-8").replace("read_only:", "readonly:"))
    assert "readonly" in schema_errors("compose-spec", broken)


@pytest.mark.parametrize("file", [MANIFEST, SHARED_MANIFEST], ids=lambda path: path.name)
def test_the_manifest_has_the_form_of_one(file: Path, tmp_path: Path) -> None:
    done = linter("kubernetes-validate", "--strict", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    broken = tmp_path / "kubernetes.yaml"
    text = file.read_text(encoding="utf-8")
    broken.write_text(text.replace("readOnlyRootFilesystem", "readonlyRootFilesystem"), encoding="utf-8")
    done = linter("kubernetes-validate", "--strict", str(broken))
    assert "readonlyRootFilesystem" in done.stdout + done.stderr


def test_the_parts_of_the_manifest_belong_together() -> None:
    """Names, labels, ports and volumes that are referred to; also where no linter is installed."""
    claim, deployment, service = read_all(MANIFEST)
    assert [found["kind"] for found in (claim, deployment, service)] == [
        "PersistentVolumeClaim", "Deployment", "Service"
    ]  # fmt: skip
    assert [found["apiVersion"] for found in (claim, deployment, service)] == ["v1", "apps/v1", "v1"]
    template = deployment["spec"]["template"]
    labels = template["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == service["spec"]["selector"] == labels
    pod = template["spec"]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert volumes["data"]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    (container,) = pod["containers"]
    assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes)
    ports = {port["name"] for port in container["ports"]}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["port"] in ports
        assert container[probe]["httpGet"]["path"] in health_check()[-1]


def test_the_parts_of_a_shared_state_belong_together() -> None:
    """The store listens where the emulators look for it, and the image has what they talk to it with."""
    services = read_all(SHARED_COMPOSE)[0]["services"]
    stores = _stores(services["emulator"]["command"])
    assert stores == ["valkey://store:6379/0"]
    assert services["emulator"]["depends_on"] == {"store": {"condition": "service_healthy"}}
    claim_of_store, service_of_store, deployment, service = read_all(SHARED_MANIFEST)
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    (port,) = service_of_store["spec"]["ports"]
    assert _stores(container["args"]) == [f"valkey://{service_of_store['metadata']['name']}:{port['port']}/0"]
    for owner, front in ((claim_of_store, service_of_store), (deployment, service)):
        template = owner["spec"]["template"]
        labels = template["metadata"]["labels"]
        assert owner["spec"]["selector"]["matchLabels"] == front["spec"]["selector"] == labels
        mounts = {mount["name"] for each in template["spec"]["containers"] for mount in each["volumeMounts"]}
        claims = owner["spec"].get("volumeClaimTemplates", [])
        held = {each["name"] for each in template["spec"].get("volumes", [])}
        assert mounts == held | {claim["metadata"]["name"] for claim in claims}
    assert deployment["spec"]["replicas"] > 1
    (build,) = [words for name, words in instructions() if name == "RUN" and "--compile" in words]
    assert '".[redis]"' in build


def _stores(command: list[str]) -> list[str]:
    return [command[index + 1] for index, word in enumerate(command) if word == "--store"]


def test_nothing_runs_as_root_or_writes_outside_its_volumes() -> None:
    last = [name for name, _ in instructions()]
    assert last.index("USER") < last.index("ENTRYPOINT")
    assert dict(instructions())["USER"] == f"{USER}:{USER}"
    services = [*read_all(COMPOSE)[0]["services"].items(), *read_all(SHARED_COMPOSE)[0]["services"].items()]
    for name, service in services:
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    pod = pod_of_the_manifest()
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == USER
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def pod_of_the_manifest() -> dict[str, Any]:
    (deployment,) = [found for found in read_all(MANIFEST) if found["kind"] == "Deployment"]
    # Two emulators cannot use one folder.
    assert deployment["spec"]["replicas"] == 1
    assert deployment["spec"]["strategy"] == {"type": "Recreate"}
    pod: dict[str, Any] = deployment["spec"]["template"]["spec"]
    return pod


def test_ports_and_folders_are_those_of_the_image() -> None:
    command = words_of("CMD")
    port, data = command[command.index("--port") + 1], Path(command[command.index("--data") + 1])
    assert dict(instructions())["EXPOSE"] == port
    assert f":{port}/_emulator" in health_check()[-1]
    volume = Path(dict(instructions())["VOLUME"])
    assert data.parent == volume
    services = read_all(COMPOSE)[0]["services"]
    assert services["emulator"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    for service in services.values():
        assert service["volumes"] == [f"data:{volume}"]
    ready = command[command.index("--ready-file") + 1]
    words = services["conformance"]["command"]
    assert words[words.index("--ready-file") + 1] == ready
    assert Path(words[words.index("--report-dir") + 1]).parent == volume
    (container,) = pod_of_the_manifest()["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": int(port)}]
    assert {"name": "data", "mountPath": str(volume)} in container["volumeMounts"]
    (service,) = [found for found in read_all(MANIFEST) if found["kind"] == "Service"]
    assert service["spec"]["ports"] == [{"name": "http", "port": int(port), "targetPort": "http"}]


def conformance_command() -> list[str]:
    found: list[str] = read_all(COMPOSE)[0]["services"]["conformance"]["command"]
    return found


def health_check() -> list[str]:
    (words,) = [words for name, words in instructions() if name == "HEALTHCHECK"]
    found: list[str] = json.loads(words[words.index("CMD [") + 4 :])
    return found


def test_the_build_sees_what_the_package_is_made_of() -> None:
    """Everything that pyproject.toml takes into the wheel, and what the Dockerfile reads."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [line[1:] for line in ignored if line.startswith("!")]
    wanted = ["src", "contracts", "tests/conformance", "cassettes", "LICENSE", "README.md"]
    assert sorted(allowed) == sorted([*wanted, "pyproject.toml", "requirements.lock"])
    names = tracked()
    for place in allowed:
        assert any(fnmatch(name, place) or name.startswith(f"{place}/") for name in names), place


def test_the_build_takes_the_versions_of_the_lock(tmp_path: Path) -> None:
    (script,) = [words for name, words in instructions() if name == "RUN" and words.startswith("sed")]
    lock = tmp_path / "requirements.lock"
    shutil.copy(ROOT / "requirements.lock", lock)
    script = script.replace("/constraints.txt", "constraints.txt")
    subprocess.run(["bash", "-c", script], cwd=tmp_path, check=True)
    lines = (tmp_path / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = re.findall(r"^([\w.-]+==\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    assert [line.partition(" ;")[0].strip() for line in lines] == pinned
    assert len(pinned) > 50


def test_the_commands_of_the_image_run_without_rights_where_nothing_can_be_written(tmp_path: Path) -> None:
    """Served, killed, served again with the same data, judged, and ended; the health check says which."""
    enter = ["unshare", "--user", "--map-root-user", "--mount", "--net"]
    try:
        may = [*enter, "mount", "-o", "remount,bind,ro", "/"]
        tried = subprocess.run(may, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("this machine has no unshare")
    if tried.returncode:
        pytest.skip(f"no namespace can be made here: {tried.stderr.strip()}")
    data = tmp_path / "data"
    data.mkdir()
    program = str(Path(sys.executable).with_name(words_of("ENTRYPOINT")[0]))
    serve = [program, *(word.replace("/data", str(data)) for word in words_of("CMD"))]
    judge = [program, *(word.replace("/data", str(data)) for word in conformance_command())]
    judge += ["--profile", "quick", "--req", "effect.*"]
    health = [sys.executable, *health_check()[1:]]
    places = {"data": shlex.quote(str(data)), "root": shlex.quote(str(tmp_path)), "user": USER}
    commands = {"health": health, "serve": serve, "conformance": judge}
    inside = _INSIDE.format(**{name: shlex.join(words) for name, words in commands.items()}, **places)
    script = _SET_UP.format(python=shlex.quote(sys.executable), inside=shlex.quote(inside), **places)
    # The image has a file system of its own for what is temporary.
    variables = environment(PYTHONDONTWRITEBYTECODE="1", HOME=str(data), TMPDIR=str(data))
    done = subprocess.run(
        [*enter, "bash", "-c", script],
        env=variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = map(json.loads, (data / "output").read_text(encoding="utf-8").splitlines())
    assert first["client_secret"] == second["client_secret"]
    assert json.loads((data / "ready.json").read_text(encoding="utf-8")) == second
    assert (data / "emulator" / FILE_NAME).exists()
    assert json.loads((data / "report" / "report.json").read_text("utf-8"))["verdict"] == "conforming"
