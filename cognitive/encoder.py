"""The context encoder: what happened in one cycle goes into the memory bank, which is then compressed into its budget.

ProAct's encoder makes B_k from B_{k-1}, the transcript and the previous plan; ours does it by rule. `importance` grades: plain talk
0.4, questions and arrivals 0.5 to 0.6, needs, feelings and leaving 0.8. Deterministic; called once a cycle, after the
planner (which sees B_{k-1}).
"""

from __future__ import annotations

from collections.abc import Iterable

from cognitive import cues
from cognitive.memory.bank import Bank, Line, Note
from cognitive.scene import UTTERANCE_CHARS, Change, Feeling, Scene, Utterance
from cognitive.situation import Situation
from runtime import messages as m
from runtime.clock import NS_PER_S

VALENCE_GAIN = 0.2
"""Share of a new estimate in a person's slow average."""
MENTION = 0.3
"""Feelings of at least this size are worth a note."""
STRONG = 0.6
SEEMED = "seemed "
SAME_FEELING_S = 3.0
"""The dialogue's and the slow loop's reading of the same words are no further apart."""
NOTES_PER_PERSON = 64


class ContextEncoder:
    """Writes each cycle's news into the bank; remembers only what of the scene it has written already."""

    def __init__(self, scene: Scene) -> None:
        """Take what stands in a recovered scene as written."""
        self._utterances: list[Utterance] = list(scene.utterances)
        self._changes: list[Change] = list(scene.changes)
        self._feelings: list[Feeling] = list(scene.feelings)

    def encode(
        self,
        bank: Bank,
        scene: Scene,
        messages: Iterable[m.Message],
        situation: Situation,
        cycle: int,
        budget_bytes: int,
        budget_tokens: int,
    ) -> int:
        """Bring the bank from B_{k-1} to B_k and return its size in bytes, at most the budget."""
        now_ns = situation.now_ns
        lines: list[Line] = []
        for utterance in _new(scene.utterances, self._utterances):
            if utterance.speaker == "user":
                lines.append(
                    Line(t_ns=utterance.t_ns, speaker="user", text=utterance.text, person_id=utterance.person_id)
                )
                self._user_said(bank, utterance)
        for message in messages:
            if isinstance(message, m.TurnDecision) and message.decision == "stop":
                bank.note(min(message.t_ns or now_ns, now_ns), "the person stopped the agent", 0.5)
            if isinstance(message, m.TurnDecision) and message.decision == "backchannel" and "nod" in message.evidence:
                bank.note(min(message.t_ns or now_ns, now_ns), "the person nodded while the agent spoke", 0.2)
            if isinstance(message, m.Fact):
                t_ns = min(message.t_ns or now_ns, now_ns)
                bank.learn(message.person_id or scene.partner(), message.text.strip(), t_ns)
            line = _agent_line(message, bank, lines, now_ns)
            if line is not None:
                line.person_id = scene.partner() if situation.people else ""
                lines.append(line)
        lines.sort(key=lambda line: line.t_ns)
        bank.hear(cycle, lines)
        for change in _new(scene.changes, self._changes):
            self._changed(bank, scene, change)
        for feeling in _new(scene.feelings, self._feelings):
            person = bank.person(feeling.person_id, feeling.t_ns)
            gain = VALENCE_GAIN * feeling.confidence if person.feelings else 1.0
            person.valence += gain * (feeling.valence - person.valence)
            person.feelings += 1
            if abs(feeling.valence) >= MENTION:
                note = Note(t_ns=feeling.t_ns, text=_felt(feeling), importance=0.8)
                if not _same_feeling(person.notes, note):
                    _add(person.notes, note)
        for seen in situation.people:
            bank.person(seen.person_id, seen.arrived_ns).last_ns = seen.last_ns
        self._utterances = list(scene.utterances)
        self._changes = list(scene.changes)
        self._feelings = list(scene.feelings)
        return bank.compress(budget_bytes, now_ns, budget_tokens)

    def _user_said(self, bank: Bank, utterance: Utterance) -> None:
        person = bank.person(utterance.person_id, utterance.t_ns)
        person.utterances += 1
        text = utterance.text
        if utterance.aside:
            _add(person.notes, Note(t_ns=utterance.t_ns, text=f"said to somebody else: {text[:140]}", importance=0.3))
            return
        weighty = bool(cues.help_request(text)) or cues.is_farewell(text)
        importance = 0.8 if weighty else 0.6 if cues.is_question(text) else 0.4
        _add(person.notes, Note(t_ns=utterance.t_ns, text=f"said: {text[:160]}", importance=importance))

    def _changed(self, bank: Bank, scene: Scene, change: Change) -> None:
        match change.what:
            case "arrival":
                known = scene.people.get(change.person_id)
                memory = bank.person(change.person_id, change.t_ns)
                memory.encounters = known.encounters if known is not None else memory.encounters
                bank.note(change.t_ns, f"{change.person_id} came", 0.5, change.person_id)
            case "departure":
                bank.note(change.t_ns, f"{change.person_id} left", 0.5, change.person_id)
            case _:
                bank.note(change.t_ns, f"{change.what} changed", 0.1 + 0.3 * change.magnitude)


def _same_feeling(notes: list[Note], note: Note) -> bool:
    """Whether the last note is the same feeling, read off the same words by another part of the house."""
    last = notes[-1] if notes else None
    close = last is not None and abs(note.t_ns - last.t_ns) <= SAME_FEELING_S * NS_PER_S
    return last is not None and close and last.text.startswith(SEEMED) and last.text.endswith(note.text.split(" (")[-1])


def _felt(feeling: Feeling) -> str:
    """Return a feeling as a clause for whoever reads the notes, people among them: "seemed very unhappy (said 'sad')"."""
    low = feeling.valence < 0
    mood = ("very " if abs(feeling.valence) >= STRONG else "") + ("unhappy" if low else "glad")
    said = [cue.removeprefix("word:").strip() for cue in feeling.cues if cue.startswith("word:")]
    return f"{SEEMED}{mood}" + (f" (said “{', '.join(said)[:80]}”)" if said else "")


def _new(items: list, known: list) -> list:  # type: ignore[type-arg] # one function for three kinds of frozen facts
    """Return the items that were not there before; facts are immutable, so identity is enough."""
    seen = {id(item) for item in known}
    return [item for item in items if id(item) not in seen]


def _agent_line(message: m.Message, bank: Bank, lines: list[Line], now_ns: int) -> Line | None:
    """Return the agent's words in a message, if they are new: a clause that started, or a turn without known clauses."""
    t_ns = min(message.t_ns, now_ns) if message.t_ns else now_ns
    if isinstance(message, m.AgentSpeech) and message.state == "started" and message.text.strip():
        return Line(t_ns=t_ns, speaker="agent", text=message.text.strip()[:UTTERANCE_CHARS])
    if isinstance(message, m.Turn) and message.speaker == "agent" and message.state == "ended" and message.text.strip():
        if message.interrupted:
            bank.note(t_ns, "the agent was interrupted", 0.5)
        text = message.text.strip()[:UTTERANCE_CHARS]
        known = [line.text for chunk in bank.transcript for line in chunk.lines] + [line.text for line in lines]
        if not any(text in line or line in text for line in known):
            return Line(t_ns=t_ns, speaker="agent", text=text)
    return None


def _add(notes: list[Note], note: Note) -> None:
    if notes and notes[-1].text == note.text:
        notes[-1].t_ns = note.t_ns
        return
    notes.append(note)
    del notes[:-NOTES_PER_PERSON]
