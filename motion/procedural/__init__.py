"""The model-free body: `generator: procedural`, the baseline that a learned generator must beat.

`generator.ProceduralGenerator` is the entry point. All parts shape one vector of animator's controls (`controls`), which `solver` turns
into joint rotations by inverse kinematics.
"""
