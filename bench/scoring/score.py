"""score.py <model.onnx> <input> <output> <columns> <batch> <ms>: bare run() of Python's onnxruntime in a loop, on one thread."""
import json, resource, sys, time
import numpy as np
import onnxruntime as ort

path, name, output = sys.argv[1:4]
columns, batch, ms = map(int, sys.argv[4:])
options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
options.log_severity_level = 3
session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
random = np.random.default_rng(7)
matrix = random.uniform(-200, 200, (batch, columns)).astype(np.float32)
matrix[random.random(matrix.shape) < 0.1] = np.nan


def ask(seconds):
    took = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        begun = time.perf_counter()
        session.run([output], {name: matrix})
        took.append(time.perf_counter() - begun)
    return took


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


ask(ms * 0.3 / 1000)
before, begun = cpu(), time.perf_counter()
took = ask(ms / 1000)
sec, used = time.perf_counter() - begun, cpu() - before
print(json.dumps({
    "rowsPerSec": len(took) * batch / sec,
    "p50Ms": float(np.quantile(took, 0.5)) * 1000,
    "p99Ms": float(np.quantile(took, 0.99)) * 1000,
    "cpuUsPerRow": used * 1e6 / (len(took) * batch),
}))
