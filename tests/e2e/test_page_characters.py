"""The page shows any VRM: other versions, sizes and sets of bones and expressions, by drop, by button and by `--avatar`."""

from __future__ import annotations

import base64
import struct
from typing import Any

import msgspec
import numpy as np
import pytest

from runtime.vocabulary import BODY_JOINTS, VISEMES
from tests.avatar.vrm_files import EYES, OPTIONAL, glb, vrm, without
from tests.e2e.page_support import CHROMIUM, JOINT, WHERE, House, Tab, quaternion, synthetic_frame, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

DROP = """([name, body]) => {
    const bytes = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name));
    const told = { dataTransfer: data, cancelable: true, bubbles: true };
    for (const kind of ["dragover", "drop"]) window.dispatchEvent(new DragEvent(kind, told));
}"""
BODY = "attune.figure.vrm.scene.uuid"


def drop(tab: Tab, name: str, body: bytes) -> None:
    tab.page.evaluate(DROP, [name, base64.b64encode(body).decode()])


def with_binary(whole: bytes, filling: bytes) -> bytes:
    """Return a VRM file whose meshes and pictures are so many times `filling`."""
    at = 20 + struct.unpack_from("<I", whole, 12)[0] + 8
    size = len(whole) - at
    return whole[:at] + (filling * (size // len(filling) + 1))[:size]


def hands(tab: Tab) -> dict[str, Any]:
    names = ("head", "leftHand", "rightHand", "leftLowerArm", "rightLowerArm")
    return {name: np.array(tab.page.evaluate(WHERE, name)) for name in names}


class Posed(House):
    """An agent that holds one pose: leaning forward, its right hand up, its left arm hanging."""

    async def _move(self) -> None:
        index = 0
        while True:
            due = index * 20_000_000
            await self.clock.sleep_until_ns(due)
            frame = synthetic_frame(0, due, **self.frame_fields, hips_m=(0.02, -0.01, 0.03))
            rotations = np.frombuffer(frame.rotations, np.float32).reshape(22, 4).copy()
            rotations[JOINT["head"]] = quaternion((1, 0, 0), 0.1)
            rotations[JOINT["neck"]] = quaternion((0, 1, 0), 0.4)
            rotations[JOINT["upperChest"]] = quaternion((1, 0, 0), 0.25)
            rotations[JOINT["rightShoulder"]] = quaternion((0, 0, 1), -0.2)
            self.bus.publish(msgspec.structs.replace(frame, index=index, rotations=rotations.tobytes()))
            index += 1


@pytest.mark.parametrize("version", [0, 1])
def test_either_version_of_vrm_stands_as_the_usual_character_does(browser: Any, version: int) -> None:
    where = {}
    for character in (None, vrm(version)):
        with Posed(character=character) as house, Tab(browser, house.url) as tab:
            where[character is None] = hands(tab)
            if character is not None:
                assert tab.page.evaluate("attune.figure.vrm.meta.metaVersion") == str(version)
            assert tab.errors == []
    for name, place in where[True].items():
        assert np.allclose(where[False][name], place, atol=0.03), name
    assert where[False]["rightHand"][0] < -0.2 < 0.1 < where[False]["leftHand"][0]


@pytest.mark.parametrize("version", [0, 1])
def test_bones_that_are_missing_hand_their_rotation_on(browser: Any, version: int) -> None:
    angle = {}
    for bones in (without(), without(*OPTIONAL, eyes=False)):
        with Posed(character=vrm(version, bones=bones)) as house, Tab(browser, house.url) as tab:
            angle[len(bones)] = {
                name: np.array(
                    tab.page.evaluate(
                        "(n) => { const b = attune.figure.bone(n); return b.getWorldQuaternion(b.quaternion.clone()).toArray(); }",
                        name,
                    )
                )
                for name in ("head", "rightHand", "leftLowerArm")
            }
            tab.shot(f"bones-{version}-{len(bones)}")
            assert tab.errors == []
    many, few = angle.values()
    for name in many:
        assert abs(np.dot(many[name], few[name])) == pytest.approx(1, abs=1e-4), name


def test_a_small_figure_fills_the_picture_and_still_looks_at_the_camera(browser: Any) -> None:
    with Posed(character=vrm(scale=0.5)) as house, Tab(browser, house.url) as tab:
        assert tab.page.evaluate("attune.stage.camera.position.y") == pytest.approx(0.5 * 1.59, abs=0.06)
        moved = tab.page.evaluate("attune.figure.body.hips.position.y - attune.figure.body.hipsRest.y")
        assert moved == pytest.approx(-0.005, abs=1e-4), "the hips move by its own size"
        top = tab.page.evaluate(
            "(() => { const v = attune.stage.camera.position.clone().set(0, attune.figure.top_m, 0);"
            " return v.project(attune.stage.camera).y; })()"
        )
        assert 0.7 < top < 1


def visemes(**weights: float) -> bytes:
    return np.array([weights.get(name, 0.0) for name in VISEMES], np.float32).tobytes()


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("aa", "oh", "happy", "blink"), {"aa": 0.5, "oh": 0.25, "happy": 0.5, "blink": 0.5}),
        (
            ("viseme_aa", "viseme_oh", "aa", "oh", "blinkLeft", "blinkRight"),
            {"viseme_aa": 0.5, "viseme_oh": 0.25, "blinkLeft": 1.0},
        ),
        (
            ("jawOpen", "mouthFunnel", "eyeBlinkLeft", "eyeBlinkRight"),
            {"jawOpen": 0.5 * 0.6 + 0.25 * 0.4, "mouthFunnel": 0.25 * 0.6, "eyeBlinkLeft": 1.0},
        ),
        ((), {}),
    ],
)
def test_a_face_shows_what_its_expressions_can(browser: Any, names: tuple[str, ...], shown: dict[str, float]) -> None:
    felt = np.array([0.5, 0, 0, 0, 0], np.float32).tobytes()
    body = {"visemes": visemes(aa=0.5, oh=0.25), "expression": felt, "blink": (1.0, 0.0)}
    with Posed(character=vrm(expressions=names), **body) as house, Tab(browser, house.url) as tab:
        assert tab.page.evaluate("attune.figure.expressions") == pytest.approx(shown)
        assert tab.errors == []


def test_low_quality_moves_the_vertices_as_the_expressions_say(browser: Any) -> None:
    felt = np.array([0.5, 0, 0, 0, 0], np.float32).tobytes()
    character = vrm(expressions=("aa", "happy", "sad"))
    with House(character=character, visemes=visemes(aa=1.0), expression=felt) as house, Tab(browser, house.url) as tab:
        x = tab.page.evaluate("attune.figure.vertices[0].morphs.shown[0]")
        assert x == pytest.approx(-0.1 + 0.001 * 1.0 + 0.002 * 0.5, abs=1e-6)
        assert tab.errors == []


@pytest.mark.parametrize("version", [0, 1])
def test_eyes_turn_to_the_side_that_is_meant(browser: Any, version: int) -> None:
    ahead = """(name) => { const eye = attune.figure.vrm.humanoid.getRawBoneNode(name); eye.updateWorldMatrix(true, false);
        const e = eye.matrixWorld.elements; return [e[8], e[9], e[10]]; }"""
    with House(character=vrm(version), eyes_rad=(0.3, 0.2)) as house, Tab(browser, house.url) as tab:
        for eye in EYES:
            x, y, z = (1 if version == 1 else -1) * np.array(tab.page.evaluate(ahead, eye))
            assert np.arctan2(x, z) == pytest.approx(0.3, abs=0.12), "to its left"
            assert y > 0.1, "and up"


def test_a_face_without_eye_bones_looks_by_arkits_shapes_if_it_has_them(browser: Any) -> None:
    looks = [f"eyeLook{way}{side}" for way in ("In", "Out", "Up", "Down") for side in ("Left", "Right")]
    character = vrm(bones=BODY_JOINTS, expressions=looks)
    with House(character=character, eyes_rad=(0.26, 0.0)) as house, Tab(browser, house.url) as tab:
        half = pytest.approx(0.5, abs=0.01)
        assert tab.page.evaluate("attune.figure.expressions") == {"eyeLookOutLeft": half, "eyeLookInRight": half}


def test_the_lids_follow_the_eyes_up_and_down_but_do_not_close_further_than_shut(browser: Any) -> None:
    at = """async ([pitch, left, right]) => {
        const { restPose } = await import("/wire.js"), pose = restPose(), { figure, stage } = attune;
        pose.face.set([0, pitch, left, right]);
        figure.apply(pose, 0.01, stage.view);
        const mesh = figure.vertices.find(({ morphs }) => morphs), { shown, base } = mesh.morphs;
        let moved = 0;  // the upper lids are all that moves so far on the face
        for (let i = 1; i < shown.length; i += 3) moved += shown[i] - base[i];
        return [figure.expressions, moved];
    }"""
    with House() as house, Tab(browser, house.url) as tab:
        down, lower = tab.page.evaluate(at, [-0.42, 0, 0])
        assert down == pytest.approx({"eyeLookDownLeft": 1.0, "eyeLookDownRight": 1.0}, abs=1e-3)
        up, higher = tab.page.evaluate(at, [0.21, 0, 0])
        assert up == pytest.approx({"eyeLookUpLeft": 0.5, "eyeLookUpRight": 0.5}, abs=1e-3)
        assert lower < -0.1 and higher > 0.02, "metres, of all vertices: the lids come down, and rise"
        assert tab.page.evaluate(at, [0, 0, 0]) == [{}, 0]
        winking, _ = tab.page.evaluate(at, [-0.42, 1, 0.5])
        assert winking == pytest.approx({"blinkLeft": 1, "blinkRight": 0.5, "eyeLookDownRight": 0.5}, abs=1e-3)
        assert tab.errors == []


@pytest.mark.parametrize("version", [0, 1])
def test_lids_follow_by_the_shapes_for_looking_up_and_down_that_a_model_has(browser: Any, version: int) -> None:
    names = ("lookUp", "lookDown", "lookLeft", "blink")
    with (
        House(character=vrm(version, expressions=names), eyes_rad=(0.2, -0.21)) as house,
        Tab(browser, house.url) as tab,
    ):
        assert tab.page.evaluate("attune.figure.expressions") == pytest.approx({"lookDown": 0.5}, abs=0.01)
        assert tab.errors == []


def test_a_shape_that_moves_the_eyes_themselves_does_not_turn_them_a_second_time(browser: Any) -> None:
    shapes = """async () => {
        const THREE = await import("/vendor/three.module.min.js"), { lidsOnly } = await import("/lids.js");
        const [head, eye] = [new THREE.Bone(), new THREE.Bone()];
        head.add(eye);
        const vrm = { humanoid: { getRawBoneNode: (name) => (name === "leftEye" ? eye : null) } };
        const geometry = new THREE.BufferGeometry(), list = (...v) => new THREE.Float32BufferAttribute(v, 3);
        geometry.setAttribute("position", list(0, 0, 0, 1, 0, 0));
        geometry.setAttribute("skinIndex", new THREE.Uint16BufferAttribute([0, 0, 0, 0, 1, 0, 0, 0], 4));
        geometry.setAttribute("skinWeight", new THREE.Float32BufferAttribute([1, 0, 0, 0, 1, 0, 0, 0], 4));
        geometry.morphAttributes.position = [list(0, 1, 0, 0, 0, 0), list(0, 1, 0, 0, 1, 0)];
        const skin = new THREE.SkinnedMesh(geometry), ball = new THREE.Mesh(geometry);
        skin.bind(new THREE.Skeleton([head, eye]));
        eye.add(ball);
        const only = (...binds) => lidsOnly({ binds }, vrm);
        return [only({ primitives: [skin], index: 0 }), only({ primitives: [skin], index: 1 }), only({ primitives: [ball], index: 0 }),
            only({ material: {} })];
    }"""
    with House() as house, Tab(browser, house.url) as tab:
        assert tab.page.evaluate(shapes) == [True, False, False, False]


def test_a_file_that_is_dropped_is_shown_here_only(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab, Tab(browser, house.url) as other:
        usual = tab.page.evaluate(BODY)
        drop(tab, "mine.vrm", vrm(0))
        tab.wait("attune.figure.vrm.meta.metaVersion === '0'")
        elbow = "attune.figure.bone('rightLowerArm').quaternion.z"
        first = tab.page.evaluate(elbow)
        tab.wait(f"Math.abs({elbow} - ({first})) > 0.02")
        picture = (
            "(() => { let m; attune.figure.root.traverse((n) => (m ??= n.material)); return m.map.image.width; })()"
        )
        assert tab.page.evaluate(picture) == 2, "its picture is read"
        assert other.page.evaluate("attune.figure.vrm.meta.metaVersion") == "1"
        tab.shot("dropped")
        tab.page.click("#settings-button")
        tab.page.click("#character-restore")
        tab.wait("attune.figure.vrm.meta.metaVersion === '1'")
        assert tab.page.evaluate(BODY) != usual
        assert tab.errors == other.errors == []


def test_a_file_can_be_chosen_without_a_mouse(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        # `expect_file_chooser` tells the browser without waiting, and the key can be faster; a listener from the start can't miss it.
        choosers: list[Any] = []
        tab.page.on("filechooser", lambda chooser: choosers.append(chooser))
        tab.page.focus("#settings-button")
        tab.page.keyboard.press("Enter")
        tab.page.focus("#character-choose")
        tab.page.keyboard.press("Enter")
        wait_for(lambda: tab.page.evaluate("1") and choosers, 15.0)
        choosers[0].set_files([{"name": "mine.vrm", "mimeType": "", "buffer": vrm(0)}])
        tab.wait("attune.figure.vrm.meta.metaVersion === '0'")
        assert tab.errors == []


def test_a_file_that_cannot_be_shown_is_explained_and_the_figure_stays(browser: Any) -> None:
    whole = vrm()
    broken = whole.replace(b'"componentType": 5126, "count": 8', b'"componentType": 5126, "count": 9')
    wrong = {
        "notes.txt": (b"hello, this is not a figure", "not a VRM file"),
        "part.vrm": (whole[:2_000], "damaged or incomplete"),
        "chair.glb": (glb({"asset": {"version": "2.0"}}), "not a VRM"),
        "bones.vrm": (vrm(bones=without("leftHand")), "leftHand"),
        "draco.vrm": (vrm(extensionsRequired=["KHR_draco_mesh_compression"]), "Draco"),
        "outside.vrm": (vrm(images=[{"uri": "https://example.org/skin.png"}]), "other files"),
        "inside.vrm": (
            glb({"asset": {"version": "2.0"}, "extensions": {"VRMC_vrm": {"specVersion": "1.0"}}}),
            "damaged",
        ),
        "views.vrm": (broken, "damaged"),
        "garbage.vrm": (with_binary(whole, b"garbage!"), "damaged"),
        "emptied.vrm": (with_binary(whole, bytes(8)), "damaged"),
        "picture.vrm": (whole.replace(b"PNG", b"XXX"), "damaged"),
    }
    with House() as house, Tab(browser, house.url) as tab:
        usual = tab.page.evaluate(BODY)
        for name, (body, words) in wrong.items():
            drop(tab, name, body)
            wait_for(lambda name=name: name in tab.text("#hint"))
            assert words in tab.text("#hint"), name
            assert tab.page.evaluate(BODY) == usual, name
        tab.page.evaluate(
            """async () => {
            const file = new File(["glTF"], "huge.vrm");
            Object.defineProperty(file, "size", { value: 65 * 2 ** 20 });
            await attune.theatre.take(file);
        }"""
        )
        assert "65 MiB, but the limit is 64" in tab.text("#hint")
        tab.shot("refused-file")
        count = tab.page.evaluate("attune.motion.received")
        tab.wait(f"attune.motion.received > {count} + 10")
        drop(tab, "mine.vrm", whole)
        wait_for(lambda: not tab.page.is_visible("#hint"))


def test_where_the_sessions_character_is_broken_inside_the_usual_one_is_shown(browser: Any) -> None:
    with House(character=glb({"extensions": {"VRMC_vrm": {}}})) as house, Tab(browser, house.url) as tab:
        assert "cannot be shown" in tab.text("#hint")
        assert tab.page.evaluate("attune.figure.vrm.meta.name") == "Attune"


def test_quality_is_chosen_on_the_page_and_kept(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        assert tab.page.evaluate("attune.stage.quality") == "low", "drawn by the processor"
        tab.page.click("#settings-button")
        tab.shot("settings")
        for quality in ("high", "low", "high"):
            tab.page.check(f"#settings input[value={quality}]")
            tab.wait(f"attune.figure && attune.stage.quality === '{quality}'", 30)
        shadow = "attune.stage.renderer.shadowMap.enabled"
        assert tab.page.evaluate(shadow) is True
        count = tab.page.evaluate("attune.motion.received")
        tab.wait(f"attune.motion.received > {count} + 10", 30)
        tab.page.reload()
        tab.wait("window.attune && attune.stage", 30)
        assert tab.page.evaluate("attune.stage.quality") == "high"
        tab.page.goto(house.url + "/?quality=low")
        tab.wait("window.attune && attune.stage", 30)
        assert tab.page.evaluate(f"[attune.stage.quality, {shadow}]") == ["low", False]
        assert tab.errors == []
