"""All-reduce of FLOAT32 by Gloo: gloo.py RANK SIZE PORT SECONDS BYTES... prints "BYTES<TAB>MS" for each size."""
import statistics
import sys
import time

import torch
import torch.distributed as dist

rank, size, port, seconds = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
torch.set_num_threads(1)
dist.init_process_group("gloo", init_method="tcp://127.0.0.1:" + port, rank=rank, world_size=size)


def batch(x, times):
    start = time.perf_counter()
    for _ in range(times):
        dist.all_reduce(x)
    return (time.perf_counter() - start) / times


for argument in sys.argv[5:]:
    count = int(argument) // 4
    x = torch.full((count,), float(rank + 1))
    dist.all_reduce(x)
    assert x[-1].item() == size * (size + 1) / 2
    x.zero_()
    once = torch.tensor([batch(x, 3)])
    dist.broadcast(once, 0)
    times = int(0.03 / once.item()) + 1
    batches = min(1000, int(seconds / (times * once.item())) + 1)
    for _ in range(batches):
        batch(x, times)
    median = statistics.median(batch(x, times) for _ in range(batches))
    if rank == 0:
        print(f"{argument}\t{median * 1e3:.6f}", flush=True)
dist.destroy_process_group()
