//! Prophet's model: fitted from the Gram matrix, and evaluated as its own files say it.

mod bounds;
mod fit;
mod model;
pub(super) mod solver;

pub use fit::{Fit, FitOptions, fit, seasonality, usual_seasonalities};
pub use model::{Growth, HolidayColumn, Known, Mode, ProphetModel, Regressor, Said, Seasonality};
