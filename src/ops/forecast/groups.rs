//! What each group of the tickets will bring.

use super::tickets::Group;
use super::{Clock, buckets, highest};
use crate::api::TimeWindow;
use crate::api::forecast::ForecastGroup;
use crate::forecast::Forecaster;

/// Takes out what is not to be learned from; whether a span takes anything out is told of the whole.
pub(super) fn exclude(group: &mut Group, spans: &[TimeWindow]) {
    let Some(series) = &mut group.series else { return };
    for span in spans {
        series.forget(span.from.0, span.to.0);
    }
}

/// Forecasts `steps` buckets of a group, tried at `origins` moments; one that cannot be is told with the reason. `all` are the
/// tickets of the whole.
pub(super) fn forecast(group: Group, all: u64, (steps, origins): (usize, usize), told: (Option<f64>, Clock<'_>)) -> ForecastGroup {
    let Group { name, counted, series } = group;
    let share_pct = if all == 0 { 0.0 } else { 100.0 * counted as f64 / all as f64 };
    let without = |why: String| ForecastGroup {
        name: name.clone(),
        counted,
        share_pct,
        not_forecast: Some(why),
        total: None,
        highest: None,
        errors: None,
        skill_pct: None,
        items: Vec::new(),
    };
    let Some(series) = series else { return without("nothing of it lies in the window".into()) };
    let learned = Forecaster::train(&series, steps, origins).and_then(|learned| Ok((learned.forecast(&series)?, learned)));
    match learned {
        Err(error) => without(error.to_string()),
        Ok((next, learned)) => {
            let items = buckets(&series, &learned, &next, told);
            ForecastGroup {
                not_forecast: None,
                total: Some(items.iter().map(|item| item.value).sum()),
                highest: highest(&items).ok(),
                skill_pct: learned.skill(),
                errors: Some(learned.errors),
                items,
                ..without(String::new())
            }
        }
    }
}
