"""ONNX graphs of several tree operators for grid.py: what skl2onnx and onnxmltools write of models of models, judged by ONNX Runtime."""

import itertools

import numpy as np


def models(grid):
    """Option and maker of each graph, as grid.py lists them; `grid` has its tables, labels and helpers."""
    from skl2onnx import to_onnx
    from sklearn import ensemble, linear_model, multioutput, pipeline, preprocessing, tree

    given, first_taken, runtime = grid["given"], grid["first_taken"], grid["runtime"]
    target, classes, halves = grid["target"], grid["classes"], grid["halves"]
    small = {"random_state": 3}
    texts = np.array(["low", "middle", "high"])
    trees = [("a", tree.DecisionTreeRegressor(max_depth=4, **small)), ("b", ensemble.ExtraTreesRegressor(5, max_depth=5, **small))]
    boosted = [*trees, ("c", ensemble.GradientBoostingRegressor(n_estimators=6, **small))]
    votes = [("a", tree.DecisionTreeClassifier(max_depth=4, **small)), ("b", ensemble.ExtraTreesClassifier(5, **small))]
    more = [*votes, ("c", ensemble.RandomForestClassifier(6, max_depth=5, **small))]
    soft = {"voting": "soft", "flatten_transform": False}
    regressors = {
        "voting": lambda: ensemble.VotingRegressor(boosted),
        "voting weighted": lambda: ensemble.VotingRegressor(boosted, weights=np.array([1, 3, 2])),
        "bagging": lambda: ensemble.BaggingRegressor(n_estimators=7, **small),
        "bagging columns": lambda: ensemble.BaggingRegressor(n_estimators=7, max_features=3, **small),
        "bagging forests": lambda: ensemble.BaggingRegressor(ensemble.RandomForestRegressor(4, max_depth=4, **small), n_estimators=3, **small),
        "stacking": lambda: ensemble.StackingRegressor(boosted, final_estimator=linear_model.Ridge(), cv=3),
        "stacking plain": lambda: ensemble.StackingRegressor(trees, final_estimator=linear_model.LinearRegression(), cv=3),
    }
    # Of several targets, each has a model of its own.
    for name, one in {
        "targets boosted": lambda: ensemble.GradientBoostingRegressor(n_estimators=6, **small),
        "targets of forests": lambda: ensemble.RandomForestRegressor(5, max_depth=5, **small),
        "targets of trees": lambda: tree.DecisionTreeRegressor(max_depth=5, **small),
    }.items():
        regressors[name] = lambda one=one: multioutput.MultiOutputRegressor(one())
    classifiers = {
        "votes": lambda: ensemble.VotingClassifier(votes, **soft),
        "votes of three": lambda: ensemble.VotingClassifier(more, **soft),
        "votes weighted": lambda: ensemble.VotingClassifier(more, weights=np.array([1, 2, 4]), **soft),
        "bagged votes": lambda: ensemble.BaggingClassifier(n_estimators=6, **small),
        "bagged votes columns": lambda: ensemble.BaggingClassifier(n_estimators=9, max_features=3, **small),
        "bagged forests": lambda: ensemble.BaggingClassifier(ensemble.ExtraTreesClassifier(4, max_depth=5, **small), n_estimators=4, **small),
    }
    labels = {"three": classes, "two": halves, "texts": texts[classes], "numbers": classes * 10 + 5}
    both = np.column_stack([target, grid["positive"]])
    plans = [(name, make, "", both if name.startswith("targets") else target) for name, make in regressors.items()]
    plans += [(name, make, kind, label) for (name, make), (kind, label) in itertools.product(classifiers.items(), labels.items())]
    for (name, last, kind, label), scaled in itertools.product(plans, (False, True)):

        def make(last=last, kind=kind, label=label, scaled=scaled):
            model = last()
            before = [preprocessing.StandardScaler()] if scaled else []
            model = pipeline.make_pipeline(*before, model).fit(given, label)
            words = {"options": {id(model): {"zipmap": False}}} if kind else {}
            graph = to_onnx(model, given[:1].astype(np.float32), target_opset={"": 17, "ai.onnx.ml": 3}, **words).SerializeToString()
            run = runtime(graph)

            def answer(rows):
                said = run(rows)
                return {"labels": said["label"], "shares": said["probabilities"]} if kind else {"numbers": said["variable"]}

            return {"onnx": first_taken(answer)}, [("onnx", lambda: graph, "onnx")]

        yield "onnx several", f"{name} {kind}{' scaled' if scaled else ''}".strip(), make
    for split, objective in itertools.product((2, 3, 5), ("regression", "regression_l1", "huber")):

        def make(split=split, objective=objective):
            import lightgbm
            from onnxmltools import convert_lightgbm
            from onnxmltools.convert.common.data_types import FloatTensorType

            model = lightgbm.LGBMRegressor(n_estimators=12, num_leaves=7, objective=objective, random_state=3, verbose=-1, n_jobs=1).fit(given, target)
            types = [("X", FloatTensorType([None, given.shape[1]]))]
            graph = convert_lightgbm(model, initial_types=types, split=split, target_opset=15).SerializeToString()
            run = runtime(graph)
            return {"onnx": first_taken(lambda rows: {"numbers": run(rows)["variable"]})}, [("onnx split", lambda: graph, "onnx")]

        yield "onnx several", f"split {split} {objective}", make
    for seed, joined in itertools.product(range(6), ("Sum", "Mean", "Add", "shifted", "less", "divided")):

        def make(seed=seed, joined=joined):
            graph = by_hand(grid, seed, joined)
            run = runtime(graph)
            return {"onnx": first_taken(lambda rows: {"numbers": run(rows)["Y"]})}, [("onnx by hand", lambda: graph, "onnx")]

        yield "onnx several", f"{joined} {seed}", make


def by_hand(grid, seed, joined):
    """Two to four forests that skl2onnx converted, joined by operators that no converter uses so."""
    import onnx
    from onnx import TensorProto, helper
    from skl2onnx import to_onnx
    from sklearn.ensemble import RandomForestRegressor

    given, target = grid["given"], grid["target"]
    count = 2 if joined == "Add" else 2 + seed % 3
    nodes, answers = [], []
    for place in range(count):
        forest = RandomForestRegressor(3 + place, max_depth=4, random_state=seed * 10 + place).fit(given, target)
        node = to_onnx(forest, given[:1].astype(np.float32), target_opset={"": 17, "ai.onnx.ml": 3}).graph.node[0]
        node.name, node.output[:] = f"forest_{place}", [f"answer_{place}"]
        nodes.append(node)
        answers.append(f"answer_{place}")
    constants = [helper.make_tensor("number", TensorProto.FLOAT, [1], [1.7 + seed])]
    operator = joined if joined in ("Sum", "Mean", "Add") else "Sum"
    last = "Y" if joined == operator else "sum"
    nodes.append(helper.make_node(operator, answers, [last]))
    changes = {"shifted": ("Add", [last, "number"]), "less": ("Sub", ["number", last]), "divided": ("Div", [last, "number"])}
    if joined in changes:
        kind, inputs = changes[joined]
        nodes.append(helper.make_node(kind, inputs, ["Y"]))
    entry = helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, given.shape[1]])
    graph = helper.make_graph(nodes, "g", [entry], [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None, 1])], constants)
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=versions, ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()
