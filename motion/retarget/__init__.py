"""Motion of foreign skeletons: tables of names, the bind pose, and the way onto our own 22 joints."""

from motion.retarget.solve import retarget
from motion.retarget.source import RestPose, SourceClip
from motion.retarget.tables import SKELETONS, NamedSkeleton, find

__all__ = ["SKELETONS", "NamedSkeleton", "RestPose", "SourceClip", "find", "retarget"]
