"""DeepCache: most steps reuse the UNet's deep blocks of an earlier step, and run its outer blocks alone.

Source: Ma, Fang and Wang, "DeepCache: Accelerating Diffusion Models for Free" (2023). Written anew because the package
of that name keeps one batch size, while guidance that ends early halves it; and here whole blocks are kept, not layers.
By count, a step of SDXL's base that reuses them takes 0.45 of 5.98 TFLOP: one full step in three is 2.6 times as fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class _Cache:
    """What the deep blocks gave last.

    Attributes:
        interval: steps from one full run to the next.
        age: steps since the last full run; 0 in a full run itself.
        shape: of the latents; another shape needs a full run.
    """

    interval: int
    age: int = -1
    shape: tuple[int, ...] = ()
    kept: dict[int, Any] = field(default_factory=dict)

    def begin_step(self, unet: Any, arguments: tuple[Any, ...]) -> None:
        """A forward pre-hook of the UNet: decide whether this step is a full run."""
        shape = tuple(arguments[0].shape)
        self.age = (self.age + 1) % self.interval if shape == self.shape else 0
        self.shape = shape

    def wrap(self, number: int, forward: Callable[..., Any]) -> Callable[..., Any]:
        """``forward`` of a block, run in full runs only."""

        def reuse(*arguments: Any, **named: Any) -> Any:
            if self.age == 0:
                self.kept[number] = forward(*arguments, **named)
            return self.kept[number]

        return reuse


@contextmanager
def reuse_deep_blocks(unet: Any, interval: int) -> Iterator[None]:
    """Run the deep blocks of ``unet`` once in ``interval`` steps; afterwards it is as it was, whatever happened."""
    if interval <= 1:
        yield
        return
    cache = _Cache(interval)
    hook = unet.register_forward_pre_hook(cache.begin_step)
    deep = [*unet.down_blocks[1:], unet.mid_block, *unet.up_blocks[:-1]]
    for number, block in enumerate(deep):
        block.forward = cache.wrap(number, block.forward)
    try:
        yield
    finally:
        hook.remove()
        for block in deep:
            del block.forward  # the class's own shows again
