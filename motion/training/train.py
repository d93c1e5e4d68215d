"""The training loop: base, distillation or control, on a CPU, one GPU or many without change (accelerate), resumable.

AdamW with warm-up and cosine decay, bfloat16 where asked, gradient clipping, weights averaged over time (diffusers' EMAModel); curves go to
TensorBoard. What is stored: `motion.training.checkpoint`. A kill at any moment loses at most `save_every` steps. Of several processes
(`torchrun`, `accelerate launch`) each draws windows and noise of its own, and gradients are averaged before every step; the first one
speaks and stores.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import torch
from torch import Tensor, nn

from motion.corpus.store import Corpus
from motion.network.base import Base
from motion.network.control import Control
from motion.streaming import aims
from motion.tokens import codec
from motion.tokens import shape as shapes
from motion.tokens.shape import Shape
from motion.training import checkpoint
from motion.training.distill import Objective, distillation_loss
from motion.training.flow import FlowSettings, flow_loss
from motion.training.windows import Batch, Windows, token_forecast, token_scale

Stage = Literal["base", "control", "distill"]

_APART: Final = 1_000_003
"""Between the seeds of two processes."""


def _nothing(_line: str) -> None:
    """What all processes but the first say."""


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How to train.

    Attributes:
        steps: of the whole stage.
        rows: windows a step.
        length: tokens a window, a multiple of the block.
        rate: greatest learning rate.
        warm_up: steps until it is reached.
        precision: "bf16" or "no".
        decay: of the average of weights.
        weight_decay: of AdamW.
        clip: greatest norm of the gradient.
        save_every: steps between checkpoints.
        validate_every: steps between looks at validation windows.
        seed: of everything.
        objective: of distillation, "shortcut", "consistency" or "energy".
        flow: how windows are spoiled.
    """

    steps: int = 5000
    rows: int = 24
    length: int = 60
    rate: float = 1e-3
    warm_up: int = 200
    precision: Literal["bf16", "no"] = "bf16"
    decay: float = 0.999
    weight_decay: float = 0.01
    clip: float = 1.0
    save_every: int = 500
    validate_every: int = 250
    seed: int = 0
    objective: Objective = "energy"
    flow: FlowSettings = field(default_factory=FlowSettings)


class Trainer:
    """One stage of training in a folder."""

    def __init__(
        self,
        folder: Path,
        stage: Stage,
        corpus: Corpus,
        shape: Shape,
        settings: TrainSettings,
        say: Callable[[str], None] = print,
    ) -> None:
        """Make the networks, and go on from what the folder holds.

        Raises:
            ValueError: the folder's checkpoint is of another shape, or a stage that must come first is missing.
        """
        from accelerate import Accelerator
        from diffusers.training_utils import EMAModel

        torch.manual_seed(settings.seed)
        self.folder, self.stage, self.settings = folder, stage, settings
        folder.mkdir(parents=True, exist_ok=True)
        self._accelerator: Any = Accelerator(mixed_precision=settings.precision)
        self._first: bool = self._accelerator.is_main_process
        self._say = say if self._first else _nothing
        scale = token_scale(corpus) if stage == "base" else checkpoint.load_scale(folder / "scale.npz")
        if stage != "base":
            # The base fixes everything but the gestures, which only the control knows.
            shape = replace(shapes.read(folder / "shape.json"), labels=shape.labels)
        self.shape = shape
        self.base = Base(shape)
        if stage == "base":
            self.base.set_forecast(token_forecast(corpus, scale, shape.block_tokens))
        else:
            checkpoint.load_weights(self.base, folder / "base.safetensors")
        self.control = Control(self.base) if stage == "control" else None
        self._trained: nn.Module = self.base if self.control is None else self.control
        if self.control is not None:
            self.base.requires_grad_(False)
            self.control.set_hints((codec.neutral() - scale[0]) / scale[1], aims.ADDED)
        self._optimiser = torch.optim.AdamW(
            self._trained.parameters(), lr=settings.rate, betas=(0.9, 0.98), weight_decay=settings.weight_decay
        )
        self._ema: Any = EMAModel(self._trained.parameters(), decay=settings.decay, use_ema_warmup=True, power=0.75)
        self._teacher = self._frozen_teacher()
        self.step = self._resume()
        # As for evaluation, that is without the wrapper that shares gradients: the loss calls parts of the network past it.
        self._trained = self._accelerator.prepare_model(self._trained, evaluation_mode=True)
        self._optimiser = self._accelerator.prepare(self._optimiser)
        self.base.to(self._accelerator.device)
        if self._teacher is not None:
            self._teacher.to(self._accelerator.device)
        self._ema.to(self._accelerator.device)
        if self._first:
            shapes.write(folder / "shape.json", shape)
            if stage == "base":
                checkpoint.save_scale(folder / "scale.npz", *scale)
        # All begin with the same weights; from here on each process draws for itself.
        own = _APART * self._accelerator.process_index
        if not self._first:
            torch.manual_seed(settings.seed + own)
        asked = stage == "control"
        self._windows = Windows(corpus, "train", shape, scale, settings.length, settings.seed + self.step + own, asked)
        self._check = self._validation(corpus, scale) if self._first else None

    def _frozen_teacher(self) -> Base | None:
        if self.stage != "distill" or self.settings.objective != "consistency":
            return None
        teacher = Base(self.shape)
        teacher.load_state_dict(self.base.state_dict())
        return teacher.requires_grad_(False)

    def _validation(self, corpus: Corpus, scale: Any) -> Batch | None:
        try:
            held = Windows(corpus, "validation", self.shape, scale, self.settings.length, 1, self.stage == "control")
        except ValueError:
            self._say("no validation scenes: the training goes on without them")
            return None
        return held.draw(4 * self.settings.rows)

    # ------------------------------------------------------------ the loop

    def run(self) -> None:
        """Train to the end of the stage."""
        from torch.utils.tensorboard import SummaryWriter

        writer = SummaryWriter(str(self.folder / "curves" / self.stage)) if self._first else None
        settings = self.settings
        began, mean = time.monotonic(), 0.0
        first = self.step
        while self.step < settings.steps:
            loss = self._one_step()
            mean = loss if self.step == first else 0.98 * mean + 0.02 * loss
            self.step += 1
            if writer and self.step % 20 == 0:
                writer.add_scalar("loss", loss, self.step)
                writer.add_scalar("rate", self._rate(), self.step)
            if self.step % 50 == 0:
                pace = (time.monotonic() - began) / (self.step - first)
                self._say(f"{self.stage} {self.step}/{settings.steps} loss {mean:.4f} {1e3 * pace:.0f} ms a step")
            if writer and self.step % settings.validate_every == 0 and self._check is not None:
                held = self.validate()
                writer.add_scalar("validation", held, self.step)
                self._say(f"{self.stage} {self.step} validation {held:.4f}")
            if self.step % settings.save_every == 0 or self.step == settings.steps:
                self.save()
        if writer:
            writer.close()

    def _one_step(self) -> float:
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate()
        batch = self._windows.draw(self.settings.rows).to(self._accelerator.device)
        with self._accelerator.autocast():
            loss = self._loss(batch)
        self._optimiser.zero_grad()
        self._accelerator.backward(loss)
        self._share_gradients()
        self._accelerator.clip_grad_norm_(self._trained.parameters(), self.settings.clip)
        self._optimiser.step()
        self._ema.step(self._trained.parameters())
        return float(loss.detach())

    def _share_gradients(self) -> None:
        """Average gradients over all processes; nothing in one alone."""
        if self._accelerator.num_processes == 1:
            return
        for parameter in self._trained.parameters():
            if parameter.requires_grad:
                # A part that a batch did not need has none here and perhaps one elsewhere.
                mine = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
                parameter.grad = self._accelerator.reduce(mine, "mean")

    def _loss(self, batch: Batch) -> Tensor:
        settings = self.settings
        if self.stage == "distill":
            return distillation_loss(self.base, batch, settings.flow, settings.objective, teacher=self._teacher)
        if self.control is not None and self.shape.distilled:
            return distillation_loss(self.base, batch, settings.flow, "energy", control=self.control)
        return flow_loss(self.base, batch, settings.flow, self.control)[0]

    def _rate(self) -> float:
        settings = self.settings
        if self.step < settings.warm_up:
            return settings.rate * (self.step + 1) / settings.warm_up
        done = (self.step - settings.warm_up) / max(1, settings.steps - settings.warm_up)
        return settings.rate * (0.02 + 0.98 * 0.5 * (1.0 + math.cos(math.pi * min(done, 1.0))))

    @torch.no_grad()
    def validate(self) -> float:
        """The flow's loss of the averaged weights on fixed windows of the validation split, with fixed noise."""
        assert self._check is not None
        self._ema.store(self._trained.parameters())
        self._ema.copy_to(self._trained.parameters())
        clean = FlowSettings(deaf=0.0, no_style=0.0, short_history=0.0, spoiled=0.0)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(7)
            with self._accelerator.autocast():
                loss, _ = flow_loss(self.base, self._check.to(self._accelerator.device), clean, self.control)
        self._ema.restore(self._trained.parameters())
        return float(loss)

    # ------------------------------------------------------------ on disk

    @property
    def _name(self) -> str:
        return "control" if self.stage == "control" else "base"

    def save(self) -> None:
        """Store averaged weights, and what is needed to go on."""
        if not self._first:
            return
        plain = self._accelerator.unwrap_model(self._trained)
        resume = {f"weight.{name}": value for name, value in plain.state_dict().items()}
        averages = dict(zip((name for name, _ in plain.named_parameters()), self._ema.shadow_params, strict=True))
        resume |= {f"average.{name}": value for name, value in averages.items()}
        resume |= checkpoint.moments(self._optimiser)
        checkpoint.save_tensors(self.folder / f"resume-{self.stage}.safetensors", resume)
        # The student replaces the teacher only when it is done.
        if self.stage != "distill" or self.step >= self.settings.steps:
            if self.stage == "distill":
                shapes.write(self.folder / "shape.json", replace(self.shape, distilled=True))
            checkpoint.save_tensors(self.folder / f"{self._name}.safetensors", {**plain.state_dict(), **averages})
        else:
            checkpoint.save_tensors(self.folder / "student.safetensors", {**plain.state_dict(), **averages})
        progress = {"step": self.step, "averages": self._ema.optimization_step, "settings": asdict(self.settings)}
        checkpoint.save_progress(self.folder / f"progress-{self.stage}.json", progress)

    def _resume(self) -> int:
        progress = checkpoint.load_progress(self.folder / f"progress-{self.stage}.json")
        if not progress:
            return 0
        tensors = checkpoint.load_tensors(self.folder / f"resume-{self.stage}.safetensors")
        weights = {k.removeprefix("weight."): v for k, v in tensors.items() if k.startswith("weight.")}
        try:
            self._trained.load_state_dict(weights)
        except RuntimeError as error:
            raise ValueError(f"{self.folder} holds a checkpoint of another shape; give another folder") from error
        checkpoint.restore_moments(self._optimiser, tensors)
        self._ema.shadow_params = [tensors[f"average.{name}"].clone() for name, _ in self._trained.named_parameters()]
        self._ema.optimization_step = int(progress["averages"])
        self._say(f"going on from step {progress['step']}")
        return int(progress["step"])
