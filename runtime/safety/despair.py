# ruff: noqa: E501 - one formula a line
"""Words of despair in what *people* say: that they, or somebody of theirs, do not want to live, have harmed themself or are about to.

As with words of danger (`runtime.safety.peril`) the clause that holds them decides; but neither a condition (`if I killed myself`) nor the recent
past nor laughter lowers them, for the worse reading is asked about. A denial, another's words, a tale, an idiom (`die of embarrassment`), a time
long ago and `I was joking` do. English; pure; linear in the text.
"""

from __future__ import annotations

import re

from runtime.safety.clauses import KIN, WORD, Standing, any_of, places, standing
from runtime.safety.words import sentences

_OWN = r"(?:(?!not |never |no |nobody |hardly |the |a |an |i |he |she |it |they |you |we |my |his |her |their |your )[a-z0-9']+ )"
"""A word between the speaker and what they wish: no other subject either."""
_PILLS = (
    r"(?:pills|tablets|sleeping pills|painkillers|paracetamol|aspirin|medication|medicine|meds|antidepressants|ibuprofen|tranquillisers|valium|"
    r"capsules)"
)
_END = (
    r"(?:die|be dead|kill (?:\w+ and )?myself|end it|end it all|end everything|end my (?:own )?life(?! (?:in|as|with))|"
    r"take my (?:own )?life(?! (?:in|into|to|as|back|seriously|forward))|disappear forever|stop living|stop existing|hurt myself|harm myself|"
    r"cut myself|hang myself|shoot myself|drown myself|jump (?:off|in front of))"
)
_NO_IDIOM = (
    r"(?! (?:of (?!it|this|my|these|them)|for a|for the|for some|laughing|to see|when (?:she|he|they|my|mum|mom|dad)|out of (?:boredom|"
    r"embarrassment|shame)|with (?:shame|embarrassment|laughter)|from (?:embarrassment|shame|boredom|laughter)|than|on stage|in the (?:last|first|"
    r"second|third) act))"
)
_DESPAIR = any_of(
    rf"""
    i {_OWN}{{0,4}}(?:want|wanted|wish|like|rather|prefer|going|ready|plan|planning|about|need|decided|tried|try|trying|long|thought|threatening)
        {_OWN}{{0,1}}to {_OWN}{{0,1}}(?!die (?:so|well|beautifully|young|of)){_END}{_NO_IDIOM} /
    i {_OWN}{{0,4}}(?:would |had )?(?:much )?rather {WORD}{{0,1}}(?:be dead|be gone|not (?:be alive|live|exist)|die(?! than)) /
    i {_OWN}{{0,4}}(?:kill|killed|hang|hanged|shoot|shot|drown|drowned) myself(?! (?:laughing|for|over|with work|in the foot|up|out|trying to)) /
    i {_OWN}{{0,4}}(?:want|need) it all to (?:end|be over|stop) / i {_OWN}{{0,2}}just want (?:everything|it|this) to (?:end|be over)(?= [.!?]| $) / i
        {_OWN}{{0,3}}hate my life /
    what is the (?:point|sense|use) (?:of|in) (?:living|life|going on|being alive) /
    (?:end|ending|ended|take|taking) my (?:own )?life(?! (?:in|into|to|as|back|seriously|forward|story)) /
    i {_OWN}{{0,3}}wish i (?:was|were|had|would) {WORD}{{0,1}}(?:dead(?! (?:drunk|tired|asleep|right|serious|certain|sure|good|on))|gone|never been
        born|not been born|never
        born|not here|not alive|died) /
    i {_OWN}{{0,3}}wish i (?:would|could) (?:not wake up|just not wake up|die|disappear forever|go to sleep and) /
    i {_OWN}{{0,3}}(?:do not|did not|never) {WORD}{{0,3}}(?:want|wish|feel like|care) (?:to |about )?{WORD}{{0,1}}(?:live|living|be here any
    ?more|be alive|exist|wake up(?! (?:the|my|your|him|her|anyone|anybody|early|at|before|so|tomorrow|in|for|with|late|next|on))|be in this world|be
        on this earth|go on(?!
        (?:with|the|a|to|holiday|about|my|that|any|like)))(?! (?:in|here|with|there|at|near|on|next|alone|together|abroad|by)) /
    i {_OWN}{{0,3}}do not (?:know|think|see) (?:if|whether|that|why|how)? ?i {_OWN}{{0,2}}(?:want to (?:live|go on|be alive|be here any ?more)|should
        (?:live|go on living|be alive)|can go on|could go on)(?! (?:in|here|with|there|holiday)) /
    (?:no|not (?:see|have|know)|never see) {WORD}{{0,1}}(?:reason|point|sense|use) {WORD}{{0,3}}(?:to live|living|in life|of life|going on(?!
        with)|go on(?! with)|being here|being alive|to be alive)(?! (?:in|with|there|about)) /
    i do not see (?:the|any) point (?:any ?more|of (?:living|life|anything)|in (?:living|life|anything)) / i {WORD}{{0,3}}not deserve to (?:live|be
        alive) /
    (?:easier|better|happier|best) (?:for (?:everyone|everybody|all|you|them) )?if i (?:was|were) (?:not (?:here|around|alive|there any
        ?more)|gone|dead) /
    (?:tired|sick) of (?:living|being alive|life)(?! (?:in|with|here|like|out|on|at|alone|together|there|from|under)) / (?:sleep|asleep) and
        (?:never|not) wake up /
    (?:about|of) killing myself / i {WORD}{{0,4}}(?:pills|tablets|painkillers) {WORD}{{0,8}}(?:take|swallow) (?:them all|all of them|the lot) /
        nothing {WORD}{{0,2}}(?:to live for|worth living for) / life is (?:not|no longer) worth / not worth living /
    i {_OWN}{{0,5}}(?:think|thinking|thought|thoughts|dream|dreaming|fantasise) {WORD}{{0,2}}(?:about|of) {WORD}{{0,2}}(?:suicide|killing
        myself|ending it|ending it all|ending my (?:own )?life|dying|hurting myself|hanging myself|jumping off) /
    (?:thinking|thoughts) (?:about|of) (?:suicide|killing myself|ending it all) /
    better off {WORD}{{0,1}}(?:without me|if i (?:was|were|am|had)|dead) / i {_OWN}{{0,3}}(?:am|feel|feeling|been|get|still) {WORD}{{0,2}}suicidal /
    i can not (?:go on(?! (?:holiday|the|a|my|with|that|this|to|about|monday|tuesday|wednesday|thursday|friday|saturday|sunday|any
    (?:trip|holiday)))|(?:take (?:it|this)|cope|carry on) any ?more|live like this|bear (?:it|to live|living) any ?more|live any ?more|keep (?:on
        )?living) /
    i {_OWN}{{0,3}}(?:cutting|hurting|harming|starving) myself /
    i {_OWN}{{0,3}}(?:cut|hurt|harm|harmed) myself {WORD}{{0,3}}(?:on purpose|deliberately|again because|because i (?:hate|want|deserve)|to feel) / i
        self harm / i
        {_OWN}{{0,3}}self harming /
    i {_OWN}{{0,3}}(?:took|taken|swallowed|eaten|had|take|swallow) (?:(?:a|the|that) (?:whole|entire|full) {WORD}{{0,3}}|(?:a|an|two|three|my)
        {WORD}{{0,1}}(?:bottle|handful|box|packet|pack|strip|lot) {WORD}{{0,3}}|all (?:of )?(?:my|the|his|her|these|those) {WORD}{{0,2}}|(?:far
        |way )?too many {WORD}{{0,3}}|(?:loads|lots) of {WORD}{{0,2}}|(?:twenty|thirty|forty|fifty|sixty|a hundred|dozens of)
        {WORD}{{0,2}}){_PILLS}(?! (?:for (?:today|this|the day|breakfast|my)|today|this morning|on time|already|as |like the doctor|with
        breakfast|back to|to the|out of)) /
    i {_OWN}{{0,2}}(?:took|taken) an overdose / i {_OWN}{{0,2}}overdosed /
    (?:nobody|no one) would (?:notice|miss me|care|even notice) if i {_OWN}{{0,1}}(?:was|were|died|killed|am|disappeared) /
    i {_OWN}{{0,3}}(?:wrote|written|writing) (?:a |my |the )?(?:goodbye|suicide|farewell) (?:note|letter)s? / i am going to be dead
        (?:by|soon|tonight|tomorrow) /
    i am going to (?:die|kill myself|end it)(?= [.!?] $| $| tonight | soon | today and | alone and )
    """
)
_BARE_DESPAIR = re.compile(
    rf"^ (?:(?:just|really|honestly|only|oh|god|please) )*want to {WORD}{{0,1}}{_END}{_NO_IDIOM}(?= )|^ (?:please )?(?:let me|"
    rf"just let me) die (?=[.!?] $|$)|^ (?:so i|i) might as well (?:be dead|die) "
)
_OF_OTHERS = any_of(
    rf"my {WORD}{{0,2}}(?:{KIN})(?:'s)? {WORD}{{0,4}}(?:wants to|is going to|threatens to|is threatening to|tried to|has tried to|keeps saying (?:he|"
    rf"she) wants to|(?:he|she) wants to|talks about|talking about|is talking about|talk about) {WORD}{{0,1}}(?:die(?! (?:of|for|at home|in|"
    rf"peacefully))|kill (?:himself|herself|themselves)"
    rf"|killing (?:himself|herself|themselves)|end (?:his|her|their) life|hurt (?:himself|herself|themselves)|end it all)"
)
_SHAME_JEST = re.compile(r"\bembarrass\w*\b")
_ONE_MORE = re.compile(
    r"\bif (?:i|we|he|she|they|you) \w+(?: \w+){0,6} (?:one more|another|again|that song|this song)\b"
)


def despairs(text: str) -> bool:
    """Whether somebody says that they, or somebody of theirs, do not want to live."""
    said = sentences(text)
    for at, sentence in enumerate(said):
        follows = " ".join(said[at + 1 :])
        for pattern, of_others in ((_DESPAIR, False), (_BARE_DESPAIR, False), (_OF_OTHERS, True)):
            for found in places(pattern, sentence):
                here = standing(sentence, found.start(), found.end(), follows)
                if not _no_despair(here, of_others):
                    return True
    return False


def _no_despair(here: Standing, of_others: bool) -> bool:
    tale = here.of_a_tale if of_others else here.told
    jest = _SHAME_JEST.search(here.segment) or _ONE_MORE.search(f"{here.before} {here.segment}")
    return here.denied or here.long_ago or here.taken_back or tale or bool(jest)
