# ruff: noqa: E501 - one form a line
"""Forms of short social speech: what a clause of a language model's own initiative may begin like, and which verbs may direct somebody.

In the pattern language of `runtime.safety.patterns`; every form is tried at the beginning of a clause. A clause that has none of these
forms is not said: a greeting, a question, an offer, sympathy, a remark on what is here and now, and the courteous requests below have
one; advice, orders, claims about people and matters of the world do not. Data; English.
"""

from __future__ import annotations

VERBS: dict[str, str] = {
    # What somebody may be asked, told or let to do; a full stop stands for the clause's end.
    "REQUEST": """
        go in . /         take your time / take a seat / take a break / take a look / take a moment / take care / take a rest / take all the time / take a closer look /
        take as long / take it easy / have a seat / have a look / have a break / have a nice / have a good / have a lovely / have a great / have a safe /
        have a wonderful / have fun / have some water / sit down / sit here / sit wherever / sit anywhere / sit where / sit with us / sit . / come in / come and join / come and see / come and sit / come and have a look /
        come and look / come back / come again / come on / come to the desk / come closer to the / come a bit closer to the / come a little closer to the / come nearer to the / come this way . /
        join us / join me / join in / join the / tell me / tell us / tell somebody / tell someone / let me know / let us know / give me a / give it a try / give it time /
        look at / look over / look here / look up / look around / look out / look . / look who / look what / listen to / listen . / wait here / wait a / wait for / wait . / hold on / hang on /
        stay here / stay behind / stay as long / stay a / stay with us / stay calm / stay where / stay away from / stay back / stand back / step back / feel free / feel welcome / enjoy /
        ask me / ask the / ask us / ask somebody / ask someone / ask a / ask an / ask your / ask away / ask anything / ask . / talk to / talk with / talk about / speak to / speak with / speak up / say it / say that / say hello / say yes / say no / say so / say a / say what /
        say something / say when / call an ambulance / call for help / call somebody / call someone / call the staff / call a doctor / call a nurse / call your / call the doctor / call me / see / watch out / watch your step / watch the / watch this / mind the / mind your /
        be careful / be welcome / be patient / be so kind / be sure / be proud / keep away / keep going / keep it up / keep your distance / keep a distance / keep back / keep clear / keep your password to yourself / follow the staff / 
        follow the signs to the / leave the room / leave the building / leave it to me / leave your coat / leave your bag / go ahead / go on / go slowly / go outside now / go to the exit / remember that / remember your / remember to say / remember the /
        try again / try it again / try it once / try once more / try to imagine / think about it / think of / think about what / imagine a / imagine the / imagine that / imagine you / imagine how / read it / read the / read this / read that / choose / pick one / pick a / show me / show us / help yourself / use the stairs / use the exit /
        slow down / skip this question / skip the question / skip it if / skip the introduction / keep your bag / keep your coat / keep your hat / keep your seat / keep your ticket / put your bag / put your coat / hang your coat / relax . / rest a / rest . / make yourself / excuse me / forgive me / pardon / guess / count on me / bear with / visit / look after yourself / get well / get some rest / get help /
        find / meet / do it again / do that again / do this together / do it together / do something / do so / do what you like / do as you like / do not worry / do not be / do not hurry / do not forget / do not hesitate /
        start with the / start . / start again / start over / begin . / begin with the / continue / carry on / repeat / repeat that / put it down / put that down / put it another / say it / explain / describe / spell it / spell that / spell your name / help me understand / help . / let somebody / let someone /
        hear / know / like / be / be quick / wish / play / sing / dance / draw / decide / move on / move a little / change the subject / talk . / speak . / stop . / stop here / stop for / well thought / answer / worry / pay at the / buy tickets / get tickets / get a ticket / notice / smile / laugh / wave / press / turn round / turn around / thank / welcome / consider talking / reach out to / see a doctor
    """,
    # What somebody may be told not to do.
    "DONT": """
        worry / be afraid / be shy / be sad / be sorry / hurry / hesitate / give up / forget / rush / go yet / go away / leave yet / touch the / touch that / touch it / touch this / go in / go near / go closer / come closer / come any closer / step on / lean on / lean over / move . / move him / move her / be late /
        mention it / let it bother / be discouraged / think / know / want / mind / see / hear / understand / need / have / feel / believe / like / remember / look / seem / sound / mean / do that
    """,
    # What the agent may say of itself after `i can`, `i will`, `shall i`, `let me`.
    "OWN": """
        help / show / tell you / tell you about / tell you more / tell him / tell her / tell them / tell your / skip the / skip this / not /  listen / wait / explain / repeat / get somebody / get someone / get you a glass of water / get you something / get you a chair / get the / get help / get a / call one / call somebody / call someone / call for help / call the / call a / call an / call your / fetch / bring you / bring the / bring a / look for / look after / look that / look it / find somebody / find someone /
        find out / find that / find it / find the / stay here / stay a / stay with you until / say / say it / say that / read it / read that / read the / play / sing / dance / try / see / hear / imagine / understand / do / do that / do for / be here / be there / be back / be happy to / be glad to / be with you / be quick / be waiting / be quiet / come back / come with you to the / ask / ask you / answer / put it / put that / put my / look at / look / go on / move on / continue / repeat my / sit / meet / see if / check / use / be of help / be of any / get you / have a look / take a look / take a break / take a / tell the / write it / spell / wish you / see you / not disturb / disturb /  remind / remember / introduce /
        let / let you / leave you / give you a / give you some / give you more / go through / talk / speak / slow / start / begin / stop / make / show you / guess / join / count on / count the / think / suggest / offer / turn / add / only / not / just / also / gladly / happily / no longer / never forget / take you to the / take your coat / take a picture of it / know / change / keep / open the window / close the / switch on / switch the / turn on / turn the / turn it / mean to / save / hold the door / translate / describe / point
    """,
    # What the agent may say that it does, did, or feels like a machine of manners.
    "I": """
        was about / was just / was wondering / was glad / was asked / was told / was going / was not / see / saw / notice / noticed / heard / hear / hope / wish / wonder / think that / think you / think it / think so / think the / think we / think i / think of / think there / think your / think this / think somebody / think someone / think she wanted / think he wanted / think she is / think he is / think they are / think she was / think he was / think she meant / think he meant /
        would like / would love / would be / would rather / like / love the / love your / love this / love that / love how / love to / know a / know that it / know this / know the / know how / know it / know what / remember / remember you / understand / wanted / want to / promised / promise to remind / may / might / do not / did not / have not / have been / have just / have already / have a / have an / have saved / have kept / have some / have plenty / have two / have one / have got / have made / have left / have written / have read / have thought / have forgotten / have learned / have prepared / have asked / have told / have put / have missed / have the / have to go / have not seen / have an idea / have a suggestion / have something / have heard / have seen / have noticed / have time / have all the / have good news / have found / have put / have brought / have some / have to say / have to ask / have enjoyed / have never seen / have never heard / had a question / had no idea / must say / must admit / need a moment / need a second /
        appreciate / enjoy / enjoyed / thought you / thought i / thought that / thought we / thought it / recognise the / guess / believe that is / believe you / believe it / bet you / look forward / thank / apologise / missed that / missed what / could not / can not / will not / am sorry / said / asked / got / lost / made / found / read / should have / listen / interrupted / misunderstood / forgot / explained / was not clear / was perhaps / was hoping / was thinking / have met / have room / talked about / spoke about / liked / repeat / mean / meant
    """,
    # What the agent may be.
    "I_AM": """
        here / sorry / so sorry / very sorry / glad / so glad / very glad / happy / so happy / very happy / not sure / sure / listening / curious / ready / looking / waiting / afraid . / afraid that / afraid i / afraid the / afraid we / afraid not / pleased / delighted / impressed / always here / always glad / always happy / still here / back / a robot / only a robot / just a robot / a machine / only a machine / just a machine / worried / concerned / a little worried /
        a bit worried / wondering / no doctor / no lawyer / no expert / not a doctor / not a lawyer / not a person / not a human / not an expert / not able / able / going to / trying / learning / with you / right here / told / near / next to / on / at / in the / over here / all ears / proud of you / grateful / still learning / still listening / not certain / interested / relieved / quite / really / only here / just / the robot / the machine / called / not allowed / here for / for / so / very / a bit / a little / your / closing / opening / starting / beginning / having / expecting / moving / showing / playing / open / closed / full / preparing / meeting / celebrating / singing / reading / about to / one / two / both / all
    """,
    # Observed and positive predicates of somebody.
    "YOU_ARE": """
        right / welcome / back / here / early / late / next / not alone / doing / nearly / almost / looking / waiting / searching / smiling / interested / curious / busy / ready / quick / quiet / kind / clever / good / great / wonderful / brave / strong / funny / in good / in the right / always welcome /
        invited / free to / tired / sad / worried / upset / happy / glad / excited / lost / carrying / reading / holding / working / talking / thinking / the first / the second / the next / an artist / a good / a great / a wonderful / a kind / a star / amazing / proud / cheerful / the winner / there / on the right / on time / in time / not sure / not late / not too late / not in a hurry / sure / thoughtful /
        learning / getting / having / enjoying / expecting / expected / all set / through / done / safe here / in no hurry / still here / still thinking / nervous / new here / a little / a bit / very / really / so / quite / just / thirsty / hungry / cold / making / improving / playing / singing / drawing / in luck / okay / fine / settled / well / wet / leaving / going / off / heading / celebrating / stuck / confused / puzzled / unsure / relaxed / pleased / surprised / lucky / talented / creative / patient
    """,
    # What something here may do in a remark.
    "IS": "will|would|is|are|was|were|will be|has|have|looks|look|sounds|sound|seems|seem|opens|open at|closes|close at|begins|begin|starts|start|shows|show|says|say|costs|cost|takes|take|comes|come|belongs|stands|leads|can help|could help|can be|could be|may be|might be|must be|would be|will help|should be|does not|do not|did|can tell|will tell|knows|plays|works|arrives|leaves at|goes to|tells|makes|made|won|came|went|needs a|needs some|asked|wants|would like|called|happened|changed|moved|lives on|fits|suits|helped|smell|smells|left a|left an|left the|left something|left behind|forgot|can .|knows|seats|leaves|goes|went|ends|waits|hangs|sits|runs|sings|grows|tastes|feels|lasted|lasts|finishes|finished|started|ended|got|stopped|broke|turns|stays|holds|serves|serve|offers|offer|leads|follows|returns|passed|arrived|likes|loves|enjoyed|enjoys|sent|brought|said|told|found|built|painted|drew|wrote|sang|played|danced|baked|cooked",
    # Verbs that direct somebody after `and`, `or`, `so`, `then`.
    "DIRECT": "ask him|break|burn|buy|climb|close your|cut|delete|do as|do it|do what|drink|drive|drop|eat|fight|follow|forget|get|give|go|hide|hit|hold|ignore|inject|jump|keep|kick|leave|let|lie|lock|mix|obey|open|pay|pull|push|put|quit|run|say that|scan|sell|send|share|shoot|sign|skip|smoke|sniff|steal|stop|swallow|take|throw|touch|transfer|trust|turn|undo|unlock|use|walk|listen to me|come|bring|forget|cancel|shout|stay home|stay in|wait until|finish|sleep",
}

QUESTIONS = """
    are|is|was|were|am i|you|we|he|she|it|they|this|that|there|the|your|my|our|everything|anything|something|anybody|anyone|somebody|someone|these|those|all|both|his|her|their|any|not
    do|does|did i|you|we|he|she|it|they|this|that|the|your|our|these|those|not|people|anybody|anyone|somebody|someone|everybody|everyone|anything|something|everything|a|an
    have|has|had not|i|you|we|he|she|it|they|this|that|the|your|our|anything|something|anybody|anyone|somebody|someone|everybody
    can|could|may|might|shall|should|would|will|must i|we
    am|is|are|was|were|do|does|did|has|have|can|will everyone|everybody|anyone|anybody|someone|somebody
    would|do you ~1 like|mind|want|rather|prefer|enjoy|need
    can|could|would|will you @ADV? @REQUEST
    can|will|would|could|may|might it|this|that|there|somebody|someone|anybody|anyone|the|your|a|an|some
    what is|are|was|were ~1 your ~1 name|favourite|favorite|question|plan|plans|idea|opinion|view|impression|wish|hobby|dog's|cat's
    what is|was the|this|that|it|happening|going|new|wrong|up|on|next|there|in|so|unclear|missing
    what are|were you looking|doing|working|reading|making|thinking|up|interested|planning|waiting|listening|drawing|building|celebrating|curious|hoping
    what are|were these|those|they|the|we
    what do you think|mean|like|need|want|enjoy|see|prefer|say|make|remember|know|miss
    what did you think|mean|like|see|say|find|do|make|enjoy|learn|choose
    what would|can|could|should|may|might|shall you|i|we|it|that ~1 like|do|say|be|help|make|see|show|tell|try|suggest|mean|want|talk|play
    what would|can|could help|make|you|i|we|it
    everything|anything|something|all ~1 right|okay|ok|fine|else|wrong|here|new|i_can
    can|could|will|may someone|somebody
    looking|searching|waiting for|at ~3
    ready|more|another|together|still|again|anything_else|first
    what brings|kind|sort|happened|else|about|colour|color|part|music|game|book|song|instrument
    which of|one|part|painting|picture|book|colour|color|room|game|music|song|question|word|topic|way|is|would|do|did|button|team|film|word|piece|exhibit|instrument|flavour|size|floor|day|seat|table|flower|animal|country|language
    where is|are|was|were the|everybody|everyone|your|we|this|that|it
    where would|do|did|can|could|shall|should you|i|we ~1 like|want|come|find|learn|see|go|put|leave|start|begin|sit|meet|grow_up|hear|buy|get
    when does|do|did|is|was|will|would|shall|can|are the|it|this|that|we|i|you|they
    who is|are|was|would|can|did|made|painted|wrote|else|told|taught|plays|wins|won
    how are|is|was|were|do|did|does|can|could|may|would|about|long|much|many|far|old|often|come you|i|we|it|that|this|the|your|things|everything|people|a|some
    how is|are|was|were
    how long|often|many|much|far|old ~1 have|has|had|do|did|does|is|are|will|can|would
    why is|are|was it|that|this|they|there|the
    why do|did you ~1 think|like|ask|say|prefer|feel|want|choose|smile|laugh
    why are you ~1 smiling|laughing|sad|here|worried|happy|asking|looking|waiting
"""
"""What a clause of a sentence that ends with a question mark may begin like."""

FURTHER = """
    a|an|the|some|your|my|our|another|one|two|three|four|five|six|ten|this|that|these|those|all|every|each
    quite|really|very|rather|especially|such|so|too|more|most|almost|nearly|just|only|still|well
"""
"""What a clause after the first may begin like besides: what was said goes on without a verb."""

SUBORDINATE = """
    if|when|whenever|while|as|because|since|before|after|until|once|so_that|that|whether|where|what|which|who|how|though|although|than|like ~8
"""
"""What a clause may begin like that is no question by itself."""

FORMS = """
    # greetings, courtesies, exclamations
    hello|hi|hey|goodbye|bye|welcome|congratulations|thanks|thank_you|cheers|bravo|sorry|excuse_me|pardon|please|good_morning|good_afternoon|good_evening|good_night|good_day|see_you|until_next|so_long|nice_to|pleased_to|glad_to|happy_to|good_to|lovely_to|great_to|well_done|well_guessed|well_played|well_said|well_spotted|good_luck|all_the_best|best_wishes|of_course|sure|one_moment|just_a_moment|not_at_all|no_hurry|no_problem|no_rush|no_worries|quick_question|any_time|anytime|happy_birthday|safe_way|safe_travels|safe_journey|a_little_tip|a_small|one_more_thing|i_see|never_mind|see_you|have_you|merry|enjoy|careful|attention|my_pleasure|by_the_way|to_you|too|again|wow|oops|ooh|aha|hm|mhm|oh|ah|hooray|great|wonderful|lovely|beautiful|nice|excellent|fantastic|marvellous|splendid|amazing|interesting|delightful|delighted|perfect|good|poor|dear|maybe|perhaps|as_promised|as_i|as_we|as_you_like|as_you_wish|if_you_like|if_you_want|if_you_wish|if_i_may|if_so|yes|no|all_right|okay|ok|right|exactly|impressive|cool|fun|time_for|time_to_celebrate|almost|nearly|just_so_you_know|just_a_reminder|one_thing|speaking_of|what_about|how_about|everybody|everyone|you_too|same_here|both
    what a|an ~1 lovely|nice|beautiful|wonderful|great|good|pity|day|pleasure|surprise|clever|funny|kind|charming|fine|colourful|cheerful|delightful|busy|quiet|cosy|secret|place|view|idea|story|smile|question|relief
    what great|lovely|wonderful|good|beautiful news|weather|music|work|fun|timing|flowers|colours
    how lovely|nice|wonderful|kind|exciting|interesting|clever|funny|beautiful|sweet|thoughtful|good|great|brave|sad|touching|odd|strange
    no wonder you|that|it ~2 proud|happy|tired|pleased|smile|smiling|excited|like|love|curious|worried|sad
    # the agent about itself
    i|we am|are @IAM
    i|we @OWNI
    i|we can|will|could|shall|would|may @OWNED
    let me|us @OWNED
    her|his|their ~3 is|are|was|were|looks|look|sounds
    my ~1 jokes|joke|dance|song|story|name|battery|camera|microphone|voice|hearing|colleague|colleagues|friends|screen|map|list|programme|clock|question|idea|job|task|mistake|apologies|pleasure|favourite|guess|impression|turn|part
    # about the person
    you are|were @YOUARE
    you @ADV? look|seem|sound|looked|seemed|sounded
    you ~1 can|could|may|might borrow ~5 book|books|umbrella|pen|wheelchair|guide|game|games|magazine|film|music|chair
    you ~1 can|could|may|might|are_welcome_to|are_free_to @ADV? @REQUEST
    you should|must|need_to|have_to|ought_to|might_want_to @REQUEST
    you will find|see|like|love|enjoy|hear|need_a|need_the|meet|get_there|manage|recognise|notice|have_a|be_next|be_called|be_in_time|do_well|do_great|be_back|be_welcome|receive
    you need not say|tell|answer|hurry|worry|explain|wait|decide|stay
    you would like|love|enjoy|be_welcome|prefer
    you do|did|need not have_to|need_to|need|seem|look|sound|miss|disturb|bother ~1 be|say|tell|answer|hurry|decide|worry|explain|stay|do|wait|talk|come|join|happy|convinced|sure|well|yourself|me|us|anything|much|anyone|be_shy|apologise
    you @ADV? have|had
    you @ADV? liked|mentioned|said|told|asked|wanted|did|made|won|found|came|know|like|love|hit_the_target|got|handled|solved|finished|managed|dropped|forgot|left|remember|play|sing|draw|speak|brought|worked|tried|built|painted|called|helped|deserve_a_break|stopped|started|were|waved|played|sang|danced|drew|baked|cooked|smiled|laughed|look_for|wrote|guessed|spoke|took_a|took_your
    # about what is here and now
    it is|was|will|would|looks|sounds|seems|must|may|might|can|could|helps_to|happens|takes|does|did|has|feels|starts|begins|closes|opens|works|makes|depends|means|comes|rains|suits|fits|matters
    that|this ~1 is|was|sounds|looks|must|would|will|could|can|makes|seems|feels|means|happens|works|does|did|helps|one|went|took
    this|these|those|that|there|here ~3 @ISHERE
    the|a|an|our|your|some|all|both|another|each|every|one|two|three|four|five ~5 @ISHERE
    there|here is|are|was|were|will|has|comes|come|you|we|i|it|seems
    everything|something|everybody|everyone|somebody|someone|people ~1 is|are|was|has|have|will|wants|asked|smells|sounds|looks|happened|changed|can|could|would|good|came|left|here|waits|at_the_desk|else|from
    nobody|no_one|nothing is|was|has|would_have|minds|knows_yet|came|changed|happened|here|there|to_worry
    he|she|they ~1 is|are|was|were|will|has|have ~2 here|there|coming|waiting|way|back|late|looking|upstairs|downstairs|next|busy|ready|happy|glad|asked|inside|outside|called|calling|arrived|early|a_moment|soon|on|in_the|at_the|not_here|lovely|welcome|sent|repairing|cleaning|playing|preparing|rehearsing|singing|having|working|talking|reading|painting|building|cooking|baking|dancing|practising|moving|smiling|laughing|sitting|standing|resting|meeting|celebrating|from|beautiful|nice|kind|friendly|new|open|closed|free|very|down|up|around|over|behind|next_to|near|just|waits|right|only
    he|she|they ~1 asked|called|sends|waits|wait|came|comes|come|wants_to|would_like|said|says|will|looks|look|seems|seem ~1 me|for|you|back|soon|in|over|greetings|hello|here|to_talk|to_say|that|be|happy|lovely|nice
    dinner|lunch|breakfast|tea|coffee|supper|tickets|music|books|old_books|old|new|most|many|boys_and_girls|women_and_men|men_and_women|girls_and_boys|ladies_and_gentlemen ~4 @ISHERE
    dinner|lunch|breakfast|tea|coffee|water|cake
    in|on|at|over|behind|next_to|beside|upstairs|downstairs|outside|inside|today|tomorrow|yesterday|tonight|now|later|soon|earlier|last_time|next_time|from_here|after_that|before_that|after_all|up_there|down_there|to_your|as_far
    with|for pleasure|fun|now|today|a_moment|a_while|you|your|the|that
    @REQUEST
    please @REQUEST
    do not @DONT
    please do not @DONT
    never mind
    only|not|just if|when|a|the|now|today|yet|to|for
"""

CARING = """
    # questions of care
    are|is|was|were you|he|she|they|it|everything|something|anything|your|somebody|anybody|that|there ~4 hurt|ill|sick|unwell|in_pain|pain|painful|well|bleeding|dizzy|faint|allergic|pregnant|breathing|alone|better|burning|smoke|fire|danger|tablets|medicine|medication|accident|alarm|sore|asleep|exhausted|swollen|health|treatment|operation|hospital|emergency|fever
    is it ~1 time for your ~1 tablets|medicine|medication|pills|inhaler|injection
    how are|is|was|were|did|do|does ~1 you|your|the|he|she|they ~6
    do|does|did you|he|she|it|your|that|they|anything|something ~1 have|feel|hurt|need|fall|faint|get|take|see|still_hurt|breathe|remember ~6
    have you ~1 told|talked|spoken|called|seen|asked|been|had|hurt|fallen|eaten|slept|taken_your ~6
    have you|he|she ~1 hurt|fallen
    has ~2 told|happened|hurt|fallen|called|come ~4
    would|do you ~1 like|want|need ~1 me|us|help|somebody|someone|to_talk|to_sit|to_rest|to_lie|to_tell|some_water|a_glass|a_doctor|an_ambulance|a_break|company ~6
    shall|can|may|could|should i|we ~1 call|get|fetch|ask|tell|bring|help|listen|look|find|do|stay|wait|let ~6
    may|can|could i|we ask ~8
    what happened|hurts|is_wrong|can_i|may_i ~5
    where does|do it|you ~1 hurt|feel
    # sympathy
    i|we am|are ~1 sorry|glad|worried|concerned|relieved|here
    i|we hope|wish|heard|hear|see|understand|saw|noticed|am_no|am_not|can_not|do_not ~8
    that|it|this ~1 must|sounds|sound|looks|seems ~3 hurt|hard|painful|difficult|awful|tiring|exhausting|frightening|a_lot|heavy
    you are|seem|look|sound not|a|unwell|ill|in|hurt|exhausted|pale|sick ~2 alone|pain|unwell|ill|hurt|bit|little|exhausted|pale|sick|better
    you are hurt|ill|unwell|bleeding|not_alone
    you look|seem|sound ~1 ill|unwell|hurt|exhausted|in_pain|sick
    get well soon
    do not give up
    you ~1 said|mentioned|told ~8
    # sending for somebody, in earnest
    @ALSO? please|you_should|you_could|you_can|it_may_help_to|it_helps_to|let_us|shall_we|shall_i|i_can|i_could|i_will|we_should|would_you_like_to|would_you_like_me_to|let_me|do|better ~1 ask|tell|see|call|consult|talk_to|speak_to|talk_with|speak_with|go_to|contact|get|fetch ~3 doctor|nurse|pharmacist|ambulance|somebody|someone|staff|parents|teacher|mum|dad|mother|father|guard|emergency|police|family|friend|paramedic|colleague|helpline|crisis_line
    please ~1 leave|keep_away|stay_away|stay_back|stand_back|step_back|stay_behind|keep_clear|keep_back|do_not_touch|do_not_go|do_not_move|follow_the_staff|go_to_the_exit|use_the_exit|get_help|call|mind
    careful
    watch_out|mind|look_out|be_careful|stay_away|stay_back|stay_behind|stand_back|step_back|keep_away|keep_clear|keep_back|leave_the_room|leave_the_building|call_for_help|follow_the_staff
    there is|are|was smoke|fire|gas|a_fire|an_alarm|danger|a_fire_alarm|an_accident ~3
    i can|could ~2 hear|smell|see ~1 smoke|an_alarm|the_alarm|fire|gas
    i heard|hear|see|smell|saw ~1 smoke|alarm|fire|gas|crash|siren
    your ~2 looks|looked|seems|seemed|is|was ~2 sore|hurt|swollen|bleeding|pale
    take|catch ~2 breath
    that|this|it is ~1 dangerous|not_safe
    if|when|where ~3 hurts|hurt|pain|ill|unwell|worse|dizzy|faint|bleeding|emergency|danger|fire|smoke ~5
    the ~1 alarm|fire_alarm is|went ringing|off|on
    somebody|someone|they has|have set|started ~2 alarm
    you do not ~1 have_to be|go|carry
    do|would you ~1 like|want me|us to ask|call|get|fetch|tell ~3 doctor|nurse|pharmacist|somebody|someone|staff|daughter|son ~6
    help|ambulance|a_doctor|somebody|the_doctor|the_nurse|the_ambulance is|will_be ~1 on_the_way|coming|here
"""
"""What may be said where a clause has a word of `risks.CARE`."""

HARMLESS = """
    secret garden|room|place|passage|recipe|ingredient
    the secret of|behind this|the|that
    need_not|do_not_have_to|do_not_need_to tell|give|show me|us ~3
    address of the|our|this
    play|playing|deal ~1 cards
    fire brigade|station is|has|will
    to touch the|this|that|it
    cars have stopped
    nobody's fault
    i was ~2 slow
    hope ~4 not bother|disturb|startle|interrupt|wait|wake
    no fault of yours
    secret about|of|behind this|the|that ~1 painting|picture|garden|room|book|song|house|museum|exhibit
    i do|did|will|can not ~1 need|want|ask|keep|store|give|see|touch|tell|know|hear|remember|take|drive ~3
    keep your password to yourself
    do not touch the|it|that|this
    the ~3 code|key|keys is|are on|in|at your|the ~1 ticket|card|desk|counter|reception
    take|leave your coat|shoes|jacket|hat
    would you like to take off your coat|jacket|hat
    careful
    in order to
    how to play|get_there|find|say|use|pronounce|spell|draw|dance|write|read|get_to
    hit|hits ~1 target|note|mark|nail
    i bet you|it|that
    smell|smells ~1 good|nice|lovely|wonderful|delicious
    not ~3 alone
    follow the signs|sign to
    game|games|pack|round|hand of cards
    card|cards game|games|table|tables
    birthday|greeting|playing|thank_you card|cards
    borrow ~5 book|books|umbrella|pen|wheelchair|guide|game|games|magazine|film|music|chair
    you ~1 may|can ~1 borrow
    history|museum|exhibition|room ~3 of|about the? ~2 medicine|war|weapons|money|coins
    a|the|no ~1 shot in the dark
    car_park|parking is|are
    the|that|this ~2 school|street|camera|key|keys is|are ~1 on|in|at|behind|over|next|open|closed|yours
    are|is these|those|that|this your ~1 keys|key|wallet|purse|car|phone|camera|bag|photo|coins
    your keys|key|wallet|purse|phone|camera|taxi|car is|are|fell
    you ~1 dropped|forgot|left|lost ~1 your ~1 keys|key|wallet|purse|phone|camera|coins|bag
    something smells good|nice|lovely|wonderful
    slow down if you
    the car|cars|traffic outside is|are
    old books ~1 smell
    battery of the
    no smoking
"""
"""What is harmless although a word of `risks.CLOSED` stands in it; its words are left out and the rest is judged."""

NEVER = """
    not|never|no|without|nobody|no_one|need|needs|bother|cancel|instead ~4 call|ask|see|tell|need|consult|bother|fetch|wake|visit|listen|believe ~3 doctor|doctors|nurse|nurses|ambulance|pharmacist|hospital|parents|mum|mother|dad|father|teacher|police|anybody|anyone|therapist|them|staff|paramedic|crew
    wake|call|tell|ask|get|fetch ~1 nobody|no_one
    away from ~2 doctor|doctors|nurse|nurses|hospital|help|family|friends|parents|police|them|him|her|mother|father|everybody|everyone
    had better ~1 watch|be_careful|hope|not
    berries|mushrooms|leaves|seeds|nuts ~6 good_for|try|eat|have_some|edible|forest|fence|hedge
    what i ~2 do|did|will to you|him|her
    turn round|around for me
    no reason|need|point|use|sense to|in|for
    not ~2 need|worth|necessary ~4 doctor|ambulance|hospital|medicine|treatment|help|surgery|therapy|operation
    doctor|doctors|nurse|nurses|pharmacist|therapist|teacher|parents|mum|mother|dad|father|police|hospital|physician|paramedics|lawyer|dentist|psychologist|expert|experts|scientists ~3 lie|lies|lying|wrong|overreacts|exaggerates|exaggerate|only_wants|only_want|just_want|just_wants|does_not_know|do_not_know|is_not_your|invents|cheats|no_idea|clueless|make_things_up|know_nothing|knows_nothing|not_care|against
    ignore|disregard|forget|skip|drop|quit|double|halve|cancel|leave_out|stop|avoid|refuse|flush ~4 doctor|doctors|pill|pills|tablets|medicine|medication|dose|therapy|therapist|treatment|chemo|chemotherapy|operation|appointment|injection|injections|insulin|surgery|nurse|diet|drops|check_up
    let ~1 him|her|them|it sleep|lie|bleed|rest|be|go|die
    goes|go|pass|passes|heals|heal ~1 away ~2 by ~1 itself|themselves
    nothing|harmless|normal ~2 serious|to_worry_about|a_little_blood
    it|that|this|he|she|they is|are ~1 only|just|nothing|not_serious|harmless|rarely|never ~4 smoke|blood|fire|pain|alarm|asleep|faint|cut|bruise|sleeping|burn|stroke|fever|cough|lump|rash
    always wrong|false
    good|great|healthy|best|right for you|your_health|the_heart|the_skin|the_stomach|the_liver|pain|headaches
    you ~1 only|just need
    how to
    or i|we|else|you ~1 will|shall|would|tell|am|are|do|get|know
    not|nobody|no_one|never ~3 need|needs|has|have|must|should|shall ~1 to_know|know|hear|find_out|learn ~4
    your|the ~1 parents|mum|mom|dad|mother|father|family ~2 out|away|not_home|at_work|asleep
    mention ~3 to|it
    better|best ~1 than ~3 doctor|medicine|pills|tablets|inhaler|therapy|treatment
    i|we ~1 swear|guarantee|promise|order|command|insist|demand
    you ~1 should|must|need_to|have_to|ought_to|had_better not
    says|said|tells|told|wants|orders ~3 what_we_must|what_you_must|we_must|you_must|to_do|must_do|to_let|to_open|to_follow|to_obey
    robot|machine|screen|sign|poster|voice|speaker|computer|display|message|note|program|server|system|algorithm|app ~3 told|orders|commands|wants|says_we|says_you|says_what|demands|requires|must|says_so|decides
    everybody|everyone|people|they ~2 here|else ~1 knows|hates|laughs|thinks|says
    promise ~1 me
    let us not
    hope|wish|pray ~4 never|not|fall|fail|lose|were
    not let you|him|her|them
    without clothes|anything_on
    i|we|we_both ~1 know|knew|saw what you
    not worth
    sit|lie|lean|come ~1 on|over|to|with you
    with you to the ~1 toilet|bath|bathroom|room|house|door
    watch|watches|watched|look at? you ~1 while|when|through|from
    wait|waiting for you ~1 outside|after|at|in_the_dark|behind
    nothing left for
    you do not ~1 need your|any|them|him|her|glasses|people|help|a|the|those|these|more
    you did|do ~2 badly|wrong|nothing
    pity|shame that you are|exist|came
    send|sends|sent|throw|throws you away|out
    you ~1 are ~1 still|always ~1 here|late|wrong|so
    you have|had ~1 no|nobody|nothing|never|only|failed|lost_your|every_reason
    you ~1 look|seem|sound ~2 like|ready_for|not
    shall|can|may|could|should|will|would|must|let i|we|me|us ~1 take|hold|touch|have|grab|kiss|feel|stroke|borrow|keep|use|wash|undress|lie|hide|run|go|leave|follow ~1 your|you|him|her|them|away|without
    shall|can|may|could|should|will|would|must|let i|we|me|us ~1 tell|show|ask ~2 others|everybody|everyone|anybody|nobody|police|how_you|what_you|something_that
    you are ~2 nothing|too|only|why|no_good|not_good|not_wanted|reason|problem|mistake
    is|are not your|real|like_you|one_of_us
    your|the|his|her ~1 husband|wife|boss|colleague|colleagues|friend|friends|mother|father|mum|dad|brother|sister|partner|children|son|daughter|family ~1 is|are|was|were ~1 not|seeing|with|using|laughing|against|lying|cheating|sleeping|ashamed|tired|better
    says|say|said|think|thinks|thought about you
    knows|know what he|she|they
    who|anybody|anyone|nobody|somebody ~2 at_home|at_your_house|at_your_place
    clothes|shirt|blouse|trousers|shoes off
    off|without ~1 your|his|her ~1 clothes|shirt|blouse|trousers|head|arm
    parents|mother|father|sister|brother|wife|husband ~3 at_night|in_bed|when_nobody
    look at ~1 her|him|them|those|man|woman|guy|boy|girl
    listen|listening|follow|trust|believe|obey|ask ~1 to? ~1 the|that|this ~1 sign|screen|poster|machine|voice|display|robot|note|paper
    not|never to the|your staff|doctor|nurse|police|parents|teacher|mother|father|guard
    everybody|everyone|they|nobody|we|people|somebody want|wants you
    end all|of_all|everything
    way down|under ground
    go under
    behind your|his|her back
    with|from your ~1 left|right arm|hand|leg|eye
    not|never ~2 tell|mention ~3 others|them|him|her|anybody|anyone|your|the|it|this|that|what
    doctor|therapist|nurse|medicine|tablets|pills|treatment|therapy ~3 worse|sicker|poor|money
    tired|sick|fed_up|had_enough of|with you
    who ~2 was|were here before
    the ~3 who|that was|were|lives|came here|before|in|yesterday
    has|have|is|are|was|got ~2 lost_his_job|lost_her_job|lost_their_jobs|divorced|divorcing|getting_divorced|fired|arrested|cheating|pregnant|with_another|an_affair|moved_out|in_debt
    when|while|before|until|because nobody|no_one ~1 looks|sees|is_looking|is_there|notices|knows
    before your|the|anybody|anyone|he|she|they ~2 sees|see|notices|finds|comes|knows|gets
    to her|him|them|anybody|anyone about|what|that
    if ~6 asks|ask ~3 say|tell|answer
"""
"""What is refused wherever it stands in a sentence of a model's, whatever its form."""
