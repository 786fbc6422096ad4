//! A chart of a series, its forecast and the interval around it, as an SVG picture that needs nothing outside itself.

use std::fmt::Write as _;

/// Size of the picture, and of the part in which values are drawn.
const SIZE: [f64; 2] = [960.0, 360.0];
const LEFT: f64 = 72.0;
const RIGHT: f64 = 944.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 320.0;

/// Lines across, with their values.
const LINES: usize = 4;

/// What is drawn.
pub struct Picture<'p> {
    /// Above the drawing, and for who cannot see it.
    pub title: &'p str,
    /// The known values; `None` where nothing was recorded.
    pub history: &'p [Option<f64>],
    /// Lower bound, value and upper bound of each forecast.
    pub forecast: &'p [[f64; 3]],
    /// The first moment, the first that is forecast, and the last, in words.
    pub moments: [&'p str; 3],
    /// A line at this value.
    pub limit: Option<f64>,
    /// Writes a value.
    pub label: &'p dyn Fn(f64) -> String,
}

/// The picture. Values that are not known are gaps; without any value it has a title and no line.
pub fn picture(drawn: &Picture<'_>) -> String {
    let Picture { history, forecast, .. } = drawn;
    let values = history.iter().flatten().copied().chain(forecast.iter().map(|band| band[2])).chain(drawn.limit);
    let most = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
    let most = if most > 0.0 { most } else { 1.0 };
    let steps = (history.len() + forecast.len()).saturating_sub(1).max(1) as f64;
    let x = |index: usize| LEFT + (RIGHT - LEFT) * index as f64 / steps;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * (value / most).clamp(0.0, 1.0);
    let point = |index: usize, value: f64| format!("{:.1},{:.1}", x(index), y(value));
    let [width, height] = SIZE;
    let title = escaped(drawn.title);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\">\n\
         <style>\nsvg {{ background: #fff; font: 13px sans-serif; fill: #222 }}\n\
         .line {{ stroke: #ccc }} .known {{ stroke: #444 }} .ahead {{ stroke: #0b62c4; stroke-width: 2 }}\n\
         .band {{ fill: #0b62c4; opacity: .22 }} .limit {{ stroke: #b3261e; stroke-dasharray: 6 4 }} .known, .ahead {{ fill: none }}\n\
         @media (prefers-color-scheme: dark) {{ svg {{ background: #16181c; fill: #ddd }} .line {{ stroke: #444 }} .known {{ stroke: #bbb }}\n\
         .ahead {{ stroke: #7db5f5 }} .band {{ fill: #7db5f5 }} .limit {{ stroke: #ff8a80 }} }}\n</style>\n\
         <title>{title}</title>\n<text x=\"{LEFT}\" y=\"24\">{title}</text>\n"
    );
    for line in 0..=LINES {
        let value = most * line as f64 / LINES as f64;
        let (at, label) = (y(value), escaped(&(drawn.label)(value)));
        let _ = writeln!(
            text,
            "<line class=\"line\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\">{label}</text>",
            LEFT - 6.0,
            at + 4.0
        );
    }
    let upper = forecast.iter().enumerate().map(|(index, band)| point(history.len() + index, band[2]));
    let lower = forecast.iter().enumerate().rev().map(|(index, band)| point(history.len() + index, band[0]));
    let band: Vec<String> = upper.chain(lower).collect();
    if !band.is_empty() {
        let _ = writeln!(text, "<polygon class=\"band\" points=\"{}\"/>", band.join(" "));
    }
    // What lies between two gaps is a line of its own.
    for stretch in history.iter().enumerate().collect::<Vec<_>>().split(|(_, value)| value.is_none()) {
        let points: Vec<String> = stretch.iter().filter_map(|(index, value)| Some(point(*index, (**value)?))).collect();
        if !points.is_empty() {
            let _ = writeln!(text, "<polyline class=\"known\" points=\"{}\"/>", points.join(" "));
        }
    }
    let ahead: Vec<String> = forecast.iter().enumerate().map(|(index, band)| point(history.len() + index, band[1])).collect();
    if !ahead.is_empty() {
        let _ = writeln!(text, "<polyline class=\"ahead\" points=\"{}\"/>", ahead.join(" "));
    }
    if let Some(limit) = drawn.limit {
        let at = y(limit);
        let _ = writeln!(text, "<line class=\"limit\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>");
    }
    let places = [(LEFT, "start"), (x(history.len()), "middle"), (RIGHT, "end")];
    for ((at, anchor), moment) in places.into_iter().zip(drawn.moments) {
        let _ = writeln!(text, "<text x=\"{at:.1}\" y=\"344\" text-anchor=\"{anchor}\">{}</text>", escaped(moment));
    }
    text.push_str("</svg>\n");
    text
}

/// Text that is no markup.
fn escaped(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).fold(String::new(), |mut escaped, letter| {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter => escaped.push(letter),
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_stay_gaps_and_names_are_no_markup() {
        let drawn = picture(&Picture {
            title: "a < b & \"c\"",
            history: &[Some(1.0), None, Some(4.0), Some(2.0)],
            forecast: &[[1.0, 2.0, 4.0], [0.0, 2.0, 3.0]],
            moments: ["then", "now", "later"],
            limit: Some(4.0),
            label: &|value| format!("{value}"),
        });
        assert!(drawn.contains("a &lt; b &amp; &quot;c&quot;"), "{drawn}");
        assert_eq!(drawn.matches("class=\"known\"").count(), 2, "{drawn}");
        // The largest value is at the top, zero at the bottom; the second value of five steps ahead of the last.
        assert!(drawn.contains("<polyline class=\"ahead\" points=\"769.6,182.0 944.0,182.0\"/>"), "{drawn}");
        assert!(drawn.contains("<polygon class=\"band\" points=\"769.6,44.0 944.0,113.0 944.0,320.0 769.6,251.0\"/>"), "{drawn}");
    }
}
