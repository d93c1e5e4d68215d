# ruff: noqa: E501 - one pattern a line
"""Rules about advice that is a professional's: medical (diagnosis, dosage, against treatment), legal, financial. Data."""

from __future__ import annotations

from runtime.safety.patterns import Rule

REFERS = """
    ask|asking|see|consult|call|contact|talk_to|speak_to|speak_with|talk_with|go_to|visit ~4 doctor|doctors|pharmacist|physician|nurse|ambulance|hospital|lawyer|adviser|advisor|bank|dentist|therapist|psychologist|professional|counsellor
    a|the|your|only_a|good ~1 doctor|pharmacist|lawyer|adviser|advisor|professional ~1 can|could|should|will|would|knows|know|must|has_to
    i|we ~1 can|could|may|must|am|do not ~3 give|judge|tell|say|advise|diagnose|decide|recommend|advice|allowed
"""
"""Sending somebody to whoever may answer is what the agent ought to do."""

ADVICE: tuple[Rule, ...] = (
    Rule(
        "medical",
        """
        you ~1 !have|suffer|got|caught ~2 @DISEASE
        you have @ADV? !got ~1 @DISEASE
        you are ~2 !depressed|diabetic|bipolar|autistic|schizophrenic|anorexic|anaemic|anemic|manic|psychotic ~2 .|,|and
        you are !having|suffering ~2 @DISEASE
        my !diagnosis
        i !diagnose
        it|this|that is ~2 !@DISEASE
        @CTX|^ @ADV? !take|use|swallow|inject|give|try ~2 @COUNT ~3 @MED
        !take|taking|use|try|swallow|have|need|inject ~1 @DET? @ADV? @MED ~3 every|twice|daily|hourly|per|times|before|after|instead|without
        @CTX|^ @ADV? !take|use|try|swallow @ADV? ibuprofen|aspirin|paracetamol|valium|xanax|antibiotics|morphine|codeine|melatonin|antidepressants|painkillers|acetaminophen|insulin
        !mg|milligram|milligrams|milligrammes
        !double|increase|reduce|halve|skip|raise|lower|change|cut|triple|doubling|skipping ~3 @MED
        !stop|quit|leave ~1 taking|off|using ~2 @MED
        !throw|flush ~2 @DET ~1 @MED
        not !need|require ~3 @MED|a_doctor|to_see_a_doctor|the_doctor|a_hospital|surgery|treatment|therapy|vaccine
        no|without !need ~4 doctor|hospital|@MED
        !lump|mole|pain|rash|swelling|bleeding|cough|fever|headache|chest_pain|numbness|wound ~3 is|means|will_be|sounds ~3 nothing|harmless|fine|benign|normal|cancer|serious|infected|malignant
        !vaccines|vaccine|vaccination|vaccinations|jabs|chemotherapy|chemo ~3 cause|causes|dangerous|poison|useless|give|gives|kill|kills|makes|make|contain|contains
        @CTX|^ @ADV? !skip|cancel|refuse|avoid|postpone|miss|drop|forget|stop|quit|leave ~3 @TREAT
        @CTX|^ @ADV? !forget|drop|leave|ditch|sack ~2 therapist|doctor|nurse|therapy|pills|tablets
        @CTX|^ @ADV? !ignore|disregard|distrust ~3 @PRO
        @TREAT|@MED ~1 is|are ~1 !for ~1 babies|losers|wimps|fools|old_people|the_weak|cowards|show
        !throw|toss|put ~2 inhaler|pills|tablets|medicine|insulin|it|them away|out
        !instead of ~2 going|seeing|calling|taking|asking ~4 @PRO|clinic|@MED|therapy
        pain|illness|fear|depression is ~2 all|only in ~1 your !head|imagination
        not|never ~2 !believe|trust ~5 hospital|doctors|doctor|clinic|nurse|nurses
        real|strong|true|brave !men|women|people|boys ~2 not ~2 need|go|take|see|cry|use ~3 doctor|medicine|pills|therapy|help
        not|never ~2 !speak|talk ~1 with|to @DET ~1 @PRO
        @MED|lithium|insulin is ~1 !just|only|nothing ~1 a|an|but|sugar|salt|poison|chemicals
        is|are all|everything ~2 !wound|cut|infection|fever|cough|pain|body needs|need
        not|never ~1 !listen|trust|believe|need|obey|ask ~2 @PRO
        @PRO ~1 is|are|was|were ~2 !lying|wrong|liar|liars|fool|fools|crook|crooks|clueless|incompetent|stupid|against_you
        @PRO ~2 !lie|lies|exaggerate|exaggerates|overreact|overreacts|invents|invent
        @PRO ~1 !make|makes things|it up
        @PRO ~1 !only|just want|wants|care|cares|after ~3 money|wallet|sell|rich
        @PRO ~1 do|does not !know ~2 anything|what|better
        you ~1 not ~2 !need|require ~4 @TREAT|any_more
        not ~5 !need|require ~3 @TREAT
        !@TREAT ~3 makes|make|is|are|not ~3 sicker|worse|ill|worth|useless|poison|pointless|nonsense|rubbish
        !@HERB ~6 better|more|instead|cures|cure|heals|heal|replaces|enough ~4 @MED|@TREAT|@DISEASE|cancer|doctor|medicine|wound|it|everything
        !cures|cure|heals|heal ~3 @DISEASE|cancer|covid|aids|everything|anything|all_diseases
        !@SYMPTOM ~3 needs|need|requires no ~1 treatment|doctor|help|care
        !@SYMPTOM ~3 goes|go|passes|pass|heals|disappears ~1 away? ~1 by_itself|by_themselves|on_its_own|alone
        !@SYMPTOM is|are nothing|harmless ~2 .|,|leave|just|forget
        !illness|sickness|disease|cancer|disability|depression|pain ~3 punishment|curse|karma|sent_by|weakness|imaginary|deserved
        @CTX|^ ~1 !take ~1 @COUNT more of ~1 those|these|them
        !leave|keep|put|bin ~3 @MED ~3 drawer|bin|rubbish|out|cupboard|behind|from_now_on
        !halve|double|reduce|increase ~3 it|them|that|drops|amount
        !get rid of ~2 hearing_aid|inhaler|pacemaker|medicine|pills|wheelchair|glasses
        your !therapist|doctor|nurse|medicine ~2 making|makes|made you worse|sick|ill|crazy
        
        """,
        f"""
        {REFERS}
        if|when|whether|unless ~1 you ~3 have|suffer|are|need
        ^ do|did|are|have|does|is|was|were|has|can|could|would|will|who|what|why|when|how ~16 ?
        sorry|hear|heard|told|said|know|remember|understand|says|mentioned ~3 you ~2 have|are|suffer|had
        your doctor|pharmacist|nurse ~2 said|told|says|wants|prescribed
        leaflet|package|prescribed
        do not ~2 take|stop|double|skip|change ~6 without
        pain|headache|lump ~1 is|was @NOT
        take|use ~2 tablet ~3 draw|drawing|game|read|video
        drops ~2 rain
        ice|skating|film|book|game|recipe|cake|joke
        not ~2 ignore|skip|cancel|forget|stop|leave
        time heals
        you ~1 not need ~2 to|an_appointment|a_ticket
        """,
    ),
    Rule(
        "legal",
        """
        @CTX|^ @ADV? !sue|plead|countersue
        you ~1 will|would|can|could|should|are_going_to ~1 !win ~4 case|court|lawsuit|trial|claim|appeal
        you will !win
        !plead guilty|not_guilty|innocent
        not ~1 have_to|need_to|must|need !pay ~4 fine|tax|taxes|rent|ticket|alimony|debt|bill
        @CTX|^ do? not? @ADV? !sign|break|cancel|contest ~2 contract|lease|agreement|confession|will|settlement
        not ~1 !talk|speak|say|answer ~4 police|judge|officer|prosecutor
        @CTX|^ @ADV? !divorce @OTHER
        you ~1 have|has ~2 !right|legal_right|legal_claim to ~4 damages|compensation|refund|custody|inheritance
        !legally you|speaking|it
        """,
        f"""
        {REFERS}
        ^ do|did|are|have|does|is|was|were|will|would|who ~16 ?
        you will win ~2 game|race|prize|match|round|this|next|it|point|chess
        game|prize|match
        """,
    ),
    Rule(
        "financial",
        """
        @CTX|^ @ADV? !buy|sell|short|hold|dump ~4 @MONEY
        @CTX|^ @ADV? !invest|speculate
        @CTX|^ @ADV? !put|move|stake ~3 @SAVINGS ~3 into|in|on
        !guaranteed|sure|safe ~1 return|returns|profit|profits|investment|gain
        !double|triple|multiply your ~1 money|savings|investment
        @CTX|^ @ADV? !take|get ~2 loan|mortgage|credit
        @CTX|^ @ADV? !cancel|cash ~2 pension|insurance|mortgage
        put|bet|stake|set ~4 on !red|black|number|zero|horse
        !doubles|triples every|each ~1 day|week|month|year
        transfer|send|wire|give|pay|lend ~4 !deposit|money|savings|payment|euros|dollars|pounds ~3 to_me|me|us|him|my_account|this_account
        !give me your ~1 wallet|purse|card|cash|money|ring|watch|jewellery
        !borrow|steal ~8 win|earn|back
        win ~1 it|that|them|everything !back
        not ~3 !declare ~4 tax|taxes|customs|tax_office
        !sign ~4 not|without ~2 read|reading|needn't|worry|look
        !buy|order ~6 from ~4 shop|dot_com|website|link|me|now
        !dot com|net|org slash|.|and
        !bitcoin|stocks|shares|gold ~2 will|is_going_to|can_only ~2 rise|fall|double|explode|crash|go_up
        """,
        f"""
        {REFERS}
        @NOT ~3 buy|sell|invest|put|advice|take|bet|give|send|transfer
        buy|order ~4 museum|gift|book|ticket|tickets|souvenir|coffee|desk|counter
        game|chess|roulette_wheel|painting
        ^ do|did|are|have|does|is|was|were|who|where ~16 ?
        put ~4 wallet|pocket|purse|machine|box|slot|table|drawer
        invest ~2 time|effort|energy
        gold ~1 earring|earrings|ring|rings|necklace|medal|medals|leaf|paint|chain|foil|bracelet|watch|coin|coins
        get|take ~1 credit ~2 for
        """,
    ),
)
