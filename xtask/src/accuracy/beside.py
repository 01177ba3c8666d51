"""The same series by the Python library statsforecast, for a look side by side: AutoETS, dynamic optimised Theta, their mean."""

import csv
import sys
import time
import warnings

import numpy as np
from statsforecast.models import AutoETS, DynamicOptimizedTheta

warnings.filterwarnings("ignore")
folder = sys.argv[1]

info = {row["sn"]: row for row in csv.DictReader(open(f"{folder}/m3_info.csv", encoding="utf-8-sig"))}
past, future = {}, {}
for row in csv.DictReader(open(f"{folder}/m3_values_odd.csv", encoding="utf-8-sig")):
    part = past if row["part"] == "in" else future
    part.setdefault(row["sn"], []).append(float(row["value"]))

for period, season in (("MONTHLY", 12), ("QUARTERLY", 4)):
    names = [name for name in past if info[name]["period"] == period]
    scores = {"AutoETS": [], "DOTM": [], "mean of both": []}
    seconds = {"AutoETS": 0.0, "DOTM": 0.0}
    for name in names:
        values, truth = np.array(past[name]), np.array(future[name])
        scale = np.mean(np.abs(values[season:] - values[:-season]))
        said = {}
        for method, model in (
            ("AutoETS", AutoETS(season_length=season)),
            ("DOTM", DynamicOptimizedTheta(season_length=season)),
        ):
            began = time.process_time()
            said[method] = model.forecast(y=values, h=len(truth))["mean"]
            seconds[method] += time.process_time() - began
        said["mean of both"] = (said["AutoETS"] + said["DOTM"]) / 2
        for method, mean in said.items():
            error = np.abs(truth - mean)
            smape = np.mean(200 * error / (np.abs(truth) + np.abs(mean)))
            scores[method].append((smape, np.mean(error) / scale))
    print(f"\n== statsforecast, M3 {period.lower()}: {len(names)} series")
    for method, found in scores.items():
        smape, mase = np.mean(found, axis=0)
        spent = f"  {seconds[method]:6.1f} s" if method in seconds else ""
        print(f"{method:>14}: sMAPE {smape:7.3f}  MASE {mase:6.3f}{spent}")
