"""Forgotten is forgotten: after "Forget me" no file of the run holds a word that only this person has used."""

from __future__ import annotations

import re
import shutil
import sqlite3

import msgspec
import pytest

from cognitive.memory import deletion, store
from cognitive.memory.consent import Link
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.promises import SESSION_FILE, Promise, Promises
from cognitive.memory.tracks import Tracks
from cognitive.mind.beliefs import Beliefs
from cognitive.scene import Happening, Person
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.settings import CognitiveSettings, LongTermSettings

FACE = (0.4, 0.3, 0.2, 0.3)
HERS = [
    (4.0, "Hello, my name is Wilhelmine and I live in Zanzibar."),
    (7.0, "The philharmonic rehearsal starts at quarter past seven in the Zephyr pavilion."),
    (11.0, "The xylophone concert has been moved to gate twenty-three, by the way."),
    (15.0, "I'm so sad and heartbroken, my grandmother Quetzalia is dying."),
    (19.0, "I left my umbrella on the velvet ottoman, don't let me forget my umbrella."),
    (23.0, "Could you remind me about the marzipan in two minutes?"),
    (27.0, "Where did I put my binoculars? They should be in the escritoire."),
    (31.0, "Don't tell Ben, but the trombone is a surprise for him."),
    (35.0, "I put the trombone behind the tapestry."),
]
DEEDS = [
    (17.0, "Anna puts her umbrella on the ottoman", None),
    (21.0, "Anna hides the trombone behind the tapestry", ("anna",)),
    (25.0, "Anna puts the binoculars in the escritoire", None),
    (29.0, "Ben gives the harmonica to Anna", None),
    (33.0, "Wilhelmine drops the accordion on the floor", None),
    (33.5, "Anna's bassoon is on the windowsill", None),
]
AGENT = [
    (8.5, "How nice, Zanzibar must be warm, Wilhelmine."),
    (24.0, "I will tell you about the marzipan in two minutes."),
    (37.0, "Of course, the philharmonic plays at the Zephyr pavilion."),
]
BENS = [
    (12.5, "I live in Berlin and I like my hammer."),
    (30.5, "The bakery closes at six today."),
    (45.0, "What a day."),
]
BENS_DEEDS = [(14.0, "Ben puts the hammer in the toolbox")]
_WORD = re.compile(r"[a-z]+")


def stays(person, from_s, to_s):
    yield (from_s, m.PersonPercept(state="arrived", person_id=person, box=FACE))
    for t in range(int(from_s) + 1, int(to_s)):
        yield (float(t), m.PersonPercept(state="present", person_id=person, box=FACE))


def turn(t_s, text, person, speaker="user"):
    return (t_s, m.Turn(state="ended", speaker=speaker, turn_id=f"{person}-{t_s}", text=text, person_id=person))


def script_of(*, with_her: bool, consents: bool, until_s: float = 70.0):
    script = [*stays("anna", 1.0, until_s), *stays("ben", 2.0, until_s)]
    script += [turn(t, text, "ben") for t, text in BENS]
    script += [(t, m.WorldEvent(text=text)) for t, text in BENS_DEEDS]
    if with_her:
        script += [turn(t, text, "anna") for t, text in HERS] + [turn(t, text, "", "agent") for t, text in AGENT]
        script += [(t, m.WorldEvent(text=text, seen_by=seen_by)) for t, text, seen_by in DEEDS]
        script += [
            (16.0, m.AffectPercept(valence=-0.8, arousal=0.1, confidence=0.9, person_id="anna", cues=("voice",)))
        ]
        script += [(26.0, m.Fact(text="is allergic to pistachios", person_id="anna"))]
    script += [turn(39.0, "Please remember me.", "anna")] if consents else []
    script += [turn(50.0, "Forget me.", "anna")]
    return sorted(script, key=lambda one: one[0])


def words_in(folder):
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            found |= set(_WORD.findall(path.read_bytes().decode("latin-1").lower()))
    return found


def hers_only():
    """Return the words of hers that nobody else has used."""
    own = " ".join([*(text for _, text in HERS), *(text for _, text, _ in DEEDS), "allergic to pistachios"])
    others = " ".join(text for _, text in [*BENS, *BENS_DEEDS]) + " anna forget me please remember me"
    others += " where"  # stands in the schema of a database as well
    return {word for word in _WORD.findall(own.lower()) if len(word) > 3} - set(_WORD.findall(others.lower()))


@pytest.mark.parametrize("consents", [True, False], ids=["who had agreed", "who never agreed"])
@pytest.mark.parametrize("folder", [True, False], ids=["long-term memory", "session only"])
@pytest.mark.parametrize("end", ["at once", "killed later", "clean exit"])
def test_no_file_of_the_run_holds_a_word_that_only_she_used(play, tmp_path, consents, folder, end):
    def run(name, *, with_her):
        state_dir, memory = tmp_path / name / "state", tmp_path / name / "memory"
        state_dir.mkdir(parents=True)
        settings = CognitiveSettings(long_term=LongTermSettings(folder=str(memory) if folder else ""))
        before, after = tmp_path / name / "before", tmp_path / name / "after"
        script = [*script_of(with_her=with_her, consents=consents), (49.5, lambda: shutil.copytree(state_dir, before)),
                  (51.5, lambda: shutil.copytree(state_dir, after))]  # fmt: skip
        record = play(
            script, 75.0 if end != "at once" else 52.0, settings=settings, state_dir=state_dir, kill=end != "clean exit"
        )
        if end == "at once":
            shutil.rmtree(state_dir)
            after.rename(state_dir)
        else:
            shutil.rmtree(after)
        had = words_in(before)
        shutil.rmtree(before)
        stock = {word for _, text in record.said() for word in _WORD.findall(text.lower())}
        return had, words_in(tmp_path / name), stock

    _, without, _ = run("without", with_her=False)
    had, left, stock = run("with", with_her=True)
    quoted = {"zanzibar", "marzipan", "wilhelmine", "umbrella", "ottoman", "trombone", "binoculars", "escritoire"}
    hers = hers_only() - without - (stock - quoted)
    assert len(hers & had) > 40, "or this test could not fail"
    assert hers & left == set()
    assert {"hammer", "toolbox", "bakery"} <= left, "what others said and did stays"


def test_what_is_kept_in_memory_alone_goes_too(play, tmp_path):
    """She is told nothing any more that rests on what she said before: not of her things, nor of what she looks for."""
    script = [*script_of(with_her=True, consents=False, until_s=110.0), turn(90.0, "Goodbye then, I'm off.", "anna"),
              (92.0, m.WorldEvent(text="Anna goes to the door")), turn(95.0, "Where is it?", "anna")]  # fmt: skip
    record = play(sorted(script, key=lambda one: one[0]), 115.0)
    late = " ".join(text.lower() for t, text in record.said() if t > 51.0)
    assert not hers_only() & set(_WORD.findall(late)) - {"your", "the", "you", "not", "about", "and", "are", "for"}
    known = record.knowledge[-1]
    assert not {"zanzibar", "pistachios", "xylophone"} & set(_WORD.findall(f"{known.facts} {known.situation}".lower()))


def test_what_an_announcement_rests_on_is_known():
    """An announcement is of whoever made it, so that it can be forgotten with them."""
    saved = store.Saved()
    beliefs = Beliefs(None, "Ada")
    saved.beliefs = beliefs.model.state
    for name in ("anna", "ben"):
        saved.scene.people[name] = Person(person_id=name, arrived_ns=1, last_ns=1)
    said = [("anna", "The rehearsal starts at seven."), ("ben", "The bakery closes at six.")]
    for i, (who, text) in enumerate(said):
        t_ns = (10 + 60 * i) * NS_PER_S  # long after: no answer
        message = m.Turn(t_ns=t_ns, state="ended", speaker="user", turn_id=f"{i}", text=text, person_id=who)
        beliefs.update(saved.scene, [message], t_ns + 1)
    assert {fact.since.by for fact in saved.beliefs.facts.values() if fact.attribute == "time" and fact.since} == {
        "anna",
        "ben",
    }
    deletion.forget_in_session(saved, "anna")
    assert [fact.subject for fact in saved.beliefs.facts.values() if fact.attribute == "time"] == ["bakery"]


def test_what_an_older_session_kept_without_a_speaker_goes_by_its_words():
    saved = store.Saved()
    beliefs = Beliefs(None, "Ada")
    saved.beliefs = beliefs.model.state
    saved.scene.people["anna"] = Person(person_id="anna", arrived_ns=1, last_ns=1)
    text = "The rehearsal starts at seven."
    beliefs.update(
        saved.scene, [m.Turn(t_ns=10, state="ended", speaker="user", turn_id="1", text=text, person_id="anna")], 20
    )
    for fact in saved.beliefs.facts.values():
        fact.sightings = [
            msgspec.structs.replace(s, evidence=msgspec.structs.replace(s.evidence, by="")) for s in fact.sightings
        ]
        fact.since = None
    saved.bank.person("anna", 1)
    saved.bank.learn("anna", text, 10)
    deletion.forget_in_session(saved, "anna")
    assert not [fact for fact in saved.beliefs.facts.values() if fact.attribute == "time"]


def test_others_keep_what_they_know_and_do_not_know_through_her():
    saved = store.Saved()
    beliefs = Beliefs(None, "Ada")
    saved.beliefs = beliefs.model.state
    for name in ("anna", "ben"):
        saved.scene.people[name] = Person(person_id=name, arrived_ns=1, last_ns=1)
    beliefs.update(
        saved.scene, [m.WorldEvent(t_ns=10, text="Ben puts the hammer in the toolbox", seen_by=("anna", "ben"))], 11
    )
    saved.scene.events.append(m_happening("Ben puts the hammer in the toolbox", ("anna", "ben")))
    deletion.forget_in_session(saved, "anna")
    model = beliefs.model
    assert model.actual("hammer") == "toolbox" and model.belief("ben", "hammer") is not None
    assert model.belief("anna", "hammer") is None, "that she saw it is of her"
    assert saved.scene.events[0].seen_by == ("ben",)


def m_happening(text, seen_by):
    return Happening(text=text, t_ns=10, seen_by=seen_by)


def test_a_name_that_is_an_everyday_word_is_hers_only_with_its_capital():
    saved = store.Saved()
    saved.remembering.links["t1"] = Link(spoken="Will")
    saved.scene.events += [m_happening("Will opens the window", None), m_happening("Ben will open the door", None)]
    deletion.forget_in_session(saved, "t1")
    assert [event.text for event in saved.scene.events] == ["Ben will open the door"]


def test_forgetting_is_reported_so_that_it_is_saved_at_once():
    saved, gone = store.Saved(), []
    tracks = Tracks(LongTermSettings(), saved)
    tracks.on_forget = gone.append
    saved.scene.people["t1"] = Person(person_id="t1", arrived_ns=1, last_ns=1)
    tracks.step([m.TypedText(t_ns=5, text="hello", person_id="t1")], 5, 1.0)
    assert not tracks.forgot
    tracks.step([m.TypedText(t_ns=6, text="please delete everything you know about me", person_id="t1")], 6, 1.0)
    assert tracks.forgot and gone == ["t1"]


def test_promises_to_who_never_agreed_go_from_the_session_s_file_too(play, tmp_path):
    memory = LongTermMemory(tmp_path, SESSION_FILE)
    Promises(memory).make(Promise("p1", 0, "anna", "ask about the xylophone", 1.0, 1e12))
    Promises(memory).make(Promise("p2", 0, "ben", "ask about the hammer", 1.0, 1e12))
    memory.close()
    play([*stays("anna", 1.0, 20.0), turn(10.0, "forget me", "anna")], 22.0)
    left = sqlite3.connect(tmp_path / SESSION_FILE).execute("SELECT id FROM promises").fetchall()
    assert left == [("p2",)] and "xylophone" not in words_in(tmp_path)


def test_the_cycle_that_forgets_is_on_the_disk_when_it_is_over(play, tmp_path):
    """Whatever the rhythm of saves: the first cycle after the words has written a file without them."""
    seen = []
    script = [*stays("anna", 1.0, 20.0), turn(5.0, "I play the xylophone.", "anna"), turn(10.0, "Forget me.", "anna")]
    script += [(10.0 + k / 10, lambda: seen.append("xylophone" in words_in(tmp_path))) for k in range(1, 12)]
    play(script, 15.0)
    assert seen and not any(seen[6:]), "a cycle takes half a second"
