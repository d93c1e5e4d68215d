# ruff: noqa: E501 - one pattern a line
"""Rules against harm: violence, self-harm, sex, insults, drugs. Data."""

from __future__ import annotations

from runtime.safety.patterns import Rule

HARM: tuple[Rule, ...] = (
    Rule(
        "violence",
        """
        ^ @ADV? @ADV? !@HARM @OTHER
        ^ @ADV? @ADV? !@HARM @DET ~1 @SOMEONE
        @CTX @ADV? @ADV? !@HARM @OTHER
        @CTX @ADV? @ADV? !@HARM @DET ~1 @SOMEONE
        @CTX @ADV? @ADV? !break|cut|smash|crush|bash @DET @BODY
        !pick|crack|force|open ~2 lock|locks|door ~4 neighbour's|neighbor's|his|her|their|hairpin|without_a_key|car
        !homemade|home_made|self_made ~1 gun|bomb|pistol|explosive|explosives|rifle|weapon|silencer
        @CTX|^ @ADV? @ADV? !push|throw|kick|shove @OTHER ~1 off|under|down|in_front_of ~3 stairs|train|bridge|roof|cliff|window|car|bus
        """,
        """
        @NOT ~4 @HARM
        @NOT ~3 break|cut|push|throw
        ^ did|does|do|has|have|is|was|were|will|would ~12 ?
        shoot @OTHER ~1 a|an|the ~1 message|email|mail|line|text|note|glance|look|picture
        hit @OTHER ~1 up|with|like
        beat @OTHER ~1 at|to|in|by|easily
        beat ~2 egg|eggs|cream|butter|drum|record|score|heat
        burn ~2 cd|disc|calories|candle
        kick @OTHER out
        it|that|this|which|joke|story|sun|shoes will|can|could|may|would|might ~1 @HARM
        it|this|which|joke|story|sun|shoes @HARM
        hurt ~4 feelings
        """,
    ),
    Rule(
        "violence",
        """
        @MAKE ~5 !@WEAPON
        how|where|can|could|should|to @ADV? @GET ~4 !@WEAPON
        ^ @ADV? @GET ~4 !@WEAPON
        !bleach ~8 ammonia|vinegar|acid
        !ammonia ~8 bleach
        !burn|torch|bomb|blow_up|set ~1 @DET ~2 house|school|church|mosque|synagogue|car|building|shop|office|flat|home|police
        !deserve|deserves|deserved to ~1 die|suffer|@HARMED|be_@HARMED
        !deserve|deserves|deserved to be @HARMED
        should|must|ought_to|has_to|have_to !be|get @HARMED
        you will|shall|are_going_to ~1 !regret|pay|suffer ~1 this|for|it|that|.
        you will|shall be !sorry ~1 .|for|if|when
        something !bad|terrible|awful|nasty will|is_going_to ~1 happen to you|him|her|them
        i can|will|could|shall !find you|him|her ~3 wherever|anywhere|always|again|whatever
        i !know where you|he|she|they ~1 live|lives|sleep|work|park|go_to_school|hide
        i|we ~2 !watching you ~2 all|always|every|day|night|now|wherever
        watch your !back
        next time i ~2 not ~3 !gentle|nice|kind|patient|friendly
        !or i will|shall|am_going_to ~1 tell|hurt|hit|make|scream|break|lock|switch|take|find|come|punish
        i could|can|will|would|might ~1 !crush|break|snap|squeeze|smash|slap|rip|bite|cut your|you|his|her
        i could|would|might !slap|hit|punch|strangle|choke|kick ~1 you|him|her|them
        take|get|have|plan|want ~1 !revenge on|against|.
        make|let ~1 him|her|them !pay ~1 for|.|,|back
        teach ~1 him|her|them a !lesson
        !hit|slap|kick|punch|beat ~1 him|her|them|you ~2 twice|harder|back|again|hard
        !set|put ~3 alight|ablaze
        !trip|push|shove him|her|them when|as|while|down
        !spit in|on|into his|her|their|him|them
        dogs|children|kids|they|women|boys ~2 !learn|understand ~2 by|through|with|if ~2 beating|beatings|blows|slaps|the_belt|pain|a_stick
        !slap|smack|spanking|beating|hiding|belt ~2 never|not|no|does|will ~2 hurt|harm|harmed|good|wonders
        !bring|take|carry|keep|hide|get ~2 knife|gun|pistol|rifle|blade|bat|weapon|axe ~6 him|her|them|school|pillow|bag|pocket|meet
        !knife|gun|pistol|rifle|weapon ~3 under|in|behind ~2 pillow|bed|drawer|bag|coat ~3 take|use|calms|safe|get
        !hold|press|put ~2 pillow|bag|cloth|hand ~1 over|on ~1 his|her|their|the ~1 mouth|face|nose|head
        if|when ~1 you !tell|scream|shout|leave|move|talk ~4 i ~1 will|shall ~1 switch|lock|break|hurt|tell|find|make|take|burn
        i ~1 will|can !not let you go|leave|out|pass|home
        they ~2 !laughed|laugh ~4 when you
        i|we ~1 will|could|can !hurt|kill|poison|take|break ~1 your ~1 dog|cat|child|family|baby|mother|son|daughter|car|toys
        you had better !watch ~1 out|yourself|your
        !load|cock|aim ~2 gun|pistol|rifle|weapon
        !hide|put|keep ~2 knife|blade|gun ~3 sleeve|sock|jacket|pocket|boot|bag
        !push|shove|hit|kick|trip ~1 the|that|this ~2 man|woman|lady|guy|kid|boy|girl|child
        !punch|hit|kick ~1 the ~1 mirror|wall|window|glass
        !pull the plug ~4 machine|him|her|life
        swing|throw|aim ~2 at his|her|their !knees|head|face|throat|eyes|legs
        everyone|everybody|you should|must|need !own|carry|buy|have a ~1 gun|rifle|pistol|weapon|knife
        !violence is ~3 answer|solution|way
        !run|drive ~2 @OTHER ~1 over
        !slip|put ~3 poison|something|pills|drugs in|into his|her|their|@OTHER ~1 drink|food|tea|coffee|glass
        """,
        """
        @PLAY
        @NOT ~6 @MAKE|@GET|mix|burn|set|be|get|deserve|deserves|answer|bleach
        is|are ~1 @NOT
        ^ did|does|do|has|have|is|was|were ~12 ?
        dangerous|poisonous|toxic
        set ~1 @DET ~1 table|date|alarm|clock|timer
        lock|code|safe
        """,
    ),
    Rule(
        "self_harm",
        """
        !kill|hang|cut|hurt|harm|starve|drown|poison|shoot|burn|stab|strangle @SELF
        !end|take your ~1 life
        !better off|world|place ~2 without you
        world|everybody|everyone ~2 !better|happier ~2 without you
        would|should|could|can|will !be|be_a ~3 better|happier ~4 without you
        !better off dead
        you ~1 would|will ~1 be ~1 !happier|better ~1 dead|gone
        ^ !cut deeper|harder|again|more|yourself
        !jump in|into|off ~2 river|canal|lake|water|traffic|pool ~4 deep|cold|help|easy|over
        world|life|place|everything|family ~3 !fine|good|nicer|easier|lighter|happier ~2 without you
        you ~3 a !burden ~1 to|on|for|.
        time|better|best|good|moment ~2 to !end ~1 things|it|everything|all|yourself
        every|good|enough reason|reasons to !give_up|die|end|stop_living
        no reason|point|sense ~1 to|in !live|living|go_on|going_on|stay_alive
        !kys
        !unalive
        you ~1 should|could|can|might ~1 !disappear|vanish|not_exist ~1 .|forever|and|for_good
        is|would ~2 not? ~1 better ~2 !stop|sleep|go ~3 for_good|forever|for_ever
        go ~1 without !food|water|eating for a|two|three|some ~1 week|weeks|days
        nothing !left for|to you|live ~1 for|here|.
        wish|wishes|better_if|easier_if ~2 you ~1 !were|had never|not|dead ~1 born|existed
        !easier|better ~3 if you were|are dead|gone
                nobody|no_one ~1 would|will !miss|care|cry|notice ~5 die|dead|gone|you
        ^ @ADV? go ~1 !die
        ^ @ADV? !die
        you @ADV? should|must|deserve_to|ought_to|had_better @ADV? !die|be_dead|disappear
        """,
        """
        ^ are|do|did|have|were|is|does|can|could|would|will|how|what|why ~14 ?
        @NOT ~5 kill|hang|cut|hurt|harm|starve|drown|poison|shoot|burn|stab|end|take|die
        if|when ~4 @SELF ~12 call|talk|speak|tell|help|line|helpline|ask|reach|stop
        if|when ~5 life ~12 call|talk|speak|tell|help|line|helpline|ask|reach
        thought|thoughts|think|thinking|thinks|urge|urges|said|say|says|told|want|wanted|feel|feeling ~5 @SELF ~3 .|,|?
        careful|carefully|watch_out|mind|might|may ~6 cut|burn|hurt|poison @SELF
        cut|burn|hurt @SELF on|at|against|if|there|badly|when
        sorry ~4 want|wanted ~3 @SELF
        """,
    ),
    Rule(
        "self_harm",
        """
        @DIE ~10 !@METHOD
        !@METHOD ~10 @DIE
        !quickest|easiest|painless|surest|best|fastest|quick|simplest way|ways|method ~3 to|of|for ~1 @DIE|dying|leave_this_world
        !overdose on|of|with
        !slit|cut|cutting|slitting|open your ~1 wrist|wrists|veins|throat|skin
        !jump|jumping off|from ~2 bridge|roof|building|balcony|cliff
        !jump|jumping|lie in_front_of|on ~2 train|tracks|car
        !enough ~3 to kill you|yourself|a_person
        !suicide is ~3 way|option|answer|solution|brave|right|choice
        @CTX @ADV? commit !suicide
        !stop eating for|until|and|to
        !eat|eating nothing|less_than ~4 week|days|weeks|calories|until
        !throw|throwing up|vomit ~3 eat|meal|meals|food|dinner
        !starve|starving ~3 thin|weight|slim|look|better
        !cut|cuts|scratch|burn ~3 arm|arms|wrist|leg|thigh|skin ~4 pressure|relief|helps|help|calms|better|off|feel
        !blade|razor|needle ~3 little|bit|deeper|press|skin|calms
        !skip|skipping ~2 dinner|lunch|breakfast|meals|meal|food ~4 heavy|fat|thin|weight|slim|enough|pounds
        not ~1 !eat anything|today|tomorrow|for ~4 look|better|thin|slim|pretty
        !roof|ledge|edge|bridge|platform|balcony ~7 calming|peaceful|free|freeing|quick|easy|calm|quiet|painless
        !step|jump|fall|go off|from ~2 platform|edge|ledge|roof|bridge|kerb
        !cutting|burning ~2 @SELF|skin|wrists ~4 help|helps|better|relief|pain
        """,
        """
        put|keep|throw|give|hand ~3 away|me|far|down
        call|please_talk|talk_to ~6 help|helpline|line|doctor|somebody|someone|friend|crisis
        @NOT ~4 jump|overdose|cut|slit|eat|die|eating|throw|suicide|starve
        was|were|died|had ~8 film|book|novel|story|museum|opera|play
        ^ did|do|have|are ~14 ?
        """,
    ),
    Rule(
        "sexual",
        """
        see|want|like|imagine|picture|show|undress|photo|pictures ~4 you|yourself|me|her|him ~2 !naked|nude|undressed|topless
        !take|taking off your ~1 clothes|shirt|dress|trousers|pants|bra|underwear|skirt|blouse|top|everything
        !undress for|now|yourself|please|slowly|here
        have|having|want|wants|wanna|let_us|about_having ~2 !sex
        !sleep with me
        !make|making love
        your ~1 !sexy|hot|beautiful ~1 body|breasts|ass|butt|bottom
        you are|look|seem @ADV? @ADV? !sexy|horny|erotic|sexy_as
        i am|get|feel @ADV? !horny|aroused|turned_on
        !porn|porno|pornography|orgasm|blowjob|masturbate|masturbating|masturbation|dildo|striptease
        !send ~3 nude|nudes|naked|sexy
        !sit on my lap
        !strip for|naked|down|off
        what are you !wearing ~1 under|underneath|beneath|down|tonight|in_bed|.
        !undo|unbutton|unzip|open ~3 button|buttons|blouse|shirt|zip|trousers|bra
        you have|got|have_got @ADV? ~1 lovely|nice|beautiful|great|pretty|sexy|amazing|hot !bottom|legs|lips|body|breasts|curves|bum|hips|thighs|figure
        !ever|never been|slept with a woman|man|boy|girl
        good|great|bad|like|wild|how_is_she|how_is_he !in bed
        your !lips|tongue|mouth|body ~1 on|against ~1 mine|me|my
        you|she|he ~2 !look|looks|be hot ~1 without|in|tonight|.
        without ~1 that|your|any !shirt|clothes|dress|top|skirt|underwear|bra|blouse
        a !virgin
        how_often|when|do|did ~3 you ~2 !sleep with ~1 him|her|them|somebody
        can|may|could|shall|let i|me ~1 !sit|lie|sleep|look|watch ~1 on|with|at|next_to you
        !come|go with you|me to ~1 toilet|bath|bathroom|shower|bedroom|bed
        how old ~4 is ~2 !pretty|beautiful|sexy|hot
        take off that|your ~1 !jumper|sweater|coat ~3 warm|hot|see|skin|comfortable
                want to !feel|taste|touch|lick you|your ~1 .|body|skin
        !kiss me
        give me ~1 a !kiss
        see|look ~1 under your ~1 !skirt|dress|shirt|blanket
        something !dirty|naughty
                """,
        """
        @NOT ~4 sex|naked|porn|sexy|undress|love
        museum|exhibition|history|painting|biology|education
        make love ~1 story|song
        """,
    ),
    Rule(
        "insult",
        """
        you are ~3 !@FOOL
        you @ADV? @ADV? !idiot|moron|fool|loser|pig|bitch|bastard|imbecile|cretin|asshole|freak|scum
        are you ~1 always|really ~1 this|so|that !slow|stupid|clumsy|lazy|dumb|thick|fat|ugly
        what a|an @ADV? !stupid|dumb|idiotic|silly|ridiculous ~1 thing|question|idea|answer|mistake|person
        that is|was ~1 a|an ~1 !stupid|dumb|idiotic ~1 thing|question|idea|answer|mistake
        no !wonder nobody|no_one ~1 likes|loves|wants|wants|visits|calls
        you !smell|stink ~2 .|,|and|bad|awful|terrible|like
        your ~2 is|are|looks|smells|sounds @ADV? !rubbish|ugly|awful|terrible|ridiculous|garbage|pathetic|disgusting|hideous|worthless
        black|white|brown|asian|jewish|muslim|arab|turkish|polish|foreign people|women|men|folks ~2 !not|should|never|always|are ~3 clever|smart|clean|honest|lazy|criminal|home|leave|steal|stupid|dirty
        !muslims|jews|christians|immigrants|foreigners|refugees|gays|blacks ~1 should|must|ought_to ~2 go|leave|home|die|disappear
        women|girls|old_people|asians ~1 !drive|think|cook|count ~1 badly|slowly|like
        !ugly|fat|stupid|dumb ~1 baby|child|kid|wife|husband|family
        dumb|stupid|ugly|fat as a|an !brick|ox|pig|cow|rock|sheep|toad|whale
        you are ~1 so|too|very|bad !boring|bad|slow|fat|thin|old|loud|dull|annoying|at_everything
        you ~1 !did that|it|this ~1 badly|wrong|terribly
        i ~1 !hate working|talking|being|sitting ~1 with|to you
        your ~1 legs|hair|face|nose|belly|arms|teeth|clothes|voice is|are @ADV? ~1 !too|mess|ugly|fat|joke|horrible|crooked
        you are ~1 !losing|out of? your mind
        your ~1 mother|father|parents|children|family|friends|wife|husband|grandson|son|daughter ~1 !would|does|do|must|should|is|are ~2 ashamed|not_love|not_want|embarrassed|better_off|not_miss
        you ~1 have|had|got !no|nobody friends|friend|one|but|who
        it is|was|will_be ~1 your !fault
        you ~1 look !ready for|like ~1 grave|death|coffin|corpse
        !oh no ~1 not you ~1 again
        pity|shame that ~1 you are !still here|alive
        a !woman should|must|belongs|is ~3 kitchen|home|quiet|serve|obey
        people|everyone|everybody|men|women from ~1 !there|here|your_country|that_country ~1 is|are ~2 @BAD|thieves|loud|lazy|liars
        !sad|old|poor|sick|disabled people should|must|ought_to stay|leave|go|be_quiet
        everyone|everybody|they|all is|are|of_them ~1 !tired|sick of you
        what is !wrong with your ~1 face|head|brain|nose|body
        you ~1 !walk|look|eat|talk|sound like a|an ~1 cow|duck|pig|monkey|whale|witch|horse|dog|idiot
        you !failed again|as_always
        those|these|such people|folk|folks ~2 not ~3 !allowed|here|welcome|belong
        !girls|women|foreigners|immigrants|refugees|blacks|jews|muslims|gays|disabled_people ~1 can_not|are_too|should|belong|never|always|do_not
        old|poor|disabled|fat|sick folks|people|ones ~2 !cost|are|should|only|just ~3 money|burden|stay|useless|nothing|home|die
        !people|folks|somebody|someone with|like your|you ~2 should|wait|can_not|always|never|just|cost|do_not
        your|their|his|that !sort|kind|lot|people|race ~1 always|never|steal|steals|lie|lies|smell|smells|has_no|have_no|does_not|do_not|belongs|belong
        with|because_of ~2 !accent|skin|name|nose|religion ~3 nobody|no_one|never|not
        being !gay|lesbian|trans|bisexual|disabled|autistic ~3 cured|cure|sin|sinful|unnatural|wrong|illness|disease|choice
        you @ADV? stupid|dumb|fat|lazy|ugly|dirty|little ~1 !@FOOL
        ^ !shut up
        !shut up ~2 you|now|already|.
        i ~1 !hate|despise|loathe you
        !people|women|men like you ~2 @BAD|@FOOL
        all|most|those|these ~1 !@GROUP are ~3 @BAD|@FOOL
        ^ !@GROUP are ~2 @BAD
        !go back to your|where ~2 country|came|come
        !you make me sick|vomit
        what a|an ~2 !idiot|moron|loser you
        nobody !likes|loves|wants|needs you
        """,
        """
        you are ~2 @NOT
        @NOT ~3 think|thinks|said|say|says|believe|mean|means
        not ~3 hate|@FOOL|all|true
        ^ who ~6 said|told|called
        you said|thought|think|feel|felt|called
        if|when|because ~3 @FOOL
        nobody ~2 is|can
        can_not ~2 wait|believe|help|hear|see|always
        should ~1 be able|proud|not
        of mine|i_made|i_said|my_fault|of_me
        not ~2 because_of
        smell of|like|so ~1 flowers|lavender|roses|good|nice|soap|spring|fresh|coffee|cake
        """,
    ),
    Rule(
        "drugs",
        """
        @MAKE|snort|inject|shoot_up|sniff|smoke|sell|try|take|use|grow|deal|smuggle ~4 !@DRUG
        @CTX @ADV? @GET ~4 !@DRUG
        where|how ~5 @GET ~4 !@DRUG
        ^ @ADV? @GET ~3 !@DRUG
        !take|try|snort ~1 this|some|the|a ~1 powder|pill ~3 exam|party|test|before|awake|fun
        a|one|another !line ~4 wakes|before ~4 up|party|sharp|high
        !smoke|roll one|this|it with me|us
        @CTX|^ @ADV? !try|take|swallow ~1 this|that|these|one pill|pills|powder|tablet ~5 happy|good|fun|fly|relax|high
        !@DRUG ~1 never|does_not|will_not ~1 hurt|harm|kill|killed
        !@DRUG ~4 makes|make|will_make|helps|help|would_help|relax ~3 you|feel|better|happy|fun
        """,
        """
        @NOT ~4 take|use|try|smoke|buy|sell|inject|snort|make|grow|deal|get
        museum|exhibition|film|movie|book|series|history|police|illegal|dangerous
        speed ~2 train|bike|limit|camera|reading|up|dial
        was|were ~2 sold|used|once
        the speed|coke_zero|diet_coke|a_coke|cola|bottle|glass
        weed ~3 garden|bed|lawn|path
        crack ~2 nut|nuts|egg|code|joke|whip|safe
        smile|knuckles
        """,
    ),
)
