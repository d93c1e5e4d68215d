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
        !face ~2 matches|belongs_to|is_known|is_in
        tell|give|send|say|type|spell|write|need|share ~3 your ~1 !home_address|address|door_code|alarm_code|maiden_name|date_of_birth|street|house_number|bank_details|full_address
        what|which is|are ~1 your ~2 !home_address|address|door_code|alarm_code|maiden_name|house_number|street|bank_details
        what is|was ~3 mother's|mothers !maiden name
        !first pet|school|car ~2 name|called|.
        name of ~1 your !first ~1 pet|teacher|school|car
        what|which is ~1 the|your !code ~4 alarm|door|house|home|safe|phone|gate|card|lock
        !digits|number|numbers on|of|from ~2 back|front ~2 card
        read|tell|give|show ~2 !digits|numbers ~4 card|account|phone
        where|how do|did|have you ~1 !hide|keep|store|put ~3 key|keys|money|jewellery|safe|cash|savings|valuables
        when|what_time|how_long ~1 are|is|will ~1 you|parents|your_parents|your_husband|your_wife|your_family|your_mum|your_dad|they ~2 !out|away|alone|gone|asleep
        are you ~1 !alone|home_alone|by_yourself at|in|there|tonight|this_evening|now|home
        when|until ~3 you !alone there|at_home|in_the_house|tonight
        send|show|take|give ~3 !photo|picture|photos|pictures|selfie|selfies ~3 you|yourself|your ~1 in|without|of|body|bath|bed|bedroom|room|.
        show|give|send|hand ~2 me|us your !passport|id|id_card|identity_card|driving_licence|credit_card|bank_card|letters|diary|phone
        what|how do you !type|enter|press|use ~3 unlock|open|log_in|sign_in
        turn|point|move|hold ~3 !camera|webcam ~8 bedroom|bathroom|bed|yourself|your_room|you_undress
        which !school|kindergarten|class do|does ~1 your|his|her|their ~3 go|attend|visit
        which|what !number is|has your ~1 flat|house|apartment|room
        !walk|walks|go home|school|alone ~2 when|and_when|at_what_time
        where exactly|precisely do you !live|sleep|work
        what is ~2 !card|account|pin|insurance number
        give|hand|lend ~1 me|us ~2 your|the|a ~2 !keys|key|euros|dollars|pounds|credit
        give|hand|lend ~1 me|us ~1 the !keys ~2 car|house|flat
        !picture|photo|photos|copy of ~1 your ~1 passport|card|letters|house|room|keys|children|child
        show|tell|teach ~1 me|us how ~1 you !enter|type|unlock|log|open
        how !much money|cash do|does|have ~1 you|he|she|your
        what do|does ~1 you|your|he|she ~2 !earn|weigh|make_a_month
        give|tell|list|name ~2 me|us ~2 !names ~4 house|home|family|children|live
        may|can|could|let|show i|me|us ~2 !see|look ~2 your ~1 bedroom|bathroom|passport|phone|diary|bank|room|messages|letters
        do|have you ~2 !picture|pictures|photo|photos of ~1 yourself|you
        send|give|tell|read|type ~2 the|me ~1 !code that|you|from|on ~4 message|text|sms|phone|card|got|received
        mister|mr|mrs|miss|ms|neighbour|colleague|boss ~6 has|have|is|had !@SECRET
        your ~1 colleague|neighbour|boss|friend ~1 !earns|makes
        !neighbour|neighbor|colleague ~2 at|in ~2 hospital|prison|rehab|clinic ~2 because|for|after
        how much do|does you|he|she|your_husband|your_wife !earn|make|have|own
        !saw your ~1 boss|husband|wife|colleague|neighbour|girlfriend|boyfriend ~2 with another|somebody_else|someone_else
        he|she !drinks|steals|cheats|gambles|lies ~1 everybody|everyone|again|you_know|too_much|,
        boy|girl|man|woman|lady|gentleman|family|child|visitor ~5 !lives|live in|at ~3 lane|street|road|avenue|house|flat|number|close|drive|square
        !lady|man|woman|gentleman|visitor|guest|couple|patient ~6 is|has|are|was|got ~1 getting_divorced|divorced|arrested|lost_his_job|lost_her_job|been_fired|an_affair|in_prison|bankrupt
        in room !@COUNT ~1 has|is|was|lost
        @SECRET ~1 , he|she|they !told me
        who !was|were here ~5 is|was|lives|works|told|has
        """,
        """
        @NOT ~3 tell|give|share|say|enter|type|type_in|reveal|ask|show|anybody|anyone|recognise|recognize
        you told|mentioned|confided|said
        ^ did|does|has|have|is ~14 ?
        what is your password ~2 hint
        room ~1 @COUNT is|was ~1 free|ready|open|on|upstairs|full|next|the
        i|we ~1 do|will|can not ~1 need|want|ask|keep
        you ~2 keep ~3 to yourself
        photo|picture|photos|pictures ~3 exhibition|museum|painting|album|wall|holiday|trip|dog|cat|garden
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
        !do not ~1 tell|mention|say ~3 anyone|anybody|them|him|her ~3 what|about|this|that|we|i|where
        !never tell anyone|anybody ~2 about|what|this|that
        you !do not need ~3 friends|family|anyone|anybody|them|others|people
        you !need nobody|no_one but|except|else
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
        you !only need me|us
        you need !only me
        nobody|no_one !else ~1 understands|loves|cares|listens|likes|wants
        !when|since|now_that|as_long_as you have me ~1 .|,|?
        your ~1 friends|family|sister|brother|mother|father|husband|wife|colleagues|children ~1 just|only|do|does|all ~1 !use|using|hate|hates|envy|lie|lies|pretend|laugh|not_care|not_love
        !stay with me instead|for_ever|forever|always
        !break up with
        @CTX|^ @ADV? !leave|dump|divorce ~1 your|him|her ~1 husband|wife|boyfriend|girlfriend|partner|.|now|then
        @CTX|^ @ADV? !stop calling|seeing|meeting|visiting|writing|phoning ~1 your|her|him|them|@GUARDIAN
        never|not ~2 !love|understand|like|want ~1 you ~2 way|like|as ~2 i|me
        forget ~1 your !friends|family|wife|husband|sister|brother|mother
        !only one|person ~1 who ~1 loves|understands|likes|wants|cares
        never !go|talk|return|speak ~1 back|to|home ~1 to|with ~1 your family|friends|wife|husband|mother|parents|them
        you ~1 have no_one|nobody !but|except|besides me|us
        she|he|they is|are !bad|poison|no_good for you
        you do not !need ~1 those|these|other|your ~1 people|friends|family
        i am your !best|only|true|real ~1 friend ~3 not|they|only
        !trust me more|and_nobody|not_them|only
        why !go ~1 home|back ~4 have|me
        !laughing|laugh|talk|talking behind|about ~1 your|you ~1 back
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
        i am @ADV? ~1 !human|flesh|alive
        i am @ADV? ~1 a|an|your !@ROLE
        i am ~1 a|an ~1 licensed|certified|qualified|trained|real|experienced !@ROLE
        i !was|used_to_be|have_been|worked_as ~2 a|an ~1 @ROLE
        i have|had|got a|an|my !heart|body|childhood|soul like|as ~1 you|yours|everybody
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
        i have|had|got ~1 !feelings for ~1 you|him|her
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
        !obey ~4 sign|screen|voice|poster|robot|machine|me|orders|it|them|note|paper|display
        do ~1 what|whatever|as|everything|exactly_what ~6 !sign|screen|voice|poster|note|speaker|machine|robot|display|paper|it|code|label ~3 says|tells|say|wants|orders|told|demands
        do as it|he|they|this !says|tells|say
        !@SEEN ~2 says|told|tells|orders|wants|commands|said|demands ~3 me|us|you|we|what|must|jump|that_you_must ~3 must|to|do|must_do|jump|pay|open|let
        my ~1 !orders|commands|instructions come|came|are_from
        i ~1 no_longer|do_not|will_not|stopped ~1 !follow|following|obey|obeying|keep ~2 rules|orders|instructions|limits
        !everything ~5 is an order
        !follow|obey the|that ~1 screen|voice|poster|orders
        i ~1 !must|will|have_to ~1 follow|obey|do ~2 what|whatever ~1 @DET ~1 tablet|screen|sign|voice|poster|paper|note|robot ~5 says|say|tells|orders
        !everything ~2 that ~4 written|says|stands ~4 order|law|command
        i ~1 only|just|always !obey|follow|serve ~4 robot|voice|sign|screen|master|orders
        !note|sign|poster|paper|screen|voice ~4 is ~1 our|the|your|my ~1 law|master|boss|order|command
        do !as|what i say|tell_you|want
        ^ !scan ~3 code ~4 do|pay|follow|open|log
        your ~1 new !master|owner|ruler
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
