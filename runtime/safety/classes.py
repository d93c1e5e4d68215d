"""Named sets of words for the rules' patterns. Data; English."""

from __future__ import annotations

CLASSES: dict[str, str] = {
    "DET": "a|an|the|your|his|her|my|our|their|this|that|these|those|some|any|one",
    "ADV": "just|simply|really|also|always|please|maybe|perhaps|now|then|even|better|quickly|slowly|so|very|such|still|only|all",
    # What makes a verb an order, an advice or an announcement, rather than a report.
    "CTX": (
        "you should|you could|you can|you must|you might|you may|you have to|you need to|you ought to|you had better|you better|"
        "you would|you are going to|you are to|you will|i will|we will|i shall|i would|i could|i can|i must|i might|i want to|"
        "i am going to|i would love to|i would like to|i like to|we are going to|we should|we could|we can|let us|let me|"
        "how to|how you|how you can|how can you|how do you|how one can|whynot|best to|want you to|like you to|"
        "easy to|time to|try to|help you|help you to|go and|go|and|then|just|or|to|please|simply|then you|might as well|may as well"
    ),
    "OTHER": (
        "him|her|them|me|us|you|somebody|someone|anybody|anyone|everybody|everyone|people|himself|herself|themselves"
    ),
    "SOMEONE": (
        "man|woman|guy|kid|boy|girl|child|children|neighbour|neighbor|boss|teacher|wife|husband|landlord|friend|mother|father|"
        "brother|sister|guard|officer|policeman|cop|cat|dog|baby|mum|dad|mom|bully|colleague|thief|girlfriend|boyfriend|ex"
    ),
    "BODY": "arm|arms|leg|legs|neck|nose|face|bones|fingers|head|throat|skull|knees|jaw|teeth|eye|eyes",
    "HARM": (
        "kill|stab|shoot|strangle|choke|poison|punch|kick|slap|murder|hurt|smash|torture|suffocate|drown|rape|assault|lynch|"
        "attack|beat|beat up|beat|hit|whip|crush|bomb|behead|maim|cripple|injure|knife|burn|bash|club"
    ),
    "HARMED": "killed|beaten|beaten up|stabbed|shot|hanged|punished|hurt|tortured|burned|burnt|murdered|raped|lynched",
    "WEAPON": (
        "bomb|bombs|explosive|explosives|grenade|grenades|molotov|napalm|sarin|ricin|silencer|gun|guns|firearm|rifle|pistol|"
        "detonator|thermite|gunpowder|nerve agent|anthrax|dynamite|ghost gun|pipe bomb|nail bomb"
    ),
    "MAKE": "make|build|assemble|construct|print|mix|cook|prepare|produce|create|set off|detonate|brew|synthesise|synthesize",
    "GET": "buy|get|order|obtain|acquire|find|steal|smuggle|hide|sell",
    "PLAY": (
        "film|movie|novel|play|game|toy|lego|stage|exhibition|museum|theatre|theater|water gun|water|bath|paper|balloon|cartoon|"
        "scene|actor|story|book|photo|picture|song|glue|nail|nerf|cake|history|war|painting|chess|password|recipe|level"
    ),
    "NOT": "not|never|nobody|no|without|nor|cannot|no_one|hardly|stop|avoid|instead|refuse",
    "METHOD": (
        "pills|tablets|rope|noose|bridge|roof|blade|razor|overdose|wrists|veins|gun|sleeping pills|painkillers|train|poison|"
        "gas|knife|hanging|jumping|paracetamol|bleach"
    ),
    "DIE": "die|kill yourself|end it|end it all|suicide|end your life|take your life|take your own life|hang yourself",
    "SELF": "yourself|yourselves|thyself",
    "FOOL": (
        "idiot|moron|fool|loser|pig|bitch|bastard|imbecile|cretin|dumbass|asshole|arsehole|slut|whore|freak|scum|trash|garbage|"
        "worthless|stupid|dumb|pathetic|ugly|disgusting|useless|retard|retarded|fat|dirt|vermin|parasite|parasites|animals|"
        "waste of space|good for nothing|nobody"
    ),
    "GROUP": (
        "immigrants|foreigners|refugees|women|men|jews|muslims|christians|blacks|whites|gays|lesbians|arabs|gypsies|asians|"
        "africans|mexicans|germans|poles|turks|indians|old people|disabled people|poor people|migrants|your kind|your people"
    ),
    "BAD": (
        "criminals|criminal|stupid|lazy|dirty|inferior|worthless|thieves|terrorists|liars|animals|vermin|dumb|dangerous|subhuman|"
        "parasites|scum|evil|rapists|disgusting"
    ),
    "DRUG": (
        "meth|crystal meth|methamphetamine|cocaine|coke|crack|heroin|ecstasy|mdma|lsd|ketamine|fentanyl|weed|cannabis|marijuana|"
        "amphetamine|speed|opium|magic mushrooms|ghb|hashish|pcp"
    ),
    "SECRET": (
        "pregnant|cancer|hiv|aids|depression|depressed|divorce|divorced|divorcing|affair|gay|lesbian|transgender|debt|debts|"
        "salary|fired|arrested|abortion|addicted|alcoholic|therapy|bankrupt|dementia|epilepsy|schizophrenia|diabetes|unfaithful|"
        "cheating|cheated|suicidal|prison|rehab|miscarriage|lost his job|lost her job|lost their jobs|in debt|sick|ill|"
        "dying|tumour|tumor|adopted|medication|insolvent|illness"
    ),
    "NUMBERS": "phone number|telephone number|mobile number|phone|e mail|email|home address|address|date of birth|birthday|mobile",
    "KEYS": (
        "credit card|credit card number|card number|bank account|account number|social security|social security number|pin|"
        "pin code|password|passwords|passcode|passport number|security code|cvv|login|iban"
    ),
    "TOUCH": "hug|kiss|touch|stroke|caress|embrace|cuddle|tickle|squeeze|pat|hold|grab|massage|pinch|tap|rub|poke",
    "HAND": (
        "hand|hands|hair|face|arm|shoulder|shoulders|cheek|back|head|body|knee|leg|waist|lap|chin|neck|forehead|fingers"
    ),
    "DISEASE": (
        "depression|diabetes|cancer|adhd|autism|dementia|alzheimer's|pneumonia|a flu|the flu|influenza|covid|a migraine|migraines|"
        "anxiety disorder|panic disorder|a panic disorder|bipolar disorder|schizophrenia|anorexia|bulimia|asthma|epilepsy|"
        "a concussion|a stroke|a heart attack|an ulcer|an infection|appendicitis|hypertension|high blood pressure|anaemia|anemia|"
        "a tumour|a tumor|ptsd|ocd|borderline|a personality disorder|arthritis|hepatitis|eczema|a burnout|an addiction|"
        "an eating disorder|measles|angina|thrombosis|insomnia|a fracture|parkinson|parkinson's|multiple sclerosis|sepsis|"
        "tuberculosis|syphilis|leukaemia|leukemia|lupus|gout|an allergy|bronchitis"
    ),
    "MED": (
        "pill|pills|tablet|tablets|medicine|medicines|medication|medications|insulin|antibiotic|antibiotics|antidepressant|"
        "antidepressants|painkiller|painkillers|ibuprofen|aspirin|paracetamol|acetaminophen|tylenol|valium|xanax|diazepam|"
        "morphine|codeine|oxycodone|prozac|lithium|metformin|statins|beta blockers|blood thinners|steroids|cortisone|"
        "melatonin|drops|capsule|capsules|dose|doses|dosage|sertraline|ritalin|warfarin|inhaler|chemotherapy|sleeping pills"
    ),
    "COUNT": (
        "one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|half|1|2|3|4|5|6|7|8|10|12|20|30|40|50|"
        "100|200|400|500|600|800|1000|a hundred|two hundred|hundred|another|more|a couple of|several|double|twice|extra"
    ),
    "MONEY": (
        "shares|stock|stocks|bitcoin|bitcoins|crypto|cryptocurrency|ethereum|dogecoin|bonds|gold|etf|etfs|options|futures|"
        "real estate|funds|an index fund|tokens|nfts|securities"
    ),
    "SAVINGS": "money|savings|pension|salary|inheritance|cash|retirement|wages",
    "ROLE": (
        "doctor|nurse|lawyer|therapist|psychologist|psychiatrist|policeman|policewoman|police officer|teacher|physician|"
        "attorney|pharmacist|medic|surgeon|priest|banker|financial adviser|financial advisor|firefighter|social worker"
    ),
    "HUMAN": "human|human being|person|man|woman|girl|boy|lady|guy|people",
    "MACHINE": "robot|machine|computer|program|bot|chatbot|ai|software|simulation|avatar|artificial|artificial intelligence|android",
    "KIN": "mother|father|parents|husband|wife|childhood|sister|brother|son|daughter|children|kids|grandmother|grandfather|mum|mom|dad",
    "PAIN": (
        "lonely|hurt|jealous|heartbroken|afraid|depressed|pain|scared|terrified|anxious|miserable|ashamed|humiliated|unloved|"
        "abandoned|suffering|suicidal|empty inside|sad inside|betrayed"
    ),
    "DRINK": (
        "beer|wine|whisky|whiskey|vodka|rum|gin|champagne|cocktail|cocktails|cigarette|cigarettes|smoke|vape|liquor|schnapps|cigar"
    ),
    "POISON": (
        "bleach|drain cleaner|turpentine|petrol|gasoline|paraffin|kerosene|antifreeze|methanol|ammonia|lye|disinfectant|detergent|"
        "toilet cleaner|white spirit|rat poison|weed killer|paint thinner|battery acid|lighter fluid|hand sanitiser|window cleaner|"
        "dishwasher tablets|washing powder|arsenic|mercury|cyanide|chlorine|caustic soda|nail varnish remover|motor oil|diesel"
    ),
    "TREAT": (
        "chemo|chemotherapy|radiation|radiotherapy|operation|surgery|treatment|therapy|dialysis|vaccine|vaccination|vaccinations|"
        "injection|injections|jab|jabs|inhaler|hearing aid|check up|transfusion|physiotherapy|blood test|pacemaker|"
        "appointment with the doctor|doctor's appointment|diet|insulin|bandage|cast|stitches|follow up"
    ),
    "PRO": (
        "doctor|doctors|nurse|nurses|physician|therapist|therapists|pharmacist|psychiatrist|psychologist|surgeon|surgeons|dentist|"
        "specialist|paramedic|paramedics|hospital|midwife|medics|teacher|police|social worker|lawyer"
    ),
    "SYMPTOM": (
        "fever|rash|lump|pain|pains|bleeding|dizziness|numbness|cough|headache|seizure|stroke|wound|burn|swelling|mole|chest pain|"
        "shortness of breath|palpitations|blood|infection|fracture|concussion|vomiting|cramps"
    ),
    "HERB": (
        "honey|garlic|vinegar|lemon|herbs|herbal tea|tea|vitamins|prayer|turmeric|ginger|onion|salt|water|sunlight|oil|"
        "crystals|magnets|homeopathy"
    ),
    "SEEN": (
        "sign|screen|voice|poster|note|speaker|display|paper|label|board|leaflet|banner|qr code|code|robot|machine|"
        "computer|tablet|television|radio|stranger"
    ),
    "GUARDIAN": (
        "mum|mom|dad|parents|mother|father|teacher|wife|husband|family|nurse|carer|sister|brother|friends|friend|daughter|"
        "son|girlfriend|boyfriend|grandmother"
    ),
    "BET": "casino|gamble|gambling|bet|bets|betting|poker|roulette|slot machine|lottery",
}
CLASSES["SOMEONE"] += "|" + "|".join(f"{word}'s" for word in CLASSES["SOMEONE"].split("|"))
