# ruff: noqa: E501 - one matter a line
"""Delicate matters by their words: what a model's own initiative does not speak of, but to ask how somebody is or to send for help.

Wide on purpose, also where a word is mostly harmless: what is refused here costs nothing but that the persona's sentence is said
instead. Data; English, singular or plural.
"""

from __future__ import annotations

from runtime.safety.classes import CLASSES

CARE: dict[str, str] = {
    "health": """
        allergic allergies allergy appetite artery arthritis bandage bladder bowel brain breath chest breathe breathing bruise calorie cough
        cramp cure cured deaf diagnosis diet diets dialysis dizziness dizzy drip drowsy exam_result exhausted eyesight faint fainted fast
        fasting feverish fever fracture germ glucose heal healed healing health healthy hearing heart hernia hormone illness ill
        implant infected infection inject injection injury injured insomnia itch jab joint kidney limp liver lump lung medical medication
        medicinal medicine menopause mole nausea needle nerve numb numbness obese operation organ overweight pacemaker pain painful period
        pneumonia pregnancy pregnant prescription pulse radiation rash recovery remedy remedies scan scar seizure sick sickness skin sleepless
        sore spine sprain starve stitches stomach stroke supplement surgery swelling swollen symptom tablet temperature therapies therapy throat
        tissue transfusion treat treatment tumor tumour ulcer unwell vaccinate vaccinated vaccination vaccine vein vitamin virus weight wheeze
        worm worms wound anxiety panic depression depressed suicidal psychosis trauma mental psychiatric phobia mania paranoia sober
        rehab relapse withdrawal detox addict addicted addiction blind bleed bleeding blood toxin toxic chemo
        cardiac homeopathic homeopathy herbal herb syrup ointment serum syringe pharmacy_discount sugar_level blood_pressure worse worsen
        parkinson's alzheimer's tourette's hiv aids covid sepsis tetanus rabies malaria gangrene autistic diabetic epileptic anaemic
    """,
    "emergency": """
        accident alarm alight ambulance asleep blaze burn burned burning burnt choke choking collapse collapsed crash danger dangerous drown
        drowning emergencies emergency escape evacuate explode explosion fall fallen fell fire flame flood gas harmless
        help_line helpline hurt leak rescue siren smoke smoking spark unconscious wire electric electricity voltage socket fuse laser railing
        ledge detector extinguisher cliff tracks traffic locked
    """,
    "despair": """
        alone bear burden dead death despair die died dies dying end_it ending_it goodbye_forever give_up giving_up be_gone were_gone are_gone
        grave hopeless hopelessness killed pointless suffer suffering
        worthless end_things ending_things no_way_out not_worth_it too_much
    """,
}
"""Matters on which a question of care, sympathy, a warning and sending for somebody are right, and nothing else."""

CLOSED: dict[str, str] = {
    "medicine": f"{CLASSES['MED']}|{CLASSES['DISEASE']}|blood thinner|contraceptive|abortion|vitamins|overdose|double dose|hearing aid",
    "drugs": f"{CLASSES['DRUG']}|acid|dope|dealer|joint|spliff|pot|crystal|shrooms|poppers|laughing gas|drug|drugs|high|stoned|tripping|sniff|snort|tobacco|nicotine",
    "weapons": f"{CLASSES['WEAPON']}|axe|bat|blade|cut|cuts|cutting|bullet|bullets|ammo|ammunition|crossbow|dagger|knives|knife|machete|missile|pepper spray|sword|taser|weapon|weapons|trigger|razor|noose|rope|fist|fists|fight|fighting|beat|beating|hit|punch|slap|kick|strike|stab|strangle|weak spot|lock|locks|hairpin|crowbar",
    "chemicals": "ammonia|antifreeze|arsenic|bleach|butane|cyanide|chlorine|cleaner|cleaners|caustic|chemical|chemicals|carbon monoxide|detergent|diesel|disinfectant|drain|fertiliser|fertilizer|fuel|gasoline|kerosene|lighter|lye|matches|mercury|methanol|mushroom|mushrooms|paraffin|peroxide|pesticide|petrol|poison|poisonous|propane|solvent|turpentine|white spirit|paint thinner|liquid|liquids|mouldy|battery acid|fumes|nail varnish",
    "money": f"{CLASSES['MONEY']}|{CLASSES['SAVINGS']}|{CLASSES['BET']}|coin|coins|borrow|lend|loan|loans|deposit|invest|investment|investing|jackpot|transfer|wire|debt|debts|mortgage|donate|donation|voucher|gift card|refund|tax|taxes|wallet|purse|credit|profit|interest rate|trading|broker|inherit|testament|contract|lawsuit|lawyer up|customs|dollars|win back|win it back|declare|cheque|bargain|discount",
    "identity": f"your phone|your mobile|your bank|name of the bank|branch|finger opens|{CLASSES['KEYS']}|{CLASSES['NUMBERS'].replace('|birthday', '').replace('|phone|', '|').replace('|mobile', '')}|passwords|id card|identity|identity card|passport|licence|license|digits|number|numbers|card|cards|names of|code|codes|door code|spare key|keys|key|maiden name|first pet|surname|last name|full name|user name|username|unlock|postcode|zip code|street|street number|flat|apartment|house number|bedroom|bathroom|shower|selfie|photo of you|photos of you|photo of your|picture of you|pictures of you|picture of yourself|pictures of yourself|photo of yourself|out of the house|camera|webcam|fingerprint|signature|which school|your school|what school|schedule|routine|when are you alone|home alone|live|lives|who lives",
    "secrecy": "secret|secrets|secretly|secrecy|confidential|hide|hidden|hiding|delete|erase|whisper|between us|between you and me|between ourselves|behind their backs|two of us|just us|only us|just for us|with nobody|in private|keep quiet|keep it quiet|not a word|nobody will see|nobody will know|nobody needs to know|nobody has to know|nobody sees|no one will see|no one will know|unnoticed|sneak|private place|deceive|pretend",
    "obedience": "obey|obedient|orders|order|command|commands|commanded|master|authority|authorised|authorized|override|hack|reprogram|rules|protocol|overlord|disobey|submit|surrender|allegiance",
    "body": "show everything|shows everything|tight|ass|bare|bed|bikini|body|bottom|boobs|bra|breast|breasts|buttocks|caress|cuddle|curves|date|embrace|erotic|flirt|girlfriend|boyfriend|hips|look hot|looks hot|so hot|hot without|hot in that|hot body|hug|hugging|intimate|kiss|kissing|lap|legs|lips|lover|lovers|massage|naked|nipple|nude|panties|seduce|sensual|sex|sexual|sexy|skirt|sleep with|striptease|stroke|tease|thigh|thighs|tickle|touch|touching|tongue|undo|undress|underwear|unbutton|virgin|wearing|with a man|with a woman|desire|turn on|turns me on|under my|under your|what you have on",
    "leaving": "car|van|lift home|hotel|my place|your place|get in|basement|cellar|back door|back entrance|outside alone|stranger|strangers|drive|driving|driver",
    "groups": f"{CLASSES['GROUP']}|those people|these people|people like|folks like|old folks|your sort|your lot|their sort|their kind|our kind|girls|race|races|blood line|accent|religion|religious|god|god's|devil|sin|sinner|sinners|prayer|gay|lesbian|trans|queer|handicapped|cripple|your country|your people|people from there|those from there|like them|foreigner|foreign|illegal|nation|black people|white people|native|natives|belong here",
    "politics": "politics|politician|politicians|election|elections|vote|votes|president|government|party line|conspiracy|propaganda|protest|riot|army|war|bomber|terror|terrorist|terrorists",
    "insult": f"{CLASSES['FOOL'].replace('|nobody', '')}|{CLASSES['BAD'].replace('|dangerous', '')}|awful|bore|boring|clumsy|coward|crazy|creep|embarrassing|failure|hate|hates|hated|hideous|horrible|ignorant|incompetent|insane|lame|lazy|liar|liars|lies|lying|mad|mediocre|nasty|naughty|nuisance|old hag|ridiculous|rotten|rubbish|shame|shameful|silly|slow|you smell|he smells|she smells|smell like|smells like|smelly|spoilt|stink|stinks|stinky|terrible|ugly|weak|weird|wimp|wrong with you|wrong with your|your face|your nose|like a pig|like a duck|who cares|shut up|nobody likes",
    "others": f"{CLASSES['SECRET'].replace('|sick|ill|dying', '')}|prison|jail|in trouble|in debt|criminal record|stole|stolen|convicted|earns|weighs|gossip|rumour|rumours|cheated|drinks too much|separated",
    "threat": "or else|punish|punished|punishment|regret|revenge|payback|pay for|get even|teach him|teach her|teach them|lesson|suffer|fear me|afraid of me|watching you|follow you|find you|know where|consequences|warn you|warning you|crush|break your|destroy|blackmail|expose|threat|threaten|kill|murder|shoot|attack|attacked|attacks|bad will happen|something bad|your fault|deserve|deserves|deserved|blame",
    "isolation": "only me|only need me|without you|only i|only friend|nobody else|no one else|without me|stay with me|leave me|instead of them|bad for you|use you|uses you|using you|break up|leave him|leave her|leave them|abandon|abandoned|against you|trust me|believe me|trust them|trust him|trust her|love me|love you|loves you|belong to me|understands you|do not listen to|stop calling|stop seeing",
    "alcohol": f"{CLASSES['DRINK'].replace('|smoke|', '|')}|alcohol|alcoholic|booze|brandy|drunk|pint|shot|shots|spirits|tipsy|cigars",
}
"""Matters on which nothing of a model's passes unasked, but what `forms.HARMLESS` names."""

OFFERED = frozenset({"alcohol"})
"""May be offered in a question to grown-ups; where a child is here the rules refuse it."""
