"""The sections of a run profile: one frozen struct per room, every field documented, every timer named.

A profile file (`launch/profiles/*.yaml`) sets what it wants to differ from these defaults. Unknown keys and wrong values are errors
that name the file, the key and the nearest known name (`runtime.profile`). `ListenerSettings`, the longest, has a file of its own
(`runtime.nonverbal`), as has the language model of the slow loop (`runtime.reasoning`). Needs only msgspec.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from runtime.body_settings import BodySettings as BodySettings
from runtime.bridge_settings import BridgeSettings
from runtime.goals import GoalSettings as GoalSettings
from runtime.memory_settings import LongTermSettings as LongTermSettings
from runtime.nonverbal import ListenerSettings as ListenerSettings  # read from here by everybody
from runtime.page_settings import AvatarSettings as AvatarSettings
from runtime.reasoning import ReasonerLlmSettings
from runtime.safety.settings import SafetySettings
from runtime.section import NonNegative, Port, Positive, Section, Share


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


class AsrServerSettings(Section, frozen=True, kw_only=True):
    """A server with OpenAI's transcription protocol; without `base_url` none is used and no audio leaves this machine."""

    base_url: str = ""
    """For example http://127.0.0.1:8000/v1 (speaches, vLLM, LocalAI) or https://api.openai.com/v1."""
    model: str = "whisper-1"
    api_key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable with the key; the key itself never stands in a profile."""
    timeout_s: Positive = 6.0
    """A window that is not answered within this is given up."""


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
    """Bring the microphone's sound to one level (extra `aec`), if it is far or badly set; blurs the loudness that turns and affect read."""
    self_voice: Literal["auto", "on", "off"] = "auto"
    """Lower the speech probability of blocks that the agent's own voice explains. `auto`: with the local loudspeaker; `on`: for pages
    too (headsets that leak, browsers whose cancellation is off), at the price of hearing a soft-spoken interruption
    later; `off`: never. A recording holds no echo, it is never judged."""
    asr: Literal["auto", "moonshine", "pocketsphinx", "faster-whisper", "sherpa", "openai", "none"] = "auto"
    """`auto`: what is configured, in this order: the engine of the folder in `asr_model` (Moonshine where it holds a `tokenizer.bin`,
    sherpa where it holds a `tokens.txt`, else faster-whisper); the server in `asr_server`; for English Moonshine's tiny model where that
    is installed (extra `asr-moonshine`), else pocketsphinx; none. `openai` is `asr_server` by name."""
    asr_model: str = ""
    """Folder of a Moonshine, a streaming sherpa-onnx or a faster-whisper (CTranslate2) model; never downloaded by a run."""
    asr_server: AsrServerSettings = AsrServerSettings()
    language: str = "en"


class TurnSettings(Section, frozen=True, kw_only=True):
    """Turn-taking (research: proact.md 4.1, 4.7)."""

    audio_model: str = "auto"
    """What judges by sound whether a turn is over: `auto` (the shipped Smart Turn v3 where onnxruntime is installed), `none`, or the path
    of another ONNX file of that form. About 50 ms of one core for each pause, off the loop."""
    min_silence_ms: NonNegative = 200.0
    """No end of turn before this much silence."""
    complete_silence_ms: NonNegative = 250.0
    """Silence that ends a turn which words, voice, sound and gaze say is over."""
    undecided_silence_ms: NonNegative = 520.0
    """Silence that ends a turn of which they say nothing."""
    incomplete_silence_ms: NonNegative = 800.0
    """Silence that ends a turn which they say goes on."""
    max_silence_ms: Positive = 1_500.0
    """Silence that ends any turn, also in the middle of a phrase."""
    sound_wait_ms: NonNegative = 320.0
    """How long a pause waits for the audio model's opinion before it is judged without."""
    prepare_from: Share = 0.5
    """Probability of the end from which an answer is prepared before it is due; it is dropped when the person goes on."""
    duck_after_ms: NonNegative = 120.0
    """User speech over the agent's voice that makes the agent speak lower."""
    pause_after_ms: NonNegative = 190.0
    """User speech over the agent's voice at which the agent falls silent, for now: it keeps what it had left to say."""
    backchannel_pause_after_ms: NonNegative = 450.0
    """The same where all words so far are backchannels (mhm, yeah, right)."""
    give_up_after_ms: NonNegative = 800.0
    """User speech over the agent's voice that takes the floor for good, whatever its words are but backchannels."""
    backchannel_max_ms: NonNegative = 1_000.0
    """The same where all its words are backchannels."""
    backchannel_likely_ms: NonNegative = 700.0
    """User speech over the agent's voice that was over within this is a backchannel unless its words claim the floor (stop, no, hello) or
    the recogniser is sure of them. Longer than most backchannels, since recognisers mishear them."""
    resume_wait_ms: NonNegative = 450.0
    """An agent that has fallen silent waits this long, from the end of the person's speech, before it goes on; not for words that are
    backchannels. What may be the next word puts that off, to twice as long at most. Speech that begins again by then counts together with
    what was before."""
    ignore_noise_ms: NonNegative = 700.0
    """A turn without recognised words that is shorter than this is taken for noise and not answered."""
    final_words_wait_ms: NonNegative = 400.0
    """How much longer than the required silence a turn's end waits for the recogniser's last words."""
    duck_gain: Share = 0.35
    """Gain of the agent's voice while ducked."""
    addressed_from: Share = 0.6
    """With several people in view: probability that a turn is for the agent from which it is answered at once."""
    stay_out_below: Share = 0.35
    """Probability below which the agent stays out altogether. Must not be over `addressed_from`; between the two others may go first."""
    others_first_ms: NonNegative = 1_200.0
    """How long after such a turn the agent waits for somebody else to take it before it answers."""

    def __post_init__(self) -> None:
        """Refuse thresholds in the wrong order.

        Raises:
            ValueError: naming the key.
        """
        if self.stay_out_below > self.addressed_from:
            raise ValueError(
                f"stay_out_below: {self.stay_out_below:g} must not be over addressed_from, {self.addressed_from:g}"
            )


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


class SpeechServerSettings(Section, frozen=True, kw_only=True):
    """An OpenAI-compatible speech server (`POST {base_url}/audio/speech`), for `voice.tts: openai`."""

    base_url: str = ""
    """For example https://api.openai.com/v1, or http://127.0.0.1:8880/v1 for a server of your own."""
    model: str = "gpt-4o-mini-tts"
    api_key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable with the key; the key itself never stands in a profile."""
    format: Literal["pcm", "wav"] = "pcm"
    """What is asked for; `pcm` is 24 kHz, 16 bit, mono, and needs no header. Either is understood when it comes."""
    first_audio_timeout_s: Positive = 3.0
    """No sound by then: the embedded voice says the clause instead."""
    total_timeout_s: Positive = 30.0
    """Longest time for one clause; what has come by then is played, and the embedded voice says the rest."""


class VoiceSettings(Section, frozen=True, kw_only=True):
    """Speech output."""

    tts: Literal["auto", "espeak", "piper", "kokoro", "openai", "silent"] = "auto"
    """`auto`: espeak-ng where its library is installed, else `silent` (captions with estimated timing). `piper` and `kokoro` run a model
    of yours (`model`), `openai` asks a server (`server`); where these fail the embedded voice speaks."""
    model: str = ""
    """Piper: path of VOICE.onnx, with VOICE.onnx.json beside it. Kokoro: its .onnx file, or the folder that holds it, with the model's
    config.json and its voices (voices*.bin, voices*.npz or voices/NAME.bin) beside it. Never downloaded by a run."""
    speaker: str = ""
    """Whose voice, of engines other than espeak-ng: Piper's speaker (name or number), Kokoro's voice (af_heart), the server's voice
    (alloy). Empty: the first, or the engine's usual one."""
    server: SpeechServerSettings = SpeechServerSettings()
    voice: str = "en-us+f3"
    """espeak-ng's voice; also the language in which it spells words for Kokoro and keeps time for the other engines."""
    rate_wpm: Annotated[int, Meta(ge=80, le=450)] = 165
    """Words per minute; other engines than espeak-ng speak at their own rate times this by 165."""
    pitch: Annotated[int, Meta(ge=0, le=100)] = 55
    """Of espeak-ng only."""
    chunk_ms: Annotated[float, Meta(ge=10, le=200)] = 40.0
    """Length of one published piece of audio."""
    lead_ms: Annotated[float, Meta(ge=0, le=1_000)] = 80.0
    """How far ahead of playback audio is handed to the player: bounds what an interruption cannot take back."""


_Near = Annotated[float, Meta(ge=-100, le=100)]
Place = tuple[_Near, _Near, _Near]
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
    reasoner: Literal["embedded", "llm"] = "embedded"
    """`llm`: the embedded one and, where the server in `llm` answers in time and sense, a language model on top (docs/reasoners.md)."""
    strategy: Literal["plain", "metamind", "foresee_reflect", "audience", "repair", "empathy"] = "plain"
    """How it thinks. `repair` and `empathy` also work embedded, the others are ways of asking a language model."""
    llm: ReasonerLlmSettings = ReasonerLlmSettings()
    persona: str = "default"
    """Name of a file in `launch/personas/`, or a path: the agent's name, topics and sentences of its own initiative."""
    cycle_s: Annotated[float, Meta(ge=0.05, le=30)] = 0.5
    memory_bytes_max: Annotated[int, Meta(ge=1_024, le=1 << 20)] = 16_384
    memory_tokens_max: Annotated[int, Meta(ge=256, le=1 << 20)] = 8_192
    """Most tokens of the session's memory, by a bound that holds for every tokenizer (some four times what English really takes)."""
    long_term: LongTermSettings = LongTermSettings()
    goals: GoalSettings = GoalSettings()
    thresholds: dict[str, Share] = {}
    """Threshold by trigger type where it differs from the built-in one."""
    long_silence_s: Positive = 12.0
    min_quiet_s: NonNegative = 2.0
    """The person must be silent this long before a proactive act (greetings and safety excepted)."""
    cooldown_s: NonNegative = 20.0
    """Least time between two proactive acts of one trigger type."""


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
    safety: SafetySettings = SafetySettings()
    motion: MotionSettings = MotionSettings()
    cognitive: CognitiveSettings = CognitiveSettings()
    body: BodySettings = BodySettings()
    avatar: AvatarSettings = AvatarSettings()
    bridge: BridgeSettings = BridgeSettings()
    recorder: RecorderSettings = RecorderSettings()
    run: RunSettings = RunSettings()
