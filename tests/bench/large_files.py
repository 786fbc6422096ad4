"""Makes model files of about 100 MB, and a pipeline beside its bare trees: large_files.py FOLDER

scikit-learn's forest as pickle and as ONNX, XGBoost's boosting as UBJ; rows.json is one row.
"""

import copy
import json
import pathlib
import pickle
import sys

import numpy as np
import xgboost
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(0)
rows = random.normal(size=(200_000, 15)).astype(np.float32)
target = rows[:, 0] * 3 + np.sin(rows[:, 1] * 2) + random.normal(size=len(rows))

forest = RandomForestRegressor(36, min_samples_leaf=3, max_features=0.4, n_jobs=2, random_state=0).fit(rows, target)
part = copy.copy(forest)
part.estimators_, part.n_estimators = forest.estimators_[:20], 20
(folder / "forest_model.pkl").write_bytes(pickle.dumps(part))
(folder / "forest_model.onnx").write_bytes(to_onnx(forest, rows[:2]).SerializeToString())
boosting = xgboost.train(
    {"max_depth": 14, "eta": 0.1, "tree_method": "hist", "nthread": 2}, xgboost.DMatrix(rows, target), num_boost_round=290
)
boosting.save_model(folder / "boosting_model.ubj")

small = RandomForestRegressor(50, max_depth=6, random_state=0)
before = make_pipeline(SimpleImputer(), StandardScaler(), MinMaxScaler())
pipeline = make_pipeline(before, small).fit(rows[:5_000], target[:5_000])
(folder / "pipeline.pkl").write_bytes(pickle.dumps(pipeline))
(folder / "trees.pkl").write_bytes(pickle.dumps(copy.deepcopy(small).fit(rows[:5_000], target[:5_000])))
(folder / "rows.json").write_text(json.dumps(rows[:500].astype(float).tolist()))
