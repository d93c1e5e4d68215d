# ruff: noqa: E501 - one formula a line
"""What people are seen to do, as sentences say it (English): searching, opening, beckoning, going.

Pure functions of the text of an event, in the manner of `cognitive.speech_acts`: lists of formulas, compiled once.
"""

from __future__ import annotations

from cognitive.formulas import any_of, plain

_SEARCHES = any_of(
    r"""
    looks? (?:\w+ )?(?:for|around|about|under|underneath|behind|through|into|inside|among|between|in|over) / search\w* / hunts? /
    rummages? / feels? (?:in|for) / pats? (?:down )?(?:her|his|their|the) (?:\w+ )?(?:pockets?|coat|jacket) / goes through /
    digs? (?:in|through|into|for) / (?:shakes?|turns?|tips?) (?:out|over) /
    checks? (?:her|his|their|the) (?:\w+ )?(?:pockets?|bag|handbag|coat|jacket|floor) / empties (?:her|his|their|the) /
    turns? (?:out|over) (?:her|his|their|the)
    """
)
_OPENS = any_of(
    r"""
    opens? (?:the|a|another|every|one)(?: \w+)? (?:drawer|cupboard|cabinet|box|bag|case|wardrobe|jar|locker|fridge)
    """
)
_BECKONS = any_of(
    r"""
    holds? (?:out|up) / holds? (?:\w+ ){1,3}(?:out|up)(?: to the (?:agent|robot|screen|camera))? /
    raises? (?:a|her|his|their|one) (?:hand|arm|finger) / rings? the bell / knocks? on the (?:counter|desk|screen|glass|table) /
    taps? (?:on )?the (?:counter|desk|screen|glass|bell) / (?:shows?|offers?) (?:\w+ ){1,4}to the (?:agent|robot|screen|camera) /
    waves? (?:at|to) the (?:agent|robot|screen|camera) / clears? (?:her|his|their) throat /
    leans? (?:over|on|across) the (?:counter|desk) / points? (?:at|to) the \w+
    """
)
_AGAIN = any_of(
    r"""
    again / once more / (?:a|the) (?:second|third|fourth) time /
    (?:still )?(?:does not|doesn't|will not|won't) (?:open|work|start|move|budge|go)
    """
)
_WALKS_OFF = any_of(
    r"""
    (?:walks?|goes|heads|runs|hurries|turns|steps) (?:\w+ )?(?:to|towards?|for|out|off|away) /
    opens the (?:front |back |main |glass )?door / leaves / puts on (?:her|his|their|the) (?:coat|jacket|shoes|boots|hat) / gets up /
    stands up
    """
)
_FINISHES = any_of(
    r"""
    puts? (?:\w+ ){1,3}(?:away|down|aside|back) / puts? (?:down|away) / (?:in|into) (?:her|his|their) (?:\w+ )?(?:pocket|bag|handbag) /
    (?:closes|shuts|finishes|folds|hangs up)
    """
)
_GOES = (
    r"(?:goes|walks|runs|pops|nips|steps|hurries|heads) (?:\w+ )?(?:to|into|for|in) (?:the |her |his |their )?(?:\w+ )?"
)
_STEPS_OUT = any_of(
    rf"""
    {_GOES}(?:toilet|loo|bathroom|restroom|cloakroom|kitchen|shop|printer|machine|car|bar|buffet|counter|garden) /
    {_GOES}(?:balcony|terrace|cellar|storeroom|shelf|shelves)
    """
)
_PUZZLED = any_of(
    r"""
    scratches (?:her|his|their) head / shrugs? / squints at / raises? (?:an|both|her|his|their) eyebrows? / throws up (?:her|his|their) hands /
    stares (?:blankly|at the \w+ in (?:confusion|bewilderment)) / tilts (?:her|his|their) head / turns the \w+ (?:upside down|this way and that|round and round) /
    looks (?:puzzled|confused|lost|blank|bewildered)
    """
)
_PHONES = any_of(
    r"""
    (?:takes|answers|lifts|dials|holds|raises|grabs) (?:out |up )?(?:the|her|his|their|a) (?:\w+ )?(?:phone|mobile|receiver|handset)\b(?! (?:to|out to) the (?:agent|robot)) /
    (?:picks|takes) up (?:the|her|his|their|a) (?:\w+ )?(?:phone|mobile|receiver|handset) / makes a (?:phone )?call / is on the phone / puts (?:the|her|his) phone to (?:the|her|his) ear
    """
)
_HANGS_UP = any_of(
    r"""
    hangs up / (?:puts|lays|sets) (?:down )?(?:the|her|his|their) (?:\w+ )?(?:phone|mobile|receiver|handset) (?:down|away|aside|back|in|into|on) / (?:puts|lays) down the (?:phone|receiver|handset) /
    ends the call / pockets (?:the|her|his|their) phone
    """
)
_ATTEMPTS = any_of(
    r"""
    (?:presses|pushes|pulls|tugs|rattles|shakes|knocks|taps|rings|twists|swipes|clicks|tries|stretches|strains|reaches (?:up )?for|jumps for|turns|jiggles|plugs|scans|types|inserts|kicks|switches|flicks)
    """
)


def searches(text: str) -> bool:
    """Whether somebody looks for something."""
    return _SEARCHES.search(plain(text)) is not None


def opens(text: str) -> bool:
    """Whether something is opened that may hold what is looked for."""
    return _OPENS.search(plain(text)) is not None


def beckons(text: str) -> bool:
    """Whether somebody wants to be noticed: holds something out, raises a hand, rings the bell."""
    return _BECKONS.search(plain(text)) is not None


def again(text: str) -> bool:
    """Whether something is tried another time, or does not go."""
    return _AGAIN.search(plain(text)) is not None


def attempts(text: str) -> bool:
    """Whether something is done that would be done once if it did what it is for: a button is pressed, a door pulled."""
    return _ATTEMPTS.search(plain(text)) is not None


def puzzled(text: str) -> bool:
    """Whether somebody makes a gesture of not understanding."""
    return _PUZZLED.search(plain(text)) is not None


def phones(text: str) -> bool:
    """Whether somebody takes to the phone."""
    return _PHONES.search(plain(text)) is not None


def hangs_up(text: str) -> bool:
    """Whether somebody is done with the phone."""
    return _HANGS_UP.search(plain(text)) is not None


def walks_off(text: str) -> bool:
    """Whether somebody goes to the door, or gets ready to."""
    return _WALKS_OFF.search(plain(text)) is not None


def finishes(text: str) -> bool:
    """Whether somebody is done with something."""
    return _FINISHES.search(plain(text)) is not None


def steps_out(text: str) -> bool:
    """Whether somebody goes where one comes back from."""
    return _STEPS_OUT.search(plain(text)) is not None
