import pytest

from realtime.commands import MalformedFrame, RateLimit, parse
from realtime.exceptions import CommandRejected


def test_a_command_keeps_its_id_and_fields() -> None:
    command = parse('{"type":"cancel","id":"a1","operation_id":"x"}')

    assert (command.type, command.id, command.fields) == ("cancel", "a1", {"operation_id": "x"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "bad_message"),
        ("", "bad_message"),
        ("pong", "bad_message"),
        ("[]", "bad_message"),
        ("{}", "bad_message"),
        ('{"type":1}', "bad_message"),
        ('{"type":"status","id":{}}', "bad_message"),
        ('{"type":"status","id":true}', "bad_message"),
        ("[" * 4000, "bad_message"),
        ("9" * 4090, "bad_message"),
        ('{"type":"' + "x" * 5000 + '"}', "too_large"),
        ("\ud800", "bad_message"),
        ('{"type":"status","id":"\\ud800"}', "bad_message"),
    ],
)
def test_a_frame_that_is_no_command_gets_a_code(text: str | None, code: str) -> None:
    with pytest.raises(MalformedFrame) as caught:
        parse(text)

    assert caught.value.code == code


@pytest.mark.parametrize("value", ['"no-uuid"', "3", "null", '""', "[]"])
def test_a_field_of_the_wrong_type_is_named(value: str) -> None:
    command = parse(f'{{"type":"cancel","operation_id":{value}}}')

    with pytest.raises(CommandRejected, match="operation_id") as caught:
        command.uuid("operation_id")

    assert caught.value.code == "bad_parameters"


def test_the_rate_limit_lets_a_burst_pass_and_then_refuses() -> None:
    limit = RateLimit(per_second=0.001, burst=3)

    assert [limit.allows() for _ in range(5)] == [True, True, True, False, False]
    assert not limit.is_abused


def test_who_goes_on_after_many_refusals_abuses() -> None:
    limit = RateLimit(per_second=0.001, burst=2)

    for _ in range(2 + 11):
        limit.allows()

    assert limit.is_abused
