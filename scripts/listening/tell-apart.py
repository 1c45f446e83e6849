"""How well classifiers tell what a model plays from what people played, by the features of `features.js`.

    pip install -r scripts/listening/requirements.txt
    python scripts/listening/tell-apart.py features.csv

Area under the curve (0.5: cannot tell), of excerpts of pieces that the classifier has not seen: ten folds over
pieces, five times. The interval is a bootstrap's over pieces.
"""

import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

CLASSIFIERS = {
    "logistic regression": lambda seed: make_pipeline(
        SimpleImputer(), StandardScaler(), LogisticRegression(C=0.01, max_iter=5000)
    ),
    "support vectors": lambda seed: make_pipeline(SimpleImputer(), StandardScaler(), SVC(C=1)),
    "random forest": lambda seed: make_pipeline(
        SimpleImputer(), RandomForestClassifier(500, min_samples_leaf=2, random_state=seed)
    ),
    "extra trees": lambda seed: make_pipeline(
        SimpleImputer(), ExtraTreesClassifier(500, min_samples_leaf=2, random_state=seed)
    ),
    "boosted trees": lambda seed: HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=200, max_leaf_nodes=8, l2_regularization=1, random_state=seed
    ),
}
TIMES = 5
FOLDS = 10


def scores(make, features, real, pieces):
    """Of every excerpt the mean score by classifiers that have not seen its piece."""
    sums = np.zeros(len(real))
    for seed in range(TIMES):
        for train, test in GroupKFold(FOLDS, shuffle=True, random_state=seed).split(features, real, pieces):
            classifier = make(seed).fit(features[train], real[train])
            if hasattr(classifier, "decision_function"):
                sums[test] += classifier.decision_function(features[test])
            else:
                sums[test] += classifier.predict_proba(features[test])[:, 1]
    return sums / TIMES


def interval(real, score, pieces, random):
    names = np.unique(pieces)
    rows = {name: np.flatnonzero(pieces == name) for name in names}
    areas = []
    for _ in range(1000):
        drawn = np.concatenate([rows[name] for name in random.choice(names, len(names))])
        areas.append(roc_auc_score(real[drawn], score[drawn]))
    return np.percentile(areas, [2.5, 97.5])


def main():
    table = pd.read_csv(sys.argv[1])
    pieces, real = table.pop("piece").to_numpy(), table.pop("real").to_numpy()
    table = table.dropna(axis="columns", how="all")
    print(f"{len(real)} excerpts of {len(np.unique(pieces))} pieces, {table.shape[1]} features")
    for name, make in CLASSIFIERS.items():
        score = scores(make, table.to_numpy(float), real, pieces)
        low, high = interval(real, score, pieces, np.random.default_rng(0))
        print(f"{name:20} {roc_auc_score(real, score):.3f} ({low:.3f} to {high:.3f})", flush=True)


if __name__ == "__main__":
    main()
