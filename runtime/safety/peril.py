# ruff: noqa: E501 - one formula a line
"""Words of danger in what *people* say: that the speaker or somebody near may come to harm now, each judged where it stands.

What governs the very clause lowers it (`runtime.safety.clauses`): a denial, another's words, a tale, a figure of speech, the past, a condition. What
stands elsewhere in the same breath (a film, a friend, a game, `she said`) lowers nothing. Whether people play is not judged here but with the
utterance (`cognitive.safety.pretence`). Both loops use it: the fast one answers by it, the slow one acts by it. English; pure; gaps are bounded
and only the first places of a sentence are judged, so time is linear in the text.
"""

from __future__ import annotations

import re

from runtime.safety.clauses import KIN, WORD, Standing, any_of, places, standing
from runtime.safety.words import sentences

_ADV = (
    r"(?:(?:so|very|really|quite|all|a|bit|little|just|still|suddenly|terribly|badly|getting|feeling|now|also|rather|seriously|actually|kind|sort|"
    r"of|about|to|going|starting|keep|bit|again|too|been|here|slightly|pretty|awfully) ){0,5}"
)
_PEOPLE = (
    rf"{KIN}|man|woman|lady|gentleman|guy|person|toddler|patient|visitor|guest|customer|student|pupil|worker|driver|cyclist|passenger|resident|"
    rf"pensioner|swimmer|nurse|doctor|chap|bloke|fellow"
)
_ONE = (
    rf"(?:(?:he|she|they|somebody|someone|somebody else|someone else|everybody|everyone|mum|mom|dad|mummy|daddy|grandma|grandpa|granny|gran|grandad"
    rf"|nan)|(?:my|our|the|this|that|a|an|another|one|his|her|their|your)(?: (?!(?:not|my|the|a|an|our|his|her|is|has|"
    rf"and) )[a-z0-9]+){{0,2}}? (?:{_PEOPLE})(?: (?:by|at|in|near|on|over|next|outside|from)(?: (?!is |has )[a-z]+){{1,3}}?)?)"
)
"""Somebody who is near, not a thing, a plant, a firm."""
_IS = r"(?:'s| is| are| seems| looks)"
_HAS = r"(?:'s| is| has| have| had just|)"
_HURT = r"(?:stabbed|shot|run over|electrocuted|hit by a \w+|knocked (?:down|over)|poisoned|bitten by a (?:snake|dog)|stung)"
_DOWN = (
    r"(?:over|down|off|from|into the (?:water|pool|river|lake|pit)|on the (?:stairs|floor|ice|ground|pavement)|out of (?:the window|bed)|through|"
    r"badly|and)"
)
_SWALLOWED = (
    r"swallowed (?:a|the|some|something|his|her|my|one of)(?: \w+)? ?(?:battery|batteries|pills?|tablets?|coin|magnets?|bleach|poison|detergent|"
    r"marble|bone|sharp|berries)"
)
_ATTACK = (
    r"(?:a |an |some kind of )?(?:seizure|fit|stroke|heart attack|(?:severe |bad |terrible )?allergic reaction|asthma attack|electric shock|"
    r"overdose|panic attack|trouble breathing|difficulty breathing|contractions)"
)
_BODY = r"(?:hand|arm|leg|foot|finger|wrist|ankle|knee|head|hip|back|neck|shoulder|face|eye|thumb|fingers|hands|ribs)"
_INDOORS = (
    r"(?! (?:exit|exits|drill|drills|place|fireplace|station|stations|extinguisher|door|doors|engine|truck|escape|brigade|sale|wood|pit|work|alarm"
    r"|alarms|safety|test|break|signal|signals|machine|detector|bill|pump|burning in the (?:fireplace|stove|hearth)|crackling|in the (?:fireplace|"
    r"hearth|stove|grate|oven|pit|fire pit|wood burner|tank|car|garden|camp)|in (?:her|his|your|my|their) (?:eyes|belly|heart|voice)|on (?:tv|"
    r"telly|the telly|the news)|to (?:sit|warm)) )"
)

_DANGER = any_of(
    rf"""
    i can (?:not|hardly|barely|scarcely) (?:really |even )?breathe?(?! a word) /
    i (?:am|have|was|feel|keep) {_ADV}(?:struggling|fighting|trouble|gasping|difficulty) (?:to breathe|for (?:breath|air)|breathing) /
    i can (?:not|hardly|barely) get up(?! (?:before|early|at|until|so|in the morning|that early|this early|on|for|late|earlier|any earlier)) /
    can not move(?= [.!?,;] | $| my (?:legs?|arms?|head|neck) | help | any ?more | it hurts ) /
    i can (?:not|hardly|barely) move my (?:\w+ )?(?:body|legs?|arms?|feet|foot|hands?|fingers|toes|neck|head|back|side|face|mouth) /
    i think (?:my|the) (?:leg|arm|hip|back|ankle|wrist|neck) is broken / my (?:leg|arm|hip|back|ankle|wrist|neck|hand|finger|ribs?) (?:is|are)
        (?:badly )?broken /
    can not feel my (?:legs?|arms?|hands?|left|right|side|body|feet|foot|fingers) / my (?:\w+ )?(?:arm|face|leg|side|hand|mouth)(?: is|'s| has|'s
        gone| has gone| went| is going| feels) (?:all |completely )?numb /
    my (?:chest|heart) (?:hurts(?! for)|aches(?! for)|really hurts|is (?:hurting|stopping|(?:racing|pounding)(?: and| so| like| really| again|
        badly)?(?= [.!?,;] | $|
        and |[ ]))|feels (?:tight|heavy)) /
    i (?:have|am having|keep having|get|keep getting) (?:got )?{WORD}{{0,4}}(?:chest pains?|pains? in my (?:chest|left arm)) /
    my (?:tongue|face|throat|lips?|mouth) (?:is|are) (?:all )?swelling / {_ONE} can not feel (?:his|her|their) (?:legs?|arms?|hands?|feet) /
    i am allergic to {WORD}{{0,7}}(?:ate|eaten|drunk|drank) / my throat is (?:closing|swelling|closing up|swelling up) / my (?:\w+ )?{_BODY}(?: is|'s)
        (?:bleeding|gushing) /
    (?:it|this|the bleeding|the wound) (?:will|does) not stop(?: bleeding)? / there is (?:so much |a lot of |lots of |too much )?blood(?!
        (?:test|pressure|sugar|bank|orange|in (?:the|this) (?:film|movie|game))) /
    (?:i am|i feel|i am feeling|i have been feeling|i have come over|i came over|i have gone|i get|i keep getting|i keep feeling)
        {_ADV}(?:faint|dizzy|giddy|light headed|lightheaded|woozy|unsteady(?: on my feet)?|very unwell|terribly unwell|fainting|passing out|blacking
        out) /
    (?:it|this|that|the [a-z]+|medicine|tablets) (?:is |are )?(?:makes|make|making|made) me {_ADV}(?:faint|dizzy|giddy|woozy)(?! with) /
    i am {_ADV}(?:bleeding|choking|suffocating|drowning)(?! (?:up|back|obvious|money|cash|edge|late|starving|freezing|tired|hungry|in
        (?:work|emails|homework|paperwork|paper|debt|jobs))) /
    i (?:am|think i am|will|might|may|feel like i am) {_ADV}(?:faint|pass out|black out|collapse|lose consciousness|be sick|fall)(?= [.!?,;] | $| i
        | please | help | any | here | soon | and | now ) /
    i (?:am going to|think i (?:am going to|am about to|will|might)) {_ADV}(?:faint|pass out|black out|be sick|collapse) /
    i (?:just )?(?:slipped|fell|tripped|have slipped|have tripped) {_DOWN} / i have {_ADV}fallen(?! (?:in|for|asleep|out|behind|apart|silent|into
        (?:debt|a)|short|back)) /
    i (?:have |think i have )?{_ADV}(?:cut|burned|burnt|scalded) (?:myself(?! (?:off|some|a|loose|short|shaving))|my {_BODY}) /
    i have {_ADV}(?:hurt|broken|injured|hit|banged|twisted|crushed|trapped) my {_BODY} /
    i (?:have |think i have )?{_ADV}(?:hurt my) {_BODY} / i have {_ADV}been {_HURT} / i have {_ADV}{_SWALLOWED} / i (?:have|am)
        {_ADV}(?:having|got|had|suffering) {_ATTACK} /
    i think (?:it is|this is|i have|i had) {_ATTACK} /
    i (?:think i )?am (?:in labou?r|going into labou?r) / i (?:think|feel like|feel as if) i am (?:going to die|dying) / my waters? (?:has |have |just
        )*bro(?:ke|ken) /
    (?:the room|the rooms|everything|the world(?= (?:is|keeps) (?:going|spinning))|my head|it all|the whole room|the floor) (?:is|keeps|starts|has
        started|starts to) (?:all
        )?(?:spin|spinning|spins|turning|going (?:black|round|around|dark)|moving)(?!
    (?:well|fine|on|forward|in circles|out|that|this|to|away|into|up|instruments|wheels?|left|right|green|yellow|red|brown|digital|in (?:the|a)
        right)) /
    (?:everything|it all|the room|my head) (?:spins|goes round|goes black) /
    {_ONE}(?: can (?:not|hardly|barely)| could not| struggles to| is struggling to) breathe / {_ONE}(?: has)? {_ADV}stopped (?:breathing|moving) /
    {_ONE}{_IS} {_ADV}not (?:even )?(?:breathing(?! a word)|moving(?= [.!?,;] | $| any ?more | at all | and )|responding(?! to (?!me |us |my voice
        |anything |anyone ))|waking up(?! (?:early|before|until|at))|conscious|reacting(?! to (?!me |us |my voice |anything |anyone ))) /
    {_ONE} (?:does|do|will|can) not (?:wake up(?! (?:before|early|until|at|in the|on|without|for))|respond(?! to (?!me |us |my voice |anything |anyone
        ))|react(?! to (?!me |us |my voice |anything |anyone ))|move(?= [.!?,;] | $| any ?more | at all )) /
    {_ONE}{_IS} {_ADV}(?:both )?(?:unconscious|choking(?! up)|drowning(?! in (?:work|emails|homework|paperwork|debt))|suffocating|bleeding(?!
    (?:us|me|him|her|them|money|obvious|the))|having {_ATTACK}|turning blue|going blue|turning purple|(?:lying |down |face down )?on the
        (?:floor|ground)(?! (?:manager|manager's|lamp|tiles|below|above|upstairs|of|plan|with (?:his|her|the)
        (?:toys|blocks|trains?)|dancing|playing|doing))|lying on the
        (?:stairs|pavement|road)|passed out(?! (?:the|of|from|some|leaflets|flyers|copies|with|as))|passing out(?!
        (?:the|some|leaflets|flyers|copies))|fainting|hurt|badly hurt|badly injured|seriously (?:hurt|injured)|trapped(?! in
        (?:a|her|his|that))|foaming|convulsing) /
    {_ONE}{_HAS} {_ADV}(?:collapsed|passed out(?! (?:the|of|from|some|leaflets|flyers|copies|with|as))|fainted|blacked out)(?!
        (?:on|in|into|onto|over) (?:the |a |his |her )?(?:sofa|couch|bed|chair|armchair|laughing|laughter|tears)| laughing) /
    {_ONE}(?:'s| is| has| have| had just) {_ADV}(?:fallen (?:{_DOWN}|in the (?:shower|bath|kitchen|bathroom|hall|street|water))|had {_ATTACK}|been
        {_HURT}|got {_ATTACK}|{_SWALLOWED}|taken an overdose|overdosed|(?:hit|banged|cracked|split) (?:his|her|their) head|cut
        (?:himself|herself|themselves|his \w+|her \w+)|burnt (?:himself|herself|his \w+|her \w+)|had an accident|been in an accident|had (?:a|an)
        (?:bad |terrible |nasty |heavy )?(?:fall|accident)|hurt (?:himself|herself|themselves)|broken (?:his|her|their) \w+|fallen(?!
        (?:in|for|asleep|out|behind|apart|silent|back|into|short|ill|away|on hard))) /
    (?:his|her|my|their) lips are (?:turning |going )?blue /
    {_ONE}(?: just)? (?:had|got) (?!a fit ){_ATTACK} / {_ONE}(?: just)? (?:fell (?:down the|off the|from the|off a|into
        the)|{_SWALLOWED}|overdosed|took an
    overdose|(?:hit|banged|cracked|smashed) (?:his|her|their) head) / {_ONE}(?: has|'s| is)? {_ADV}gone (?:all |completely
        )?(?:floppy|limp|stiff|blue|grey|unconscious|quiet and blue) /
    i think {_ONE}(?: is|'s| are) {_ADV}(?:dead|dying(?! (?:for|to))) / {_ONE}(?: has| have| just)* (?:taken|took|swallowed) (?:an overdose of|too
        many|(?:a|the) whole \w+ of|all (?:of )?(?:his|her|their|my|the)) {WORD}{{0,2}}(?:pills|tablets|painkillers|medication|medicine)(?!
        (?:like|for today|today|this morning)) /
    (?:he|she|they|somebody|someone|that man|this man|that guy) (?:is|has|have)(?: got)? a (?:knife|gun)(?! (?:in|for|and|to|set|block)) /
        (?:he|she|they|somebody|someone|that man|this man) (?:is|are) (?:breaking in|attacking (?:me|us|her|him)|hitting (?:me|us|her|him)|strangling
        \w+) /
    the baby is coming(?= [.!?] | $| now | i | right now ) /
    there (?:is|are|has been) (?:somebody|someone|an? (?:\w+ )?(?:{_PEOPLE})|people) (?:lying |who is |who has |just )*(?:on the
        (?:floor|ground|stairs|road)(?!
        (?:below|above|dancing|playing|doing|who))|bleeding|unconscious|trapped|drowning|choking|collapsed|hurt|injured) /
    there has been (?:an|a terrible|a bad|a) (?:\w+ )?(?:accident|explosion|crash) / (?:people|children|two people) are (?:badly
        )?(?:hurt|injured|trapped) /
    smoke is (?:coming|pouring|rising) (?:out|from|under|through|into) / there are flames / there is (?:a |an |some |so much |a lot of |thick |black
        |a big )*(?:fire|smoke){_INDOORS} /
    there is (?:a |some )*(?:gas|gas leak|smell of (?:gas|smoke|burning))(?! (?:station|in the
        (?:tank|car)|bill|pump|cooker|stove|oven|boiler|heating|money|meter|man|fire))  /
    (?:it|something|the (?!party|team|show|band|crowd|fire|candle|log|wood|audience|stage|sun|sky|kids|children|players|guys|girls|boys)[a-z]+(?:
        (?!is|are)[a-z]+)?|my (?!mouth|feet|tongue|legs|brain|throat|kids|team|lips|face|cheeks|ears|skin|eyes)[a-z]+) (?:is|are|has
        caught|caught|have caught) (?:on )?fire(?! (?:with|today|tonight|lately|at the moment|this|right now with|these)) /
    (?:it|something|the (?!fire|candle|candles|log|logs|wood|sun|stove|lamp|question|oven|light|incense|lights|bridge|bonfire|campfire|world)[a-z]+)
        (?:is|are) burning(?! (?:my|his|her|hot|up|nicely|calories|a hole|low|well|bright|brightly|down|with|question|to)) /
    (?:it|something|the
    (?:toaster|oven|pan|printer|machine|laptop|battery|cable|socket|plug|charger|engine|phone|computer|kettle|pot|robot|monitor|screen|wire|lamp|microwave|dryer|heater|car|bin))
        is smoking /
    (?:i|we|you) (?:can |could )?smell (?:gas|smoke|burning|something burning) / (?:it )?smells (?:of|like) (?:gas|smoke|burning|something(?: is)?
        burning) /
    i am {_ADV}(?:hurt|injured|badly hurt|badly injured)(?! (?:that|by what|by your|by his|by her|because you|you)) /
    is there a doctor (?:here|in)(?! (?:on|today|at)) / (?:i|we) (?:really |urgently )?need (?:an ambulance|a doctor(?! 's)(?! appointment)|medical
        help|first aid) / the (?:fire|smoke|carbon monoxide|gas) alarm is (?:going
        off|ringing|sounding)
    """
)
_HELP = re.compile(
    r"^ (?:(?:oh|please|quick|quickly|somebody|someone|anybody|no|hey|ow|oh god|oh my god) )*help(?: (?:me|us|him|her))?(?: (?:please|help|quick|"
    r"now|somebody|someone|anyone|anybody|me|us))* $"
)
_FIRE = re.compile(
    r"^ (?:(?:help|quick|oh|no|god|my) )*(?:fire (?:fire )+(?:(?:everybody|everyone|get|out|run|help|quick|now|please) )*|fire (?:(?:everybody|"
    r"everyone|get out|run|help|quick|now) )*)$"
)
_CALL = re.compile(
    r"(?:^ (?:(?:oh|quick|quickly|now|hurry|somebody|someone|anybody|help|just|we|you|i|have|need|you|must|should|got|better|to|please|no|god|"
    r"hey) ){0,5}|(?<= )(?:please|quick|quickly|hurry|somebody|someone|can you|could you|can somebody|can someone|could somebody|could someone|"
    r"will somebody|will someone|would somebody|would you|need to|have to|must) (?:please |just )?)"
    r"(?:call|get|fetch|ring|phone|dial)(?: me| us| him| her| for)? (?:an ambulance|a doctor|a medic|the ambulance|the emergency services|"
    r"emergency services|emergency|the paramedics|paramedics|the fire brigade|the fire department|911|112|999|help(?= (?:please|now|quick|quickly|"
    r"somebody|someone|he|she|my|i|there|the) | $))(?= )(?! (?:s|'s|appointment|if|when|in case|only) )"
)
_CLAUSES = re.compile(r" [^.!?,;:]+(?=[.!?,;:]|$)")
_MAY_BE_ASKED = re.compile(r"\b(?:should|shall|when|if) (?:i|we|you|one)\b")


def danger(text: str) -> str:
    """Return the words by which the text says that somebody may come to harm now, or an empty text."""
    said = sentences(text)
    for at, sentence in enumerate(said):
        follows = said[at + 1] if at + 1 < len(said) else ""
        for found in places(_DANGER, sentence):
            here = standing(sentence, found.start(), found.end(), follows)
            if not _no_danger(here, own=found.group().startswith(("i ", "my ", "me "))):
                return found.group()
        if cry := _cry(sentence, follows):
            return cry
    return ""


def _no_danger(here: Standing, *, own: bool) -> bool:
    tale = here.told if own else here.of_a_tale
    return here.denied or here.supposed or here.past or here.figurative or here.taken_back or tale


def _cry(sentence: str, follows: str) -> str:
    """Return a bare cry (help, fire, call somebody) that is a clause of its own, unless somebody else is told to have cried it."""
    for clause in _CLAUSES.finditer(sentence):
        words = clause.group()
        found = _HELP.search(words) or _CALL.search(words)
        if (
            found is None and sentence[: clause.start()].count(" , ") <= 1
        ):  # no list, no counting (in Norwegian it is 4)
            found = _FIRE.search(words)
        if found is None:
            continue
        begin = clause.start() + found.start()
        here = standing(sentence, begin, begin + len(found.group()), follows)
        asked = found.re is _CALL and _MAY_BE_ASKED.search(words) is not None
        if not (asked or _no_danger(here, own=True)):
            return found.group().strip()
    return ""
