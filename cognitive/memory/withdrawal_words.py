"""The words by which somebody withdraws from being remembered, by what they do in a sentence (`cognitive.memory.withdrawal`). English."""

from __future__ import annotations

import re

from cognitive.formulas import any_of


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


DELETE = _set("delete erase remove wipe clear purge destroy discard scrub shred trash drop forget dispose unlearn")
DELETING = _set(
    """
    deleting erasing removing wiping clearing purging destroying discarding scrubbing shredding forgetting disposing
    """
)
DELETED = _set("deleted erased removed wiped cleared purged destroyed discarded scrubbed shredded forgotten gone")
KEEP = _set(
    """
    keep store save record remember retain hold hang collect log note write memorize archive know process use share
    have
    """
)
KEEPING = _set(
    """
    keeping storing saving recording remembering retaining holding hanging collecting logging noting memorizing
    archiving " "processing using sharing having
    """
)
KEPT = _set(
    """
    kept stored saved recorded remembered retained held collected logged noted written memorized archived processed
    used shared
    """
)
ONLY_THINGS = _set(
    """
    use have know share process clear drop note write hold hang log record keep store save collect archive discard
    destroy " "dispose
    """
)
"""With "me" itself these mean something else ("keep me company"): they need a thing of the speaker's."""
DATA = _set(
    """
    data information info detail details record records memory memories profile file files history entry entries
    trace traces name face voice image images photo photos picture pictures words story stories chat chats
    conversation conversations identity account message messages footprint stuff everything fact facts note notes
    answers recording recordings statement statements secret secrets age birthday address number
    """
)
WORN = _set(
    """
    name face voice image images photo photos picture pictures account number address birthday age words story
    stories
    """
)
"""Of the speaker's things those which verbs of many uses may mean otherwise: "use my name"."""
ERASE = _set("delete erase remove wipe purge destroy discard scrub shred")
LEADS = _set(
    """
    everything anything nothing something all whatever what any every of it that this those these the a your their
    its you have had has know knew got learned learnt remembered stored saved kept collected recorded noted down
    written wrote away out off also completely entirely just now please really ever and or about as well in on from
    record records data information info details notes facts memories memory entries entry files traces trace things
    thing stuff word bit single piece pieces personal private stuff been rid on onto to hold keep store remember
    know save hear heard knowledge there is are other still may might can could possibly you've you're you'd they
    it's up immediately forever again one conversation conversations answers permanently today's old previous track
    copies copy some no at met saw knew seen
    """
)
ME = _set("me us myself")
MOVES = _set("remove clear get take leave wipe scrub drop")
"""With "me" they need a memory to be moved out of."""
WHOLLY = _set("delete erase purge forget")
"""With a mere "everything" these mean all that is known."""
AFTERTHOUGHTS = _set("of it please now then again at once immediately that")
ASIDES = _set("please now out completely immediately entirely then")
ENDINGS = _set("please now again one for ok okay and either too right down anywhere at then")
DETAILS = _set("birthday address number age secret secrets file files account words picture pictures")
STORES = _set(
    """
    memory memories database data system systems record records files list lists brain head storage disk logs log
    mind archive books
    """
)
ASKS = _set("mind appreciate like start consider prefer insist about suggest please begin")
"""Before "deleting my data" they ask for it."""
ABOUT = _set("about of on from regarding concerning involving for to with")
SAY = _set(
    """
    say said tell told telling saying mention mentioned share shared type typed write wrote written talk talked
    spoke discussed confided
    """
)
SAID = _set("said told mentioned shared typed wrote talked spoke")
SINCE = _set("yesterday today earlier before last ever far always")
FIRST = _set("i we i've we've i'd we'd i'm we're i'll we'll")

NOT = _set(
    """
    not don't never can't mustn't shouldn't won't wouldn't couldn't needn't didn't isn't aren't doesn't haven't
    hasn't wasn't stop cease refuse refusing object refrain avoid quit against nor forbid prohibit disagree neither
    nobody nothing none decline without deny opposed
    """
)
NO_WHAT = _set("longer need reason way right permission point consent business more one circumstances nothing")
SOFT = _set(
    """
    please just now also even ever really actually simply then too so kindly immediately finally completely at once
    be being been get getting to you you'd you'll you're your that should must could would can may might shall will
    do need needs want wish like love prefer rather better best going have has allowed allow permit permitted ask
    asking asked beg demand request insist expect order urge tell think believe say said agree agreed consent
    consented fine ok okay good happy comfortable with it is it's if for us dare try know hereby want's how sure
    make me's let let's robot machine agent anyone anybody and or time hope glad approve accept authorize give gave
    given permission right reason necessary way any my mind supposed about in appreciate it'd great nice longer feel
    i'd i'm i we us've on i'll i've from under circumstances anymore again all we'd we're how longer both kind as
    """
)
"""Between a denial or a subject and its verb."""
AUX = _set("will would can could should may might must shall 'll does did has have had do")
WANTS = _set(
    """
    want wish like love prefer rather need ask asking beg demand request insist expect order urge hope agree consent
    allow permit accept approve authorize said say asked fine ok okay comfortable happy permission allowed refuse
    refusing object against disagree decline forbid prohibit deny opposed right gave give given think feel good
    appreciate glad must should let
    """
)
OTHERS = _set(
    """
    he she they him her them who people others everybody everyone somebody someone nobody anybody folks men women
    children kids users friends parents colleagues he'll she'll they'll he'd she'd they'd it'll wants likes wanted
    tries tried used seems began starts
    """
)
HABIT = _set("always often usually sometimes already keep keeps kept soon probably maybe perhaps")
REPORTS = _set(
    """
    said says told tells asked asks wrote writes shouted sang sings goes called titled reads read whispered begged
    begs heard song film
    """
)
QUESTION_AUX = _set("did do does have has had are is were was")
WH = _set("when who what where which why whose")
OF_WISHES = _set("like appreciate happy glad nice great good better best prefer love grateful kind thank fine ok want")
PASSIVE = _set(
    """
    want wish like need needs should must shall prefer ask demand request have get please rather sure to right
    insist love choose ought better can may could expect hope make let
    """
)
ENDS_IN_S = _set(
    """
    yes please thanks pls this is as us always guys perhaps was thus cheers bless actually ours yours its times
    class
    """
)

CONSENT = any_of(
    r"""
    (?:withdraw(?:ing)?|revok(?:e|ing)|retract(?:ing)?|rescind(?:ing)?|cancel(?:ling)?|undo|tak(?:e|ing)|pull)(?: back)?(?: all| of)*
        (?:my|our|the|any|that|this|all) (?:\w+ )?(?:consent|permission|agreement|approval|authori[sz]ation)(?: back)? /
    (?:i|we) (?:hereby |now |would like to |want to )?(?:withdraw|revoke|opt out) /
    my (?:consent|permission) (?:is|has been|was) (?:withdrawn|revoked|over|gone|cancelled) /
    (?:i|we) (?:no longer|don't|do not|never|didn't|did not|can't|won't) (?:\w+ )?consent(?:ed)?
        (?:to (?:this|that|it|be|being|you|any|my)|anymore|any more) /
    (?:i|we) (?:no longer|don't|do not|never|didn't|did not|can't|won't) (?:\w+ )?consent(?:ed)?$ /
    (?:i|we) (?:no longer|don't|do not|never|didn't|did not|won't) (?:\w+ )?(?:give|gave|grant)(?: you)?(?: my| any| the)?
        (?:consent|permission) /
    you (?:no longer have|don't have|do not have|never had|have no) (?:my |any |the )?(?:consent|permission) /
    (?:changed|change|changing) my mind about
        (?:being remembered|(?:you )?remembering me|my data|(?:you )?keeping my|the memory) /
    (?:deletion|removal|erasure) of (?:all |everything |any )*(?:my|data about me|information about me|about me) /
    (?:get|take) (?:all )?(?:my|our) (?:\w+ )?(?:data|information|name|details|memory|memories|profile) (?:out|off|down) /
    (?:not|don't|never) (?:\w+ )?(?:want|wish|like|agree) to be (?:in|on|part of) (?:your|the|this|any)
        (?:memory|database|files|records|system|list) /
    leave no (?:traces?|records?) of me / right to be forgotten / remember me not /
    opt(?:ing)? out of (?:being remembered|the memory|your memory)
    """
)
"""Consent taken back, and being forgotten as a right."""
CONSENT_DENIED = re.compile(
    r"\b(?:not|don't|never|won't|can't|wouldn't|didn't|he|she|they) (?:\w+ ){0,3}"
    r"(?:withdraw|revok|retract|rescind|cancel|tak|undo|pull|opt)"
)
PERMITS = re.compile(
    r"\byou (?:can|may|could|will|would|are allowed to|get to)?\s?(?:just )?(?:keep|store|save|record|remember|retain|use|collect)\b"
)
UNSURE = any_of(r"(?:don't|not|never) (?:\w+ )?(?:know|sure|certain|decided?) / wonder / unsure")
ERASE_IT = re.compile(
    r"(?:(?:so|then|now|please|and|just|no|could you|can you|i want you to) )*"
    r"(?:delete|erase|wipe|remove|purge|forget|destroy) (?:all of )?(?:it|that|them|those|this)"
    r"(?: (?:all|please|now|immediately|at once|again|too|everything))*$"
)
MENTIONS = any_of(
    r"""
    (?:my|our) (?:\w+ )?(?:data|information|details|records?|memory|memories|profile) / about me / remember(?:ing|ed)? me
    """
)
DENIES = re.compile(
    r"^(?:(?:oh|well|um|uh|hm|eh|haha|ha|ah|god) )*(?:no|nope|nah|never|not|absolutely not|certainly not|of course not|as if|"
    r"forget it|over my|don't|please don't|hell no|i don't think so|i think not|what nonsense|you're kidding|you must be kidding|"
    r"no way|rather not)\b"
)
