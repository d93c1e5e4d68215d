"""What people have in mind: who saw, heard or was told what, and what they believe of each other's beliefs.

`events` are what happens, `epistemic` is the model that they are applied to, `language` reads them from English sentences.
"""

from cognitive.mind.epistemic import EpistemicModel, EpistemicState, Sight
from cognitive.mind.sightings import Belief

__all__ = ["Belief", "EpistemicModel", "EpistemicState", "Sight"]
