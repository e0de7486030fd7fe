"""brought.py <folder> <feature> <feature> …: trains small models, converts them, and writes each with its signature."""
import re, sys
import numpy as np
import yaml

folder, names = sys.argv[1], sys.argv[2:]
random = np.random.default_rng(3)
rows, columns = 4000, len(names)
X = random.normal(0, 10, (rows, columns)).astype(np.float32)
margin = 0.2 * X[:, 0] - 0.1 * X[:, 1] + np.where(X[:, 2] > 3, 1.5, -0.5)
y = (random.random(rows) < 1 / (1 + np.exp(-margin))).astype(int)


def write(name, origin, onnx, output, golden, expected, kind="risk"):
    with open(f"{folder}/{name}.onnx", "wb") as file:
        file.write(onnx.SerializeToString())
    signature = {
        "model": "late-delivery",
        "origin": origin,
        "features": names,
        "outputs": [{"name": output, "kind": kind}],
        "golden": {
            "rows": [[float(v) for v in row] for row in golden],
            "expected": [float(v) for v in expected],
        },
    }
    with open(f"{folder}/{name}.yaml", "w") as file:
        yaml.safe_dump(signature, file)


def rounded_down(text):
    """A LightGBM model's text with each threshold moved down to the float32 at or below it."""
    def down(match):
        def one(value):
            t = float(value)
            f = np.float32(t)
            return repr(float(f if float(f) <= t else np.nextafter(f, np.float32(-np.inf))))
        return "threshold=" + " ".join(one(value) for value in match.group(1).split())
    text = re.sub(r"(?m)^threshold=(.*)$", down, text)
    # Sizes of the trees in bytes, which have changed; without the line they are read one after the other.
    return re.sub(r"(?m)^tree_sizes=.*\n", "", text)


import lightgbm
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

types = [("input", FloatTensorType([None, columns]))]
booster = lightgbm.train({"objective": "binary", "num_leaves": 15, "verbose": -1}, lightgbm.Dataset(X, y), 30)
splits = booster.trees_to_dataframe().dropna(subset=["threshold"])
golden = X[:60].copy()
for row, (feature, threshold) in enumerate(zip(splits.split_feature, splits.threshold)):
    if row < len(golden):
        golden[row, int(feature.split("_")[1])] = np.float32(threshold)
expected = booster.predict(golden.astype(np.float64))
again = lightgbm.Booster(model_str=rounded_down(booster.model_to_string()))
for name, model, zipmap in [
    ("lightgbm-as-converted", booster, False),
    ("lightgbm-rounded-down", again, False),
    ("lightgbm-zipmap", again, True),
]:
    onnx = convert_lightgbm(model, initial_types=types, zipmap=zipmap, target_opset=15)
    write(name, "lightgbm", onnx, "probabilities", golden, expected)

import xgboost

trees = xgboost.XGBClassifier(n_estimators=30, max_depth=4).fit(X, y)
onnx = convert_xgboost(trees, initial_types=types, target_opset=15)
write("xgboost", "xgboost", onnx, "probabilities", X[:50], trees.predict_proba(X[:50])[:, 1])

from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType as SklearnFloat
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# Not HistGradientBoosting: skl2onnx 1.20 writes booleans among whole numbers for it, which onnx refuses.
for name, model in [
    ("sklearn-forest", RandomForestClassifier(30, max_depth=6, random_state=1)),
    ("sklearn-boosting", GradientBoostingClassifier(n_estimators=30, random_state=1)),
    ("sklearn-logistic", make_pipeline(StandardScaler(), LogisticRegression())),
]:
    model.fit(X, y)
    onnx = convert_sklearn(
        model, initial_types=[("input", SklearnFloat([None, columns]))], options={"zipmap": False}, target_opset=15
    )
    write(name, "scikit-learn", onnx, "probabilities", X[:50], model.predict_proba(X[:50])[:, 1])
