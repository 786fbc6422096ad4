//! A chart of a series, its forecast and the interval around it, in letters.

use super::Screen;

/// Lines that a chart takes, and columns where the screen has no width.
const HEIGHT: usize = 12;
const USUAL_WIDTH: usize = 80;

/// What a cell shows, in ASCII and in blocks.
const PAST: [char; 2] = ['*', '•'];
const FORECAST: [char; 2] = ['o', '◆'];
const BAND: [char; 2] = [':', '░'];
const EDGE: [char; 2] = ['|', '│'];

/// The known values and then lower bound, value and upper bound of each forecast; `label` writes a value. Several values
/// share a column where there are more than fit. Empty where nothing is known.
pub fn chart(history: &[Option<f64>], forecast: &[[f64; 3]], label: &dyn Fn(f64) -> String, screen: &Screen) -> String {
    let sign = |pair: [char; 2]| pair[usize::from(!screen.plain)];
    let most = history.iter().flatten().copied().chain(forecast.iter().map(|band| band[2])).fold(f64::NAN, f64::max);
    if !most.is_finite() || history.len() + forecast.len() == 0 {
        return String::new();
    }
    let most = if most > 0.0 { most } else { 1.0 };
    let labels: Vec<String> = (0..HEIGHT).map(|line| label(most * (HEIGHT - 1 - line) as f64 / (HEIGHT - 1) as f64)).collect();
    let margin = labels.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    let room = screen.width.map_or(USUAL_WIDTH, usize::from).saturating_sub(margin + 3).max(8);
    let total = history.len() + forecast.len();
    let columns = room.min(total);
    let line = |value: f64| HEIGHT - 1 - ((value / most).clamp(0.0, 1.0) * (HEIGHT - 1) as f64).round() as usize;
    let mut cells = vec![vec![' '; columns]; HEIGHT];
    for column in 0..columns {
        let (from, to) = (column * total / columns, ((column + 1) * total / columns).max(column * total / columns + 1));
        let past = mean((from..to.min(history.len())).filter_map(|index| history[index]));
        let ahead = &forecast[from.max(history.len()) - history.len()..to.max(history.len()) - history.len()];
        if let Some(value) = mean(ahead.iter().map(|band| band[1])) {
            let bound = |place: usize| mean(ahead.iter().map(|band| band[place])).unwrap_or(value);
            (line(bound(2))..=line(bound(0))).for_each(|at| cells[at][column] = sign(BAND));
            cells[line(value)][column] = sign(FORECAST);
        } else if let Some(value) = past {
            cells[line(value)][column] = sign(PAST);
        }
    }
    let lines = cells.iter().zip(&labels).map(|(cells, label)| {
        let row: String = cells.iter().collect();
        format!("{label:>margin$} {} {}\n", sign(EDGE), row.trim_end())
    });
    let legend = format!("{:>margin$}   {} known  {} forecast  {} 80 % interval\n", "", sign(PAST), sign(FORECAST), sign(BAND));
    lines.chain([legend]).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_fits_its_screen_and_shows_past_and_future() {
        let history: Vec<Option<f64>> = (0..100).map(|index| (index != 50).then_some(f64::from(index % 10))).collect();
        let forecast = [[1.0, 4.0, 8.0]; 20];
        for (plain, signs) in [(true, ['*', 'o', ':']), (false, ['•', '◆', '░'])] {
            let screen = Screen { width: Some(40), plain, all_columns: false };
            let drawn = chart(&history, &forecast, &|value| format!("{value:.0}"), &screen);
            assert!(drawn.lines().all(|line| line.chars().count() <= 50), "{drawn}");
            assert_eq!(drawn.lines().count(), HEIGHT + 1);
            assert!(signs.iter().all(|sign| drawn.contains(*sign)), "{drawn}");
        }
        let screen = Screen { width: None, plain: true, all_columns: false };
        assert_eq!(chart(&[None], &[], &|value| value.to_string(), &screen), "");
        assert!(chart(&[Some(0.0)], &[[0.0; 3]], &|value| value.to_string(), &screen).contains('*'));
    }
}
