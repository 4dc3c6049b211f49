"""The secret gate: planted secrets are found wherever they could stand, and nothing else is."""

from pathlib import Path

import pytest
from tests.unit.recording.conftest import cassette, exchange

from roamspec.recording.files import text_of, write_cassette
from roamspec.resources import folder
from roamspec.security.secret_patterns import entropy
from roamspec.security.secret_scan import SecretFound, SecretScan
from roamspec.wire import PulledMessage, encode_message

SECRET = "S3cr3t-of-this-run"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"


@pytest.mark.parametrize(
    "line",
    [
        '    body: \'{"access_token":"YWMtabc-defghi","expires_in":5}\'',
        "      Authorization: ['Bearer abcdef']",
        "      - bearer YWMtabcdefghi",
        "      - Basic dXNlcjpwYXNzd29yZA==",
        '"client_secret": "s3cret"',
        '\\"client_secret\\": \\"s3cret\\"',
        "password: hunter22",
        "client_id=YXA6abcdefgh",
        "clientSecret = 'abc-DEF-123'",
        "    uri: http://user:pass@emulator.test/",
        "    uri: https://emulator.test/?access_token=0a1b2c3d4e5f6a7b",
        "    uri: https://emulator.test/?q=access_token%3D0a1b2c3d4e5f6a7b",
        f"  x: {JWT}",
        "-----BEGIN RSA PRIVATE KEY-----",
        "token: q7Zr0Tn4vKx2Lw9s",
        "Set-Cookie: [session=0a1b2c3d4e5f6a7b; Path=/]",
        "Bearer%20YWMtabcdefghi",
        '{"said": "once\\nYWMtabcdefghi"}',
        "of YXA6abcdefgh",
    ],
)
def test_a_planted_secret_is_found(line: str) -> None:
    [first, *_] = SecretScan().leaks(f"version: 1\n{line}\n")
    assert first.line == 2
    assert 1 <= first.column <= len(line)


@pytest.mark.parametrize(
    "line",
    [
        "      Authorization: ['Bearer <redacted:token>']",
        "      Authorization: ['Bearer not-a-token']",
        "      Authorization: [Bearer <YourAppToken>]",
        '{"client_id":"<redacted:client-id>","client_secret":"<redacted:client-secret-2>"}',
        '{"access_token":"<redacted:token>"}',
        '{"error":"group_authorization","error_description":"token is blank!"}',
        '{"error_description":"Unable to authenticate due to corrupt access token"}',
        '{"error_description":"password or pin must provided"}',
        '{"error":"auth_bad_access_token"}',
        "check: auth.malformed-token: a wrong token: refused",
        'curl -H "Authorization: Bearer $ROAMSPEC_APP_TOKEN" -H "Accept: application/json"',
        "    uri: http://emulator.test/acme/parlor/token",
        '{"msg_id":"1000000000000000001","timestamp":1710309184003}',
        "uri: http://emulator.test:8080/a@b",
        "refresh_token: null",
        '"title": "A bearer token is demanded; basic credentials are refused."',
    ],
)
def test_what_is_no_secret_passes(line: str) -> None:
    assert SecretScan([SECRET]).leaks(line) == []


def test_a_pulled_message_is_no_secret_whatever_its_letters_are() -> None:
    found = 0
    for length in range(3):
        said = PulledMessage(
            id="1623645681115825266",
            sender=f"rs{'0' * length}d7885fb3ac-1u",
            receiver=f"rs{'0' * length}d7885fb3ac-2u",
            chat_type="chat",
            time_ms=1795599325489,
            text="hello",
        )
        encoded = encode_message(said, "acme#parlor")
        found += "YWMt" in encoded
        assert SecretScan().leaks(f'{{"msgs":[{{"msg":"{encoded}"}}]}}') == []
    assert found, "one of these was to have the letters with which a token begins"


@pytest.mark.parametrize(
    "text", [f"x{SECRET}y", f'{{"msg":"{SECRET}"}}', "q=S3cr3t-of-this-run", "# S3cr3t-of-this-run"]
)
def test_a_known_value_is_found_anywhere(text: str) -> None:
    assert [str(found) for found in SecretScan([SECRET]).leaks(text)] == [
        f"line 1, column {text.index(SECRET) + 1}: a secret of this run"
    ]


def test_each_of_several_equal_lines_is_named() -> None:
    text = '"name": "a"\n"password": "hunter22"\n' * 2
    assert [found.line for found in SecretScan().leaks(text)] == [2, 4]


def test_a_known_value_is_found_escaped() -> None:
    assert SecretScan(["a/b+c=d/e"]).leaks("https://x.test/?q=a%2Fb%2Bc%3Dd%2Fe")


def test_a_value_too_short_to_be_one_is_not_looked_for() -> None:
    assert SecretScan(["ok"]).leaks('"requestStatusCode": "ok"') == []


def test_the_rejection_names_file_and_place_and_not_the_value(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    recording = cassette(exchange("/token", answer=f'{{"note":"{SECRET}"}}'))
    with pytest.raises(SecretFound) as refused:
        write_cassette(file, recording, secrets=[SECRET])
    line = next(n for n, text in enumerate(text_of(recording).splitlines(), 1) if SECRET in text)
    assert str(refused.value).startswith(f"{file}: line {line}, column ")
    assert SECRET not in str(refused.value)
    assert not file.exists()


@pytest.mark.parametrize(
    "planted",
    [
        exchange("/token", answer='{"access_token":"q7Zr0Tn4vKx2Lw9s"}'),
        exchange("/token", '{"client_secret":"q7Zr0Tn4vKx2Lw9s"}'),
        exchange("/users", '[{"username":"u","password":"q7Zr0Tn4vKx2Lw9s"}]'),
        exchange("/users?access_token=q7Zr0Tn4vKx2Lw9s"),
        exchange("/users", answer='{"user":{"token":"YWMtq7Zr0Tn4vKx2Lw9s"}}', status=400),
    ],
)
def test_what_was_there_stays_when_the_gate_rejects(tmp_path: Path, planted: object) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("as before")
    with pytest.raises(SecretFound):
        write_cassette(file, cassette(planted), secrets=[])  # type: ignore[arg-type]
    assert file.read_text() == "as before"
    assert [each.name for each in tmp_path.iterdir()] == ["x.yaml"]


def test_words_vary_less_than_secrets() -> None:
    assert entropy("aaaaaaaaaaaa") == 0
    assert entropy("q7Zr0Tn4vKx2Lw9s") == 4


def _committed() -> list[Path]:
    """Every recording, and the samples of reports. The shell script among them names what it reads from
    variables, and has no value that the report beside it does not have."""
    root = folder("cassettes")
    sample = root.parent / "reports" / "sample"
    files = [file for place in (root, sample) for file in sorted(place.rglob("*")) if file.is_file()]
    return [file for file in files if file.suffix != ".sh"]


def test_no_committed_file_holds_a_secret() -> None:
    committed = _committed()
    assert len(committed) > 70
    found = {file: SecretScan().leaks(file.read_text("utf-8", "replace")) for file in committed}
    assert {str(file): list(map(str, each)) for file, each in found.items() if each} == {}
