"""`roamspec doc`: its output, its statuses, and how a page is brought."""

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.unit.documentation.revisions import BEFORE_NOTIFY, FORMS, TODAY, Form, written

from roamspec.cli.main import main


@dataclass
class Pages:
    """Serves bodies by path; `redirects` maps a path to another address."""

    bodies: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    address: str = ""


@pytest.fixture
def pages() -> Iterator[Pages]:
    served = Pages()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = served.bodies.get(self.path, ("text/plain", b""))
            moved = served.redirects.get(self.path)
            self.send_response(302 if moved else 200 if self.path in served.bodies else 404)
            if moved:
                self.send_header("Location", moved)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        served.address = f"http://127.0.0.1:{server.server_port}"
        yield served
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("form", FORMS)
def test_a_saved_page_is_compared_fact_by_fact(
    form: Form, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page"
    path.write_text(written(BEFORE_NOTIFY, form), encoding="utf-8")
    assert main(["doc", str(path)]) == 1
    output = capsys.readouterr().out
    assert f"({form}): 5 operations" in " ".join(output.split())
    assert output.count("removed  query/isNotify, parameter: only the contract has isNotify") == 4
    assert "touches delete-chat-messages.notify." in output
    assert "CHANGED  exit status 1" in output


def test_json_has_every_fact_and_what_is_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.md"
    path.write_text(written(BEFORE_NOTIFY, "Markdown"), encoding="utf-8")
    assert main(["doc", "--json", str(path)]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["operations"][0] == "deleteChatMessages"
    changed = [fact for fact in document["facts"] if fact["outcome"] != "agrees"]
    assert {fact["fact"] for fact in changed} == {"query/isNotify"}
    assert all(fact["requirements"] for fact in changed)
    words = {each["name"]: each["outcome"] for each in document["citations"]}
    assert (words["effect"], words["sample"]) == ("changed", "stands")
    assert set(changed[0]["requirements"]) <= set(document["requirements"])


def test_all_lists_what_agrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.md"
    path.write_text(written(TODAY, "Markdown"), encoding="utf-8")
    main(["doc", "--all", str(path)])
    output = capsys.readouterr().out
    assert "agrees   rate, calls per second: 100" in output
    assert "36 of 36 facts agree" in output


def test_the_ready_file_of_a_run_is_not_read(
    pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROAMSPEC_READY_FILE", str(tmp_path / "gone.json"))
    pages.bodies["/page.md"] = ("text/markdown", written(TODAY, "Markdown").encode())
    assert main(["doc", f"{pages.address}/page.md"]) == 1
    assert "36 of 36 facts agree" in capsys.readouterr().out


def test_a_page_is_fetched_and_redirects_are_followed(
    pages: Pages, capsys: pytest.CaptureFixture[str]
) -> None:
    pages.bodies["/page.html"] = ("text/html; charset=gb18030", written(TODAY, "HTML").encode("gb18030"))
    pages.redirects["/old"] = "/page.html"
    assert main(["doc", f"{pages.address}/old"]) == 1
    assert "36 of 36 facts agree" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no request line of the five operations"),
        (b"# Another page", "no request line of the five operations"),
        (b"\xff\xfe\x00", "is no text in utf-8; save the page as UTF-8."),
        (b"a\x00b", "is no text; save the page as HTML, Markdown or plain text."),
        (b"a" * (8 * 1024 * 1024 + 1), "is longer than 8 MiB; name the page alone."),
    ],
)
def test_what_is_no_such_page_ends_with_3(
    content: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page"
    path.write_bytes(content)
    assert main(["doc", str(path)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert str(path) in err
    assert sentence in err


def test_a_page_that_cannot_be_fetched_ends_with_3(pages: Pages, capsys: pytest.CaptureFixture[str]) -> None:
    pages.redirects["/round"] = "/round"
    for place, sentence in (
        (f"{pages.address}/none", "answers 404; check the address of the page."),
        (f"{pages.address}/round", "redirects without end"),
        ("http://127.0.0.1:9/page", "cannot be reached"),
    ):
        assert main(["doc", place]) == 3
        assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("place", ["nowhere.md", "."])
def test_a_file_that_cannot_be_opened_ends_with_2(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doc", place]) == 2
    assert "name a saved page or its URL." in capsys.readouterr().err
