"""The default character, written by code: a VRM 1.0 file of a friendly robot-person.

`python -m avatar.character OUT.vrm` writes it again, byte for byte; the page ships it as `avatar/page/character/attune.vrm`. Nothing
in it comes from anybody else, so it has our licence. Plain functions over numpy arrays, no thread, nothing at run time. Frame: metres,
y up, facing +z, left is +x, rest is a T-pose, as everywhere on the wire. Failure: a shape that cannot be made raises `ValueError`.
"""
