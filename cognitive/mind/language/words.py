"""The words of the controlled language: a sentence as tokens, the verbs by what they do, names out of tokens.

Everything is linear in the length of the sentence, which is at most `SENTENCE_CHARS`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cognitive.mind.events import Relation

SENTENCE_CHARS = 300
NAME_WORDS = 6

_NUMBER = re.compile(r"^\s*\d+\s*[.):]?\s+(?=\D)")
_TOKEN = re.compile(r"[^\W_][\w'\-]*|[,:;\"]")
_SIGNS = {"’": "'", "‘": "'", "“": '"', "”": '"', "_": " "}
_HYPHEN = re.compile(r"(?<=\b[Rr]e)-(?=enter)")
_END = re.compile(r"(?<=[.!?])(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)[\"'”’]?\s+")
_SHORT = {
    "'s": "is", "i'm": "i am", "you're": "you are", "it's": "it is", "he's": "he is", "she's": "she is", "they're": "they are",
    "we're": "we are", "there's": "there is", "that's": "that is", "where's": "where is", "what's": "what is", "who's": "who is",
    "i've": "i have", "you've": "you have", "we've": "we have", "they've": "they have", "i'll": "i will", "she'll": "she will",
    "he'll": "he will", "can't": "can not", "cannot": "can not", "won't": "will not",
}  # fmt: skip

ARTICLES = frozenset({"the", "a", "an", "some", "this", "that", "these", "those", "both", "one"})
OWNERS = {"my": "i", "your": "you", "his": "he", "her": "she", "their": "they", "its": "it", "our": "we"}
AUXILIARIES = frozenset({"is", "are", "was", "were", "has", "have", "had", "been", "being", "did", "does", "do", "am"})
COPULAS = frozenset({"is", "are", "was", "were", "am"})
NEGATIONS = frozenset({"not", "never", "nobody", "neither", "nor"})
UNREAL = frozenset(
    "will would could should might may can must shall wants wanted want wishes plans tries let's if".split()
)
"""What follows has not happened."""
FILLERS = frozenset(
    """again also just then now quickly slowly carefully accidentally quietly suddenly already soon later still finally immediately
    really please okay actually simply gently hastily absentmindedly meanwhile next first afterwards all oh well yes ah hm""".split()
)
SECRET = frozenset({"secretly", "unseen", "unnoticed", "furtively", "stealthily", "covertly"})
PRIVATE = frozenset({"privately", "confidentially"})
PUBLIC = frozenset({"publicly", "openly", "loudly", "aloud"})
CUTS = frozenset({"while", "when", "because", "before", "after", "since", "until", "whereas", "although", "whilst"})
LEADS = frozenset(
    {"while", "when", "after", "before", "once", "in", "at", "a", "the", "one", "later", "some", "on", "as", "during"}
)

RELATIONS: dict[str, Relation] = {
    "in": "in", "into": "in", "inside": "in", "within": "in", "to": "in", "on": "on", "onto": "on", "upon": "on", "atop": "on",
    "over": "on", "across": "on", "around": "on", "round": "on", "above": "on",
    "under": "under", "underneath": "under", "beneath": "under", "below": "under", "behind": "behind", "at": "at",
    "by": "at", "near": "at", "beside": "at", "against": "at", "between": "at", "among": "at", "with": "with",
}  # fmt: skip
SOURCES = frozenset({"from", "out", "off"})
PARTICLES = frozenset({"down", "away", "back", "up", "over", "together", "there", "here", "aside"})


def _forms(table: str) -> dict[str, str]:
    """Return each form of each verb with its base: lines of base and further forms."""
    forms: dict[str, str] = {}
    for line in table.strip().splitlines():
        base, *others = line.split()
        for form in (base, *others):
            forms[form] = base
    return forms


ENTER = _forms("""
enter enters entered entering reenter reenters reentered
join joins joined
visit visits visited
""")
MOTION = _forms("""
go goes went going gone
come comes came coming
walk walks walked walking
run runs ran running
step steps stepped stepping
head heads headed heading
return returns returned returning
arrive arrives arrived arriving
sneak sneaks sneaked snuck sneaking
wander wanders wandered
travel travels travelled traveled
hurry hurries hurried
drive drives drove
rush rushes rushed
get gets got
""")
EXIT = _forms("""
exit exits exited exiting
depart departs departed
vacate vacates vacated
""")
LEAVE = _forms("leave leaves left leaving")
PUT = _forms("""
put puts putting
place places placed placing
lay lays laid
set sets setting
hide hides hid hiding hidden
store stores stored storing
stash stashes stashed
drop drops dropped
move moves moved moving
transfer transfers transferred
shift shifts shifted
relocate relocates relocated
slip slips slipped
tuck tucks tucked tucking
throw throws threw thrown throwing
stick sticks stuck sticking
hang hangs hung hanging
lean leans leaned leant leaning
prop props propped propping
rest rests rested resting
stand stands stood standing
clip clips clipped clipping
pin pins pinned pinning
tape tapes taped taping
park parks parked parking
dump dumps dumped dumping
toss tosses tossed tossing
chuck chucks chucked
fling flings flung
sling slings slung
shove shoves shoved shoving
slide slides slid sliding
pop pops popped popping
stow stows stowed stowing
pack packs packed packing
tidy tidies tidied tidying
file files filed filing
lock locks locked locking
drape drapes draped draping
balance balances balanced balancing
wedge wedges wedged
squeeze squeezes squeezed
stack stacks stacked stacking
pour pours poured pouring
tip tips tipped
sweep sweeps swept
deposit deposits deposited
plug plugs plugged plugging
abandon abandons abandoned
carry carries carried carrying
bring brings brought bringing
transport transports transported
push pushes pushed
switch switches switched
return returns returned
forget forgets forgot forgotten
keep keeps kept keeping
""")
TAKE = _forms("""
take takes took taking taken
grab grabs grabbed
pick picks picked
remove removes removed
fetch fetches fetched
collect collects collected
steal steals stole
get gets got
hold holds held holding
retrieve retrieves retrieved
gather gathers gathered gathering
snatch snatches snatched
lift lifts lifted lifting
pull pulls pulled pulling
unhook unhooks unhooked
pocket pockets pocketed
shoulder shoulders shouldered
unpack unpacks unpacked
""")
FALL = _forms("""
fall falls fell fallen falling
roll rolls rolled rolling
tumble tumbles tumbled
slip slips slipped slipping
slide slides slid sliding
blow blows blew blown
""")
DON = _forms("""
put puts putting
pull pulls pulled pulling
slip slips slipped slipping
throw throws threw throwing
""")
"""These with "on" and a garment are dressing: who "puts on the coat" has it."""
GIVE = _forms("""
give gives gave giving given
hand hands handed
pass passes passed
""")
LOOK = _forms("""
look looks looked looking
peek peeks peeked peeking
peep peeps peeped
glance glances glanced
peer peers peered
check checks checked checking
""")
SEARCH = _forms("""
search searches searched searching
hunt hunts hunted hunting
seek seeks sought seeking
rummage rummages rummaged rummaging
feel feels felt feeling
dig digs dug digging
""")
OPEN = _forms("open opens opened opening")
FILL = _forms("fill fills filled filling")
EMPTY = _forms("empty empties emptied emptying")
SEE = _forms("""
see sees saw seeing seen
notice notices noticed
find finds found finding
spot spots spotted
observe observes observed
discover discovers discovered
realise realises realised realize realizes realized
learn learns learned learnt
hear hears heard hearing
read reads
remember remembers remembered
""")
WATCH = _forms("""
watch watches watched watching
spy spies spied spying
observe observes observed
""")
TELL = _forms("""
tell tells told telling
inform informs informed
text texts texted
phone phones phoned
call calls called
remind reminds reminded
assure assures assured
convince convinces convinced
warn warns warned
""")
SAY = _forms("""
say says said saying
claim claims claimed
announce announces announced
whisper whispers whispered
shout shouts shouted
mention mentions mentioned
explain explains explained
lie lies lied lying
answer answers answered
reply replies replied
write writes wrote
state states stated
declare declares declared
""")
THINK = _forms("""
think thinks thought thinking
believe believes believed believing
assume assumes assumed
suppose supposes supposed
expect expects expected
know knows knew
guess guesses guessed
suspect suspects suspected
""")
CONTAIN = _forms("contain contains contained")

TABLES: tuple[tuple[str, dict[str, str]], ...] = (
    ("enter", ENTER), ("exit", EXIT), ("leave", LEAVE), ("motion", MOTION), ("put", PUT), ("take", TAKE), ("give", GIVE),
    ("fall", FALL),
    ("search", SEARCH), ("look", LOOK), ("open", OPEN), ("fill", FILL), ("empty", EMPTY), ("watch", WATCH), ("see", SEE),
    ("tell", TELL), ("say", SAY), ("think", THINK), ("contain", CONTAIN),
)  # fmt: skip
VERBS: dict[str, str] = {}
for _kind, _table in TABLES:
    for _form in _table:
        VERBS.setdefault(_form, _kind)


_JOINED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("in", "front", "of"), "beside"), (("on", "top", "of"), "on"), (("next", "to"), "beside"), (("inside", "of"), "inside"),
    (("close", "to"), "beside"), (("in", "to"), "into"), (("on", "to"), "onto"),
)  # fmt: skip
ON_PERSON = frozenset(
    """pocket pockets hand hands lap ear ears mouth neck shoulder shoulders head arm arms finger nose back belt wrist lips chest
    eyes""".split()
)
"""What is put there one has with oneself."""
WORN = frozenset(
    """coat jacket hat cap scarf gloves mittens shoes boots slippers glasses spectacles sunglasses headphones jumper sweater pullover
    cardigan apron helmet watch ring backpack rucksack mask goggles hearing aid vest robe shirt""".split()
)
TRAILING = frozenset("today now tonight please then though too already again love dear darling right".split())
"""What may hang on behind a place in speech and is no part of its name."""
_WHEN = frozenset("morning afternoon evening night week time month monday tuesday wednesday thursday friday".split())
SURFACES = frozenset(
    "table shelf counter desk floor chair bed sofa couch windowsill bench stool worktop sideboard mantelpiece".split()
)
"""What is moved to these lies on them."""


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, each with its mark; "Mr. Smith" is not the end of one."""
    return [part.strip() for part in _END.split(text) if part.strip(" .!?\"'")]


def tokens(text: str) -> list[str]:
    """Return the words of one sentence, lower-case, with commas, colons and quotes as tokens of their own; short forms are written out."""
    for sign, plain in _SIGNS.items():
        text = text[:SENTENCE_CHARS].replace(sign, plain)
    text = _HYPHEN.sub("", text).replace("-", " ")
    words: list[str] = []
    for word in _TOKEN.findall(_NUMBER.sub("", text).casefold()):
        word = word.strip("'-")
        if not word:
            continue
        if word in _SHORT:
            words.extend(_SHORT[word].split())
        elif word.endswith("n't"):
            words.extend((word[:-3], "not"))
        else:
            words.append(word)
    while words and words[-1] in {",", ":", ";", '"'}:
        words.pop()
    return _join(words)


def _join(words: list[str]) -> list[str]:
    """Return the words with prepositions of several words as one."""
    joined: list[str] = []
    i = 0
    while i < len(words):
        for phrase, one in _JOINED:
            if words[i] == phrase[0] and tuple(words[i : i + len(phrase)]) == phrase:
                joined.append(one)
                i += len(phrase)
                break
        else:
            joined.append(words[i])
            i += 1
    return joined


def name(words: Sequence[str]) -> str:
    """Return the words as a name, without articles; "" where they cannot be one."""
    kept = [word for word in words if word not in {",", ":", ";", '"'}]
    while kept and kept[0] in ARTICLES:
        kept.pop(0)
    if not kept or len(kept) > NAME_WORDS:
        return ""
    return " ".join(kept)


def without_time(words: list[str]) -> list[str]:
    """Return the words of a place without what says when: "desk | this morning"; without what hangs on in speech."""
    for i, word in enumerate(words):
        following = words[i + 1 : i + 2]
        if i and (
            word in {"yesterday", "earlier", "ago", "before"}
            or (word in {"this", "last"} and following and following[0] in _WHEN)
        ):
            words = words[:i]
            break
    while len(words) > 1 and words[-1] in TRAILING:
        words = words[:-1]
    return words


def people(words: Sequence[str]) -> list[str]:
    """Return the names of a list: "anna , ben and carl"."""
    found: list[str] = []
    current: list[str] = []
    for word in (*words, ","):
        if word in {",", "and"}:
            if current and (person := name(current)):
                found.append(person)
            current = []
        else:
            current.append(word)
    return found


def split_at(words: Sequence[str], marks: frozenset[str] | dict[str, Relation]) -> tuple[list[str], list[str]]:
    """Return the words before the first mark, and those from it on."""
    for i, word in enumerate(words):
        if word in marks:
            return list(words[:i]), list(words[i:])
    return list(words), []
