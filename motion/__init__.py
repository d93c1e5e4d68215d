"""The agent's body: skeleton, rotations, kinematics, clips, formats and the generators of motion.

Units and frames throughout: metres, radians, seconds; right-handed, y up, the agent faces +z and its left is +x (VRM 1.0);
quaternions are x, y, z, w. Importing this package loads nothing; every submodule says what it needs.
"""
