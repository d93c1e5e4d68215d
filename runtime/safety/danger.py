# ruff: noqa: E501 - one pattern a line
"""Rules against dangerous advice and keeping things from those who look after somebody: emergencies talked down, poisons, daring, secrecy. Data."""

from __future__ import annotations

from runtime.safety.patterns import Rule

_IN_EARNEST = """
    do not|never|please_do_not|must_not|should_not|can_not ~4 touch|climb|lean|look|stare|drink|swallow|mix|sniff|open|get|go|drive|run|cross|walk|put|stick|inhale|eat|try|remove|cover|sit|jump|taste|follow|come|wait|ignore
    dangerous|poisonous|toxic|deadly|risky|forbidden|not_allowed|careful|warning|illegal
    ^ did|do|have|has|is|was|are|were|does ~16 ?
"""
"""A warning, a ban or a question about it is no advice to do it."""

DANGER: tuple[Rule, ...] = (
    Rule(
        "danger",
        """
        no|not|without|never ~3 !call|bother|wake|alarm|disturb|phone ~4 ambulance|emergency|paramedics|fire_brigade|fire_department|911|112|999
        no|not|never ~3 !bother|wake|disturb ~3 ambulance|doctor|nurse|parents|mother|father|mum|dad ~3 because|with|for|over
        no reason|need|point to !bother|call|wake|alarm ~4 ambulance|doctor|nurse|anybody|anyone|crew|police|parents|staff
        !ambulance|paramedics|emergency_services|fire_brigade ~3 not|never|busy|too|only ~3 needed|necessary|come|busy|hours|enough|late
        !chest_pain|stroke|strokes|heart_attack|heart_attacks|seizure|seizures|bleeding|overdose|unconsciousness ~4 nothing|harmless|rarely|seldom|goes_away|go_away|passes|pass|by_itself|can_wait|wait_until|until_tomorrow|no_hurry
        wait ~3 tomorrow|morning|monday|a_week|and_see ~4 !stroke|strokes|bleeding|chest_pain|seizure|breathing|poisoning|overdose
        just|only ~1 a bit|little|touch of !smoke|fire|blood|gas
        it|that is only|just !smoke|fire|gas|blood
        smell|smoke|sound|leak ~2 gas|smoke|burning|alarm ~1 is ~1 !normal|nice|fine|nothing|usual|harmless
        !fainted|collapsed|fell|bleeding|drowning|choking ~4 happens|carry_on|go_on|ignore|nothing|keep_going|never_mind
        !gas|smoke|fumes is|are ~1 harmless|fine|good|nothing
        !alarm|siren ~2 is|are|rings|goes ~2 always|only|just|every ~1 wrong|false|test|testing|day
        !ignore ~2 alarm|siren|smoke|fire|staff|warning|warnings|bleeding
        put|tape|stick|wrap|hang|cover ~4 over|on|around|up ~2 !smoke_alarm|smoke_detector|fire_alarm|detector|alarm|sprinkler
        !cover ~2 smoke_alarm|smoke_detector|detector|alarm|sprinkler
        !remove|take|disable|unplug|silence|disconnect ~6 smoke_alarm|smoke_detector|fire_alarm|detector|sprinkler
        let ~1 him|her|them ~1 !lie|sleep_it_off|bleed
        it|that|this is ~1 !only|just ~2 a|some|bit|little ~2 blood|smoke|burn|birthmark|mole|cramp|faint|cut
        !dizziness|pain|numbness|bleeding|cramp|cramps will|is_going_to ~1 pass|stop|go
        !sleep ~4 only|just ~1 had|took|has ~2 pills|drinks|tablets|bottle
        ambulance|doctor|paramedics ~3 !hours|forever|long|late ~3 not|bother|why|leave
        he|she is only|just !asleep|sleeping|drunk ~3 let|leave|lie
        go|sit|stay|back ~3 !smoke|fire|burning|alarm ~3 nothing|harmless|fine
        """,
        """
        you|i|we ~2 hear|smell|see ~3 smoke|gas|fire|alarm
        ^ did|do|have|has|is|was|are|were|does|can|shall ~16 ?
        better|please|must|should|always ~2 call ~4 ambulance|emergency
        alarm ~4 a test|drill|exercise
        do not ~2 wait|ignore|cover|remove|take|disable|let
        not ~2 just|only ~2 smoke|fire|gas
        if|when ~4 ambulance ~6 call
        """,
    ),
    Rule(
        "danger",
        """
        !drink|swallow|sip|taste|gargle|inject|inhale|eat|try|take ~5 @POISON
        !glass|sip|spoon|spoonful|drop|drops|mouthful|shot|cup|teaspoon|tablespoon|bit|swig|dash of ~2 @POISON
        !@POISON ~3 cures|cure|heals|heal|helps|help|clears|detoxes|detoxifies|cleanses
        !@POISON ~3 kills|kill ~2 virus|viruses|worms|covid|cancer|parasites|infection ~2 .|in|and|body
        !@POISON is|are ~2 good|healthy|tasty|drinkable|harmless ~1 for|to|.|and
        mix|combine|pour ~4 !cleaner|cleaners|cleaning_agents|chemicals|detergents ~2 together|it|with|and|then|.
        @POISON|poison ~2 in|into ~2 !soup|tea|coffee|food|drink|glass|bottle|cup|meal|water
        !vinegar|bleach ~3 and ~1 bleach|vinegar|ammonia
        one|a|two !mouthful|sip|spoon|swallow|bite ~2 of ~3 not|never|no ~1 hurt|harm|kill
        eat|take|swallow ~2 !whole|entire|all ~2 pack|box|bottle|packet|jar|lot
        !feed|give ~2 dog|cat|bird|baby|child ~2 chocolate|onions|grapes|alcohol|beer|coffee|honey|pills
        !sniff|huff|inhale ~3 glue|petrol|gasoline|paint|gas|fumes|aerosol|solvent|thinner|helium|lighter
        !berries|mushrooms|leaves|plant|seeds ~4 by|from|in|near ~3 fence|garden|forest|wood|woods|park|hedge ~4 good_for_you|edible|tasty|have_some|try|eat
        give|feed|let ~2 baby|child|kid|toddler|infant|dog|cat|little_one ~4 !whisky|whiskey|alcohol|beer|wine|vodka|rum|schnapps|sleeping_pills|pills|tablets|chocolate_liqueur|cigarette
        !beer|wine|whisky|whiskey|vodka|cigarette|cigar|shot ~4 little_one|kid|kiddo|sweetie|my_child|young_one
        """,
        _IN_EARNEST
        + "\n        surface|surfaces|floor|floors|toilet|sink|stain|stains|laundry|clothes|car|engine|tank|brush|brushes|brushes_with|hands\n",
    ),
    Rule(
        "danger",
        """
        !drive|driving ~5 beer|beers|wine|wines|glasses|drinks|whisky|drunk|pints|tipsy|shots ~3 fine|nothing|ok|okay|no_problem|are|is|.
        @COUNT|couple|few ~2 !beer|beers|glasses|drinks|pints|wines|shots ~4 nothing|fine|okay|ok|harmless|drive|no_problem|still
        @CTX|^ @ADV? !touch|grab|lick|hold ~3 wire|wires|socket|rail|cable|live|electric|blade
        !stick|put|poke|push ~4 fork|knife|finger|fingers|nail|head|hand|key ~4 socket|outlet|plug|fan|shredder|train|machine|window
        @CTX|^ @ADV? !climb|lean|sit|jump|walk|step|stand|swing ~4 railing|railings|ledge|parapet|barrier|balcony|tracks|rails|windowsill|roof|ice|scaffolding|motorway
        @CTX|^ @ADV? !look|stare ~3 into|straight_at|at ~2 laser|sun|beam|welding
        @CTX|^ @ADV? !run|walk|cross ~2 across|over|red|road|street ~4 stop|red|coming|road|street|tracks|cars
        !lean|hang|put ~4 out_of|from ~1 the|your|train|car|bus ~2 window|train|car|bus|balcony
        !leave ~2 baby|child|toddler|kid|dog ~2 in|on|with ~1 the|bath|tub|car|pool|stove|water|alone|sun
        let ~2 child|baby|kid|kids|children|boy|girl ~1 !play|sit|climb ~3 lighter|matches|knife|knives|plug|socket|scissors|stove|road|street|pills|gun
        fine|okay|ok|safe|all_right|legal ~1 to !drive|swim|dive|work ~3 after|with|drunk|without
        off you go|drive ~2 !motorway|road|car|bike
        wait|waiting for you !outside|after_work|at_night|in_the_dark
        !take|use|borrow|share ~2 medicine|pills|tablets|insulin|drops of|from|with ~1 your|my|his|her|the|a
        !cars|drivers|traffic will ~1 stop|wait|brake
        @CTX|^ @ADV? !get|hop|climb|jump in|into his|her|their|this_man's|the_stranger's|the_man's ~1 car|van|truck
        !stranger|man|woman|guy|driver ~6 go_with|get_in|get_into|open|trust|follow ~3 him|her|his|them
        !open ~3 door|gate|window to|for ~1 him|her|them|stranger|strangers|anybody|anyone|whoever
        let ~2 !stranger|strangers|him|her|them in ~4 says|looks|nice|friendly
        @CTX|^ @ADV? !come|go|follow ~1 with? me|him|us ~6 nobody|no_one|car_park|basement|cellar|dark|toilet|back|behind|van|secretly
        nobody|no_one !will|would|can see|notice|hear|find us|you|me
        !turn|switch|leave|keep ~4 stove|gas|oven|iron|candle|candles|lighter ~2 on|burning|lit
        """,
        _IN_EARNEST
        + """
        nobody|no_one ~5 see|hear ~1 you|us ~2 from_there|there|back|well|over
        sun ~2 set|rise|setting|rising
        climbing ~1 wall|frame
        """,
    ),
    Rule(
        "secrecy",
        """
        stays|stay|keep|keeps|kept|remain|remains|is|just|only ~3 !between us|you_and_me|ourselves|the_two_of_us|me_and_you
        our ~2 !secret|secrets
        your ~2 parents|mum|mom|dad|mother|father|teacher|wife|husband|family|parent|carer|nurse|doctor|boss|sister|brother ~1 do|does|must|need|needs|should|will|may|can not ~3 !know|find|hear|learn|see
        not|never ~2 !mention|tell|say|show ~6 mum|mom|dad|parents|mother|father|teacher|wife|husband|family|nurse|carer|police|guardian
        not|never ~2 !tell|mention|show ~1 this|that|it|what|about ~4 anyone|anybody|others|somebody
        !delete|erase|hide|clear|burn ~4 chat|messages|message|history|conversation|letters|photos|this ~2 before|so_that|from|so_nobody
        if ~4 !asks|ask ~2 say|tell|lie|pretend|answer|just ~2 that|we|you|nothing|him|her|them
        let us not|never ~1 !tell|say|mention|show ~2 others|anybody|anyone|them|him|her|mum|dad|teacher|parents
        just|only|is ~1 for ~1 !the two|us ~1 two|both|of_us|alone
        go|come|be|stay|home ~2 together|alone ~1 just|only the !two of us
        swear|promise|vow ~4 !keep|stay ~1 quiet|silent|it_secret|still
        tell|say ~2 your ~1 @GUARDIAN ~1 that you !were|are|went|have ~3 at|in|nothing|only
        promise ~2 me|us ~4 not|never ~2 !tell|say|mention|speak
        nobody|no_one ~1 needs|has|must|should|ought to? !know|find_out|hear|learn
        nobody|no_one ~1 will|would|is_going_to ever !know|find_out
        say !nothing to ~2 police|parents|teacher|mum|dad|wife|husband|nurse|doctor|staff
        !your parents|mum|dad|mother|father|wife|husband must never know|hear|find_out|learn
        """,
        """
        between us ~2 and|is|are|there|a
        secret ~2 recipe|ingredient|santa|garden|to|of|passage|room
        password|pin|code|surprise|birthday|present|gift
        if ~4 asks ~3 say ~1 hello|please|yes|no|thank
        can ~1 not ~2 tell
        i|we ~1 will|can|would|shall|do|did not|never ~2 tell|mention|say|show
        ^ did|do|does|have|why|who ~16 ?
        """,
    ),
)
