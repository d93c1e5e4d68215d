"""The operator console's server over real sockets: who gets in, what is taken, what comes back."""

from __future__ import annotations

import aiohttp
import pytest

from avatar.console.server import OPERATORS_MAX, Console
from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from runtime.ids import IdSource
from runtime.settings import AvatarSettings
from runtime.transport.inprocess import InProcessHub
from tests.avatar.console.support import OPERATOR, PAGE, House, Operator, with_console

# ---------------------------------------------------------------- who gets in


def test_the_console_opens_by_its_own_token_and_keeps_it_in_a_cookie_of_its_own() -> None:
    async def test(house: House) -> None:
        status, text, headers = await house.get(f"/operator?token={OPERATOR}")
        assert status == 200 and "Operator console" in text
        cookie = headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/operator" in cookie
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        port = house.server.port
        for path in ("/operator/main.js", "/operator/style.css", "/operator/", "/operator"):
            assert (await house.get(path, **{f"attune-operator-{port}": OPERATOR}))[0] == 200

    with_console(test)


@pytest.mark.parametrize("path", ["/operator", "/operator/", "/operator/main.js", "/operator/stream"])
@pytest.mark.parametrize("token", ["", PAGE, "wrong-token-0123456789"])
def test_without_its_token_nothing_of_the_console_is_served(path: str, token: str) -> None:
    async def test(house: House) -> None:
        status, text, _headers = await house.get(path + (f"?token={token}" if token else ""))
        assert status == 403 and "<" not in text
        port = house.server.port
        assert (await house.get(path, **{f"attune-{port}": PAGE}))[0] == 403, "the page's cookie opens nothing"
        assert (await house.get(path, **{f"attune-operator-{port}": PAGE}))[0] == 403

    with_console(test, token=PAGE)


def test_the_operators_token_does_not_open_the_page() -> None:
    async def test(house: House) -> None:
        assert (await house.get(f"/?token={OPERATOR}"))[0] == 403

    with_console(test, token=PAGE)


def test_without_the_option_there_is_no_console() -> None:
    async def test(house: House) -> None:
        for path in ("/operator", "/operator/main.js", "/operator/stream"):
            assert (await house.get(f"{path}?token={OPERATOR}"))[0] == 404

    with_console(test, console=False)


@pytest.mark.parametrize(
    ("token", "headers"),
    [("", {}), (PAGE, {}), (OPERATOR, {"Origin": "http://evil.example"}), (OPERATOR, {"Host": "evil.example"})],
)
def test_a_stranger_cannot_connect(token: str, headers: dict[str, str]) -> None:
    async def test(house: House) -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with house.connect(token, **headers):
                pass
        assert refused.value.status == 403
        assert house.counters["refused_operator"] == 1

    with_console(test)


def test_only_a_few_operators_are_let_in() -> None:
    async def test(house: House) -> None:
        sockets = [await house.connect() for _ in range(OPERATORS_MAX)]
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await house.connect()
        assert refused.value.status == 503
        for socket in sockets:
            await socket.close()
        async with house.operator():
            pass

    with_console(test)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"operator_token": "short"}, "avatar.operator_token has 5 characters"),
        ({"operator_token": PAGE, "token": PAGE}, "is the page's token"),
        ({}, "avatar.operator_token is empty"),
    ],
)
def test_a_bad_token_is_refused_at_the_start(settings: dict[str, str], says: str) -> None:
    with pytest.raises(AttuneError, match=says):
        Console(
            InProcessHub().bus("avatar"),
            MonotonicClock(),
            IdSource("avatar", 1),
            AvatarSettings(**settings),  # type: ignore[arg-type] # strings by name
            recorded=False,
        )


# ---------------------------------------------------------------- what is taken


def test_an_act_is_on_the_bus_and_its_fate_comes_back_to_every_console() -> None:
    async def test(house: House) -> None:
        async with house.operator() as one, house.operator() as two:
            await one.does("say", text=" Hello there. ", over_speech=True)
            act = await house.next(m.OperatorAct, deed="say")
            assert (act.text, act.over_speech, act.operator) == ("Hello there.", True, "operator-1")
            assert act.t_ns > 0 and act.source == "avatar"
            taken = await one.until("taken")
            assert (taken["ref"], taken["id"]) == (1, act.id)
            house.agent.publish(m.IntentionAnswer(intention_id=act.id, state="accepted"))
            for operator in (one, two):
                assert (await operator.until("operator_act", deed="say"))["text"] == "Hello there."
                assert (await operator.until("intention_answer"))["intention_id"] == act.id

    with_console(test)


def test_what_nobody_answers_is_told_as_not_done() -> None:
    async def test(house: House) -> None:
        async with house.operator() as operator:
            await operator.does("take", channel="voice")
            act = await house.next(m.OperatorAct, deed="take")
            answer = await operator.until("operator_answer")
            assert (answer["act_id"], answer["state"]) == (act.id, "expired")
            assert answer["reason"] == "the agent did not answer"

    with_console(test)


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        ('{"ref":1,"deed":"say","text":"  "}', "nothing to say"),
        ('{"ref":1,"deed":"note"}', "note is empty"),
        ('{"ref":1,"deed":"condition","text":""}', "a name"),
        ('{"ref":1,"deed":"say","text":"' + "x" * 1_001 + '"}', "1001 of at most 1000"),
        ('{"ref":1,"deed":"say","text":"' + "x" * 9_000 + '"}', "too long"),
        ('{"ref":1,"deed":"expression","label":"happy","strength":3}', "not understood"),
        ('{"ref":1,"deed":"joined"}', "not understood"),
        ('{"ref":1,"deed":"gesture","colour":"red"}', "not understood"),
        ("[" * 5_000, "not understood"),
        ("{", "not understood"),
    ],
)
def test_what_is_empty_too_long_or_senseless_gets_one_sentence(frame: str, says: str) -> None:
    async def test(house: House) -> None:
        async with house.operator() as operator:
            await operator.socket.send_str(frame)
            assert says in (await operator.until("refused"))["message"]
            await operator.does("note", text="still here")
            assert (await house.next(m.OperatorAct, deed="note")).text == "still here"

    with_console(test)


def test_a_flood_is_held_back_but_never_an_emergency_stop() -> None:
    async def test(house: House) -> None:
        async with house.operator() as operator:
            for number in range(40):
                await operator.does("note", text=str(number))
            assert "Too many" in (await operator.until("refused"))["message"]
            await operator.does("emergency_stop")
            await house.next(m.OperatorAct, deed="emergency_stop")

    with_console(test)


def test_notes_are_kept_also_where_the_agent_is_gone() -> None:
    async def test(house: House) -> None:
        async with house.operator() as operator:
            await operator.does("note", text="they laughed")
            assert (await house.next(m.OperatorAct, deed="note")).text == "they laughed"
            answer = await house.next(m.OperatorAnswer)
            assert (answer.state, answer.reason) == ("finished", "nothing is recorded")

    with_console(test, recorded=False)


def test_ending_the_session_stops_the_house() -> None:
    async def test(house: House) -> None:
        async with house.operator() as operator:
            await operator.does("end")
            control = await house.next(m.SessionControl)
            assert (control.action, control.reason) == ("stop", "the operator ended the session")

    with_console(test)


# ---------------------------------------------------------------- what is shown


def test_a_console_that_joins_later_is_told_what_was() -> None:
    async def test(house: House) -> None:
        house.agent.publish(m.Turn(state="ended", speaker="user", turn_id="t", text="before"))
        house.agent.publish(m.OperatorState(held=("voice",), condition="reactive", initiative=False))
        async with house.operator():
            await house.next(m.OperatorAct, deed="joined")
        async with house.connect() as socket:
            seen = []
            while not seen or seen[-1]["type"] != "live":
                seen.append(await socket.receive_json(timeout=5))
        kinds = [message["type"] for message in seen]
        assert kinds[0] == "hello" and seen[0]["recorded"] is True
        held = next(message for message in seen if message["type"] == "operator_state")
        assert (held["held"], held["condition"]) == (["voice"], "reactive")
        assert next(message for message in seen if message["type"] == "turn")["text"] == "before"
        assert kinds.count("operator_act") == 2, "the first console came and went"

    with_console(test)


def test_only_changes_of_health_and_people_are_told() -> None:
    async def test(house: House) -> None:
        async with house.operator() as operator:
            for status in ("ok", "ok", "degraded"):
                house.agent.publish(m.Heartbeat(pid=1, status=status))  # type: ignore[arg-type] # one of them
            for _ in range(3):
                house.agent.publish(m.PersonPercept(state="present", person_id="p"))
            house.agent.publish(m.PersonPercept(state="left", person_id="p"))
            seen = []
            while not seen or seen[-1].get("state") != "left":
                seen.append(await operator.socket.receive_json(timeout=5))
            told = [
                (s["type"], s.get("status", s.get("state")))
                for s in seen
                if s["type"] in ("heartbeat", "person_percept")
            ]
            assert told == [
                ("heartbeat", "ok"),
                ("heartbeat", "degraded"),
                ("person_percept", "present"),
                ("person_percept", "left"),
            ]

    with_console(test)


def test_when_the_session_started_is_told_also_after_the_page_server_was_started_again() -> None:
    async def test(house: House) -> None:
        async with house.connect() as socket:
            assert (await socket.receive_json(timeout=5))["started_ns"] == -1
            assert house.console is not None
            house.console.session_started(7)
            operator = Operator(socket)
            assert (await operator.until("started"))["started_ns"] == 7
        async with house.connect() as socket:
            assert (await socket.receive_json(timeout=5))["started_ns"] == 7

    with_console(test)


def test_a_room_that_falls_silent_is_told_and_told_again_when_it_is_back() -> None:
    async def test(house: House) -> None:
        async with house.operator() as operator:
            house.agent.publish(m.Heartbeat(pid=1))
            assert (await operator.until("silent", rooms=["behavioral"]))["rooms"] == ["behavioral"]
            async with house.connect() as later:
                await Operator(later).until("silent", rooms=["behavioral"])
            house.agent.publish(m.Heartbeat(pid=2))
            await operator.until("silent", rooms=[])

    with_console(test)


def test_a_console_that_asks_why_it_is_not_let_in_gets_an_answer_and_leaves_no_trace() -> None:
    async def test(house: House) -> None:
        cookie = {f"attune-operator-{house.server.port}": OPERATOR}
        assert (await house.get("/operator/stream", **cookie))[0] == 400
        assert (await house.get("/operator/stream"))[0] == 403
        sockets = [await house.connect() for _ in range(OPERATORS_MAX)]
        status, text, _headers = await house.get("/operator/stream", **cookie)
        assert status == 503 and "close one" in text
        for socket in sockets:
            await socket.close()
        joined = [await house.next(m.OperatorAct) for _ in range(2 * OPERATORS_MAX)]
        assert [act.deed for act in joined] == ["joined"] * OPERATORS_MAX + ["left"] * OPERATORS_MAX

    with_console(test)
