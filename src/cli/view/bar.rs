//! Bars of importances and shares.

use super::Screen;

/// A bar of `share` (0–1) of `width` cells; `#` where block characters do not show.
pub fn bar(share: f64, width: usize, screen: &Screen) -> String {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let eighths = (share * width as f64 * 8.0).round() as usize;
    if screen.plain {
        return "#".repeat((eighths + 4) / 8);
    }
    let mut text = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        text.push(['▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8 - 1]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        let screen = Screen { width: Some(80), plain: false, all_columns: false };
        assert_eq!(bar(0.5, 4, &screen), "██");
        assert_eq!(bar(0.53125, 4, &screen), "██▏");
        assert_eq!(bar(f64::NAN, 4, &screen), "");
        assert_eq!(bar(0.5, 4, &Screen { plain: true, ..screen }), "##");
    }
}
