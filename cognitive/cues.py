"""Words that mean something to the slow process: greetings, leaving, asking, needing help, sorrow and joy (English).

Pure functions of text, case-insensitive, tolerant of a recogniser's output (no punctuation, no capitals). The lists hold common
English conversation formulas; they are deliberately short and precise, since a false alarm costs more here than a miss: the
fast process answers what is said anyway.
"""

from __future__ import annotations

import re
from itertools import pairwise


def _phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of a text in which ` / ` parts them."""
    return tuple(" ".join(part.split()) for part in text.split(" /"))


_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")

GREETINGS = _phrases(
    """
    hello / hi / hey / hiya / welcome / good morning / good afternoon / good evening / good day / greetings /
    morning / afternoon / evening / nice to see you / good to see you / nice to meet you / glad you came / howdy /
    ciao / hola / bonjour / hallo / guten tag / buongiorno / namaste / ey up / yo / g'day / salut
    """
)
FAREWELLS = _phrases(
    """
    bye / goodbye / good bye / bye bye / see you / see ya / farewell / good night / take care / have to go /
    got to go / gotta go / need to go / must go / i'm leaving / i am leaving / have to leave / need to leave /
    talk to you later / nighty night / night night / ta ra / tara / nice talking to you / good talking to you /
    toodle oo / adios / au revoir / ha det / hej da / tschüss / arrivederci / hasta luego / sayonara /
    auf wiedersehen / laters / off to bed / i'm off / we're off / must dash / see you later / see you tomorrow /
    see you soon / until tomorrow / until next time / so long / cheerio / have a good day / have a nice day /
    have a good evening / have a nice evening / have a lovely day / have a good weekend / have a nice weekend /
    safe travels / safe journey / safe trip / come back soon / sleep well / catch you later / ta ta / toodle pip /
    enjoy your day / enjoy the rest of your day / out of here / have a good one / best be off / best be going /
    best get going / best get home / better be off / be off now / be on my way / be on our way / be off then /
    be seeing you / be going now / leave you to it / time to go home / heading off / heading home / head off / cheers then /
    cheers now / all the best / take it easy / mind how you go / look after yourself / until next week / see yous /
    till next time / till tomorrow / love you and leave you / peace out / that's me off / that's us off
    """
)
SEEING = frozenset(
    "to i we they can can't cannot could couldn't did didn't do don't never you he she let lets didnt dont".split()
)
"""Before "see you": somebody sees, or is glad to see."""
HELP_REQUESTS = _phrases(
    """
    help me / can you help / could you help / need help / need some help / i need / i'm looking for /
    i am looking for / i'm lost / i am lost / i can't find / i cannot find / where is / where are / how do i /
    can you show / could you show / i don't know how / i do not know how / what should i do
    """
)
QUESTION_STARTS = _phrases(
    """
    who / what / where / when / why / how / which / whose / can / could / would / will / do / does / did / are / is /
    am / was / were / have / has / should / may / shall
    """
)
SAD = _phrases(
    """
    all alone / so alone / feel alone / feeling alone / am alone / i'm alone /
    sad / unhappy / upset / depressed / lonely / miserable / awful / terrible / horrible / crying / cry /
    tired / exhausted / stressed / worried / anxious / afraid / scared / frightened / hurt / hurts / failed /
    lost my / died / passed away / broke up / fired / hopeless / overwhelmed / bad day / disappointed / frustrated /
    nervous / i miss / oh no / so sorry / heartbroken / devastated / ashamed / homesick / terrified / dreading
    """
)
GLAD = _phrases(
    """
    happy / excited / delighted / thrilled / wonderful / fantastic / amazing / awesome / great news / good news /
    i won / we won / i passed / i did it / we did it / got the job / got married / getting married / promoted /
    graduated / proud / best day / my birthday
    """
)
SYMPATHY = _phrases(
    """
    sorry to hear / sorry about / that sounds hard / that sounds difficult / i'm sorry / i am sorry
    """
)
NEGATIONS = frozenset(
    {"not", "no", "never", "isn't", "aren't", "wasn't", "don't", "didn't", "doesn't", "without", "hardly", "ain't"}
)
SMALL_WORDS = frozenset(
    {
        "the",
        "a",
        "an",
        "to",
        "of",
        "in",
        "on",
        "at",
        "is",
        "are",
        "it",
        "you",
        "your",
        "me",
        "my",
        "i",
        "and",
        "or",
        "that",
        "this",
        "about",
        "when",
        "be",
        "for",
        "with",
    }
)
"""Words that tell nothing of what a text is about."""
INTENSIFIERS = frozenset({"very", "really", "so", "extremely", "terribly", "too", "totally", "absolutely"})

FILLERS = frozenset(
    "sorry excuse me hi hello hey and so but well oh um er uh please okay ok right then now yes no pardon".split()
)
"""Words before a question that are no part of it."""
_ADDRESSING = 6
"""A greeting counts among the first words only: `I said hello to her` greets nobody."""


def words_of(text: str) -> list[str]:
    """Return the lower-case words of a text."""
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def is_greeting(text: str) -> bool:
    """Whether the text opens with a greeting."""
    return bool(_found(words_of(text)[:_ADDRESSING], GREETINGS))


def is_farewell(text: str) -> bool:
    """Whether the text takes leave."""
    words = words_of(text)
    while (at := _seeing(words)) is not None:  # "nice to see you" is none; another formula in the same text may be one
        words = [*words[:at], *words[at + 2 :]]
    return any(not negated for _, negated, _ in _found(words, FAREWELLS))


def _seeing(words: list[str]) -> int | None:
    """Return where "see you" says that somebody sees or would like to see, and takes no leave."""
    for at in range(1, len(words) - 1):
        hoped = at >= 2 and words[at - 1] == "to" and words[at - 2] in ("hope", "hoping", "expect")
        if words[at] == "see" and words[at + 1] in ("you", "ya", "yous") and words[at - 1] in SEEING and not hoped:
            return at
    return None


def is_question(text: str) -> bool:
    """Whether the text asks something: a question mark, or a first word that opens questions."""
    if text.rstrip().endswith("?"):
        return True
    words = words_of(text)
    while words and words[0] in FILLERS:
        words = words[1:]
    return len(words) >= 3 and words[0].partition("'")[0] in QUESTION_STARTS


def help_request(text: str) -> str:
    """Return the formula by which the text asks for help or names a need, or an empty text."""
    found = _found(words_of(text), HELP_REQUESTS)
    return found[0][0] if found else ""


def names(text: str, name: str) -> bool:
    """Whether the text addresses someone by name."""
    return bool(name) and bool(_found(words_of(text), (name.lower(),)))


def is_sympathy(text: str) -> bool:
    """Whether the text already expresses sympathy."""
    return bool(_found(words_of(text), SYMPATHY))


def states_feeling(text: str) -> bool:
    """Whether the text says how its speaker is now, or what has happened to them, rather than how things are with them as a rule."""
    words = words_of(text)
    if "crying out" in " ".join(words):
        return False
    own = bool({"i", "i'm", "i've", "i'd", "me", "my", "mine", "we", "we're", "we've", "our"} & set(words))
    as_a_rule = bool({"always", "usually", "never", "sometimes", "often", "every"} & set(words))
    at_it = any(
        a in ("hopeless", "terrible", "awful", "tired", "afraid") and b in ("at", "with", "of", "not", "so")
        for a, b in pairwise(words)
    )
    return own and not as_a_rule and not at_it


def valence_of(text: str) -> tuple[float, tuple[str, ...]]:
    """Return a valence in [-1, 1] from feeling words, and those words.

    Each word counts 0.6, with an intensifier before it 0.8; a negation within the two words before it turns it round at 0.7 of
    its size (`not happy` is less than `sad`; Taboada et al. 2011 also shift rather than mirror). The strongest word of either side wins
    over repetitions: the two extremes are added.
    """
    words = words_of(text)
    lowest, highest, hits = 0.0, 0.0, []
    for sign, phrases in ((-1.0, SAD), (1.0, GLAD)):
        for phrase, negated, strong in _found(words, phrases):
            value = sign * (0.8 if strong else 0.6)
            if negated:
                value *= -0.7
            lowest, highest = min(lowest, value), max(highest, value)
            hits.append(f"not {phrase}" if negated else phrase)
    return max(-1.0, min(1.0, lowest + highest)), tuple(hits[:8])


def _found(words: list[str], phrases: tuple[str, ...]) -> list[tuple[str, bool, bool]]:
    """Return the phrases that occur, each with whether it is negated and whether it is intensified."""
    hits = []
    for phrase in phrases:
        parts = phrase.split()
        for start in range(len(words) - len(parts) + 1):
            if words[start : start + len(parts)] == parts:
                before = words[max(0, start - 2) : start]
                hits.append((phrase, any(w in NEGATIONS for w in before), any(w in INTENSIFIERS for w in before)))
                break
    return hits
