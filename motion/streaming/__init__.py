"""The running generator: ONNX Runtime and numpy, no torch. `generator` is the class to use, `speak` makes motion for whole recordings."""
