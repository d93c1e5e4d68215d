// @ts-check
/**
 * The light on the set, in both qualities: from above and below, a warm key from the front left, a cool rim from behind.
 *
 * `high` has lights in the scene, `low` computes them at the vertices (vertices.js).
 */
import * as THREE from "./vendor/three.module.min.js";

const SKY = { above: 0xffffff, below: 0xd8c3b4, high: 2.0, low: 2.05 };
const KEY = { color: 0xfff3e2, at: [-1.4, 2.9, 2.6], high: 1.9, low: 1.6 };
const RIM = { color: 0xcfe4ff, at: [2.2, 2.2, -2.2], high: 1.2, low: 0.7 };

/** Add the lights of `high`, with the shadow of the key. @param {THREE.Object3D} set */
export function addLights(set) {
  set.add(new THREE.HemisphereLight(SKY.above, SKY.below, SKY.high));
  const [key, rim] = [KEY, RIM].map(({ color, at, high }) => {
    const light = new THREE.DirectionalLight(color, high);
    light.position.fromArray(at);
    set.add(light);
    return light;
  });
  key.castShadow = true;
  key.shadow.mapSize.set(2048, 2048);
  key.shadow.bias = -0.0004;
  key.shadow.normalBias = 0.014;
  key.shadow.radius = 6;
  key.shadow.intensity = 0.6;
  Object.assign(key.shadow.camera, { left: -1.2, right: 1.2, top: 1.4, bottom: -1.4, near: 0.5, far: 7 });
  for (const light of [key, rim]) {
    light.target.position.set(0, 0.9, 0);
    set.add(light.target);
  }
}

/** Where the shadow on the floor begins to fade and where it ends, metres from the feet. */
const FADE_M = [0.25, 0.95];

/**
 * The floor that shows the key's shadow, as far as the knees'. What is higher throws its shadow where nothing seems to lead to it: where the legs are
 * not in the picture, the head's lay there as a blob. @returns {THREE.Mesh}
 */
export function castShadow() {
  const material = new THREE.ShadowMaterial({ color: 0x1e2d37, opacity: 0.2 });
  material.onBeforeCompile = (shader) => {
    const begin = "void main() {";
    shader.vertexShader = shader.vertexShader.replace(begin, `varying vec2 vFromFeet;\n${begin}\n  vFromFeet = position.xy;`);
    const [near, far] = FADE_M.map((m) => m.toFixed(3));
    shader.fragmentShader = shader.fragmentShader
      .replace(begin, `varying vec2 vFromFeet;\n${begin}`)
      .replace("#include <tonemapping_fragment>", `gl_FragColor.a *= 1.0 - smoothstep(${near}, ${far}, length(vFromFeet));\n$&`);
  };
  const floor = new THREE.Mesh(new THREE.PlaneGeometry(2 * FADE_M[1], 2 * FADE_M[1]), material);
  floor.receiveShadow = true;
  return floor;
}

/** @param {number} color @param {number} intensity what a matt surface gives back of it @returns {number[]} linear */
function shone(color, intensity) {
  const { r, g, b } = new THREE.Color(color);
  return [r, g, b].map((part) => (part * intensity) / Math.PI);
}

/** @param {number[]} at */
const towards = (at) => new THREE.Vector3().fromArray(at).normalize().toArray();

const below = shone(SKY.below, SKY.low);
const above = shone(SKY.above, SKY.low);
/** The light of `low`, as vertices.js adds it up: from below, what comes to it upwards, key and where it is, rim and where it is. */
export const LOW_LIGHT = Float64Array.from([
  ...below, ...above.map((part, i) => part - below[i]),
  ...shone(KEY.color, KEY.low), ...towards(KEY.at), ...shone(RIM.color, RIM.low), ...towards(RIM.at),
]);
