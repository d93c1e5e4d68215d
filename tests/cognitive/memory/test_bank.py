"""The memory stays within its bytes, forgets the old and unimportant first, and always in the same way."""

from __future__ import annotations

import asyncio

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from cognitive.cycle import CognitiveCycle
from cognitive.memory.bank import ActionRecord, Bank, Line, Note
from cognitive.memory.store import Saved, encode
from cognitive.motivation.triggers import built_in_triggers
from cognitive.persona import load_persona
from cognitive.reasoners.embedded import EmbeddedReasoner
from runtime import messages as m
from runtime.settings import CognitiveSettings

DAY_NS = 86_400 * 10**9
PERSONA = load_persona("default")


def new_cycle(budget=4_096):
    profile = CognitiveSettings(memory_bytes_max=budget)
    reasoner = EmbeddedReasoner(built_in_triggers(PERSONA.name, profile.long_silence_s))
    saved = Saved()
    saved.planner.id_prefix = "intention"
    return CognitiveCycle(profile, PERSONA, reasoner, 1, saved)


def test_the_least_important_of_the_oldest_is_forgotten_first():
    bank = Bank()
    for k in range(60):
        bank.situation.append(Note(t_ns=k * 10**9, text=f"trifle {k}", importance=0.1))
    bank.situation.insert(0, Note(t_ns=0, text="the person named a need", importance=0.9))
    size = bank.compress(1_500, 60 * 10**9)
    texts = [note.text for note in bank.situation]
    assert size <= 1_500 and size == bank.size_bytes()
    assert texts[0] == "the person named a need" and texts[-1] == "trifle 59" and "trifle 0" not in texts
    assert bank.forgotten["situation"] == 61 - len(texts)


def test_an_intention_under_way_outlives_those_that_are_over():
    bank = Bank()
    for k in range(40):
        state = "started" if k == 0 else "finished"
        bank.actions.append(
            ActionRecord(intention_id=f"i.{k}", t_ns=k, act="greet", kind="gaze", trigger="t", state=state)
        )
    bank.compress(1_500, 10**9)
    assert bank.action("i.0") is not None and bank.action("i.1") is None


def test_the_transcript_keeps_the_last_five_cycles_with_words():
    bank = Bank()
    for cycle in range(1, 9):
        bank.hear(cycle, [Line(t_ns=cycle, speaker="user", text=f"line {cycle}")] if cycle != 6 else [])
    assert [chunk.cycle for chunk in bank.transcript] == [3, 4, 5, 7, 8]


def test_sections_are_bounded_texts():
    bank = Bank()
    for k in range(1_000):
        bank.note(k, f"event {k} " + "x" * 100, 0.5)
    assert all(len(text) <= 1_200 for text in bank.sections().values())
    assert bank.sections()["situation"].endswith("x")


texts = st.text(max_size=400) | st.sampled_from(["I am so sad", "hello", "goodbye", "where is it", "help me please"])
people = st.sampled_from(["", "a", "b", "c", "d" * 128, "ä" * 64])
percepts = st.one_of(
    st.builds(m.PersonPercept, state=st.sampled_from(["arrived", "present", "left"]), person_id=people),
    st.builds(m.TypedText, text=texts, person_id=people),
    st.builds(m.Turn, state=st.sampled_from(["started", "ended"]), speaker=st.sampled_from(["user", "agent"]), turn_id=people, text=texts),
    st.builds(m.UserSpeech, state=st.sampled_from(["started", "ended"])),
    st.builds(m.AgentSpeech, state=st.sampled_from(["planned", "started", "finished", "interrupted"]), response_id=people, text=texts),
    st.builds(m.AffectPercept, valence=st.floats(-1, 1), arousal=st.floats(-1, 1), confidence=st.floats(0, 1), person_id=people),
    st.builds(m.VisualChange, magnitude=st.floats(0, 1), what=st.sampled_from(["motion", "person", "light", "object"])),
    st.builds(m.Viewer, state=st.sampled_from(["joined", "left"])),
    st.builds(m.IntentionAnswer, intention_id=st.sampled_from(["", "intention.1", "intention.2", "intention.9"]),
              state=st.sampled_from(["accepted", "started", "finished", "superseded", "expired", "rejected"])),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30 * 10**9), st.lists(percepts, max_size=12)), max_size=25),
    st.sampled_from([1_024, 4_096]),
)
def test_whatever_happens_the_memory_fits_and_can_be_saved(steps, budget):
    cycle = new_cycle(budget)

    async def main():
        now_ns = 0
        for pause_ns, messages in steps:
            now_ns += pause_ns
            stamped = [msgspec.structs.replace(message, t_ns=now_ns) for message in messages]
            outcome = await cycle.run(stamped, now_ns, regular=True)
            assert outcome.memory_bytes == cycle.saved.bank.size_bytes() <= budget
            assert bool(outcome.restraint) != bool(outcome.intentions)
            assert all(0 <= score.score <= 1 for score in outcome.scores)
        assert msgspec.json.decode(encode(cycle.saved), type=Saved) == cycle.saved

    asyncio.run(main())


def test_nods_at_what_the_agent_says_are_noted_once_in_a_row_and_talk_between_people_as_such():
    cycle = new_cycle()
    nod = m.TurnDecision(decision="backchannel", turn_id="r1", person_id="anna", evidence={"nod": 1.0})
    aside = m.Turn(state="ended", speaker="user", turn_id="t", text="I am sad", person_id="anna", addressed=0.1)

    async def main():
        for second in (1, 2, 3):
            messages = [nod, m.TurnDecision(decision="backchannel")] if second < 3 else [aside]
            stamped = [msgspec.structs.replace(message, t_ns=second * 10**9) for message in messages]
            await cycle.run(stamped, second * 10**9, regular=True)

    asyncio.run(main())
    bank = cycle.saved.bank
    assert [note.text for note in bank.situation if "nodded" in note.text] == [
        "the person nodded while the agent spoke"
    ]
    assert [note.text for note in bank.people["anna"].notes] == ["said to somebody else: I am sad"]


def test_over_a_day_of_events_memory_and_file_stay_bounded_and_equal_days_give_equal_memories():
    def day():
        cycle = new_cycle(8_192)
        largest = 0

        async def main():
            nonlocal largest
            for step in range(1_500):
                now_ns = step * DAY_NS // 1_500
                who = f"person-{step // 40}"
                messages = [
                    m.PersonPercept(t_ns=now_ns, state="arrived" if step % 40 == 0 else "present", person_id=who)
                ]
                if step % 3 == 0:
                    text = f"utterance {step} about something that matters, I am so sad"
                    messages.append(m.Turn(t_ns=now_ns, state="ended", speaker="user", turn_id=f"t{step}", text=text))
                if step % 40 == 39:
                    messages.append(m.PersonPercept(t_ns=now_ns, state="left", person_id=who))
                outcome = await cycle.run(messages, now_ns, regular=True)
                assert outcome.memory_bytes <= 8_192
                largest = max(largest, len(encode(cycle.saved)))

        asyncio.run(main())
        return largest, encode(cycle.saved)

    (largest, first), (_, second) = day(), day()
    assert largest < 8_192 + 81_920  # the bank plus the bounded scene, the minds and the plan under way
    assert first == second
