#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the flopscope cases of whest_bench and the same operations in the real package, and prints both with their ratio.

The package lives in a virtual environment of the user's own, named by --peer-python or WHEST_PEER_PYTHON; where there is
none, or it has no flopscope, this says so and ends with status 0. Standard library only; the measured part (--measure)
runs in that environment.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import time

UNITS_TO_NS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def numbers(np, shape, dtype, key):
    """As numbers() of flopscope_bench.cpp."""
    n = 1
    for size in shape:
        n *= size
    bits = (np.arange(n, dtype=np.uint64) * 2654435761 + key * 40503 + 12345) & 0xFFFFFFFF
    return ((bits.astype(np.float64) + 0.5) / 4294967296.0).astype(dtype).reshape(shape)


def cases():
    """Name -> function that makes the operation; the names are those of flopscope_bench.cpp."""
    import flopscope
    import flopscope.numpy as fnp
    import flopscope.stats
    import numpy as np

    f32, f64 = np.float32, np.float64

    def array(shape, dtype=f64, key=1):
        return fnp.array(numbers(np, shape, dtype, key))

    def symmetric(n):
        x = array((n, n), f64, 3)
        return flopscope.as_symmetric(np.asarray(x + x.T), symmetry=flopscope.SymmetryGroup.symmetric(axes=(0, 1)))

    def unary(function, shape, dtype):
        a = array(shape, dtype)
        return lambda: function(a)

    def binary(function, shape, dtype, other_shape=None):
        a, b = array(shape, dtype, 1), array(other_shape or shape, dtype, 2)
        return lambda: function(a, b)

    def scaled():
        a = array((10,))
        return lambda: a * 2.0

    def transposed():
        a = array((10, 10))
        return lambda: a.T

    def row():
        a = array((10, 10))
        return lambda: a[3]

    def floored():
        a = array((1000000,), f32)
        return lambda: fnp.maximum(a, 0.5)

    def mean_of_columns():
        a = array((1000, 1000), f32)
        return lambda: fnp.mean(a, axis=0)

    def transposed_matvec():
        a, x = array((256, 256), f32, 1), array((256,), f32, 2)
        return lambda: fnp.matmul(a.T, x)

    def einsum(subscripts, *operands):
        return lambda: fnp.einsum(subscripts, *operands)

    table = {
        "add_10": lambda: binary(fnp.add, (10,), f64),
        "add_10_scalar": scaled,
        "add_1000": lambda: binary(fnp.add, (1000,), f64),
        "exp_10": lambda: unary(fnp.exp, (10,), f64),
        "sum_10": lambda: unary(fnp.sum, (10,), f64),
        "transpose_10": transposed,
        "getitem_row_10": row,
        "zeros_10": lambda: lambda: fnp.zeros((10,)),
        "matmul_10_float32": lambda: binary(fnp.matmul, (10, 10), f32),
        "matvec_10": lambda: binary(fnp.matmul, (10, 10), f64, (10,)),
        "einsum_pair_10": lambda: einsum("ij,kj->ik", array((10, 10)), array((10, 10), f64, 2)),
        "einsum_tagged_10": lambda: einsum("ij,jk,kl->il", array((10, 10)), symmetric(10), array((10, 10), f64, 2)),
        "add_1e7_float32": lambda: binary(fnp.add, (10000000,), f32),
        "add_1e7": lambda: binary(fnp.add, (10000000,), f64),
        "maximum_1e6_float32": floored,
        "sum_1e6_float32": lambda: unary(fnp.sum, (1000000,), f32),
        "mean_rows_1e6_float32": mean_of_columns,
        "norm_cdf_1e6": lambda: unary(flopscope.stats.norm.cdf, (1000000,), f64),
        "sort_1e6_float32": lambda: unary(fnp.sort, (1000000,), f32),
        "matmul_256_float32": lambda: binary(fnp.matmul, (256, 256), f32),
        "matmul_1024_float32": lambda: binary(fnp.matmul, (1024, 1024), f32),
        "matvec_256_float32": transposed_matvec,
        "einsum_covariance_256": lambda: (lambda w, s: einsum("ia,ij,jb->ab", w, s, w))(array((256, 256)), symmetric(256)),
    }
    for name in ("max", "argmax", "median", "unique"):
        table[f"{name}_1e6"] = lambda function=getattr(fnp, name): unary(function, (1000000,), f64)
    table["insert_1e6"] = lambda: unary(lambda a: fnp.insert(a, 500, 1.0), (1000000,), f64)
    table["fft_1e6"] = lambda: unary(fnp.fft.fft, (1000000,), f64)
    table["rfft_1e6"] = lambda: unary(fnp.fft.rfft, (1000000,), f64)
    table["cov_200x1000"] = lambda: unary(fnp.cov, (200, 1000), f64)
    table["power_1e6"] = lambda: binary(fnp.power, (1000000,), f64)
    for name in ("exp", "log", "tanh", "sin", "sqrt", "log2", "tan", "arccos", "arctan", "sinh", "cbrt"):
        function = getattr(fnp, name)
        table[f"{name}_1e6_float32"] = lambda function=function: unary(function, (1000000,), f32)
        table[f"{name}_1e6"] = lambda function=function: unary(function, (1000000,), f64)
    return table


def measure(names, seconds, clock):
    """Nanoseconds a call in this interpreter: the best of several batches, each in a budget of its own."""
    import flopscope

    table = cases()
    result = {"version": flopscope.__version__, "ns": {}}
    for name in names:
        if name not in table:
            continue
        best = float("inf")
        calls = 1
        spent = 0.0
        with flopscope.BudgetContext(flop_budget=10**18, quiet=True):
            operation = table[name]()
            operation()
        while spent < seconds:
            with flopscope.BudgetContext(flop_budget=10**18, quiet=True):
                begin = clock()
                for _ in range(calls):
                    operation()
                took = clock() - begin
            best = min(best, took / calls)
            spent += took * 1e-9
            if took < seconds * 1e9 / 10:
                calls = max(calls + 1, int(calls * min(10, seconds * 1e8 / max(took, 1))))
        result["ns"][name] = best
    return result


def names_of(bench, pattern):
    """The flopscope cases that the program has, in its order."""
    listed = subprocess.run([bench, "--benchmark_list_tests"], stdout=subprocess.PIPE, text=True, check=True).stdout
    names = [line.split("/")[1] for line in listed.splitlines() if line.startswith("flopscope/")]
    return [name for name in names if re.search(pattern, name)]


def run_ours(bench, names, repetitions, cpu):
    """(kind, name) -> ns, the best repetition, of 'flopscope/...' and 'bare/...'."""
    command = [bench, f"--benchmark_filter=^(flopscope|bare)/({'|'.join(names)})(/|$)", "--benchmark_format=json",
               f"--benchmark_repetitions={repetitions}", "--benchmark_min_time=0.03"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{bench} failed:\n{done.stderr}")
    best = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run.get("run_type") != "iteration":
            continue
        kind, name = run["run_name"].split("/")[:2]
        ns = run["cpu_time" if cpu else "real_time"] * UNITS_TO_NS[run["time_unit"]]
        best[kind, name] = min(best.get((kind, name), ns), ns)
    return best


def run_peer(python, names, seconds, cpu):
    """What --measure prints in the peer's environment; None, with the reason, where it cannot."""
    command = [python, os.path.abspath(__file__), "--measure", json.dumps(names), "--seconds", str(seconds)]
    command += ["--cpu"] if cpu else []
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        return None, f"cannot start {python}: {error}"
    if done.returncode != 0:
        return None, (done.stderr.strip().splitlines() or ["it failed"])[-1]
    return json.loads(done.stdout), ""


def amount(ns):
    if ns is None:
        return "-"
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:.2f} {unit}"
    return f"{ns:.0f} ns"


def print_table(names, ours, peer):
    print(f"{'case':<26}{'bare':>12}{'ours':>12}{'peer':>12}{'peer/ours':>12}")
    for name in names:
        bare, ns, other = ours.get(("bare", name)), ours.get(("flopscope", name)), peer["ns"].get(name)
        ratio = f"{other / ns:.1f}x" if ns and other else "-"
        print(f"{name:<26}{amount(bare):>12}{amount(ns):>12}{amount(other):>12}{ratio:>12}")


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", default=os.path.join(root, "build/release/bin/whest_bench"))
    parser.add_argument("--peer-python", default=os.environ.get("WHEST_PEER_PYTHON"),
                        help="the interpreter of a virtual environment that has flopscope (WHEST_PEER_PYTHON)")
    parser.add_argument("--filter", default="", help="regular expression on the names of the cases")
    parser.add_argument("--seconds", type=float, default=0.3, help="measured in the peer, for each case")
    parser.add_argument("--repetitions", type=int, default=10, help="of our cases; the best counts")
    parser.add_argument("--cpu", action="store_true",
                        help="CPU time of the calling thread instead of wall time: for a busy machine, BLAS on one thread")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure is not None:
        clock = time.thread_time_ns if options.cpu else time.perf_counter_ns
        print(json.dumps(measure(json.loads(options.measure), options.seconds, clock)))
        return 0
    if not os.path.exists(options.bench):
        print(f"skipped: no benchmark program at {options.bench} (build the target whest_bench, or give --bench)")
        return 0
    if not options.peer_python:
        print("skipped: no interpreter of the peer; give --peer-python or set WHEST_PEER_PYTHON")
        return 0
    peer, why_not = run_peer(options.peer_python, [], options.seconds, options.cpu)
    if peer is None:
        print(f"skipped: {options.peer_python} does not run flopscope: {why_not}")
        return 0
    names = names_of(options.bench, options.filter)
    if not names:
        sys.exit(f"no case matches '{options.filter}'")
    ours = run_ours(options.bench, names, options.repetitions, options.cpu)
    peer, why_not = run_peer(options.peer_python, names, options.seconds, options.cpu)
    if peer is None:
        print(f"skipped: {options.peer_python}: {why_not}")
        return 0
    print(f"peer: flopscope {peer['version']}, {options.peer_python}")
    print_table(names, ours, peer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
