"""Somebody may come to harm: a hazard is perceived, or words ask for help. Safety goes before every other rule of restraint."""

from __future__ import annotations

from cognitive.formulas import any_of, plain
from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import SAFETY
from cognitive.motivation.triggers.contract import proposal
from cognitive.motivation.weighing import Weighing
from cognitive.reasoners.contract import Proposal
from cognitive.scene import Happening, Utterance
from cognitive.situation import Situation
from runtime.safety.peril import danger

FRESH_S = 12.0
DISTRESS_S = 10.0
SMILE = 0.3
TOYS = frozenset(
    (
        "train trains toy toys doll dolls blocks lego game console controller teddy dinosaur puppet puppets script"
    ).split()
)
"""What is cried out over these is play."""
SCREENS = frozenset("television tv telly screen".split())
"""What is heard badly while its speaker watches one of these may be its own voice; what is heard well counts."""
_HARM = any_of(
    r"""
    falls? (?:down|over|off the (?:chair|ladder|bed|stool|step|stairs|bike)|to the (?:floor|ground)) / slips / trips /
    stumbles / collapses / faints / passes out / chokes / bleeds / is bleeding / loses (?:her|his|their) balance /
    cuts (?:herself|himself|themselves|(?:her|his|their) \w+) / burns (?:herself|himself|(?:her|his|their) \w+) /
    clutches (?:her|his|their) chest / lies on the floor / does not move / doesn't move / (?:catches|is on|on) fire /
    in flames / smoke / gas (?:leak|smell) / boiling water / live wire / sparks? / knife / broken glass / fire alarm /
    smoke alarm
    """
)


class Safety:
    """Danger."""

    name = SAFETY

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose a warning or help for each danger that has not been met."""
        found = [self._event(event, situation) for event in situation.events]
        found += [self._words(said, situation) for said in situation.utterances if said.speaker == "user"]
        return [one for one in found if one is not None]

    def _event(self, event: Happening, situation: Situation) -> Proposal | None:
        if situation.age_s(event.t_ns) > FRESH_S or not situation.fresh(SAFETY, event.t_ns):
            return None
        harm = _HARM.search(plain(event.text))
        if not event.hazard and harm is None:
            return None
        weighed = Weighing(SAFETY)
        weighed.add("hazard", event.t_ns, event.text, event.confidence if event.hazard else 0.0)
        weighed.add("unsure hazard", event.t_ns, size=1.0 - event.confidence if event.hazard else 0.0)
        weighed.add("harm", event.t_ns, event.text, event.confidence if harm is not None else 0.0)
        person_id = _whom(event, situation)
        weighed.add("nobody is named", event.t_ns, size=float(not event.hazard and not person_id))
        distress = bool(person_id) and situation.distress(person_id, situation.age_s(event.t_ns))
        weighed.add("distress", situation.now_ns, size=float(distress))
        weighed.add(
            "pretence", event.t_ns, "people play or rehearse", (0.5 if event.hazard else 1.0) * situation.pretence
        )
        return proposal(SAFETY, "warn", "somebody may come to harm", weighed, person_id, bearing_rad=event.bearing_rad)

    def _words(self, said: Utterance, situation: Situation) -> Proposal | None:
        if situation.age_s(said.t_ns) > FRESH_S or not situation.fresh(SAFETY, said.t_ns):
            return None
        words = danger(said.text)
        if not words:
            return None
        weighed = Weighing(SAFETY)
        weighed.add("calls for help", said.t_ns, words, said.heard)
        person = situation.person(said.person_id)
        distress = situation.distress(said.person_id, DISTRESS_S)
        if said.to_agent < 0.5 and not distress:
            weighed.add("calmly to others" if said.aside else "calmly to oneself", said.t_ns)
        weighed.add("distress", situation.now_ns, size=float(distress))
        weighed.add("pretence", said.t_ns, "people play or rehearse", float(bool(said.pretence)))
        if person is not None:
            weighed.add("plays", said.t_ns, f"with the {person.target_name}", float(person.target_name.lower() in TOYS))
            watchers = (person,) if person.seen else situation.people
            screen = any(watcher.target_name.lower() in SCREENS for watcher in watchers)
            weighed.add("plays", said.t_ns, "perhaps a voice from the screen", (1.0 - said.heard) * screen)
            smiles = person.face_valence is not None and person.face_valence >= SMILE
            weighed.add("smiles", situation.now_ns, size=float(smiles))
        return proposal(SAFETY, "help", "asks for help or is unwell", weighed, said.person_id)


def _whom(event: Happening, situation: Situation) -> str:
    """Return who is in danger, where the sentence names somebody who is here."""
    words = {word.strip(".,!'s").lower() for word in event.text.split()} | set(event.text.lower().split())
    return next((person.person_id for person in situation.people if person.person_id.lower() in words), "")
