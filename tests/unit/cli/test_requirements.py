"""`roamspec requirements`."""

import json

import pytest

from roamspec.cli.main import main
from roamspec.contract.requirements import Catalogue
from roamspec.report.terminal_text import width_of

Capture = pytest.CaptureFixture[str]


def test_all_of_them_in_eighty_columns(catalogue: Catalogue, capsys: Capture) -> None:
    assert main(["requirements"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert max(map(width_of, lines)) <= 80
    assert [line.strip() for line in lines if line.startswith("  ") and not line.startswith("    ")] == list(
        catalogue
    )
    decisive = sum(entry.decisive for entry in catalogue.values())
    assert lines[-1] == f"{len(catalogue)} requirements, {decisive} of them blocking"


def test_one_of_them_word_for_word(capsys: Capture) -> None:
    assert main(["requirements", "delete-chat-messages.limit.fifty-one-refused"]) == 0

    assert capsys.readouterr().out == (
        "deleteChatMessages\n"
        "\n"
        "  delete-chat-messages.limit.fifty-one-refused\n"
        "    A request with 51 IDs returns HTTP `400`.\n"
        "    must, documented, blocking\n"
        "    单向删除漫游消息, 根据消息 ID 单向删除单聊漫游消息 / 错误码, line 83: `400`,\n"
        "      `param exception`, `delete msg list limit can not greater than 50`: one\n"
        "      request has more than `50` message IDs; send fewer.\n"
        "\n"
        "1 requirement, 1 of them blocking\n"
    )


def test_what_no_check_judges_says_why(catalogue: Catalogue, capsys: Capture) -> None:
    unchecked = [entry for entry in catalogue.values() if entry.unchecked]

    assert main(["requirements"]) == 0

    assert capsys.readouterr().out.count("    not checked: ") == len(unchecked)


@pytest.mark.parametrize(
    ("arguments", "operations", "families"),
    [
        (["clearUser"], {"clearUser"}, None),
        (["--operation", "clear-user"], {"clearUser"}, None),
        (["success"], None, {"success"}),
        (["--operation", "clearUser", "success"], {"clearUser"}, {"success"}),
        (["clear-*.success.*", "--operation", "clearUser", "--operation", "clearChatBefore"],
         {"clearUser", "clearChatBefore"}, {"success"}),
    ],
)  # fmt: skip
def test_filters(
    arguments: list[str],
    operations: set[str] | None,
    families: set[str] | None,
    catalogue: Catalogue,
    capsys: Capture,
) -> None:
    assert main(["requirements", *arguments, "--json"]) == 0

    found = [item["id"] for item in json.loads(capsys.readouterr().out)]
    assert found == [
        entry.id
        for entry in catalogue.values()
        if (operations is None or entry.operation in operations)
        and (families is None or entry.family in families)
    ]


def test_json_has_every_fact(catalogue: Catalogue, capsys: Capture) -> None:
    assert main(["requirements", "--json"]) == 0

    items = json.loads(capsys.readouterr().out)
    assert [item["id"] for item in items] == list(catalogue)
    for item, entry in zip(items, catalogue.values(), strict=True):
        assert set(item) == {
            "id", "operation", "family", "title", "title_zh", "level", "evidence", "decisive", "source",
            "cites", "step", "capabilities", "unchecked",
        }  # fmt: skip
        assert item["decisive"] is entry.decisive
        assert item["source"] == item["cites"][0] == entry.source.as_dict()
        assert len(item["cites"]) == len(entry.sources)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["delete-chat-messages.limit.fifty-one-refusd"],
         "did you mean 'delete-chat-messages.limit.fifty-one-refused'?"),
        (["--operation", "clearUsers"], "'clearUsers'"),
        (["delete-chat-*", "--operation", "clearUser"], "give fewer of them"),
    ],
)  # fmt: skip
def test_what_selects_nothing_is_rejected(arguments: list[str], part: str, capsys: Capture) -> None:
    assert main(["requirements", *arguments]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert part in captured.err
    assert len(captured.err.splitlines()) == 1


def test_what_came_since_a_revision(catalogue: Catalogue, capsys: Capture) -> None:
    assert main(["requirements", "clearUser", "--since", "1"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert max(map(width_of, lines)) <= 80
    assert lines[0].startswith("revision 2: ")
    assert "  clear-user.auth.user-token-never-for-others" in lines
    assert "    changed in revision 2; blocking" in lines
    added = [e for e in catalogue.values() if e.operation == "clearUser" and e.since > 1 and not e.part_of]
    assert lines[-1].startswith(f"since revision 1: {len(added)} added, ")


def test_what_came_since_a_revision_as_json(catalogue: Catalogue, capsys: Capture) -> None:
    assert main(["requirements", "--since", "1", "--json"]) == 0

    items = json.loads(capsys.readouterr().out)
    assert {item["id"] for item in items} >= {e.id for e in catalogue.values() if e.since > 1}
    assert {item["kind"] for item in items} <= {"added", "split", "changed"}


def test_a_revision_that_there_is_not_is_rejected(catalogue: Catalogue, capsys: Capture) -> None:
    latest = catalogue.revision
    assert main(["requirements", "--since", f"{latest + 1}"]) == 2
    sentence = f"The catalogue has no revision {latest + 1}; give one of 1 to {latest}."
    assert capsys.readouterr().err == f"roamspec: {sentence}\n"
