// @ts-check
/**
 * The set: renderer, light, floor with a soft shadow, and a camera at the agent's eye height, so that a gaze straight ahead meets
 * the person who looks at the page. Two qualities: `high` for a GPU, `low` (no antialiasing, plain shading) for software rendering,
 * chosen by the renderer's name or `?quality=`.
 */
import * as THREE from "./vendor/three.module.min.js";
import { PALETTE } from "./palette.js";

const EYE_HEIGHT_M = 1.6;
/** What must be in the picture: from this height ... */
const LOWEST_M = 0.62;
const HIGHEST_M = 1.84;
const WIDTH_M = 1.02;
const FOV_DEG = 26;
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;

export class Stage {
  /** @param {HTMLCanvasElement} canvas @param {() => number} coveredRight CSS pixels at the right under the panel */
  constructor(canvas, coveredRight) {
    this.canvas = canvas;
    this.coveredRight = coveredRight;
    this.quality = chooseQuality();
    const high = this.quality === "high";
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: high, powerPreference: "high-performance" });
    this.renderer.toneMapping = THREE.NoToneMapping;
    this.scene = new THREE.Scene();
    this.scene.background = new THREE.Color(this.quality === "high" ? PALETTE.wall : PALETTE.wallPlain);
    this.camera = new THREE.PerspectiveCamera(FOV_DEG, 1, 0.1, 30);
    this.light(high);
    this.floor();
    this.fps = 0;
    this.frames = 0;
    this.since = performance.now();
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  /** @param {boolean} high */
  light(high) {
    this.scene.add(new THREE.HemisphereLight(0xffffff, 0xd8c3b4, high ? 2.1 : 2.05));
    const key = new THREE.DirectionalLight(0xfff3e2, high ? 1.9 : 1.6);
    key.position.set(-1.4, 2.9, 2.6);
    this.scene.add(key);
    if (high) {
      key.castShadow = true;
      key.shadow.mapSize.set(1024, 1024);
      key.shadow.bias = -0.0006;
      key.shadow.normalBias = 0.012;
      key.shadow.radius = 5;
      Object.assign(key.shadow.camera, { left: -1.2, right: 1.2, top: 1.4, bottom: -1.4, near: 0.5, far: 7 });
      key.target.position.set(0, 0.9, 0);
      this.scene.add(key.target);
      this.renderer.shadowMap.enabled = true;
      this.renderer.shadowMap.type = THREE.PCFShadowMap;
    }
    const rim = new THREE.DirectionalLight(0xcfe4ff, high ? 1.2 : 0.7);
    rim.position.set(2.2, 2.2, -2.2);
    this.scene.add(rim);
  }

  /** A round floor that fades into the wall, and a soft shadow under the feet. */
  floor() {
    const disc = (/** @type {[number, string][]} */ stops, /** @type {number} */ size, /** @type {number} */ y, /** @type {number} */ order) => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 256;
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      const gradient = pen.createRadialGradient(128, 128, 0, 128, 128, 128);
      for (const [at, color] of stops) gradient.addColorStop(at, color);
      pen.fillStyle = gradient;
      pen.fillRect(0, 0, 256, 256);
      const texture = new THREE.CanvasTexture(canvas);
      texture.colorSpace = THREE.SRGBColorSpace;
      const material = new THREE.MeshBasicMaterial({ map: texture, transparent: true, depthWrite: false });
      const mesh = new THREE.Mesh(new THREE.PlaneGeometry(size, size), material);
      mesh.rotation.x = -Math.PI / 2;
      mesh.position.y = y;
      mesh.renderOrder = order;
      this.scene.add(mesh);
      return mesh;
    };
    if (this.quality === "high") disc([[0, "rgba(190,203,202,1)"], [0.5, "rgba(202,214,213,0.9)"], [1, "rgba(223,231,230,0)"]], 7, -0.002, 1);
    disc([[0, "rgba(30,45,55,0.55)"], [0.35, "rgba(30,45,55,0.3)"], [1, "rgba(30,45,55,0)"]], 1.15, 0.001, 2);
    if (this.quality === "low") return; // two large blended planes less: they cost more than the figure in software
    // A large pale disc behind the figure gives the eye a quiet middle.
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 256;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const gradient = pen.createRadialGradient(128, 128, 10, 128, 128, 128);
    gradient.addColorStop(0, "rgba(255,252,244,0.95)");
    gradient.addColorStop(0.55, "rgba(247,248,244,0.6)");
    gradient.addColorStop(1, "rgba(223,231,230,0)");
    pen.fillStyle = gradient;
    pen.fillRect(0, 0, 256, 256);
    const texture = new THREE.CanvasTexture(canvas);
    texture.colorSpace = THREE.SRGBColorSpace;
    const glow = new THREE.Mesh(new THREE.PlaneGeometry(5, 5), new THREE.MeshBasicMaterial({ map: texture, transparent: true, depthWrite: false }));
    glow.position.set(0, 1.3, -2.2);
    this.scene.add(glow);
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    this.renderer.setPixelRatio(this.quality === "high" ? Math.min(2, devicePixelRatio) : 1);
    this.renderer.setSize(width, height, false);
    const covered = this.coveredRight();
    const free = Math.max(200, width - covered);
    // The camera looks straight ahead at eye height; the picture is moved in its plane (a lens shift), which keeps eye contact.
    const tall = HIGHEST_M - LOWEST_M;
    const visible = Math.max(tall * 1.02, (WIDTH_M * height) / free);
    const distance = visible / 2 / Math.tan((FOV_DEG * Math.PI) / 360);
    const middle = Math.max((HIGHEST_M + LOWEST_M) / 2, HIGHEST_M + 0.06 - visible / 2);
    const shiftY = ((EYE_HEIGHT_M - middle) / visible) * height;
    this.camera.position.set(0, EYE_HEIGHT_M, distance);
    this.camera.aspect = width / height;
    this.camera.setViewOffset(width, height, covered / 2, shiftY, width, height);
    this.camera.lookAt(0, EYE_HEIGHT_M, 0);
  }

  draw() {
    this.renderer.render(this.scene, this.camera);
    this.frames += 1;
    const now = performance.now();
    if (now - this.since > 1000) {
      this.fps = (1000 * this.frames) / (now - this.since);
      this.frames = 0;
      this.since = now;
    }
  }
}

/** @returns {"high" | "low"} */
function chooseQuality() {
  const asked = new URLSearchParams(location.search).get("quality");
  if (asked === "high" || asked === "low") return asked;
  const probe = document.createElement("canvas").getContext("webgl2");
  if (!probe) return "low";
  const info = probe.getExtension("WEBGL_debug_renderer_info");
  const name = info ? String(probe.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  probe.getExtension("WEBGL_lose_context")?.loseContext();
  return SOFTWARE.test(name) ? "low" : "high";
}
