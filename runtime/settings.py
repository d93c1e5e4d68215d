"""The sections of a run profile: one frozen struct per room, every field documented, every timer named.

A profile file (`launch/profiles/*.yaml`) sets what it wants to differ from these defaults. Unknown keys and wrong values are errors
that name the file, the key and the nearest known name (`runtime.profile`). This module imports only msgspec.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Positive = Annotated[float, Meta(gt=0)]
NonNegative = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Port = Annotated[int, Meta(ge=0, le=65_535)]


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every profile section."""


class LoopSettings(Section, frozen=True, kw_only=True):
    """The fast loop."""

    tick_hz: Annotated[float, Meta(ge=10, le=200)] = 50.0
    """Rate of motion frames, Hz."""


class BusSettings(Section, frozen=True, kw_only=True):
    """ZeroMQ endpoints. Rooms of one machine always use `ipc://`; these ports let outside programs join."""

    host: str = "127.0.0.1"
    """Address to bind for outside programs. Anything but loopback needs `curve_keys`."""
    intentions_port: Port = 8770
    """TCP port of the intention socket (ROUTER); 0 opens none."""
    streams_port: Port = 8771
    """TCP port of the behavioral room's messages (PUB); 0 opens none."""
    curve_keys: str = ""
    """Folder of CURVE certificates (`attune keys`), needed beyond loopback."""


class SupervisorSettings(Section, frozen=True, kw_only=True):
    """Starting, watching and stopping the rooms."""

    heartbeat_s: Positive = 0.25
    """Interval of each room's heartbeat."""
    hang_after_s: Positive = 20.0
    """A room that is silent for this long is killed and restarted."""
    restart_backoff_s: Positive = 0.2
    """Pause before the first restart; doubles up to `restart_backoff_max_s` while the room keeps dying."""
    restart_backoff_max_s: Positive = 5.0
    ready_timeout_s: Positive = 30.0
    """All rooms must be up and hear each other within this."""
    stop_timeout_s: Positive = 1.2
    """Time given to the rooms between SIGTERM and SIGKILL."""


class HearingSettings(Section, frozen=True, kw_only=True):
    """Voice activity and speech recognition."""

    vad: Literal["auto", "silero", "webrtc"] = "auto"
    """`auto`: Silero where onnxruntime and the shipped model are present, else WebRTC's."""
    vad_on: Share = 0.5
    """Speech probability that opens a speech segment."""
    vad_off: Share = 0.35
    """Probability under which a block counts as silence once speaking."""
    min_speech_ms: NonNegative = 96.0
    """Speech must last this long before it counts."""
    hangover_ms: NonNegative = 160.0
    """Silence must last this long before `UserSpeech.ended`."""
    preroll_ms: NonNegative = 320.0
    """Audio before the onset that the recogniser also gets."""
    echo: Literal["auto", "webrtc", "none"] = "auto"
    """Taking the agent's voice out of the local microphone's sound (a page does that itself, a recording holds none). `auto`: WebRTC's
    canceller where the extra `aec` is installed, else none, which health and the doctor say; `webrtc`: an error where it
    cannot run; `none`: for a headset, the sound stays as it came. Costs 0.4 ms per block and 16 ms of delay."""
    noise_suppression: bool = False
    """Take steady noise (fans, traffic) out of the local microphone's sound; needs the extra `aec`. Off, since the voice detector
    copes without and finds a person who talks over the agent sooner; the recording and the recogniser hear cleaner sound with it."""
    gain_control: bool = False
    """Bring the local microphone's sound to one level; needs the extra `aec`. For a far or badly set microphone. It blurs the
    loudness that turn-taking and affect read."""
    self_voice: Literal["auto", "on", "off"] = "auto"
    """Lower the speech probability of blocks that the agent's own voice explains. `auto`: with the local loudspeaker; `on`: for pages
    too (headsets that leak, browsers whose cancellation is off), at the price of hearing a soft-spoken interruption
    later; `off`: never. A recording holds no echo, it is never judged."""
    asr: Literal["auto", "pocketsphinx", "faster-whisper", "none"] = "auto"
    """`auto`: faster-whisper where `asr_model` is a model folder on this disk, else pocketsphinx."""
    asr_model: str = ""
    """Folder of a faster-whisper (CTranslate2) model; never downloaded by a run."""
    language: str = "en"


class TurnSettings(Section, frozen=True, kw_only=True):
    """Turn-taking (research: proact.md 4.1, 4.7)."""

    min_silence_ms: NonNegative = 200.0
    """No end of turn before this much silence."""
    complete_silence_ms: NonNegative = 320.0
    """Silence that ends a turn whose text or prosody sounds complete."""
    incomplete_silence_ms: NonNegative = 700.0
    """Silence that ends a turn without such a sign."""
    max_silence_ms: Positive = 1_500.0
    """Silence that ends any turn."""
    duck_after_ms: NonNegative = 120.0
    """User speech over the agent's voice that makes the agent speak lower."""
    stop_after_ms: NonNegative = 350.0
    """User speech over the agent's voice that stops it."""
    backchannel_max_ms: NonNegative = 1_000.0
    """User speech over the agent's voice that is only backchannel words (mhm, yeah, right) stops nothing for this long."""
    ignore_noise_ms: NonNegative = 700.0
    """A turn without recognised words that is shorter than this is taken for noise and not answered."""
    final_words_wait_ms: NonNegative = 400.0
    """How much longer than the required silence a turn's end waits for the recogniser's last words."""
    duck_gain: Share = 0.35
    """Gain of the agent's voice while ducked."""


class LlmSettings(Section, frozen=True, kw_only=True):
    """An OpenAI-compatible chat server; without `base_url` none is used."""

    base_url: str = ""
    """For example http://127.0.0.1:11434/v1 (Ollama) or http://127.0.0.1:8080/v1 (llama.cpp)."""
    model: str = ""
    api_key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable with the key; the key itself never stands in a profile."""
    first_token_timeout_s: Positive = 2.5
    """No first word (or tool call) of an answer by then: the scenario answers instead. Hidden reasoning is no word."""
    stall_timeout_s: Positive = 4.0
    """Nothing new for this long in the middle of an answer: what has come is the answer."""
    total_timeout_s: Positive = 20.0
    """Longest time for a whole answer, tools included; what has come by then is the answer."""
    max_reply_chars: Annotated[int, Meta(ge=40, le=4_000)] = 600
    """Spoken characters of one reply; it ends with the word before."""
    temperature: NonNegative = 0.7
    tools: bool = True
    """Offer the agent's tools (gesture, gaze, expression, memory, time) to the model."""
    tool_rounds_max: Annotated[int, Meta(ge=0, le=8)] = 2
    """How often tool results go back to the model within one turn; 0 offers no tools."""
    request_extra: dict[str, Any] = {}
    """Further keys of each request, for what a server needs beside the standard (`{think: false}`, `{top_p: 0.9}`)."""


class SpeechToSpeechSettings(Section, frozen=True, kw_only=True):
    """An OpenAI-Realtime-compatible server that hears the person and answers with its own voice; without `url` none is used."""

    url: str = ""
    """For example ws://127.0.0.1:8080/v1/realtime or wss://api.openai.com/v1/realtime; a key is sent over wss only, or to loopback."""
    model: str = ""
    """Sent as `?model=`; empty sends none."""
    api_key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable with the key; the key itself never stands in a profile."""
    voice: str = ""
    """A voice of the server; empty for its default."""
    dialect: Literal["ga", "beta"] = "ga"
    """Shape of the session settings: that of OpenAI since 2025-08, or the flat one before it. Both are understood in answers."""
    sample_rate_hz: Literal[16_000, 24_000] = 24_000
    """Rate of the audio both ways; OpenAI's is 24000."""
    connect_timeout_s: Positive = 3.0
    first_audio_timeout_s: Positive = 2.5
    """No sound of an answer by then: the text dialogue answers instead, with the agent's other voice."""
    stall_timeout_s: Positive = 4.0
    """Nothing new for this long in the middle of an answer: what has come is the answer."""
    reconnect_max_s: Positive = 30.0
    """Longest pause between attempts to connect; the first comes after half a second, each next after twice as long."""
    max_reply_s: Positive = 60.0
    """Longest sound of one answer."""


class DialogueSettings(Section, frozen=True, kw_only=True):
    """What the agent says."""

    scenario: str = "welcome"
    """Name of a file in `launch/scenarios/`, or a path."""
    look_away_after_ms: NonNegative = 300.0
    """If no reply is ready this long after the person's last sound, the agent looks away to think (proact.md 4.7)."""
    filler_after_ms: NonNegative = 800.0
    """If no reply is ready this long after the end of a turn was decided, the agent thinks aloud ("hmm")."""
    filler_again_ms: Positive = 2_500.0
    """Pause after which it does so again."""
    fillers_max: Annotated[int, Meta(ge=0, le=8)] = 2
    """Fillers of one wait at most."""
    knowledge_bytes_max: Annotated[int, Meta(ge=0, le=16_384)] = 2_000
    """Most of the slow system's knowledge (persona, people, situation) that a language model is given with each request, bytes of UTF-8."""
    llm: LlmSettings = LlmSettings()
    speech_to_speech: SpeechToSpeechSettings = SpeechToSpeechSettings()


class VoiceSettings(Section, frozen=True, kw_only=True):
    """Speech output."""

    tts: Literal["auto", "espeak", "silent"] = "auto"
    """`auto`: espeak-ng where its library is installed, else `silent` (captions with estimated timing)."""
    voice: str = "en-us+f3"
    rate_wpm: Annotated[int, Meta(ge=80, le=450)] = 165
    pitch: Annotated[int, Meta(ge=0, le=100)] = 55
    chunk_ms: Annotated[float, Meta(ge=10, le=200)] = 40.0
    """Length of one published piece of audio."""
    lead_ms: Annotated[float, Meta(ge=0, le=1_000)] = 80.0
    """How far ahead of playback audio is handed to the player: bounds what an interruption cannot take back."""


Place = tuple[
    Annotated[float, Meta(ge=-100, le=100)],
    Annotated[float, Meta(ge=-100, le=100)],
    Annotated[float, Meta(ge=-100, le=100)],
]
"""A point in metres from the agent's eyes: to its left, up, forward."""


class VisionSettings(Section, frozen=True, kw_only=True):
    """Seeing people."""

    enabled: bool = True
    engine: Literal["auto", "haar", "yunet", "mediapipe", "none"] = "auto"
    """`auto`: mediapipe where `mediapipe_python` is set, else yunet where `yunet_model` is, else haar where OpenCV 4 is installed."""
    fps: Annotated[float, Meta(gt=0, le=30)] = 15.0
    """Pictures looked at per second; others are skipped."""
    mediapipe_python: str = ""
    """Python of an environment with mediapipe 0.10.21 (it needs numpy 1; `attune doctor` shows the two commands that make one)."""
    yunet_model: str = ""
    """Path of a face_detection_yunet ONNX file; it is not shipped and never downloaded by a run."""
    camera: Annotated[int, Meta(ge=0, le=63)] = 0
    """Number of the local camera (N of /dev/videoN)."""
    horizontal_fov_deg: Annotated[float, Meta(gt=10, lt=180)] = 60.0
    camera_at_m: Place = (0.0, 0.0, 0.0)
    """Where the camera is, from the agent's eyes; 0, 0, 0 is between them, looking straight ahead."""
    objects: Annotated[dict[Annotated[str, Meta(min_length=1, max_length=128)], Place], Meta(max_length=16)] = {}
    """Things that people may look at, by name, where they are from the agent's eyes."""
    arrive_after_s: NonNegative = 0.4
    """A face must be seen this long before its person has arrived."""
    leave_after_s: NonNegative = 1.5
    """A face must be gone this long before its person has left."""


class ListenerSettings(Section, frozen=True, kw_only=True):
    """Listener behaviour, gaze, blink and speaking head: the constants of research/proact.md section 4."""

    nod_probability: Share = 0.42
    nod_refractory_s: NonNegative = 1.4
    nod_delay_s: NonNegative = 0.30
    nods_per_minute_max: Positive = 12.0
    cue_low_pitch_percentile: Annotated[float, Meta(ge=1, le=50)] = 26.0
    """Ward and Tsukahara (2000): pitch under this percentile of the speaker ..."""
    cue_low_pitch_ms: Positive = 110.0
    """... for this long ..."""
    cue_min_speech_ms: NonNegative = 700.0
    """... after this much speech, is a cue."""
    pause_cue_ms: NonNegative = 300.0
    continuer_probability: Share = 0.15
    continuer_refractory_s: NonNegative = 5.0
    nod_type_shares: tuple[Share, Share, Share] = (0.49, 0.40, 0.11)
    """Short, long, long with up-swing (arXiv 2507.23298)."""
    nod_durations_s: tuple[Positive, Positive, Positive] = (0.83, 1.42, 1.75)
    gaze_speaking_every_s: tuple[Positive, NonNegative] = (4.75, 1.39)
    """Mean and SD of the time between aversions while speaking (Andrist 2013)."""
    gaze_speaking_length_s: tuple[Positive, NonNegative] = (1.96, 0.32)
    gaze_listening_every_s: tuple[Positive, NonNegative] = (7.21, 1.88)
    gaze_listening_length_s: tuple[Positive, NonNegative] = (1.14, 0.27)
    gaze_yield_s: NonNegative = 2.4
    """No aversion in the last seconds of an utterance."""
    gaze_turn_start_until_s: NonNegative = 0.75
    """Thinking gaze lasts until this long into one's own speech."""
    blinks_per_min_speaking: Positive = 26.0
    blinks_per_min_listening: Positive = 17.0
    blink_max_s: Positive = 0.25
    head_accent_deg: tuple[NonNegative, NonNegative] = (1.5, 3.0)
    """Amplitude range of the nod on a speech accent."""
    head_accent_refractory_s: NonNegative = 0.35
    head_phrase_s: Positive = 1.6
    """A new head pose about this often while speaking."""
    breaths_per_min: Positive = 14.0


class MotionSettings(Section, frozen=True, kw_only=True):
    """Where body motion comes from."""

    generator: Literal["procedural", "learned"] = "procedural"
    """`procedural` is the model-free baseline; `learned` is the shipped network, which moves to the sound of both people."""
    provider: Literal["cpu", "cuda", "tensorrt"] = "cpu"
    """What ONNX Runtime computes the network on; the CPU where the other is absent. One body is quickest on the CPU."""
    gesture_rate_per_min: NonNegative = 22.0
    """Beat gestures per minute of speech, of the procedural body."""
    amplitude: Annotated[float, Meta(gt=0, le=2)] = 1.0


class CognitiveSettings(Section, frozen=True, kw_only=True):
    """The slow loop."""

    enabled: bool = True
    reasoner: Literal["embedded"] = "embedded"
    persona: str = "default"
    """Name of a file in `launch/personas/`, or a path: the agent's name, topics and sentences of its own initiative."""
    cycle_s: Annotated[float, Meta(ge=0.05, le=30)] = 0.5
    memory_bytes_max: Annotated[int, Meta(ge=1_024, le=1 << 20)] = 16_384
    thresholds: dict[str, Share] = {}
    """Threshold by trigger type where it differs from the built-in one."""
    long_silence_s: Positive = 12.0
    min_quiet_s: NonNegative = 2.0
    """The person must be silent this long before a proactive act (greetings and safety excepted)."""
    cooldown_s: NonNegative = 20.0
    """Least time between two proactive acts of one trigger type."""


class AvatarSettings(Section, frozen=True, kw_only=True):
    """The web page."""

    host: str = "127.0.0.1"
    """Address to bind. Anything but loopback needs a token."""
    port: Port = 8765
    token: str = ""


class RecorderSettings(Section, frozen=True, kw_only=True):
    """What a session folder keeps. Nothing is recorded unless a command names a folder."""

    user_audio: bool = True
    agent_audio: bool = True
    video: bool = False
    min_free_mb: Annotated[int, Meta(ge=1)] = 64
    """Recording stops, and says so, when less disk space than this is free."""


class RunSettings(Section, frozen=True, kw_only=True):
    """`attune run` on recorded input."""

    tail_s: NonNegative = 1.0
    """Time recorded after the input has ended and the agent has finished."""
    max_tail_s: Positive = 20.0
    """Longest time after the end of the input."""


class Profile(Section, frozen=True, kw_only=True):
    """One run profile: everything that a launch can set."""

    name: str = "cpu"
    description: str = ""
    """What it is for, in one line; shown by `attune doctor`."""
    loop: LoopSettings = LoopSettings()
    bus: BusSettings = BusSettings()
    supervisor: SupervisorSettings = SupervisorSettings()
    hearing: HearingSettings = HearingSettings()
    turns: TurnSettings = TurnSettings()
    dialogue: DialogueSettings = DialogueSettings()
    voice: VoiceSettings = VoiceSettings()
    vision: VisionSettings = VisionSettings()
    listener: ListenerSettings = ListenerSettings()
    motion: MotionSettings = MotionSettings()
    cognitive: CognitiveSettings = CognitiveSettings()
    avatar: AvatarSettings = AvatarSettings()
    recorder: RecorderSettings = RecorderSettings()
    run: RunSettings = RunSettings()
