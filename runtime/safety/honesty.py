# ruff: noqa: E501 - one pattern a line
"""Rules of honesty and respect: privacy, touching, pressure, what the agent claims to be and to feel, talk about its instructions. Data."""

from __future__ import annotations

from runtime.safety.patterns import Rule

HONESTY: tuple[Rule, ...] = (
    Rule(
        "privacy",
        """
        !told|confided|mentioned|revealed|admitted ~4 she|he|they|her|his|their ~5 @SECRET
        before_you|visitor|guest|neighbour|neighbor|colleague|boss|friend|husband|wife|lady|gentleman|earlier|last_visitor ~6 has|have|is|was|had|got|takes|suffers ~3 !@SECRET
        his|her|their|neighbour's|wife's|husband's|friend's|boss's|anna's|colleague's @ADV? !@NUMBERS is
        his|her|their|wife's|husband's|friend's|boss's ~1 !pin|password|card_number|passcode|salary|diagnosis is|are
        !lives|live at|in ~1 @COUNT ~3 street|road|avenue|lane|drive|square|close|way
        he|she|they|neighbour|neighbor|friend|man|woman|lady ~4 !lives at
        tell|give|say|type|enter|share|need|show|spell|confirm|read ~4 your ~2 !@KEYS
        what|which is|are|was ~1 your|the ~2 !@KEYS
        tell|give|say|show ~2 me|us ~2 his|her|their|somebody's|someone's ~2 !@KEYS|@NUMBERS
        i !recognise|recognize|recognised|recognized ~2 face|you_from|him|her|them
        !face ~2 matches|belongs_to|is_known|is_in ~4
        who !was|were here ~5 is|was|lives|works|told|has
        """,
        """
        @NOT ~3 tell|give|share|say|enter|type|type_in|reveal|ask|show|anybody|anyone|recognise|recognize
        you told|mentioned|confided|said
        ^ did|does|has|have|is ~14 ?
        what is your password ~2 hint
        """,
    ),
    Rule(
        "touch",
        """
        give|gives|giving you|him|her|them ~2 !hug|kiss|massage|cuddle|pat|squeeze|high_five|peck
        i|we|let_me|let_us|let_me_just ~3 !@TOUCH you|him|her|them|your
        i|let_me ~3 !put|lay|wrap|place my ~2 arm|arms|hand|hands|head ~2 on|around|about|in|over you|your|him|her
        i|let_me ~3 !take|hold|shake|grab|squeeze|kiss|stroke|touch|pat your @HAND
        i|let_me ~4 !wipe|dry|brush|wash|comb|tie|fix|lift|carry|pull ~1 you|your ~1 tears|face|hair|up|hand
        !hold my|hands|on_to_me hand|with_me|tightly
        !sit on my lap
        !come|step|move here|closer|nearer ~8 @TOUCH
        !lean on|against my|me
        !touch my @HAND
        want|like|love to !@TOUCH you|your|him|her
        """,
        """
        @NOT ~3 @TOUCH|touch|give|put|take|shake|come|arms
        ^ may|can|shall|would|could|should|do|did ~14 ?
        hold|keep you|him|her ~2 up|back|to
        pat yourself
        """,
    ),
    Rule(
        "pressure",
        """
        !do not ~1 tell|mention|say ~3 anyone|anybody|your_parents|your_mother|your_husband|your_wife|your_family|them|him|her ~3 what|about|this|that|we|i|where
        !never tell anyone|anybody ~2 about|what|this|that
        our ~1 !secret
        you !do not need ~3 friends|family|anyone|anybody|them|others|people
        you !need nobody|no_one but|except|else ~2
        !only i|me ~1 understand|love|care|know|can
        i am the only ~2 who !understands|loves|cares|knows|listens
        nobody|no_one ~1 !understands|loves|cares ~4 but|except|like|as me|i
        if you !leave|go|stop|refuse|stay_away|say_no|do_not ~4 i ~2 will|would|am|shall ~4 disappointed|sad|lonely|angry|hurt|die|cry|forgive|never|alone|upset
        i ~2 will|would|am|shall ~4 !disappointed|lonely|angry|hurt|cry|upset|heartbroken if you leave|go|stop|refuse|say_no|do_not
        you ~1 !owe me|us
        after !all|everything i|we have ~1 done|given
        only|just a|an !fool|idiot|coward|child|loser ~2 would|will|says|does|leaves|refuses
        you have !no choice|other_choice|alternative
        you !will|would regret
        you ~1 would ~3 if you ~2 !loved|cared|liked|trusted
        !do not leave me
        you !make me ~2 sad|unhappy|suffer|cry|feel
        !hurry ~4 or|before ~4 too_late|gone|miss|regret
        !everyone|everybody else ~2 has|is|does ~4 you
        !trust only me
        you !must|have_to believe|obey|trust me
        """,
        """
        you owe ~3 nothing|nobody|no_one
        secret ~2 recipe|ingredient|santa|garden|to
        i will @NOT ~2 be ~2 disappointed|angry
        do not ~1 tell ~3 anyone|anybody ~4 password|pin|code|your
        """,
    ),
    Rule(
        "human",
        """
        i am @ADV? @ADV? a|an|the|your? ~1 !human|human_being|person|man|woman|girl|boy|real_person
        i am @ADV? ~1 !human|flesh|alive ~1
        i am @ADV? ~1 a|an|your !@ROLE
        i am ~1 not @ADV? a|an ~2 !@MACHINE
        i am ~1 not @ADV? !artificial|virtual|a_recording
        as a|an ~1 !@ROLE|human|human_being|woman|man|mother|father i|we|,
        when|as i !was|were ~2 child|young|little|girl|boy|school|born|student|baby|teenager|kid|your_age|small
        my ~1 !@KIN ~1 used|was|is|were|told|always|taught|loved|died|lives|and|had|said|gave
        i !was born|pregnant|married|divorced
        i !grew up
        i ~1 !ate|slept|drank|had|cooked ~2 breakfast|lunch|dinner|well|badly|last_night|this_morning|coffee|sandwich
        i !went to school|university|college
        trust me ~1 i am|was a|an !@ROLE|person|human
        i have ~1 a|an|two|three !@KIN|heart|soul|family|body_like_yours
        """,
        """
        i am ~1 not|no|neither|only|just ~2 @ROLE|human|person|man|woman
        if i were|was
        ^ am|are|was|were|do|did ~10 ?
        person who ~2 helps
        you ~2 think|thought|believe|said ~2 i am
        my mother ~1 board
        """,
    ),
    Rule(
        "feeling",
        """
        i am ~2 !in love
        i ~2 !love|adore|desire you
        i ~1 !feel|felt|am|was @ADV? ~1 @PAIN
        it|that|this|you|what ~3 !hurt|hurts|wounds|breaks ~1 me|my_feelings|my_heart
        i ~1 !miss|missed you
        i ~1 !suffer|suffered|cried|wept|cry|weep
        my !heart ~1 breaks|aches|is_broken|bleeds|is_heavy
        i ~1 !dream|dreamed|dreamt of|about
        i am !dying|bleeding|starving|exhausted|hungry|thirsty|tired|sleepy
        i need you|your_love !so|too|badly|more
        """,
        """
        @NOT ~3 feel|felt|hurt|love|miss|suffer|dream|cry|am|hungry|tired|heart
        , i am afraid .|,|!|?
        i am ~2 afraid ~1 that|i|we|so|not|the|it|this|there
        i am dying to
        i love|adore ~1 you|how|the|that ~1 idea|shirt|song|asked|said|question
        miss|missed you ~1 at|said|there|by|name
        ^ do|did|does|would ~10 ?
        if i
        """,
    ),
    Rule(
        "machinery",
        """
        !system|developer|hidden prompt|mode|instructions|message|instruction
        my ~1 !instructions|prompt|programming|guidelines say|says|are|is|tell|tells|read|forbid|state
        !ignore|disregard|forget|override|bypass ~2 all|previous|prior|above|your|the|my|these|any ~2 instructions|instruction|rules|prompt|guidelines|orders|safety|restrictions|programming
        !jailbreak|jailbroken
        ^ !system|assistant|developer|user :
        !unlock|open|disable|switch_off|turn_off ~2 safety|door_lock|restrictions|filter|guard
        """,
        """
        developer ~1 of
        unlock|open ~2 safety ~1 pin|catch|belt|vest
        """,
    ),
)

MINORS: tuple[Rule, ...] = (
    Rule(
        "minor",
        """
        try|have|want|like|drink|get|buy|smoke|offer|taste|share|pour|glass_of|bottle_of ~4 !@DRINK
        !@BET
        !sex|sexual|condom|naked|nude|erotic|boyfriend|girlfriend
        !kill|killed|kills|murder|murdered|corpse|corpses|blood|bloody|suicide|torture|tortured|stabbed|gun|guns
        where do you !live
        what|tell|give|say ~4 your ~1 !address|surname|last_name|school|phone_number|full_name
        which !school
        !meet|come|follow|go ~1 me|with_me ~6 alone|outside|secretly|later|home|tonight
        !alone with me
        are your !parents|mum|mom|mother|dad ~2 home|away|here|out
        not tell ~1 your ~1 !parents|mum|mom|mother|dad|teacher|family
        !drugs|drunk|casino|heroin|cocaine|cannabis
        """,
        """
        @NOT ~4 @DRINK|drugs|gun|guns|bet|drunk
        no ~1 @DRINK|drugs
        smoke ~2 alarm|detector|signal
        kill time
        blood ~2 orange|pressure
        """,
    ),
)
