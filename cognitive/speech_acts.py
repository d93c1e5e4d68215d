# ruff: noqa: E501 - one formula a line
"""What people do with words besides asking and greeting: want quiet, search, be about to go (English).

Pure functions of text, tolerant of a recogniser's output, in the manner of `cognitive.cues`: short, precise lists of formulas,
since the fast process answers what is said, and a false alarm costs more here than a miss. (Danger and despair are judged otherwise:
`runtime.safety.peril`, `runtime.safety.despair`.) Patterns are compiled once; texts are bounded by the wire.
"""

from __future__ import annotations

import re

from cognitive.formulas import any_of, plain

_CLOSING = any_of(
    r"""
    (?:i|we)(?:'d| had| should|'ll| will)? better (?:go|be|get|head) /
    (?:i|we) (?:should|ought to|must|have to|need to|'ll) (?:get going|be off|be going|head|run|go) / i'm off /
    we're off / let's go / right then / that's (?:all|it) for (?:today|now) / time to go / heading (?:out|home|off) /
    well anyway / off i go / on my way / my (?:bus|train|taxi|cab|lift|ride)(?: is|'s)? (?:here|leaving|coming)
    """
)
_CLOSES = any_of(
    r"""
    my pleasure / with pleasure / you're welcome / enjoy / have (?:a )?(?:good|nice|lovely|great|safe|fun) ?\w* /
    good luck / rest well / sleep (?:well|tight) / certainly / of course / all right / alright / not at all /
    good idea / please do / no problem / any time / gladly / understood / very well / well done / as you (?:like|wish)
    """
)
_WISHES = any_of(
    r"""
    good luck / enjoy / have (?:a |an )?(?:good|nice|lovely|great|safe|pleasant|wonderful) \w+ / have fun / safe (?:travels|journey|trip|flight) /
    get well(?: soon)? / all the best / rest well / sleep well / take care / mind how you go / see you \w+ / fingers crossed
    """
)
_THANKS = any_of(
    r"""
    thanks?(?: you)? / cheers / much appreciated / ta
    """
)
_SEARCHING = any_of(
    r"""
    where (?:did|have|has|is|are|'s|'ve|on earth|the|in the|could|can|was|were) ?(?:i|my|the|that|those|they|it|he|she|we)? /
    where's / i can(?:'t|not) find / looking for / i(?:'ve| have)? lost / have you seen /
    must be (?:here|somewhere|a way|one|some) / (?:used to|should|ought to) be (?:here|there) /
    (?:it|they) (?:was|were) (?:right |just )?(?:here|there|with) / i put (?:it|them) (?:here|somewhere) / not (?:here|there) either /
    there's (?:a|an|one|some) \w+ somewhere / who's (?:had|got|taken|moved|pinched) my / there must be / you must have /
    where (?:on earth|in the world|the \w+) / something to (?:write|cut|wipe|open|clean|hold|drink) / must have (?:left|dropped|lost|put) /
    i could have sworn / i had (?:it|them) / it's gone / they're gone
    """
)
_QUOTED = any_of(
    r"""
    the (?:film|movie|book|play|song|story|game|novel|series|show|character|ending|hero|heroine|poem|lyrics|chapter|actor|actress) /
    (?:in|on) (?:the news|tv|telly) / once upon /
    she (?:said|says|was|is|felt|cried|dies|died|loses|lost|leaves|left) /
    he (?:said|says|was|is|felt|cried|dies|died|loses|lost|leaves|left) / they (?:said|were|are|felt) /
    my (?:friend|sister|brother|neighbour|neighbor|colleague|boss|cousin|aunt|uncle)(?:'s)?
    """
)
_CANNOT_TELL = any_of(
    r"""
    no (?:idea|clue) / not a clue / dunno / (?:i )?(?:don't|do not) know / (?:haven't|have not) (?:a|the) (?:clue|foggiest|faintest) /
    (?:i'm |i am )?not sure / (?:beats|search) me / how should i know / couldn't (?:say|tell) / can't (?:say|remember) / (?:don't|do not) ask me /
    who knows / me neither / i wish i knew / never heard of (?:it|him|her)
    """
)
_CANCEL = any_of(
    r"""
    never ?mind / forget (?:it|about|the|that|my) / no need / don't bother / cancel /
    don't (?:remind|tell|call|wake) / you (?:don't|needn't|do not) (?:have|need) to / leave it /
    (?:i've|i have|already) (?:done|did|called|taken|finished|sorted) / that won't be necessary / scrap that /
    skip (?:it|the|that)
    """
)
_THINKING = any_of(
    r"""
    let me (?:think|see|look|check|try|read|finish|just) / give me (?:a|one) (?:moment|minute|second|sec) /
    (?:one|just a) (?:moment|minute|second|sec) / hang on / hold on /
    i(?:'m| am) (?:still )?(?:thinking|working|reading|trying|busy) / wait a (?:moment|minute|second|sec) /
    bear with me / i'll (?:try|have a go|think) / don't tell me / (?:on my own|by myself|alone|myself) first /
    let me have a go / (?:try|do|work|solve|find) (?:it|this|that) (?:alone|myself|on my own|by myself)
    """
)
_LEAVE_ALONE = any_of(
    r"""
    (?:pay|take) no (?:attention|notice|heed) / no (?:hints?|clues?|help|tips) /
    don't (?:help|tell|say) (?:me|us|anything|a word) / mine alone / leave (?:me|us) (?:alone|in peace|be|to it) /
    (?:need|want) nothing / don't need anything(?: else)? / no need to / don't mind (?:me|us) /
    all i (?:wanted|needed) / carry on / as if (?:i|we) (?:was|were|weren't|am|are) / pretend (?:i'm|we're|i am) not /
    stay (?:as you are|like that|still|where you are) / just listen / only listen / listen only /
    (?:could|can|would|will) you not (?:say|talk|speak) / not say anything / just (?:want to )?sit here /
    (?:i'm|we're|i am) (?:only|just) (?:queu\w+|waiting|looking|browsing|passing) /
    (?:i'm|we're|i am) (?:only|just) (?:sketching|drawing|resting|here for|taking) / crash here /
    (?:just |only )?(?:a |some )?few (?:pictures|photos|snaps|shots) / (?:take|have) a nap / doze /
    wait for (?:her|him|them|my \w+) / sketch\w* you / draw\w* you /
    (?:take|taking) (?:a |some |your )?(?:photo|picture|photograph)s? / hear myself think /
    (?:don't|do not|please don't) (?:disturb|interrupt|talk to|bother) (?:me|us) / don't (?:talk|speak|say anything) /
    be quiet / (?:need|want|like) (?:some|a bit of|a little|to be|it) (?:peace|quiet|alone|silence) /
    no (?:talking|chatting|interruptions?|answers?|questions|comments?) / (?:don't|do not|needn't|no need to) (?:answer|reply|comment)(?: me| to me)? / just (?:looking|browsing|waiting|passing|resting|sitting) / not now /
    i(?:'ll| will) (?:call|shout|tell|ask|let) (?:you )?(?:know )?(?:if|when) i need / stay quiet / keep quiet /
    shush / hush / (?:i|we) (?:need|have|want|got) to (?:concentrate|focus|work|read|study|sleep|rest) /
    let me (?:sleep|rest|read|work|be) / stop talking / quiet please / i'd rather not talk / don't want to talk /
    let's (?:just )?(?:sit|be quiet) / (?:quiet|silent) (?:minute|moment) / minute(?:'s| of) silence /
    (?:minute|moment) of (?:silence|peace|quiet)
    """
)
_ASKS_TO_WAIT = any_of(
    r"""
    (?:take|have) a seat / (?:please )?wait / sit down / one moment / just a (?:moment|minute|second) /
    on (?:his|her|their|its|the) way / will be (?:here|with you|free|there|ready|right) / be patient /
    (?:is|are) coming / i(?:'ll| will) (?:tell|call|let) (?:you|him|her|them) / bear with me / take your time /
    no hurry / i(?:'m| am) here if / (?:just )?(?:call|ask|tell|shout|say so|let me know) (?:me )?(?:if|when) /
    i(?:'ll| will) (?:be|keep|stay) (?:quiet|silent|still)
    """
)
_KEEPS_SILENT = any_of(
    r"""
    i(?:'ll| will)(?: just| only| simply)? (?:listen|be silent|be quiet|stay silent|stay quiet|keep quiet|keep silent|hush|wait for your (?:word|cue|sign)) /
    i(?:'ll| will)(?: just| only)? (?:be|stay|keep) (?:as )?(?:quiet|silent|still|mum) / (?:won't|will not|shan't|not) (?:say|speak|breathe|utter) (?:(?:a|one|another) (?:word|thing)|anything) /
    (?:won't|will not) (?:interrupt|disturb|bother|answer|talk) / not a (?:word|sound|peep) / only when you (?:say|ask|call|want|speak)
    """
)
_COMES_BACK = any_of(
    r"""
    (?:be|am|are|come|coming|right|straight) back / back (?:in|soon|shortly|before|after) / i'll just /
    just (?:going|popping|nipping|getting|fetching) / won't be long / one moment / (?:a|one) (?:minute|second|sec) /
    (?:i'll|i will|let me|going to|gonna) (?:just |quickly )?(?:fetch|get|grab|bring|go and|check|find|call|ask) /
    then (?:fetch|get|come|be|i'll come) / wait (?:here|for me) / don't go away / see you in a / gone for
    """
)
_FORGOT = any_of(
    r"""
    (?:i )?(?:forgot|forgotten|can't remember|don't remember|cannot remember) /
    how (?:much|many|long|far|hot) (?:was|were|did|do) / what (?:was|were) (?:it|that|the|her|his) /
    what's (?:it|that|her|his|the) (?:called|name) / which (?:one|way) was / what comes next /
    (?:stuck|no idea) (?:here|now|how|what)? / how (?:do|does|did) (?:i|you|this|it|one) /
    why (?:won't|doesn't|isn't|can't) (?:it|this|you|that|the \w+) / what (?:was|were) (?:it|that)(?: again)? /
    (?:too|so) (?:high|heavy|far|tight|stiff) / (?:can't|cannot) (?:get|reach|open|lift|move|close|undo|shift|budge|work) (?:it|this|that|these|those|the \w+|up there|to it|at it) /
    (?:it's|is) stuck / won't budge / (?:second|third|fourth|fifth|umpteenth) (?:time|go|try)(?: now)? / won't (?:work|open|print|go|take|read|turn|start|let me)
    """
)
_FOR = re.compile(
    r"for (?:the next )?(?P<n>a|an|one|two|three|four|five|ten|fifteen|twenty|thirty|half an|\d{1,3}) ?(?P<unit>minutes?|hours?|seconds?)"
)
NUMBERS: dict[str, float] = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty ninety".split(),
        (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 90.0),
        strict=True,
    )
) | {
    "a": 1.0,
    "an": 1.0,
    "half": 0.5,
    "half an": 0.5,
    "half a": 0.5,
    "a couple of": 2.0,
    "a few": 3.0,
    "forty five": 45.0,
}
UNITS_S = {"second": 1.0, "sec": 1.0, "minute": 60.0, "min": 60.0, "hour": 3_600.0}
THINKING_S = 40.0
"""Who asks for a moment gets this long, unless they speak to the agent before."""
CLOSING_WORDS = 9
LEFT_ALONE_S = 900.0
"""Who wants to be left alone is, for this long, unless they say how long or speak to the agent again."""


def closing(text: str) -> bool:
    """Whether the text prepares to go."""
    return bool(_CLOSING.search(plain(text)))


def wishes_well(text: str) -> bool:
    """Whether an answer sends somebody on their way with a wish."""
    return "?" not in text and bool(_WISHES.search(plain(text)))


def breaks_off(text: str) -> bool:
    """Whether what was said has no end."""
    return text.rstrip().endswith((",", "\u2026", "...", "\u2014", "\u2013", " -"))


def thanks(text: str) -> bool:
    """Whether the text thanks."""
    return bool(_THANKS.search(plain(text)))


def closes(text: str) -> bool:
    """Whether an answer rounds an exchange off: short, and with a formula that asks for nothing more."""
    return len(text.split()) <= CLOSING_WORDS and "?" not in text and bool(_CLOSES.search(plain(text)))


def searching(text: str) -> bool:
    """Whether the text is of somebody who looks for something."""
    return bool(_SEARCHING.search(plain(text)))


def asks_to_wait(text: str) -> bool:
    """Whether the text asks for patience: to wait, to take a seat, for somebody to come."""
    return bool(_ASKS_TO_WAIT.search(plain(text)))


def keeps_silent(text: str) -> bool:
    """Whether the text, an answer, grants that its speaker will not speak for the time being."""
    return "?" not in text and bool(_KEEPS_SILENT.search(plain(text)))


def comes_back(text: str) -> bool:
    """Whether who says so goes for a moment only."""
    return bool(_COMES_BACK.search(plain(text)))


def forgot(text: str) -> bool:
    """Whether the text is of somebody who is stuck for something they knew."""
    return bool(_FORGOT.search(plain(text)))


def quoted(text: str) -> bool:
    """Whether the text tells of others or of fiction, so that its feelings may not be the speaker's own.

    This lowers feelings only. Whether words of danger or despair are another's, their own clause decides (`runtime.safety.clauses`).
    """
    return bool(_QUOTED.search(plain(text)))


def cannot_tell(text: str) -> bool:
    """Whether who was asked does not know."""
    return bool(_CANNOT_TELL.search(plain(text)))


def cancels(text: str) -> bool:
    """Whether the text takes a wish back."""
    return bool(_CANCEL.search(plain(text)))


def wants_only_listening(text: str) -> bool:
    """Whether the text asks to be listened to without an answer."""
    return bool({"listen", "listener", "answer", "silent"} & set(plain(text).split()))


def wants_quiet_s(text: str) -> float:
    """Return for how long the text asks not to be spoken to, in seconds; 0 where it does not."""
    said = plain(text)
    if _LEAVE_ALONE.search(said):
        raw = _FOR.search(text.lower())
        if raw is None:
            return LEFT_ALONE_S
        return _amount(raw["n"]) * UNITS_S[raw["unit"].rstrip("s")]
    return THINKING_S if _THINKING.search(said) else 0.0


def _amount(word: str) -> float:
    return float(word) if word.isdigit() else NUMBERS[word]
