"""From a torch module to an ONNX file that says nothing of the machine it was made on.

The exporter notes source paths and stack traces at every node; they are taken out, so that the same weights give the same bytes anywhere.
Extra `train`; blocking.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


def write(
    module: nn.Module,
    example: Tensor,
    names: tuple[str, str],
    properties: Mapping[str, str],
    path: str | os.PathLike[str],
) -> None:
    """Export a module of one input and one output, the first axis of both of any length.

    Args:
        module: in `eval` mode.
        example: an input of at least two rows.
        names: of input and output.
        properties: what the file says of itself, readable as custom metadata.
        path: of the file; its folder is made if absent.

    Raises:
        OSError: it cannot be written.
    """
    import onnx

    where = Path(path)
    where.parent.mkdir(parents=True, exist_ok=True)
    rows = torch.export.Dim("rows", min=1)
    program: Any = torch.onnx.export(
        module, (example,), input_names=[names[0]], output_names=[names[1]], dynamic_shapes=({0: rows},),
        dynamo=True, external_data=False, verbose=False,
    )  # fmt: skip
    model = program.model_proto
    forget_origin(model)
    onnx.helper.set_model_props(model, dict(properties))
    where.write_bytes(model.SerializeToString(deterministic=True))


def forget_origin(model: Any) -> None:
    """Take out what the exporter noted of source files, at every node and value."""
    graph = model.graph
    noted = [
        graph.node,
        graph.value_info,
        graph.input,
        graph.output,
        graph.initializer,
        model.functions,
        [graph, model],
    ]
    for part in (one for parts in noted for one in parts):
        del part.metadata_props[:]
        part.doc_string = ""
