"""
Processes that learn together, one a card, or several on processors: started by torchrun, or one alone. Each hears its own
rows of every batch and takes the same step with the gradient of all of them, so that the weights stay the same everywhere.

    torchrun --nproc-per-node 4 -m cadenza_twin train --notes … --rows 256        64 rows on each of four cards

The rows of a batch, and what plays in them, go by the seed alone: so many processes learn the same as one, to rounding, but
for dropout, of which each draws its own.
"""

import os
import signal
from dataclasses import dataclass

import torch
import torch.distributed as distributed
from torch import Tensor


PATIENCE = 60
"""Seconds in which processes find one another."""


@dataclass(frozen=True)
class Ranks:
    rank: int = 0
    world: int = 1

    @staticmethod
    def started() -> "Ranks":
        """Those that torchrun has started; alone where it has not. Touches no device yet."""
        return Ranks(int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1")))

    def begin(self, device: str) -> str:
        """Finds the others; gives the device of this one."""
        if self.world == 1:
            return device
        on_cards = device.startswith("cuda")
        if on_cards:
            device = f"cuda:{int(os.environ['LOCAL_RANK'])}"
            torch.cuda.set_device(device)
        # The store outlives a restart, and with it the addresses of those that are dead.
        store, _, _ = next(distributed.rendezvous("env://"))
        store = distributed.PrefixStore(f"restart {os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}", store)
        # torchrun has brought all together before it starts them: who waits in vain ends, and it begins again.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(PATIENCE)
        backend = "nccl" if on_cards else "gloo"
        distributed.init_process_group(backend, store=store, rank=self.rank, world_size=self.world)
        signal.alarm(0)
        return device

    @property
    def cores(self) -> int:
        """Cores of this machine for each of the processes on it."""
        return max(1, len(os.sched_getaffinity(0)) // int(os.environ.get("LOCAL_WORLD_SIZE", "1")))

    @property
    def is_first(self) -> bool:
        """Whether it is the one that says, judges and saves."""
        return self.rank == 0

    def share(self, rows: int) -> slice:
        """The rows of a batch that are this one's."""
        if rows % self.world:
            raise SystemExit(f"{rows} rows cannot be shared by {self.world} processes; choose a multiple of it")
        size = rows // self.world
        return slice(self.rank * size, (self.rank + 1) * size)

    def sum(self, *tensors: Tensor) -> None:
        """Each becomes the sum of it over all processes, in place."""
        if self.world > 1:
            for tensor in tensors:
                distributed.all_reduce(tensor)

    def agree(self, numbers: list[float], device: str | torch.device) -> list[float]:
        """What the first one says: clocks differ."""
        if self.world == 1:
            return numbers
        told = torch.tensor(numbers, dtype=torch.float64, device=device)
        distributed.broadcast(told, 0)
        return told.tolist()

    def leave(self) -> None:
        if distributed.is_initialized():
            distributed.destroy_process_group()
