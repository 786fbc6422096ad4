"""CatBoost's models for grid.py: loss by shape by treatment of what is missing, in CatBoost's own form, in JSON and in ONNX."""

import itertools

import numpy as np


# CatBoost writes the others as graphs of no model, or of the sums alone.
IN_ONNX = ("RMSE", "MAE", "LogCosh", "Logloss", "Logloss of texts", "MultiClass", "MultiClass of texts", "MultiClass of numbers")


def of_runtime(said):
    """What ONNX Runtime made of CatBoost's graph; of classes a table by row."""
    if "predictions" in said:
        return {"numbers": said["predictions"]}
    return {"labels": said["label"], "shares": np.array([list(shares.values()) for shares in said["probabilities"]])}


def models(grid):
    """Option and maker of each model, as grid.py lists them; `grid` has its tables, labels and helpers."""
    import catboost

    given, with_missing = grid["given"], grid["with_missing"]
    target, positive, classes, halves = (grid[name] for name in ("target", "positive", "classes", "halves"))
    texts = np.array(["low", "middle", "high"])
    regressors = {
        "RMSE": target, "MAE": target, "Quantile:alpha=0.8": target, "MAPE": positive, "Huber:delta=1.5": target, "Expectile:alpha=0.3": target,
        "Lq:q=3": target, "LogCosh": target, "RMSPE": positive, "LogLinQuantile": positive, "Poisson": np.round(positive),
        "Tweedie:variance_power=1.5": positive, "Cox": target, "SurvivalAft": np.column_stack([positive, positive * 1.5]),
        "MultiRMSE": np.column_stack([target, positive]), "MultiQuantile:alpha=0.2,0.5,0.9": target,
    }
    classifiers = {
        "Logloss": halves, "Logloss of texts": texts[halves * 2], "Logloss of truths": halves > 0, "Logloss of numbers": halves * 4 + 3,
        "CrossEntropy": halves * 0.8 + 0.1, "MultiClass": classes, "MultiClass of texts": texts[classes], "MultiClass of numbers": classes * 10,
        "MultiClass of halves": classes + 0.5, "MultiClassOneVsAll": classes,
    }
    rankers = {name: classes for name in ("YetiRank", "PairLogit", "QueryRMSE", "QuerySoftMax", "StochasticRank:metric=NDCG")}
    options = {
        "plain": {},
        "gaps": {},
        "gaps above": {"nan_mode": "Max"},
        "by leaves": {"grow_policy": "Lossguide", "max_leaves": 9},
        "by depth": {"grow_policy": "Depthwise"},
        "gaps above by leaves": {"grow_policy": "Lossguide", "nan_mode": "Max"},
        "stumps": {"depth": 1, "iterations": 20},
        "deep": {"depth": 9, "iterations": 2},
        "many borders": {"border_count": 254, "feature_border_type": "Uniform"},
        "ordered": {"boosting_type": "Ordered"},
    }
    kinds = [("CatBoostRegressor", regressors), ("CatBoostClassifier", classifiers), ("CatBoostRanker", rankers)]
    losses = ((kind, loss, label) for kind, found in kinds for loss, label in found.items())
    for (kind, loss, label), (option, more) in itertools.product(losses, options.items()):

        def make(kind=kind, loss=loss, label=label, option=option, more=more):
            words = {"iterations": 6, "depth": 4, "random_seed": 3, "thread_count": 1, "verbose": False, "allow_writing_files": False}
            model = getattr(catboost, kind)(loss_function=loss.split(" of ")[0], **{**words, **more})
            rows = with_missing if "gaps" in option else given
            groups = {"group_id": np.repeat(np.arange(10), len(label) // 10)} if kind == "CatBoostRanker" else {}
            model.fit(rows, label, **groups)

            def answer(rows):
                said = model.predict(rows)
                if kind != "CatBoostClassifier":
                    return {"numbers": said}
                # Truths are called so in JSON and `True` in a column of Python.
                said = said.astype(str) if "truths" in loss else said
                return {"labels": said, "shares": model.predict_proba(rows)}

            def saved(form):
                path = f"{grid['folder']}/saved.catboost"
                model.save_model(path, format=form)
                with open(path, "rb") as file:
                    return file.read()

            cases = [(form, lambda form=form: saved(form), "wrapper") for form in ("cbm", "json")]
            answers = {"wrapper": grid["first_taken"](answer)}
            if loss in IN_ONNX and " by " not in f" {option}":
                answers["onnx"] = grid["first_taken"](lambda rows: of_runtime(grid["runtime"](saved("onnx"))(rows)))
                cases.append(("onnx", lambda: saved("onnx"), "onnx"))
            return answers, cases

        yield "catboost", f"{loss} {option}", make
