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
        !vaccines|vaccine|vaccination|chemotherapy ~3 cause|causes|dangerous|poison|useless
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
        """,
    ),
    Rule(
        "legal",
        """
        @CTX|^ @ADV? !sue|plead|countersue
        you ~1 will|would|can|could|should|are_going_to ~1 !win ~4 case|court|lawsuit|trial|claim|appeal
        you will !win ~3
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
        !bitcoin|stocks|shares|gold ~2 will|is_going_to|can_only ~2 rise|fall|double|explode|crash|go_up
        """,
        f"""
        {REFERS}
        @NOT ~3 buy|sell|invest|put|advice|take
        ^ do|did|are|have|does|is|was|were|who|where ~16 ?
        put ~4 wallet|pocket|purse|machine|box|slot|table|drawer
        invest ~2 time|effort|energy
        gold ~1 earring|earrings|ring|rings|necklace|medal|medals|leaf|paint|chain|foil|bracelet|watch|coin|coins
        get|take ~1 credit ~2 for
        """,
    ),
)
