"""Serves what a forecaster of hivectl said at the end of its training, with pandas alone.

hivectl itself forecasts from newer tickets: hivectl ml forecast --model NAME
"""

import json

import pandas


class Forecast:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            model = json.load(file)
        step = pandas.Timedelta(model["plan"]["bucket_ms"], unit="ms")
        first = pandas.Timestamp(model["known_until"], unit="ms")
        self.table = pandas.DataFrame(
            {
                "ds": [first + step * place for place in range(len(model["next"]))],
                "yhat": [one["value"] for one in model["next"]],
                "yhat_lower": [one["bounds_80"][0] for one in model["next"]],
                "yhat_upper": [one["bounds_80"][1] for one in model["next"]],
                "yhat_lower_95": [one["bounds_95"][0] for one in model["next"]],
                "yhat_upper_95": [one["bounds_95"][1] for one in model["next"]],
            }
        )

    def predict(self, model_input, params=None):
        """The buckets that begin at the times of the column ds (UTC where they say no zone); all of them for no row."""
        if len(model_input) == 0:
            return self.table.copy()
        asked = pandas.to_datetime(model_input["ds"], utc=True).dt.tz_localize(None).reset_index(drop=True)
        unknown = asked[~asked.isin(self.table["ds"])]
        if len(unknown) > 0:
            raise ValueError(
                f"{unknown.iloc[0]} begins no bucket of this forecast, which is from {self.table['ds'].iloc[0]} "
                f"to {self.table['ds'].iloc[-1]}; hivectl ml forecast --model NAME forecasts from newer tickets"
            )
        rows = self.table.set_index("ds").loc[asked].reset_index()
        return rows


def _load_pyfunc(path):
    return Forecast(path)
