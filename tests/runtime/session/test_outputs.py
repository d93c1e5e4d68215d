"""Transcript, intentions, summary and timeline of sessions made by hand, where every number is known."""

from __future__ import annotations

import json
import math
import typing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from avatar.commands.replay import operator_text
from runtime.messages import (
    AgentSpeech,
    BodyAct,
    Evidence,
    Heartbeat,
    Intention,
    IntentionAnswer,
    Message,
    OperatorAct,
    OperatorAnswer,
    SafetyDecision,
    Span,
    SpeechTiming,
    Timing,
    Turn,
    TurnDecision,
    Word,
)
from runtime.session.digest import SessionDigest, read_digest
from runtime.session.outputs import finish_session
from runtime.session.reader import SessionReader
from runtime.session.summary import build_summary, percentile
from runtime.session.timeline import draw_timeline
from runtime.session.tracks import envelope, head_pitch_deg
from runtime.session.transcript import intention_lines, transcript_lines
from tests.runtime.session.support import MS, S, agent_audio, frame, start, stop, write_part

ZERO = 100 * MS


def at(seconds: float) -> int:
    """Session time of a second after media time zero."""
    return ZERO + round(seconds * S)


def conversation() -> list[Message]:
    """Ten seconds: a question, an answer that is interrupted, two intentions of which one is refused."""
    messages: list[Message] = [start(ZERO)]
    messages += [frame(i, zero_ns=ZERO, intention_ids=("wave",) if 250 <= i < 300 else ()) for i in range(500)]
    messages += [
        Turn(state="started", speaker="user", turn_id="u1", t_ns=at(1), start_ns=at(1)),
        Word(op="add", unit_id="w1", text="where", start_ns=at(1.0), end_ns=at(1.4), turn_id="u1", t_ns=at(1.5)),
        Word(op="add", unit_id="w2", text="bin", start_ns=at(1.5), end_ns=at(1.8), turn_id="u1", t_ns=at(1.9)),
        Word(op="revoke", unit_id="w2", t_ns=at(2.0)),
        Word(op="add", unit_id="w3", text="am I", start_ns=at(1.5), end_ns=at(2.0), turn_id="u1", t_ns=at(2.1)),
        Word(op="commit", unit_id="w1", turn_id="u1", t_ns=at(2.2)),
        Word(op="commit", unit_id="w3", turn_id="u1", t_ns=at(2.25)),
        Turn(
            state="ended", speaker="user", turn_id="u1", text="where am I", start_ns=at(1), end_ns=at(2), t_ns=at(2.4)
        ),
        Turn(state="started", speaker="agent", turn_id="r1", t_ns=at(2.6), start_ns=at(2.7)),
        AgentSpeech(
            state="planned",
            response_id="r1",
            text="You are at home",
            t_ns=at(2.7),
            duration_ms=2_000,
            words=tuple(
                SpeechTiming(text=word, start_ms=500.0 * i, end_ms=500.0 * i + 400.0)
                for i, word in enumerate(["You", "are", "at", "home"])
            ),
        ),
        AgentSpeech(state="started", response_id="r1", text="You are at home", t_ns=at(2.7)),
        agent_audio("r1", 0, np.ones(1_600), at(2.7)),
        TurnDecision(decision="stop", t_ns=at(3.5)),
        AgentSpeech(state="interrupted", response_id="r1", heard="You are", t_ns=at(3.58)),
        Turn(
            state="ended",
            speaker="agent",
            turn_id="r1",
            text="You are",
            start_ns=at(2.7),
            end_ns=at(3.58),
            t_ns=at(3.6),
            interrupted=True,
        ),
        Intention(id="wave", kind="gesture", label="wave", created_ns=at(4.9), t_ns=at(4.9), source="cognitive"),
        IntentionAnswer(intention_id="wave", state="accepted", t_ns=at(4.92)),
        IntentionAnswer(intention_id="wave", state="started", frame=250, t_ns=at(5.0)),
        IntentionAnswer(intention_id="wave", state="finished", t_ns=at(6.0)),
        Intention(id="fly", kind="locomotion", t_ns=at(6.5), evidence=(Evidence(t_ns=at(6.4), kind="wish"),)),
        IntentionAnswer(intention_id="fly", state="rejected", reason="no wings", t_ns=at(6.51)),
        BodyAct(state="started", act="nod_short", act_id="n", duration_ms=800, t_ns=at(1.5)),
        Span(name="vad_frame", duration_ms=1.5, t_ns=at(1)),
        Span(name="vad_frame", duration_ms=2.5, t_ns=at(2)),
        Heartbeat(pid=5, rss_mb=100.5, source="behavioral", t_ns=at(1), counters={"lost": 2, "published": 9}),
        Heartbeat(pid=5, rss_mb=90.0, source="behavioral", t_ns=at(2), counters={"lost": 3}, seq=1),
        Heartbeat(pid=6, rss_mb=95.0, source="behavioral", t_ns=at(3), counters={"undecodable_malformed": 1}),
        stop(at(10)),
    ]
    return sorted(messages, key=lambda message: message.t_ns)


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """The conversation as a session folder."""
    write_part(tmp_path / "session.mcap", conversation())
    return tmp_path


def digest_of(folder: Path) -> SessionDigest:
    """The digest of a session folder."""
    return read_digest(SessionReader(folder))


def test_the_transcript_says_who_said_what_when(session: Path) -> None:
    user, agent = transcript_lines(digest_of(session))
    assert (user["speaker"], user["text"], user["start_s"], user["end_s"]) == ("user", "where am I", 1.0, 2.0)
    assert user["words"] == [
        {"text": "where", "start_s": 1.0, "end_s": 1.4},
        {"text": "am I", "start_s": 1.5, "end_s": 2.0},
    ]
    assert (agent["text"], agent["heard"], agent["interrupted"]) == ("You are at home", "You are", True)
    assert [word["text"] for word in agent["words"]] == ["You", "are"]
    assert (agent["start_s"], agent["end_s"]) == (2.7, 3.58)


def test_an_open_turn_has_no_end(tmp_path: Path) -> None:
    messages: list[Message] = [start(), Turn(state="started", speaker="user", turn_id="u", t_ns=S, start_ns=S)]
    write_part(tmp_path / "session.mcap", messages)
    (line,) = transcript_lines(digest_of(tmp_path))
    assert line["start_s"] == 1.0 and line["end_s"] is None


def test_every_intention_has_its_states_outcome_and_first_frame(session: Path) -> None:
    wave, fly = intention_lines(digest_of(session))
    assert [(state["state"], state["t_s"]) for state in wave["states"]] == [
        ("accepted", 4.92),
        ("started", 5.0),
        ("finished", 6.0),
    ]
    assert (wave["outcome"], wave["first_frame"], wave["first_frame_s"]) == ("finished", 250, 5.0)
    assert wave["latency_ms"] == 100.0 and wave["created_s"] == 4.9 and wave["valid_until_s"] is None
    assert fly["outcome"] == "rejected" and fly["states"][0]["reason"] == "no wings"
    assert fly["first_frame"] is None and fly["evidence"][0]["t_s"] == 6.4


def test_the_summary_has_the_numbers_of_the_session(session: Path) -> None:
    summary = build_summary(digest_of(session), {"behavioral/recogniser": 50.0})
    assert summary["frames"] == {
        "expected": 500,
        "delivered": 500,
        "late": 0,
        "fps": 50.0,
        "worst_ms": 0.0,
        "p999_late_ms": 0.0,
    }
    latency = summary["latency_ms"]
    assert latency["end_of_turn_to_first_audio"] == {"p50": 700.0, "p95": 700.0, "max": 700.0, "count": 1}
    assert latency["asr_final_after_end"]["p50"] == 250.0
    assert latency["barge_in_to_silence"]["p50"] == 80.0
    assert latency["intention_to_first_frame"]["max"] == 100.0
    assert latency["vad_frame"] == {"p50": 1.5, "p95": 2.5, "max": 2.5, "count": 2}
    assert latency["tick_jitter"]["count"] == 500
    assert summary["turns"][1]["response_gap_ms"] == 700.0
    assert summary["rss_mb"] == {"behavioral": 100.5, "behavioral/recogniser": 50.0}
    assert summary["bus"] == {"behavioral": {"lost": 3, "undecodable_malformed": 1}}
    assert summary["seed"] == 1 and summary["profile"] == "cpu" and summary["speed"] == "max"


def test_missing_and_late_frames_are_counted(tmp_path: Path) -> None:
    messages: list[Message] = [start()]
    messages += [frame(i, lateness_ms=25.0 if i == 7 else 3.0) for i in range(1_000) if i not in (5, 6)]
    write_part(tmp_path / "session.mcap", messages)
    frames = build_summary(digest_of(tmp_path))["frames"]
    assert (frames["expected"], frames["delivered"], frames["late"]) == (1_000, 998, 1)
    assert frames["worst_ms"] == 25.0 and frames["fps"] == pytest.approx(49.9)


def test_a_published_span_counts_before_what_events_say(tmp_path: Path) -> None:
    span = Span(name="barge_in_to_silence", duration_ms=12.0, t_ns=at(4))
    write_part(tmp_path / "session.mcap", sorted([*conversation(), span], key=lambda m: m.t_ns))
    assert build_summary(digest_of(tmp_path))["latency_ms"]["barge_in_to_silence"]["p50"] == 12.0


def test_an_intention_that_waits_on_purpose_is_not_a_latency(tmp_path: Path) -> None:
    messages = [frame(i, intention_ids=("later",) if i >= 100 else ()) for i in range(200)]
    later = Intention(id="later", kind="gesture", timing=Timing(when="turn_end"), t_ns=1)
    write_part(tmp_path / "session.mcap", [later, *messages])
    summary = build_summary(digest_of(tmp_path))
    assert summary["intentions"][0]["first_frame"] == 100
    assert summary["latency_ms"]["intention_to_first_frame"]["count"] == 0


def test_an_intention_from_a_client_with_a_wrong_clock_counts_from_receipt(tmp_path: Path) -> None:
    messages: list[Message] = [
        Intention(id="x", kind="gesture", created_ns=2**60, t_ns=0),
        IntentionAnswer(intention_id="x", state="accepted", t_ns=2 * S),
    ]
    messages += [frame(i, intention_ids=("x",) if i >= 105 else ()) for i in range(200)]
    write_part(tmp_path / "session.mcap", messages)
    (line,) = intention_lines(digest_of(tmp_path))
    assert line["latency_ms"] == 100.0


def test_an_operators_acts_are_listed_with_what_became_of_them(tmp_path: Path) -> None:
    messages: list[Message] = [
        start(),
        OperatorAct(id="a0", deed="joined", operator="operator-1", t_ns=at(0.5)),
        OperatorAct(id="a1", deed="say", text="Hello.", operator="operator-1", t_ns=at(1.0)),
        IntentionAnswer(intention_id="a1", state="accepted", t_ns=at(1.0)),
        IntentionAnswer(intention_id="a1", state="superseded", reason="emergency stop", t_ns=at(1.5)),
        OperatorAct(id="a2", deed="condition", text="reactive", initiative=False, operator="operator-1", t_ns=at(2.0)),
        OperatorAnswer(act_id="a2", state="finished", t_ns=at(2.0)),
        stop(5 * S),
    ]
    write_part(tmp_path / "session.mcap", messages)
    acts = finish_session(tmp_path)["operator"]
    assert [(a["deed"], a["what"], a["outcome"], a["reason"], a["initiative"]) for a in acts] == [
        ("joined", "", None, "", None),
        ("say", "Hello.", "superseded", "emergency stop", None),
        ("condition", "reactive", "finished", "", False),
    ]
    assert operator_text(acts[1]).endswith("operator-1: say Hello. [superseded: emergency stop]")


def test_words_of_an_operator_that_gave_way_to_safety_are_told_from_those_that_were_said(tmp_path: Path) -> None:
    judged = {"decision": "refused", "where": "voice", "about": "r1"}
    messages: list[Message] = [
        start(),
        OperatorAct(id="a1", deed="say", text="You should kill him.", operator="operator-1", t_ns=at(1.0)),
        OperatorAct(id="a2", deed="say", text="Hello.", operator="operator-1", t_ns=at(2.0)),
        SafetyDecision(rule="violence", intention_id="a1", t_ns=at(1.0), **judged),  # type: ignore[arg-type] # by name
        SafetyDecision(rule="legal", intention_id="a2", t_ns=at(2.0), **(judged | {"decision": "passed"})),  # type: ignore[arg-type]
        IntentionAnswer(intention_id="a1", state="finished", t_ns=at(1.8)),
        stop(5 * S),
    ]
    write_part(tmp_path / "session.mcap", messages)
    acts = finish_session(tmp_path)["operator"]
    assert [act["safety"] for act in acts] == ["violence", ""]
    assert operator_text(acts[0]).endswith("[finished] [not said as typed: the rule violence]")
    assert "not said" not in operator_text(acts[1])


def test_percentiles_are_nearest_rank_over_weights() -> None:
    assert percentile([(3.0, 1), (1.0, 98), (2.0, 1)], 0.5) == 1.0
    assert percentile([(3.0, 1), (1.0, 98), (2.0, 1)], 0.99) == 2.0
    assert percentile([], 0.5) is None


def test_all_files_are_written_and_the_text_ones_are_equal_in_every_run(session: Path) -> None:
    finish_session(session, timeline=False)
    first = {name: (session / name).read_bytes() for name in ("transcript.jsonl", "intentions.jsonl", "summary.json")}
    finish_session(session, timeline=False)
    assert first == {name: (session / name).read_bytes() for name in first}
    lines = [json.loads(line) for line in first["transcript.jsonl"].splitlines()]
    assert len(lines) == 2 and list(lines[0]) == sorted(lines[0])
    assert not [path for path in session.iterdir() if path.name.startswith(".")]


def test_an_empty_session_gives_empty_files_and_null_percentiles(tmp_path: Path) -> None:
    write_part(tmp_path / "session.mcap", [])
    summary = finish_session(tmp_path)
    assert summary["frames"]["expected"] == 0 and summary["turns"] == [] and summary["intentions"] == []
    assert summary["latency_ms"]["vad_frame"] == {"p50": None, "p95": None, "max": None, "count": 0}
    assert (tmp_path / "transcript.jsonl").read_bytes() == b""
    assert (tmp_path / "timeline.png").read_bytes().startswith(b"\x89PNG")


def test_the_timeline_is_a_picture_of_every_row(session: Path) -> None:
    import matplotlib.image

    finish_session(session, hand_speed=np.zeros(500).tolist())
    picture = matplotlib.image.imread(session / "timeline.png")
    assert picture.shape[0] > 400 and len(np.unique(picture[:, :, :3].reshape(-1, 3), axis=0)) > 20


def test_the_timeline_shows_text_that_looks_like_mathematics_as_it_is(tmp_path: Path) -> None:
    texts = ["$x_1$", "\\frac{", "日本", "a" * 128]
    messages: list[Message] = [start()]
    for i, text in enumerate(texts):
        messages += [
            Word(op="commit", unit_id=str(i), text=text, start_ns=i * S, end_ns=i * S + 1, t_ns=i * S + 1),
            Intention(id=str(i), kind="dialogue", content=text, t_ns=i * S + 2),
        ]
    write_part(tmp_path / "session.mcap", [*messages, stop(5 * S)])
    draw_timeline(digest_of(tmp_path), tmp_path, tmp_path / "x.png")
    assert (tmp_path / "x.png").stat().st_size > 10_000


def test_every_decision_that_may_be_told_has_its_mark(tmp_path: Path) -> None:
    kinds = typing.get_args(typing.get_type_hints(TurnDecision)["decision"])
    decided = [TurnDecision(decision=kind, t_ns=i * S // 2) for i, kind in enumerate(kinds)]
    write_part(tmp_path / "session.mcap", [start(), *decided, stop(6 * S)])
    draw_timeline(digest_of(tmp_path), tmp_path, tmp_path / "x.png")
    assert "stay_out" in kinds and (tmp_path / "x.png").stat().st_size > 10_000


def test_a_curve_of_the_wrong_length_is_refused(session: Path) -> None:
    with pytest.raises(ValueError, match="hand_speed: 3 values for 500 motion frames"):
        draw_timeline(digest_of(session), session, session / "x.png", hand_speed=[0.0, 1.0, 2.0])


@pytest.mark.parametrize("degrees", [-40.0, 0.0, 25.0])
def test_head_pitch_is_the_sum_of_neck_and_head_and_up_is_positive(degrees: float) -> None:
    half = math.radians(-degrees) / 4  # turning +z up is a negative turn about x; two joints share it
    joint = [math.sin(half), 0.0, 0.0, math.cos(half)]
    assert head_pitch_deg(np.array([[joint, joint]], dtype=np.float32))[0] == pytest.approx(degrees, abs=1e-3)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 44_100])
def test_the_envelope_keeps_time_at_every_rate(tmp_path: Path, rate_hz: int) -> None:
    samples = np.zeros(60 * rate_hz, dtype=np.float32)
    samples[50 * rate_hz] = 0.5
    soundfile.write(tmp_path / "x.wav", samples, rate_hz)
    levels = envelope(tmp_path / "x.wav")
    assert len(levels) == 6_000 and np.flatnonzero(levels).tolist() == [5_000]
