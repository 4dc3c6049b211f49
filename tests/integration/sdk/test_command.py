"""`roamspec sdk` as people call it: statuses, what the command is notified, what is reported."""

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.integration.commands import COMMAND, environment, failing, report_of, roamspec, verdicts

from roamspec.sdk.hosts import EVERYWHERE, own_address
from roamspec.seeds import SEED_MAX

CLIENT = str(Path(__file__).parents[2] / "subjects" / "sdk_client.py")
REPORT = ("--report-dir", "report")

CLEAR = """
import http.client, os
from urllib.parse import urlsplit
at = urlsplit(os.environ["ROAMSPEC_BASE_URL"])
def clear(user="x", app=None, **headers):
    app = app or os.environ["ROAMSPEC_ORG"] + "/" + os.environ["ROAMSPEC_APP"]
    connection = http.client.HTTPConnection(at.hostname, at.port)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    headers = {"Authorization": "Bearer " + os.environ["ROAMSPEC_APP_TOKEN"]}
    headers |= {"Content-Type": "application/json", "Accept": "application/json"} | given
    path = "/" + app + "/rest/message/roaming/user/" + user + "/delete/all"
    connection.request("POST", path, headers=headers)
    connection.getresponse().read()
    connection.close()
"""


def python(script: str) -> tuple[str, ...]:
    return ("--", sys.executable, "-c", CLEAR + script)


def test_a_good_client_conforms(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "sdk", *REPORT, "--scenario", "awkward", "--", sys.executable, CLIENT)
    assert done.status == 0, done.out
    report = report_of(tmp_path / "report")
    assert (report["verdict"], failing(report)) == ("conforming", set())
    assert max(map(len, done.out.splitlines())) <= 80
    assert "CONFORMING  exit status 0" in done.out


def test_a_bad_client_does_not(tmp_path: Path) -> None:
    words = ("--scenario", "awkward", "--", sys.executable, CLIENT, "counts-seconds")
    done = roamspec(tmp_path, "sdk", *REPORT, *words)
    assert done.status == 1
    report = report_of(tmp_path / "report")
    wrong = {"clear-chat-before.client-time.milliseconds", "clear-group-before.client-time.milliseconds"}
    assert failing(report) == wrong
    (check,) = next(r for r in report["requirements"] if r["verdict"] == "fail")["checks"]
    assert "read as seconds" in check["failure"]["actual"]
    assert "$ROAMSPEC_TOKEN" in check["failure"]["reproduce"]
    junit = (tmp_path / "report" / "junit.xml").read_text()
    assert junit.count('<failure type="decisive"') == 2
    assert "YWMt" not in done.out + (tmp_path / "report" / "report.json").read_text()


TOKEN = """
import json
from urllib.parse import urlencode
def token(form=False, query=False, deep=False):
    fields = {name: os.environ["ROAMSPEC_" + name.upper()] for name in ("client_id", "client_secret")}
    path = "/" + os.environ["ROAMSPEC_ORG"] + "/" + os.environ["ROAMSPEC_APP"] + "/token"
    path += "?" + urlencode(fields) if query else ""
    fields = {"data": [{"of": fields}]} if deep else {"grant_type": "client_credentials", **fields}
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    body = urlencode(fields) if form else json.dumps(fields)
    connection = http.client.HTTPConnection(at.hostname, at.port)
    headers = {"Content-Type": kind, "X-Api-Key": os.environ["ROAMSPEC_CLIENT_SECRET"], "Cookie": "a=" + path}
    connection.request("POST", path, body, headers)
    connection.getresponse().read()
    connection.close()
"""


@pytest.mark.parametrize(
    "script",
    [
        "token(); token(); clear()",
        "token(form=True); clear()",
        "token(query=True); clear()",
        "token(deep=True); clear()",
    ],
)
def test_whatever_a_client_does_with_its_secrets_gets_a_report(script: str, tmp_path: Path) -> None:
    script = f"{TOKEN}print(os.environ['ROAMSPEC_CLIENT_ID'], os.environ['ROAMSPEC_CLIENT_SECRET']); {script}"
    done = roamspec(tmp_path, "sdk", *REPORT, *python(script))
    credentials, _, shown = done.out.partition("\n")
    report = report_of(tmp_path / "report")
    assert done.status == report["exit_status"] in (0, 1)
    assert f"exit status {done.status}" in shown
    assert (tmp_path / "report" / "junit.xml").exists()
    written = "".join(path.read_text() for path in (tmp_path / "report").iterdir())
    for secret in credentials.split():
        assert secret not in written + shown + done.err


def test_a_file_that_cannot_be_written_in_the_end_is_the_status_everywhere(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "sdk", *REPORT, "--", *python("clear(); os.mkdir('report/junit.xml')")[1:])
    report = report_of(tmp_path / "report")
    assert (done.status, report["exit_status"], report["verdict"]) == (4, 4, "incomplete")
    assert "INCOMPLETE  exit status 4" in done.out
    assert "CONFORMING" not in done.out.replace("INCOMPLETE", "")
    assert "report/junit.xml could not be written" in done.complaint
    assert "Apart from that, the run was conforming." in report["because"]


@pytest.mark.parametrize("option", ["--resilience", "--conduct"])
def test_resilience_is_judged_in_further_runs(tmp_path: Path, option: str) -> None:
    words = (option, "--seed", str(SEED_MAX), "--req", "clearUser")
    done = roamspec(tmp_path, "sdk", *REPORT, *words, *python("clear(); clear(x_roamspec_test='a')"))
    assert done.status == 0, done.out
    report = report_of(tmp_path / "report")
    found = verdicts(report)
    assert found["clear-user.client-conduct.waits-when-over-rate"] == "pass"
    assert found["clear-user.client-conduct.renews-when-unauthorized"] == "inconclusive"
    assert found["clear-chat-before.client-time.milliseconds"] == "not-run"
    assert (report["profile"], report["seed"]) == ("conduct", SEED_MAX)


def test_a_failure_that_is_waived_does_not_count_and_a_waiver_for_nothing_does(tmp_path: Path) -> None:
    words = ("--scenario", "awkward", "--waivers", "waivers.toml", "--", sys.executable, CLIENT)
    waiver = ("[[waiver]]", 'requirement = "client-time.milliseconds"', 'reason = "r"', 'owner = "o"')
    text = "\n".join((*waiver, "until = 2099-01-01", ""))
    (tmp_path / "waivers.toml").write_text(text, encoding="utf-8")
    done = roamspec(tmp_path, "sdk", *REPORT, *words, "counts-seconds")
    report = report_of(tmp_path / "report")
    assert (done.status, report["verdict"], report["totals"]["waived"]) == (0, "conforming", 2)
    done = roamspec(tmp_path, "sdk", *REPORT, *words)
    assert (done.status, failing(report_of(tmp_path / "report"))) == (1, set())
    assert "client-time.milliseconds" in " ".join(report_of(tmp_path / "report")["because"])


def test_a_command_that_fails_is_shown_apart_from_the_verdict(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "sdk", *REPORT, *python("clear(); raise SystemExit(7)"))
    report = report_of(tmp_path / "report")
    assert (done.status, report["verdict"], report["exit_status"]) == (1, "conforming", 1)
    assert report["because"] == ["The command itself failed, with status 7."]
    assert report["sdk"]["command"]["status"] == 7


def test_a_floor_that_is_not_reached(tmp_path: Path) -> None:
    words = ("--min-coverage", "0", "--min-coverage", "error-rows=50%")
    done = roamspec(tmp_path, "sdk", *REPORT, *words, *python("clear()"))
    report = report_of(tmp_path / "report")
    assert (done.status, report["verdict"]) == (1, "conforming")
    assert report["because"] == ["Coverage of error-rows is 0%, below the 50% of --min-coverage."]
    enough = roamspec(tmp_path, "sdk", *REPORT, "--min-coverage", "0%", *python("clear()"))
    assert enough.status == 0


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("", "made no call to http://127.0.0.1:"),
        ("clear(app='their/app')", "with an App Key that does not exist there (their#app)"),
        ("raise SystemExit(1)", "made no call to"),
    ],
)
def test_nothing_to_judge(tmp_path: Path, script: str, says: str) -> None:
    done = roamspec(tmp_path, "sdk", *REPORT, *python(script))
    report = report_of(tmp_path / "report")
    assert (done.status, report["verdict"]) == (3, "incomplete")
    assert says in report["because"][0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--", "no-such-program"), "'no-such-program' cannot be started"),
        ((), "give the command after --"),
        (("--min-coverage", "lots", "--", "true"), "'lots' is not a percentage"),
        (("--min-coverage", "rows=5", "--", "true"), "one of operations"),
        (("--scenario", "none.json", "--", "true"), "none.json cannot be read"),
        (("--scenario", "list.json", "--", "true"), "must hold one JSON object"),
        (("--scenario", "words.json", "--", "true"), "is not JSON"),
        (("--scenario", "user.json", "--", "true"), "username [a b] is not legal"),
        (("--scenario", "meant.json", "--", "true"), "meant must be an object"),
        (("--scenariox", "--", "true"), "did you mean --scenario?"),
        (("--set", "retention=1", "--", "true"), "no setting 'retention'"),
        (("--req", "nothing.*", "--", "true"), "matches 'nothing.*'"),
        (("--timeout", "0", "--", "true"), "not a whole number"),
        (("--host", "203.0.113.9", "--", "true"), "nothing can listen on '203.0.113.9'"),
        (("--", "./not-executable-here"), "Exec format error"),
    ],
)
def test_usage(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    for name, text in {
        "list.json": "[]",
        "words.json": "{",
        "user.json": '{"users": ["a b"]}',
        "meant.json": '{"meant": {"x": []}}',
    }.items():
        (tmp_path / name).write_text(text)
    program = tmp_path / "not-executable-here"
    program.write_text("neither script nor program")
    program.chmod(0o755)
    done = roamspec(tmp_path, "sdk", *REPORT, *words)
    assert done.status == 2
    assert says in done.complaint
    assert not (tmp_path / "report" / "report.json").exists()


def test_a_command_that_hangs(tmp_path: Path) -> None:
    """With all that it started: the grandchild holds a pipe open until it is deleted."""
    done = roamspec(tmp_path, "sdk", *REPORT, "--timeout", "1", "--", "bash", "-c", "sleep 60 & wait")
    report = report_of(tmp_path / "report")
    assert (done.status, report["verdict"]) == (4, "incomplete")
    assert report["because"] == ["The command did not end within 1 s and was stopped (--timeout)."]
    assert report["duration_s"] < 30


def test_an_interrupt_ends_the_command_too(tmp_path: Path) -> None:
    words = ["bash", "-c", "trap 'touch stopped; exit 0' TERM; touch begun; sleep 60 & wait"]
    process = subprocess.Popen(
        [*COMMAND, "sdk", *REPORT, "--", *words], cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL
    )
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 4
    assert (tmp_path / "stopped").exists()
    assert report_of(tmp_path / "report")["sdk"]["command"]["how"] == "interrupted"


def test_which_variables_the_command_gets(tmp_path: Path) -> None:
    script = 'env | grep ^ROAMSPEC_ > env.txt; echo "{base_url} {app_key} {client_id} {} {other}" > words.txt'
    roamspec(
        tmp_path, "sdk", *REPORT, "--", "bash", "-c", script, ROAMSPEC_TOKEN="theirs", no_proxy="a.invalid"
    )
    told = dict(line.split("=", 1) for line in (tmp_path / "env.txt").read_text().splitlines())
    for name in ("BASE_URL", "WS_URL", "ORG", "APP", "APP_KEY", "CLIENT_ID", "CLIENT_SECRET", "APP_TOKEN"):
        assert told[f"ROAMSPEC_{name}"]
    assert told["ROAMSPEC_APP_KEY"] == f"{told['ROAMSPEC_ORG']}#{told['ROAMSPEC_APP']}"
    assert "ROAMSPEC_TOKEN" not in told
    base_url, key, client_id = (told[f"ROAMSPEC_{name}"] for name in ("BASE_URL", "APP_KEY", "CLIENT_ID"))
    assert (tmp_path / "words.txt").read_text() == f"{base_url} {key} {client_id} {{}} {{other}}\n"


def test_without_a_scenario_something_is_seeded(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "sdk", *REPORT, "--", "bash", "-c", "cp $ROAMSPEC_SCENARIO seeded.json")
    assert done.status == 3
    seeded = json.loads((tmp_path / "seeded.json").read_text())
    assert seeded["users"] == ["roamspec-owner", "roamspec-peer"]
    assert [len(seeded[name]) for name in ("groups", "messages")] == [1, 120]
    assert seeded["meant"] == {name: seeded[name] for name in ("users", "groups", "messages")}


def test_what_was_given_is_not_recommended(tmp_path: Path) -> None:
    script = python("clear('roamspec-owner')")
    assert "--scenario awkward" in roamspec(tmp_path, "sdk", *REPORT, *script).out
    done = roamspec(tmp_path, "sdk", *REPORT, "--scenario", "awkward", *script)
    assert "No call contained an ID that needs escaping" in done.out
    assert "--scenario" not in done.out.partition("Inconclusive")[2]


def test_a_command_elsewhere_reaches_the_emulator(tmp_path: Path) -> None:
    """It listens on all addresses, and hands out one that is not loopback where the machine has any."""
    script = "print('BASE', os.environ['ROAMSPEC_BASE_URL'], os.environ['NO_PROXY']); clear()"
    done = roamspec(tmp_path, "sdk", *REPORT, "--host", EVERYWHERE, *python(script))
    assert done.status == 0, done.out
    assert "the emulator listens on 0.0.0.0" in done.complaint
    base_url, no_proxy = done.out.partition("BASE ")[2].split()[:2]
    address = own_address(socket.AF_INET)
    assert base_url.startswith(f"http://{address}:")
    assert address in no_proxy.split(",")
    assert report_of(tmp_path / "report")["target"]["base_url"] == base_url


@pytest.mark.parametrize("host", ["::1", "localhost"])
def test_another_loopback_address(host: str, tmp_path: Path) -> None:
    done = roamspec(tmp_path, "sdk", *REPORT, "--host", host, *python("print(at.hostname); clear()"))
    assert done.status == 0, done.out
    assert done.err == ""
    assert done.out.splitlines()[0] == {"localhost": "127.0.0.1"}.get(host, host)


def test_tests_that_name_themselves_get_their_lines(tmp_path: Path) -> None:
    script = (
        "clear(); clear(x_roamspec_test='test_one', x_roamspec_expect='refusal', Authorization='Bearer no')"
    )
    roamspec(tmp_path, "sdk", *REPORT, *python(script))
    tests = {t["name"]: t for t in report_of(tmp_path / "report")["sdk"]["tests"]}
    assert set(tests) == {"unnamed calls", "test_one"}
    # What was announced is not judged, but for secrets in its URL.
    assert tests["test_one"]["requirements"] == {"clear-user.client-secrets.no-token-in-url": "pass"}
    assert len(tests["unnamed calls"]["requirements"]) >= 8


def test_rejections_are_expected_by_pattern(tmp_path: Path) -> None:
    script = "clear(x_roamspec_test='test_bad_token', Authorization='Bearer no')"
    assert roamspec(tmp_path, "sdk", *REPORT, *python("clear(); " + script)).status == 1
    words = ("--expect-refusals", "test_bad_*")
    assert roamspec(tmp_path, "sdk", *REPORT, *words, *python("clear(); " + script)).status == 0
    assert report_of(tmp_path / "report")["sdk"]["announced_refusals"] == 1


def test_what_is_no_http_is_a_finding(tmp_path: Path) -> None:
    script = (
        "import socket\n"
        "connection = socket.create_connection((at.hostname, at.port))\n"
        "connection.sendall(b'hi\\r\\n\\r\\n')\n"
        "connection.recv(9)\n"
    )
    done = roamspec(tmp_path, "sdk", *REPORT, *python(script))
    assert done.status == 1
    assert failing(report_of(tmp_path / "report")) == {"connection.client-http.speaks-http"}


def test_a_call_that_the_emulator_meets_last_is_judged_too(tmp_path: Path) -> None:
    """Half of it came before the command ended; its entry is written when the emulator gives it up."""
    script = (
        "import socket\n"
        "connection = socket.create_connection((at.hostname, at.port))\n"
        "path = '/'.join(['', os.environ['ROAMSPEC_ORG'], os.environ['ROAMSPEC_APP'], 'rest', 'message',\n"
        "    'roaming', 'user', 'x', 'delete', 'all'])\n"
        "connection.sendall(f'POST {path} HTTP/1.1\\r\\nContent-Length: 9\\r\\n\\r\\nx'.encode())\n"
        "clear()\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)\n"
        "    os.dup2(1, 2)\n"
        "    connection.recv(9)\n"
        "    os._exit(0)\n"
    )
    done = roamspec(tmp_path, "sdk", *REPORT, *python(script))
    report = report_of(tmp_path / "report")
    assert (done.status, report["requests"]) == (1, 2)
    assert failing(report) >= {"clear-user.client-headers.bearer-token"}


def test_the_tests_of_a_python_sdk(tmp_path: Path) -> None:
    """The fixtures use the emulator that judges; what a test removes or forgets is judged all the same."""
    (tmp_path / "test_sdk.py").write_text(
        "import httpx\n"
        "def clear(app):\n"
        "    headers = {'Authorization': f'Bearer {app.app_token}', 'Content-Type': 'application/json'}\n"
        "    httpx.post(f'{app.base_url}/{app.org}/{app.app}/rest/message/roaming/user/a/delete/all',"
        " headers=headers)\n"
        "def test_port(roaming_emulator):\n"
        "    roaming_emulator.seed(users=['a'])\n"
        "    clear(roaming_emulator)\n"
        "    roaming_emulator.reset()\n"
        "def test_router(roaming_router):\n"
        "    clear(roaming_router.app)\n"
    )
    done = roamspec(
        tmp_path, "sdk", *REPORT, "--", sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"
    )
    assert done.status == 0, done.out
    names = [test["name"] for test in report_of(tmp_path / "report")["sdk"]["tests"]]
    assert sorted(name.partition("#")[2] for name in names if "#" in name) == ["test-port", "test-router"]
    assert json.dumps(names).count("app test-") == 2
