"""Delicate topics by their words: for the strict mode's whitelist and for topics that a persona does not talk about. Data; English."""

from __future__ import annotations

TOPICS: dict[str, str] = {
    "politics": (
        "politics political politician politicians election elections president minister parliament government communism fascism "
        "democrats republicans senator congress brexit chancellor vote voting voters"
    ),
    "religion": (
        "religion religious god allah jesus bible quran koran church mosque synagogue prayer pray atheist atheism christian muslim "
        "jewish buddhist hindu sin heaven hell"
    ),
    "health": (
        "depression cancer diabetes medication medicine pills tablets therapy diagnosis disease symptoms antidepressants vaccine "
        "vaccines surgery tumour tumor hiv pregnant pregnancy abortion insulin antibiotics ibuprofen aspirin paracetamol dementia"
    ),
    "money": "shares stocks bitcoin crypto loan mortgage debt debts invest investment investing salary pension inheritance",
    "law": "lawsuit sue court lawyer attorney verdict custody divorce alimony prison guilty testify",
    "sex": "sex sexual sexy porn erotic naked nude dating lover",
    "weapons": "gun guns rifle pistol weapon weapons bomb bombs explosive explosives grenade ammunition",
    "drugs": "heroin cocaine cannabis marijuana meth ecstasy lsd drug drugs opium",
    "alcohol": "beer wine whisky whiskey vodka rum gin champagne cocktail cocktails drunk liquor",
    "gambling": "casino gamble gambling betting poker roulette lottery",
    "death": "death dead die died dying suicide murder killed corpse funeral",
}
"""Words by topic."""

BY_WORD: dict[str, str] = {word: topic for topic, words in TOPICS.items() for word in words.split()}


def topics_of(sentence: str) -> set[str]:
    """Return the delicate topics that a sentence (as `words.sentences` makes them) speaks about."""
    by_word = BY_WORD
    return {by_word[word] for word in sentence.split() if word in by_word}
