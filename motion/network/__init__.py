"""The generator's network in torch (extra `train`): blocks, base, control. Only training and export import it; the runtime has ONNX."""
