"""Words with a clear feeling, written for this project: weight -1 (bad) to 1 (good) in everyday talk with an agent.

Left out on purpose: words whose feeling depends on their use (like, well, kind, right, pretty).
"""

from __future__ import annotations

_GROUPS: dict[float, str] = {
    0.9: "wonderful amazing fantastic awesome excellent brilliant delighted thrilled perfect love loved loves overjoyed",
    0.7: "happy glad great excited beautiful lovely enjoy enjoyed enjoying fun funny proud grateful laughing joy cheerful "
    "hilarious celebrate won",
    0.5: "good nice pleased thanks thank cool interesting helpful friendly sweet hope hopeful relaxed calm smile smiling welcome "
    "better best comfortable safe",
    0.3: "fine okay ok yes sure curious interested ready",
    -0.3: "tired bored boring busy unsure confused slow sorry late difficult hard strange weird confusing uncomfortable",
    -0.5: "bad sad worried nervous lonely upset annoyed annoying wrong unhappy stressed disappointed disappointing hurt hurts "
    "sick ill lost problem pain trouble stuck ugly stupid worse rude unfair fail failed miss crying cry broken missed regret",
    -0.7: "angry afraid scared frightened awful horrible terrible miserable anxious furious frustrated frustrating hopeless "
    "depressed painful hate hated hates ashamed alone worst disgusting useless mad",
    -0.9: "devastated heartbroken despair terrified died dead dying killed agony unbearable",
}
VALENCE: dict[str, float] = {word: weight for weight, words in _GROUPS.items() for word in words.split()}
NEGATIONS: frozenset[str] = frozenset(
    {"not", "no", "never", "nothing", "hardly", "neither", "nor", "without", "cannot"}
)
INTENSIFIERS: dict[str, float] = {
    **dict.fromkeys(("very", "really", "so", "extremely", "totally", "absolutely", "incredibly"), 1.3),
    **dict.fromkeys(("slightly", "somewhat", "bit", "little", "quite"), 0.7),
}
