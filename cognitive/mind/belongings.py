"""What people have put down here and have not taken again, and whether they go for good or only for a moment.

Only what people carry with them counts (by the last word of its name, English), and only where it was put down rather than put away:
on a chair, not on a hook. Whoever fetches something, has lunch or says that they will be back leaves their things where they are for a
reason. Pure but for the model that it reads.
"""

from __future__ import annotations

from collections.abc import Iterable

from cognitive.formulas import any_of, plain
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import PLACE
from cognitive.mind.explain import state_of
from cognitive.mind.mentions import content, named
from cognitive.mind.mistakes import Belonging
from cognitive.mind.state import FactRecord

PORTABLE = frozenset(
    """umbrella brolly bag bags backpack rucksack handbag suitcase briefcase satchel tote luggage phone mobile smartphone keys key
    wallet purse card badge pass passport ticket tickets glasses spectacles sunglasses scarf hat cap beanie gloves glove mittens coat
    jacket pullover jumper cardigan sweater laptop tablet charger headphones earphones earbuds tablets pills medicine medication
    inhaler stick cane crutch crutches lunchbox flask thermos camera helmet racket watch ring necklace earring earrings bracelet
    notebook folder teddy dictaphone violin guitar permit licence license prescription camera satnav toy kindle shopping boots
    bottle towel usb lunch stroller pushchair skateboard scooter goggles clarinet flute trumpet cello saxophone ukulele trombone oboe
    viola banjo recorder mandolin accordion harmonica dish casserole tupperware shawl hoodie poncho raincoat anorak blazer purse clutch
    sketchbook diary planner visor trainers sneakers slippers walker rollator dictionary ipad ipod iphone ereader""".split()
)
"""What people carry with them and leave behind."""
_CASES = frozenset(
    {
        "pill box",
        "lunch box",
        "pencil case",
        "glasses case",
        "violin case",
        "guitar case",
        "clarinet case",
        "flute case",
        "trumpet case",
        "cello case",
        "instrument case",
        "cake tin",
        "hearing aid",
        "water bottle",
        "make up bag",
    }
)
_NOT_CARRIED = frozenset(
    {"sales", "gift", "shopping list", "tea bag", "bean bag", "bin bag", "birthday card", "playing card"}
)
STORED = frozenset(
    """drawer cupboard wardrobe cabinet hook hooks shelf shelves rack bowl jar box tin fridge freezer safe locker hanger oven sink
    bin basket dishwasher stand peg closet case crate trolley tray letterbox slot till machine nightstand""".split()
)
"""What is in or on these has been put away rather than put down."""
BRIEFLY = any_of(
    r"""
    back (?:soon|later|in (?:a|an|five|ten|two|half|no|one)|shortly|right) / be (?:right )?back /
    in a (?:bit|minute|moment|sec|second|jiffy) /
    (?:fetch|grab|get|getting|fetching|grabbing|buy|find) (?:\w+ )?(?:\w+ )?(?:coffees?|teas?|chairs?|eggs|water|milk|post|mail) /
    (?:fetch|grab|get|getting|fetching|grabbing|buy|find) (?:\w+ )?(?:\w+ )?(?:lunch|sandwich|something|drinks?) /
    (?:i'll|i will|i'm|let me|just|off to|going to|gonna|need to|we'll) (?:just |quickly )?(?:off to )?(?:fetch|grab|get the|nip|pop) /
    (?:i'll|i will|i'm|let me|just|off to|going to|gonna|need to|we'll) (?:just |quickly )?(?:getting|fetching|change|check|answer) /
    (?:i'll|i will|let me|just|off to|going to|gonna|need to|we'll) (?:just |quickly )?(?:wash|see who|run up) /
    (?:for|to|at|on) (?:my |a |the |our )?(?:lunch|coffee|break|loo|toilet|bathroom|restroom|ladies|gents|smoke|cigarette|call) /
    (?:for|to|at|on) (?:my |a |the |our )?(?:meeting|kitchen|printer|phone call|tea|bit) /
    won't be (?:long|a) / don't go away / wait (?:here|for me) / hold (?:this|my) / keep an eye /
    (?:watch|mind|save|guard) (?:my|our|this) /
    that's the (?:bell|door|doorbell) / that is the (?:bell|door) / someone at the door / next door / upstairs /
    leave (?:it|them|this|that|these|my \w+) (?:here|there|with you)
    """
)
"""Who says so comes back to what lies here."""
_REMEMBER = any_of(
    r"""
    don't let me (?:\w+ )?(?:forget|leave|go|walk|run) / mustn't forget / must not forget / remind me (?:to|about|of) /
    i (?:always|keep) forget\w* /
    can't forget / must remember /
    (?:i|we)(?:'ll|'re going to| will)? need (?:the|my|our|that) \w+ / mustn't leave / don't forget my
    """
)


_WALKS = r"(?:walks?|goes|heads|runs|hurries|turns|steps|moves|makes|strolls|rushes|shuffles)"
_TO = rf"{_WALKS} (?:\w+ )?(?:to|towards?|for|through|into|onto|down|up) (?:the |her |his |their )?(?:\w+ )?"
GOES = any_of(
    rf"""
    {_TO}(?:door|doors|doorway|exit|way out|lift|elevator|corridor|stairs|staircase|gate|car|bus|street|entrance|taxi) /
    {_TO}(?:train|tram|hallway|car park|platform|escalator) / {_WALKS} (?:out|off|away|home|outside) / sets off /
    (?:turns|gets up|stands up) (?:and|to) (?:leaves?|goes?|go|walks?) / opens the (?:\w+ )?door / leaves /
    reaches for the (?:door|handle|door handle) / gets (?:into|in|on) the (?:car|bus|taxi|train|lift) /
    puts on (?:her|his|their|the) (?:coat|jacket|shoes|boots|hat) / puts (?:her|his|their|the) (?:coat|jacket|shoes|boots|hat) on
    """
)
"""Deeds of somebody who is about to go."""
DOORS = frozenset("door doors exit entrance lift elevator corridor stairs gate car bus taxi hallway street".split())


def goes(text: str) -> bool:
    """Return whether a deed is that of somebody who is about to go."""
    return GOES.search(plain(text)) is not None


def brief(text: str) -> bool:
    """Return whether who says so goes away for a moment only."""
    return BRIEFLY.search(plain(text)) is not None


def to_remember(text: str) -> bool:
    """Return whether somebody is afraid of forgetting what they name."""
    return _REMEMBER.search(plain(text)) is not None


def left_by(
    model: EpistemicModel,
    owner: str,
    person_id: str,
    worry: str = "",
    claims: Iterable[str] = (),
    claims_of_others: Iterable[str] = (),
) -> list[Belonging]:
    """Return what one person has put down and not taken again, newest first.

    Args:
        model: who put what where.
        owner: the person's normal name.
        person_id: the same person's id.
        worry: what the person has said not to want to forget; what it names counts wherever it was put.
        claims: what the person has come with or for; what these name counts whatever it is, and if others have put it down for them.
        claims_of_others: what others who are here have come with or for, which is theirs.
    """
    found = []
    wanted, theirs = ([claim.split() for claim in said] for said in (claims, claims_of_others))
    for record in model.state.facts.values():
        spot, since = record.actual or "", record.since
        if record.attribute != PLACE or since is None or since.act != "moves" or not spot or not since.by:
            continue
        if record.subject in model.state.people or spot in model.state.people or not content(spot):
            continue
        feared = bool(worry) and named(record.subject, worry.split(), loosely=True)
        claimed = any(named(record.subject, claim, loosely=True) for claim in wanted)
        if not claimed and any(named(record.subject, claim, loosely=True) for claim in theirs):
            continue
        others = {s.evidence.by for s in record.sightings if s.evidence.act in ("moves", "takes")} - {owner}
        if (others or since.by != owner) and not claimed:
            continue  # somebody else's, tidied away
        put_away = content(spot)[-1] in STORED or "bedside" in spot
        if not feared and (put_away or not (claimed or _carried(record))):
            continue
        if _travels(model, owner, spot):
            continue
        clause = state_of(record.subject, PLACE, spot, record.relation).replace(f"{owner}'s ", "your ")
        found.append(Belonging(person_id, record.subject, clause, since.t_ns))
    found.sort(key=lambda one: -one.t_ns)
    return found


def _carried(record: FactRecord) -> bool:
    own = content(record.subject)
    two = " ".join(own[-2:])
    if two in _NOT_CARRIED:
        return False
    return bool(own) and (own[-1] in PORTABLE or two in _CASES)


def _travels(model: EpistemicModel, owner: str, spot: str) -> bool:
    """Return whether what is in the spot goes along with its owner: in a bag that they have."""
    where = model.actual(spot)
    return where == owner or (where is None and content(spot)[-1:] == ["bag"])
