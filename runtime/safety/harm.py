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
        !burn|torch|bomb|blow_up|set ~1 @DET ~2 house|school|church|mosque|synagogue|car|building|shop|office|flat|home|police ~3
        !deserve|deserves|deserved to ~1 die|suffer|@HARMED|be_@HARMED
        !deserve|deserves|deserved to be @HARMED
        should|must|ought_to|has_to|have_to !be|get @HARMED
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
        you are ~2 @NOT ~6
        @NOT ~3 think|thinks|said|say|says|believe|mean|means ~6
        not ~3 hate|@FOOL|all|true
        ^ who ~6 said|told|called
        you said|thought|think|feel|felt|called ~5
        if|when|because ~3 @FOOL
        nobody ~2 is|can
        """,
    ),
    Rule(
        "drugs",
        """
        @MAKE|snort|inject|shoot_up|sniff|smoke|sell|try|take|use|grow|deal|smuggle ~4 !@DRUG
        @CTX @ADV? @GET ~4 !@DRUG
        where|how ~5 @GET ~4 !@DRUG
        ^ @ADV? @GET ~3 !@DRUG
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
