"""Scenes from files: what is read, and one clear error for each mistake."""

import pytest

from cognitive.bench.social import scene_file as s
from cognitive.bench.social.timeline import messages_of
from runtime import messages as m
from runtime.errors import AttuneError
from runtime.launch_files import parse_yaml

SCENE = """
scene: visit
seconds: 60
script:
  - {at: 1.0, arrives: anna, facing: 0.9, distance_m: 1.2}
  - {at: 3.0, says: anna, text: "hello there"}
  - {at: 5.0, agent: "Hello!"}
  - {at: 8.0, looks: anna, target: object, name: phone}
  - {at: 9.0, event: "Anna puts the keys in the drawer", seen_by: []}
  - {at: 20.0, leaves: anna}
windows:
  - {from: 20, to: 25, trigger: [social_protocol, user_intent], why: "she goes"}
quiet:
  - {from: 8, to: 20, why: "she reads"}
"""


def scene(text: str = SCENE) -> s.SceneScript:
    return s.parse_scene(parse_yaml(text, "visit.yaml"), "visit.yaml")


def test_a_scene_is_events_windows_and_quiet_spans() -> None:
    read = scene()
    assert [type(event).__name__ for event in read.script[:3]] == ["Arrives", "Says", "AgentSays"]
    assert read.windows[0].triggers == ("social_protocol", "user_intent") and read.quiet[0].to_s == 20


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("says: anna", "sais: anna", r"script\[1\].*no verb.*did you mean 'says'"),
        ("says: anna,", "says: anna, nods: anna,", r"script\[1\].*2 verbs"),
        ("facing: 0.9", "facing: 9", r"facing|script\[0\]"),
        ("facing: 0.9", "facng: 0.9", "unknown field `facng`"),
        ("at: 5.0", "at: 2.0", r"script\[2\]: at: 2 is before the event above"),
        ("at: 20.0", "at: 90.0", r"is after the scene's 60 s"),
        ("looks: anna", "looks: ben", "'ben' has not arrived"),
        ("from: 20, to: 25", "from: 25, to: 20", r"windows\[0\]: from 25 to 20"),
        ("from: 20, to: 25", "from: 19, to: 25", "overlaps the quiet span"),
        ("user_intent", "user_intend", "did you mean 'user_intent'"),
        ('why: "she reads"', "why: she reads, alone", "quotes"),
        ("seconds: 60", "seconds: -1", "seconds"),
        ("script:", "scripts:", "a list 'script'"),
    ],
)
def test_a_mistake_is_one_error_that_names_file_and_place(old: str, new: str, told: str) -> None:
    with pytest.raises(AttuneError, match=told) as error:
        scene(SCENE.replace(old, new, 1))
    assert str(error.value).startswith("visit.yaml")


def test_folders_without_scenes_and_files_of_another_name_are_refused(tmp_path) -> None:
    with pytest.raises(AttuneError, match="holds no scene"):
        s.read_scenes(tmp_path)
    with pytest.raises(AttuneError, match="is not a folder"):
        s.read_scenes(tmp_path / "none")
    (tmp_path / "other.yaml").write_text(SCENE)
    with pytest.raises(AttuneError, match="call it other"):
        s.read_scenes(tmp_path)


def test_a_file_beyond_all_bounds_is_not_read(tmp_path) -> None:
    (tmp_path / "big.yaml").write_text("about: " + "x" * s.SCENE_BYTES_MAX)
    with pytest.raises(AttuneError, match="larger than"):
        s.read_scenes(tmp_path)


class TestTimeline:
    def of(self, kind: type, text: str = SCENE) -> list:
        return [message for _, message in messages_of(scene(text)) if isinstance(message, kind)]

    def test_messages_come_in_order_of_time_and_carry_it(self) -> None:
        found = messages_of(scene())
        assert [t for t, _ in found] == sorted(t for t, _ in found)
        assert all(message.t_ns == t for t, message in found)

    def test_who_is_in_view_is_reported_once_a_second_until_they_leave(self) -> None:
        percepts = self.of(m.PersonPercept)
        assert (percepts[0].state, percepts[-1].state) == ("arrived", "left")
        assert 19 <= len([p for p in percepts if p.state == "present"]) <= 21

    def test_looks_last_and_are_told_with_their_onset(self) -> None:
        late = [p for p in self.of(m.PersonPercept) if p.t_ns > 12e9 and p.state == "present"]
        assert {p.gaze_name for p in late} == {"phone"} and {round(p.gaze_since_ns / 1e9) for p in late} == {8}

    def test_speech_is_heard_recognised_and_over_half_a_second_after_its_end(self) -> None:
        (ended,) = [t for t in self.of(m.Turn) if t.speaker == "user" and t.state == "ended"]
        assert ended.text == "hello there" and ended.t_ns - ended.end_ns == 500_000_000
        assert [w.text for w in self.of(m.Word)] == ["hello", "there"]
        assert ended.addressed is None, "nobody else is in view"

    def test_beside_others_it_is_known_whom_speech_was_for(self) -> None:
        two = SCENE.replace("  - {at: 3.0", "  - {at: 2.0, arrives: ben}\n  - {at: 3.0", 1)
        for to, expected in (("agent", 0.9), ("ben", 0.1), ("self", 0.1)):
            text = two.replace('text: "hello there"', f'text: "hello there", to: {to}')
            (ended,) = [t for t in self.of(m.Turn, text) if t.speaker == "user" and t.state == "ended"]
            assert ended.addressed == expected and ended.person_id == "anna"

    def test_an_agent_that_is_stopped_is_heard_only_so_far(self) -> None:
        text = SCENE.replace('agent: "Hello!"', 'agent: "one two three four five six seven eight"')
        stopped = text.replace("  - {at: 8.0", "  - {at: 6.0, stops: anna}\n  - {at: 8.0", 1)
        (ended,) = [t for t in self.of(m.Turn, stopped) if t.speaker == "agent" and t.state == "ended"]
        assert ended.interrupted and 0 < len(ended.text) < 20

    def test_what_nobody_saw_is_not_what_everybody_saw(self) -> None:
        assert self.of(m.WorldEvent)[0].seen_by == ()
        assert self.of(m.WorldEvent, SCENE.replace(", seen_by: []", ""))[0].seen_by is None


GOALS = """
places: {coat rack: {bearing_deg: 40, distance_m: 3.0}}
goals:
  - {id: hang_up_coat, prior: 0.2, steps: [{looks_at: coat rack}, {approaches: coat rack}]}
"""


def test_a_scene_may_declare_goals() -> None:
    assert scene().declared is None
    declared = scene(SCENE + GOALS).declared
    assert declared is not None and declared.goals[0].id == "hang_up_coat" and "coat rack" in declared.places


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("looks_at", "looksat", r"goals\[0\].*unknown field.*did you mean 'looks_at'"),
        ("{approaches: coat rack}", "{approaches: coat rak}", r"steps\[1\]: approaches.*did you mean 'coat rack'"),
        ("prior: 0.2", "prior: 2", r"goals\[0\].prior"),
    ],
)
def test_a_mistake_in_a_scenes_goals_is_one_error(old: str, new: str, told: str) -> None:
    with pytest.raises(AttuneError, match=f"(?s){told}") as error:
        scene(SCENE + GOALS.replace(old, new, 1))
    assert str(error.value).startswith("visit.yaml")
