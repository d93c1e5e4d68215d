"""The ways to find and read faces, one file each behind `contract.FaceEngine`; they run in vision's process."""
