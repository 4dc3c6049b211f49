"""Secrets never reach anything that is kept."""

import json

import pytest

from roamspec.security.redactor import Redactor


def redactor() -> Redactor:
    made = Redactor()
    made.learn("s3cret-value", "client-secret")
    made.learn("YWMtKnown", "token")
    return made


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("nothing to hide", "nothing to hide"),
        ("at s3cret-value and s3cret-value", "at <redacted:client-secret> and <redacted:client-secret>"),
        ("http://x/?token=YWMtKnown&a=1", "http://x/?token=<redacted:token>&a=1"),
        ("Authorization: Bearer unknown.token", "Authorization: Bearer <redacted:token>"),
        ("authorization: bearer unknown", "authorization: bearer <redacted:token>"),
        ('{"access_token":"anything"}', '{"access_token":"<redacted:token>"}'),
        ('{"refresh_token" : "x"}', '{"refresh_token" : "<redacted:token>"}'),
        ('{"client_secret": "a\\"b"}', '{"client_secret": "<redacted:client-secret>"}'),
        ('[{"password":"p"},{"password":""}]',
         '[{"password":"<redacted:password>"},{"password":""}]'),
    ],
)  # fmt: skip
def test_text(text: str, redacted: str) -> None:
    assert redactor().text(text) == redacted


def test_a_redacted_body_is_still_json() -> None:
    body = json.dumps({"access_token": 'odd "\\ one', "user": {"password": "p\n"}, "expires_in": 60})

    assert json.loads(redactor().text(body)) == {
        "access_token": "<redacted:token>",
        "user": {"password": "<redacted:password>"},
        "expires_in": 60,
    }


def test_redacting_twice_changes_nothing() -> None:
    once = redactor().text('Bearer abc {"password":"p"} s3cret-value')
    assert redactor().text(once) == once


def test_headers() -> None:
    given = [("Authorization", "Basic abc"), ("X-Trace", "YWMtKnown"), ("Accept", "application/json")]

    assert redactor().headers(given) == (
        ("Authorization", "Basic <redacted:token>"),
        ("X-Trace", "<redacted:token>"),
        ("Accept", "application/json"),
    )


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Bearer YWMtKnown", "Bearer <redacted:token>"),
        ("Bearer YWMtOfSomeUser", "Bearer <redacted:user-token>"),
        ("Basic YWMtKnown", "Basic <redacted:token>"),
        ("Bearer YWMtOf", "Bearer <redacted:cut-token>"),
        ("Bearer YWMtKnownx", "Bearer <redacted:longer-token>"),
        ("Bearer not-a-token", "Bearer not-a-token"),
        ("Bearer never seen", "Bearer <redacted:token>"),
        ("Bearer ", "Bearer <redacted:token>"),
        ("never-seen", "<redacted:token>"),
        ("s3cret/value YWMtKnown", "<redacted:token>"),
    ],
)
def test_credentials_say_of_what_kind_they_are(sent: str, shown: str) -> None:
    made = redactor()
    made.learn("YWMtOfSomeUser", "user-token")
    assert made.headers([("authorization", sent)]) == (("authorization", shown),)


def test_very_short_values_would_eat_ordinary_text() -> None:
    made = Redactor()
    made.learn("ok", "password")
    made.learn("", "password")
    made.learn(None, "password")
    assert made.text("look, ok") == "look, ok"


def test_what_an_answer_grants_is_learned() -> None:
    made = Redactor()
    made.learn_from({"access_token": "granted-1", "refresh_token": "granted-2", "expires_in": 5})
    odd: tuple[object, ...] = (None, [], "text", {"access_token": 7})
    for answer in odd:
        made.learn_from(answer)
    assert made.text("granted-1 granted-2") == "<redacted:token> <redacted:token>"


def test_another_thread_may_learn_while_a_text_is_redacted() -> None:
    made = redactor()

    class Text(str):
        """Where somebody learns another secret as soon as one is looked for."""

        __slots__ = ()

        def __contains__(self, part: object) -> bool:
            made.learn(f"{part}-and-more", "token")
            return super().__contains__(part)  # type: ignore[operator]

    assert made.text(Text("at s3cret-value")) == "at <redacted:client-secret>"


def test_a_header_that_was_kept_before_its_secret_was_known_is_redacted_from_then_on() -> None:
    made = Redactor()
    header = [("X-Trace", "a-later-secret"), ("Authorization", "Bearer a-later-secret")]
    assert made.headers(header) == made.headers(header)
    assert made.headers(header)[0] == ("X-Trace", "a-later-secret")

    made.learn("a-later-secret", "client-secret")

    assert made.headers(header) == (
        ("X-Trace", "<redacted:client-secret>"),
        ("Authorization", "Bearer <redacted:client-secret>"),
    )
