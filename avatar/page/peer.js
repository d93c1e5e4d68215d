// @ts-check
/**
 * The way by WebRTC for a poor connection (avatar/webrtc.py): motion and both voices on two data channels, on which nothing
 * waits for what is lost. Motion drops what was overtaken (motion.js), voices are put in order (voice-order.js, avatar/reorder.py).
 *
 * Offers and answers go over the WebSocket, which carries on with all the rest, and with everything where this way fails: it is given up when it
 * does not open, closes, or falls silent, and tried again later.
 */
const OPEN_MS = 15_000;
const SILENT_MS = 1_000;
const AGAIN_MS = 10_000;
const LOOK_MS = 250;
const GATHER_MS = 1_000;
const MESSAGE_BYTES_MAX = 16_384;
const BACKLOG_BYTES_MAX = 65_536;
const SOUND_LIFE_MS = 150;

export class Peer {
  /** @param {import("./stream.js").Connection} connection */
  constructor(connection) {
    this.connection = connection;
    this.wanted = false;
    this.offered = false;
    /** @type {string[]} */
    this.stunServers = [];
    /** @type {RTCPeerConnection | null} */
    this.link = null;
    /** @type {RTCDataChannel | null} */
    this.sound = null;
    /** @type {RTCDataChannel | null} */
    this.motion = null;
    this.since_ms = 0;
    this.heard_ms = 0;
    this.again_ms = 0;
    this.received = 0;
    this.sent = 0;
    this.motion_ns = -Infinity;
    connection.peer = this;
    connection.addEventListener("hello", (event) => {
      const { webrtc, stun_servers } = /** @type {CustomEvent} */ (event).detail;
      this.offered = webrtc === true;
      this.stunServers = stun_servers ?? [];
      this.end(0);
    });
    connection.addEventListener("down", () => this.end(0));
    connection.addEventListener("answer", (event) => this.answered(/** @type {CustomEvent} */ (event).detail.sdp));
    setInterval(() => this.look(), LOOK_MS);
  }

  /** Whether motion and voices go this way now. */
  get open() {
    return this.motion?.readyState === "open" && this.sound?.readyState === "open";
  }

  /** @param {boolean} wanted */
  want(wanted) {
    this.wanted = wanted;
    this.again_ms = 0;
    if (!wanted) this.end(0);
    this.look();
  }

  look() {
    const now = performance.now();
    if (!this.link) {
      if (this.wanted && this.offered && this.connection.live && now >= this.again_ms) void this.begin();
    } else if (this.open ? now - Math.max(this.heard_ms, this.since_ms) > SILENT_MS : now - this.since_ms > OPEN_MS) this.end(AGAIN_MS);
  }

  async begin() {
    this.again_ms = performance.now() + AGAIN_MS;
    const link = new RTCPeerConnection({ iceServers: this.stunServers.map((urls) => ({ urls })) });
    this.link = link;
    this.since_ms = performance.now();
    this.motion = this.channel(link, "motion", { ordered: false, maxRetransmits: 0 });
    this.sound = this.channel(link, "sound", { ordered: false, maxPacketLifeTime: SOUND_LIFE_MS });
    link.addEventListener("connectionstatechange", () => {
      if (link === this.link && ["failed", "closed"].includes(link.connectionState)) this.end(AGAIN_MS);
    });
    try {
      await link.setLocalDescription();
      await gathered(link);
      if (link === this.link) this.connection.control("offer", { sdp: link.localDescription?.sdp ?? "" });
    } catch {
      this.end(AGAIN_MS);
    }
  }

  /** @param {RTCPeerConnection} link @param {string} label @param {RTCDataChannelInit} how */
  channel(link, label, how) {
    const channel = link.createDataChannel(label, how);
    channel.binaryType = "arraybuffer";
    channel.addEventListener("open", () => (this.since_ms = performance.now()));
    channel.addEventListener("close", () => link === this.link && this.end(AGAIN_MS));
    channel.addEventListener("message", ({ data }) => {
      if (link !== this.link) return;
      this.heard_ms = performance.now();
      this.received += 1;
      this.connection.take(data);
    });
    return channel;
  }

  /** @param {string} sdp */
  async answered(sdp) {
    const { link } = this;
    try {
      if (link?.signalingState === "have-local-offer") await link.setRemoteDescription({ type: "answer", sdp });
    } catch {
      if (link === this.link) this.end(AGAIN_MS);
    }
  }

  /** Send a block of sound; returns whether it left. @param {Uint8Array<ArrayBuffer>} payload */
  send(payload) {
    const { sound } = this;
    if (!this.open || !sound || payload.length > MESSAGE_BYTES_MAX || sound.bufferedAmount > BACKLOG_BYTES_MAX) return false;
    sound.send(payload);
    this.sent += 1;
    return true;
  }

  /** Give this way up. @param {number} again_ms from when on it may be tried again */
  end(again_ms) {
    const { link } = this;
    this.link = this.motion = this.sound = null;
    this.again_ms = performance.now() + again_ms;
    if (!link) return;
    link.close();
    this.connection.control("offer", { sdp: "" });
  }
}

/** Wait until all of the own addresses are known, or long enough. @param {RTCPeerConnection} link @returns {Promise<void>} */
function gathered(link) {
  return new Promise((done) => {
    const look = () => link.iceGatheringState === "complete" && done();
    link.addEventListener("icegatheringstatechange", look);
    setTimeout(done, GATHER_MS);
    look();
  });
}
