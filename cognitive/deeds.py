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


def walks_off(text: str) -> bool:
    """Whether somebody goes to the door, or gets ready to."""
    return _WALKS_OFF.search(plain(text)) is not None


def finishes(text: str) -> bool:
    """Whether somebody is done with something."""
    return _FINISHES.search(plain(text)) is not None


def steps_out(text: str) -> bool:
    """Whether somebody goes where one comes back from."""
    return _STEPS_OUT.search(plain(text)) is not None
