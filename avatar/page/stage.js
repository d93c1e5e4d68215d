// @ts-check
/**
 * The set: renderer, floor with a soft shadow, and a camera at the figure's eye height, so that a gaze straight ahead meets
 * the person who looks at the page. What is in the picture follows the figure's size.
 */
import { addLights, castShadow } from "./light.js";
import * as THREE from "./vendor/three.module.min.js";

/** Colours of the set (sRGB). */
const WALL = 0xdfe7e6;
const WALL_LOW = 0xe6ecea;
/** In the picture, of a figure whose eyes are at 1.6 m, from this height ... */
const EYES_M = 1.6;
const LOWEST_M = 0.62;
const HIGHEST_M = 1.84;
const WIDTH_M = 1.02;
/** Room above the figure's top, and how far above its eyes that may be (hats and ears may be cut). */
const HEADROOM_M = 0.06;
const TOP_MAX_M = 0.55;
const FOV_DEG = 26;

export class Stage {
  /** @param {HTMLCanvasElement} canvas @param {"high" | "low"} quality @param {() => number} coveredRight CSS pixels at the right under the panel */
  constructor(canvas, quality, coveredRight) {
    this.canvas = canvas;
    this.coveredRight = coveredRight;
    this.quality = quality;
    this.eyeHeight_m = EYES_M;
    this.top_m = HIGHEST_M - HEADROOM_M;
    const high = quality === "high";
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: high, powerPreference: "high-performance" });
    this.renderer.toneMapping = THREE.NoToneMapping;
    // `low` has its colours in the display's space already (vertices.js).
    if (!high) this.renderer.outputColorSpace = THREE.LinearSRGBColorSpace;
    this.scene = new THREE.Scene();
    this.scene.background = high ? new THREE.Color(WALL) : new THREE.Color().setHex(WALL_LOW, THREE.LinearSRGBColorSpace);
    this.camera = new THREE.PerspectiveCamera(FOV_DEG, 1, 0.05, 40);
    /** Everything that is measured in the size of the figure. */
    this.set = new THREE.Group();
    this.scene.add(this.set);
    if (high) {
      addLights(this.set);
      this.renderer.shadowMap.enabled = true;
      this.renderer.shadowMap.type = THREE.PCFShadowMap;
    }
    this.floor(high);
    /** Of the camera, for who leaves out what it does not see. @type {import("./faces.js").View} */
    this.view = { x: 0, y: EYES_M, z: 5, slope: 1 };
    this.fps = 0;
    this.frames = 0;
    this.since = performance.now();
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(canvas);
    this.resize();
  }

  /** Put the camera before a figure. @param {{eyeHeight_m: number, top_m: number}} figure */
  frame(figure) {
    this.eyeHeight_m = figure.eyeHeight_m;
    this.top_m = figure.top_m;
    this.set.scale.setScalar(figure.eyeHeight_m / EYES_M);
    this.resize();
  }

  /** A soft shadow under the feet; with a GPU also a floor that fades into the wall, and a pale disc behind the figure. @param {boolean} high */
  floor(high) {
    const lie = (/** @type {THREE.Mesh} */ mesh, /** @type {number} */ y, /** @type {number} */ order) => {
      mesh.rotation.x = -Math.PI / 2;
      mesh.position.y = y;
      mesh.renderOrder = order;
    };
    lie(this.disc([[0, "rgba(30,45,55,0.5)"], [0.35, "rgba(30,45,55,0.27)"], [1, "rgba(30,45,55,0)"]], 1.15), 0.001, 2);
    if (!high) return; // two large blended planes less: they cost more than the figure in software
    lie(this.disc([[0, "rgba(190,203,202,1)"], [0.5, "rgba(202,214,213,0.9)"], [1, "rgba(223,231,230,0)"]], 7), -0.002, 1);
    const cast = castShadow();
    this.set.add(cast);
    lie(cast, 0.002, 3);
    const glow = this.disc([[0.04, "rgba(255,252,244,0.95)"], [0.55, "rgba(247,248,244,0.6)"], [1, "rgba(223,231,230,0)"]], 5);
    glow.position.set(0, 1.3, -2.2);
  }

  /** @param {[number, string][]} stops of a gradient from the middle out @param {number} size metres */
  disc(stops, size) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 256;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const gradient = pen.createRadialGradient(128, 128, 0, 128, 128, 128);
    for (const [at, color] of stops) gradient.addColorStop(at, color);
    pen.fillStyle = gradient;
    pen.fillRect(0, 0, 256, 256);
    const texture = new THREE.CanvasTexture(canvas);
    texture.colorSpace = this.quality === "high" ? THREE.SRGBColorSpace : THREE.NoColorSpace;
    const mesh = new THREE.Mesh(new THREE.PlaneGeometry(size, size), new THREE.MeshBasicMaterial({ map: texture, transparent: true, depthWrite: false }));
    this.set.add(mesh);
    return mesh;
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    this.renderer.setPixelRatio(this.quality === "high" ? Math.min(2, devicePixelRatio) : 1);
    this.renderer.setSize(width, height, false);
    const covered = this.coveredRight();
    const free = Math.max(200, width - covered);
    // The camera looks straight ahead at eye height; the picture is moved in its plane (a lens shift), which keeps eye contact.
    const eyes = this.eyeHeight_m;
    const size = eyes / EYES_M;
    const highest = Math.min(this.top_m + HEADROOM_M * size, eyes + TOP_MAX_M * size);
    const lowest = LOWEST_M * size;
    const tall = highest - lowest;
    const visible = Math.max(tall * 1.02, (WIDTH_M * size * height) / free);
    const distance = visible / 2 / Math.tan((FOV_DEG * Math.PI) / 360);
    const middle = Math.max((highest + lowest) / 2, highest + HEADROOM_M * size - visible / 2);
    const shiftY = ((eyes - middle) / visible) * height;
    this.camera.position.set(0, eyes, distance);
    this.camera.aspect = width / height;
    this.camera.setViewOffset(width, height, covered / 2, shiftY, width, height);
    this.camera.lookAt(0, eyes, 0);
    this.view = { x: 0, y: eyes, z: distance, slope: (eyes - middle + visible / 2) / distance };
  }

  /** @returns {boolean} whether `fps` is new */
  draw() {
    this.renderer.render(this.scene, this.camera);
    this.frames += 1;
    const now = performance.now();
    if (now - this.since <= 1000) return false;
    const paused = now - this.since > 3000; // the page was hidden
    if (!paused) this.fps = (1000 * this.frames) / (now - this.since);
    this.frames = 0;
    this.since = now;
    return !paused;
  }

  dispose() {
    this.observer.disconnect();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }
}
