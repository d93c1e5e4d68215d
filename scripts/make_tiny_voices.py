"""Make the tiny networks with which tests drive the Piper and Kokoro adapters: `python scripts/make_tiny_voices.py` (extra `train`).

They have the inputs and outputs of the real exports and no weights: each input id becomes a stretch of a 400 Hz tone
whose level is the id's share of 200, so that a test can hear which id is where. Written to tests/behavioral/voice/tiny,
and committed, so that the suite does not need the `onnx` package.
"""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "behavioral" / "voice" / "tiny"
OPSET = 17


def network(kind: str, durations: bool) -> onnx.ModelProto:
    """Return one network; `kind` is piper or kokoro."""
    piper = kind == "piper"
    ids, rate_hz, base = ("input", 22_050, 1_024.0) if piper else ("tokens", 24_000, 1_200.0)
    nodes = [
        helper.make_node("Constant", [], ["base"], value_float=base),
        helper.make_node("Constant", [], ["step"], value_float=2 * 3.14159265 * 400 / rate_hz),
        helper.make_node("Constant", [], ["most"], value_float=200.0),
        helper.make_node("Constant", [], ["one"], value_ints=[1]),
        helper.make_node("Constant", [], ["none"], value_int=0),
        helper.make_node("Constant", [], ["unit"], value_int=1),
        helper.make_node("Constant", [], ["flat"], value_ints=[-1]),
        helper.make_node("Constant", [], ["column"], value_ints=[-1, 1]),
        helper.make_node("Constant", [], ["second"], value_ints=[1]),
    ]
    if piper:
        nodes += [helper.make_node("Gather", ["scales", "second"], ["stretch"], axis=0)]
    else:
        nodes += [helper.make_node("Reciprocal", ["speed"], ["stretch"])]
    nodes += [
        helper.make_node("Mul", ["stretch", "base"], ["length"]),
        helper.make_node("Floor", ["length"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["samples"], to=TensorProto.INT64),
        helper.make_node("Size", [ids], ["count"]),
        helper.make_node("Reshape", ["count", "one"], ["counted"]),
        helper.make_node("Concat", ["counted", "samples"], ["shape"], axis=0),
        helper.make_node("Reshape", [ids, "column"], ["rows"]),
        helper.make_node("Cast", ["rows"], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["levels", "most"], ["shares"]),
        helper.make_node("Expand", ["shares", "shape"], ["spread"]),
        helper.make_node("Reshape", ["spread", "flat"], ["level"]),
        helper.make_node("Size", ["level"], ["total"]),
        helper.make_node("Range", ["none", "total", "unit"], ["at"]),
        helper.make_node("Cast", ["at"], ["at_float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["at_float", "step"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["tone"]),
        helper.make_node("Mul", ["tone", "level"], ["sound"]),
    ]
    if piper:
        nodes += [
            helper.make_node("Constant", [], ["deep"], value_ints=[1, 1, 1, -1]),
            helper.make_node("Reshape", ["sound", "deep"], ["output"]),
        ]
        inputs = [
            helper.make_tensor_value_info("input", TensorProto.INT64, ["batch", "phonemes"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["batch"]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ]
        outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])]
    else:
        nodes += [helper.make_node("Identity", ["sound"], ["output"])]
        inputs = [
            helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, "sequence"]),
            helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
            helper.make_tensor_value_info("speed", TensorProto.FLOAT, [1]),
        ]
        outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["samples"])]
    if durations:
        nodes += [
            helper.make_node("Constant", [], ["frame"], value_float=256.0),
            helper.make_node("Div", ["whole", "frame"], ["frames"]),
            helper.make_node("Expand", ["frames", "counted"], ["durations"]),
        ]
        outputs.append(helper.make_tensor_value_info("durations", TensorProto.FLOAT, ["sequence"]))
    graph = helper.make_graph(nodes, kind, inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    """Write the three networks."""
    FOLDER.mkdir(exist_ok=True)
    for kind, durations in (("piper", False), ("piper", True), ("kokoro", True)):
        name = f"{kind}{'_timed' if durations and kind == 'piper' else ''}.onnx"
        (FOLDER / name).write_bytes(network(kind, durations).SerializeToString())


if __name__ == "__main__":
    main()
