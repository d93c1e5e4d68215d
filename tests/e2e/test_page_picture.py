"""Low quality: its picture is that of plain skinning."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.avatar.vrm_files import vrm
from tests.e2e.page_support import CHROMIUM, House, Tab, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")


@pytest.fixture(scope="module")
def tab(browser: Any) -> Any:
    with House() as house, Tab(browser, house.url, "/?quality=low") as tab:
        yield tab


SKINNED = """() => {
    const { figure, stage } = attune, place = stage.scene.position.clone(), apart = [];
    figure.body.apply(attune.motion.shown);
    figure.vrm.expressionManager?.setValue("aa", 0.7);
    figure.vrm.expressionManager?.setValue("happy", 0.5);
    figure.vrm.expressionManager?.update();
    figure.vrm.humanoid.update();
    figure.root.updateMatrixWorld(true);
    for (const vertices of figure.vertices) {
        vertices.update(stage.view);
        const { mesh, place: at } = vertices;
        for (let i = 0; i < at.count; i++) {  // three's own morphing and skinning, vertex by vertex
            mesh.getVertexPosition(vertices.of[i], place).applyMatrix4(mesh.matrixWorld);
            apart.push(Math.hypot(place.x - at.getX(i), place.y - at.getY(i), place.z - at.getZ(i)));
        }
    }
    return [apart.length, Math.max(...apart)];
}"""


@pytest.mark.parametrize("character", [None, 0, 1], ids=["attune", "VRM 0", "VRM 1"])
def test_low_quality_puts_each_vertex_where_skinning_does(browser: Any, character: int | None) -> None:
    file = None if character is None else vrm(character, expressions=("aa", "happy", "sad"))
    with House(character=file) as house, Tab(browser, house.url, "/?quality=low") as tab:
        count, apart_m = tab.page.evaluate(SKINNED)
        assert count >= (7_000 if character is None else 4)
        assert apart_m < 1e-5
        assert tab.errors == []


SEEN = """() => {
    const { figure, stage } = attune, { renderer } = stage;
    attune.theatre.draw = () => {};
    const picture = () => {
        renderer.render(stage.scene, stage.camera);
        const { width, height } = renderer.domElement, pixels = new Uint8Array(4 * width * height), gl = renderer.getContext();
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
        return pixels;
    };
    for (const vertices of figure.vertices) vertices.update(stage.view);
    const some = picture(), drawn = renderer.info.render.triangles;
    for (const { faces } of figure.vertices) {
        faces.index.array.set(faces.all);
        faces.index.clearUpdateRanges();
        faces.index.needsUpdate = true;
        faces.groups.forEach((group, i) => Object.assign(group, faces.parts[i]));
    }
    const all = picture();
    let differing = 0, figured = 0;
    for (let i = 0; i < all.length; i += 4) {
        if (all[i] !== some[i] || all[i + 1] !== some[i + 1]) differing += 1;
        if (Math.abs(all[i] - all[0]) > 8) figured += 1;
    }
    return [drawn, renderer.info.render.triangles, differing, figured];
}"""


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["wide", "narrow"])
def test_the_triangles_that_are_left_out_are_those_that_nobody_sees(browser: Any, size: tuple[int, int]) -> None:
    options = {"viewport": {"width": size[0], "height": size[1]}}
    with House() as house, Tab(browser, house.url, "/?quality=low", **options) as tab:
        drawn, all_of_them, differing, figured = tab.page.evaluate(SEEN)
        assert drawn < 0.65 * all_of_them
        assert figured > 20_000
        assert differing <= 5, "pixels at edges, of triangles seen just from the side"


def test_low_quality_shows_the_picture_on_a_mesh_in_its_own_colours(browser: Any) -> None:
    pixel = """() => { const { stage, figure } = attune, { renderer, camera } = stage, gl = renderer.getContext();
        renderer.render(stage.scene, camera);
        const at = figure.vrm.humanoid.getRawBoneNode("head").getWorldPosition(stage.scene.position.clone());
        at.y += 0.1; at.project(camera);
        const { width, height } = renderer.domElement, out = new Uint8Array(4);
        gl.readPixels((0.5 + 0.5 * at.x) * width, (0.5 + 0.5 * at.y) * height, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, out);
        return [...out.slice(0, 3)]; }"""
    with House(character=vrm(1)) as house, Tab(browser, house.url, "/?quality=low") as tab:
        colour = np.array(tab.page.evaluate(pixel), float)
        painted = np.array([0xD0, 0x50, 0x40], float)  # of the picture in the file
        assert colour / colour[0] == pytest.approx(painted / painted[0], abs=0.06), "the same hue"
        assert 0.6 < colour[0] / painted[0] < 1.3, "lit, neither dark nor burnt out"


FLOOR = """() => {  // by how much the shadow on the floor darkens the picture, and where
    const { figure, stage } = attune, { renderer } = stage, cast = [];
    attune.theatre.draw = () => {};
    stage.scene.traverse((node) => node.material?.isShadowMaterial && cast.push(node));
    const picture = () => {
        renderer.render(stage.scene, stage.camera);
        const { width, height } = renderer.domElement, pixels = new Uint8Array(4 * width * height), gl = renderer.getContext();
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
        return pixels;
    };
    const lit = (on) => (cast.forEach((node) => (node.visible = on)), picture());
    const [with_it, without] = [lit(true), lit(false)];
    return [cast.length, with_it.reduce((most, value, i) => Math.max(most, without[i] - value), 0)];
}"""


@pytest.mark.parametrize(("size", "darkened"), [((700, 260), False), ((200, 640), True)], ids=["wide", "tall"])
def test_a_shadow_lies_on_the_floor_only_where_the_feet_are(
    browser: Any, size: tuple[int, int], darkened: bool
) -> None:
    with House() as house:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        page = context.new_page()
        page.goto(house.url + "/?quality=high")
        wait_for(lambda: page.evaluate("Boolean(window.attune && attune.figure && attune.motion.received > 5)"), 60)
        floors, by = page.evaluate(FLOOR)
        context.close()
    assert floors == 1
    assert (by > 4) == darkened, "without the legs it would be a blob beside the figure"


def test_what_hangs_on_a_mesh_is_shown_as_well(tab: Tab) -> None:
    shown = tab.page.evaluate(
        """async () => {
        const THREE = await import("/vendor/three.module.min.js"), { Vertices } = await import("/vertices.js");
        const box = () => new THREE.Mesh(new THREE.BoxGeometry(), new THREE.MeshStandardMaterial());
        const [outer, inner, hidden, scene] = [box(), box(), box(), new THREE.Scene()];
        scene.add(outer.add(inner, hidden));
        hidden.visible = false;
        for (const mesh of [outer, inner, hidden]) new Vertices(mesh).update(attune.stage.view);
        const { renderer, camera } = attune.stage, drawn = [];
        scene.traverse((node) => node.isMesh && (node.onBeforeRender = () => drawn.push(node)));
        renderer.render(scene, camera);
        return [drawn.includes(outer) || drawn.includes(inner), drawn.length];
    }"""
    )
    assert shown == [False, 2], "the two that are visible, by the loop alone"
