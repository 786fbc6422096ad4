"""Trains models on columns of pandas categories and saves them as files; prints what they answer as one JSON document.

category_models.py FOLDER     makes the files in FOLDER, and FOLDER/rows.csv
"""

import json
import pickle
import sys
import warnings

warnings.filterwarnings("ignore")
import lightgbm  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import xgboost  # noqa: E402
from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: E402

folder = sys.argv[1]
random = np.random.default_rng(0)
rows = 300
# Texts, and numbers that are not the places of their categories.
data = pd.DataFrame({
    "colour": pd.Categorical(random.choice(["red", "green", "blue"], rows)),
    "size": np.round(random.normal(size=rows), 3),
    "code": pd.Categorical(random.choice([10, 20, 30], rows)),
})
target = (data.colour == "red") * 3.0 + data["size"] + (data.code.astype(int) == 20) * 2
boosted = xgboost.XGBRegressor(n_estimators=6, max_depth=4, enable_categorical=True).fit(data, target)
light = lightgbm.LGBMRegressor(n_estimators=6, verbose=-1, min_child_samples=5).fit(data, target)
histogram = HistGradientBoostingRegressor(max_iter=6, min_samples_leaf=5, categorical_features="from_dtype").fit(data, target)
boosted.save_model(f"{folder}/boosted.json")
boosted.save_model(f"{folder}/boosted.ubj")
light.booster_.save_model(f"{folder}/light.txt")
for name, model in {"boosted": boosted, "light": light, "histogram": histogram}.items():
    with open(f"{folder}/{name}.pkl", "wb") as file:
        pickle.dump(model, file)
data[:80].to_csv(f"{folder}/rows.csv", index=False)
answers = {"boosted": boosted, "light": light, "histogram": histogram}
json.dump({name: model.predict(data[:80]).tolist() for name, model in answers.items()}, sys.stdout)
