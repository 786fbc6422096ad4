#!/usr/bin/env bash
# ONNX Runtime 1.31.1, a random forest of 20 trees for two classes (scikit-learn 1.9.1, written by skl2onnx 1.20.0).
#
# Expected: the class of a row does not depend on how many threads the session has.
# Seen: of 800 rows 42 get another class with two threads than with one. Each tree votes 0.05 in 32 bits; where ten trees
# vote for either class the sum is one half give or take the last bit, and the order in which it is added up, which
# follows from the number of threads, decides. Forests of 2, 4 and 10 trees agree. Whoever compares classes of ONNX with those of the model that was converted, or
# tests on a machine with other cores, sees changes that no model made: setting `intra_op_num_threads` makes it steady.
#
# Ends with 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/environment"
"$folder/environment/bin/python" -m pip install --quiet --disable-pip-version-check \
    onnxruntime==1.31.1 onnx==1.23.2 skl2onnx==1.20.0 scikit-learn==1.9.1 numpy==2.4.6
"$folder/environment/bin/python" - <<'PYTHON'
import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier

random = np.random.default_rng(3)
rows = np.round(random.normal(size=(800, 5)), 1).astype(np.float32)
target = (rows[:, 0] + random.normal(size=800) > 0).astype(int)
test = np.round(random.normal(size=(800, 5)), 1).astype(np.float32)
flips = {}
for trees in (2, 4, 10, 20):
    forest = RandomForestClassifier(n_estimators=trees, random_state=0).fit(rows, target)
    graph = to_onnx(forest, rows[:1], options={"zipmap": False}).SerializeToString()

    def classes(threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        return session.run(None, {"X": test})[0]

    flips[trees] = int((classes(1) != classes(2)).sum())
print(f"onnxruntime {onnxruntime.__version__}: rows of 800 whose class differs between one and two threads, by trees: {flips}")
assert flips[20] > 0, "the class no longer depends on the number of threads"
PYTHON
