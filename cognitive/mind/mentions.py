"""Whether words name a thing or a place that is known by another wording: "those specs" are the glasses, "the sill" the window sill.

Pure functions over lower-case words, microseconds; English.
"""

from __future__ import annotations

from collections.abc import Collection

from cognitive.cues import SMALL_WORDS

_SAME = (
    "glasses specs spectacles eyeglasses readers", "phone mobile cellphone smartphone cell", "keys key keyring",
    "pills tablets medicine medication meds pill", "umbrella brolly parasol", "purse handbag", "bag rucksack backpack satchel tote",
    "jumper sweater pullover cardigan", "coat jacket anorak", "pen biro", "remote controller zapper", "mug cup", "telly tv television",
    "scissors shears", "sofa couch settee", "fridge refrigerator", "cupboard cabinet press", "wardrobe closet", "bin trash rubbish",
    "worktop counter", "sill windowsill ledge", "laptop computer notebook", "card pass badge", "torch flashlight", "stick cane",
    "wallet billfold", "hat cap beanie", "biscuits cookies", "sweets candy", "lorry truck", "box case", "jar pot", "desk table",
)  # fmt: skip
ALIKE: dict[str, frozenset[str]] = {}
for _line in _SAME:
    for _word in _line.split():
        ALIKE[_word] = ALIKE.get(_word, frozenset()) | frozenset(_line.split())
MANY = frozenset("they them those these 'em".split())
ONE = frozenset({"it"})


def plural(name: str) -> bool:
    """Return whether a thing is spoken of as "them"."""
    head = name.rpartition(" ")[2]
    return head.endswith("s") and not head.endswith("ss")


def stem(word: str) -> str:
    """Return the word without the plural's s and the owner's 's."""
    word = word.removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def content(name: str) -> list[str]:
    """Return the words that tell what a thing is, without whose it is."""
    bare = name.partition("'s ")[2] or name
    return [word for word in bare.split() if word not in SMALL_WORDS]


def named(name: str, words: Collection[str], against: str = "", *, loosely: bool = False) -> bool:
    """Return whether words name a thing; of two jars the one whose own word ("red") is said.

    Args:
        name: the thing's normal name.
        words: what was said, lower-case.
        against: another thing with which it must not be taken for the same.
        loosely: other words for it count as well ("specs" for glasses).
    """
    own = content(name)
    if not own:
        return False
    said = {stem(word) for word in words}
    others = {stem(word) for word in content(against)}
    if stem(own[-1]) in others:
        distinct = [stem(word) for word in own if stem(word) not in others]
        return bool(distinct) and any(word in said for word in distinct)
    if stem(own[-1]) in said:
        return True
    alike = {stem(word) for word in ALIKE.get(own[-1], ())} - others if loosely else set()
    return bool(alike & said)


def pronoun(name: str, words: Collection[str]) -> bool:
    """Return whether words hold a pronoun that fits a thing in number."""
    return bool((MANY if plural(name) else ONE) & set(words))
