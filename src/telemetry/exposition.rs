//! The text form in which Prometheus reads metrics, version 0.0.4.

use std::fmt::Write as _;

/// One value of a gauge, with its labels in the order in which they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct GaugeValue {
    pub labels: Vec<(&'static str, String)>,
    pub value: f64,
}

/// A metric that may go up and down, with all of its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    pub name: &'static str,
    /// One line.
    pub help: &'static str,
    pub samples: Vec<GaugeValue>,
}

/// The gauges as text; one without a value is left out, help and all. A value that is not finite is written as Rust
/// names it, so leave it out before.
pub fn text(gauges: &[Gauge]) -> String {
    let mut text = String::new();
    for gauge in gauges.iter().filter(|gauge| !gauge.samples.is_empty()) {
        let _ = write!(text, "# HELP {} {}\n# TYPE {} gauge\n", gauge.name, gauge.help, gauge.name);
        for GaugeValue { labels, value } in &gauge.samples {
            let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
            let _ = writeln!(text, "{}{{{}}} {value}", gauge.name, labels.join(","));
        }
    }
    text
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped_and_a_gauge_without_a_value_is_left_out() {
        let sample = GaugeValue { labels: vec![("model_name", "a\"b\\c\nd".into()), ("feature", "x".into())], value: 0.25 };
        let gauges = [
            Gauge { name: "drift_score", help: "How far.", samples: vec![sample] },
            Gauge { name: "drift_status", help: "How bad.", samples: Vec::new() },
        ];
        let expected =
            "# HELP drift_score How far.\n# TYPE drift_score gauge\ndrift_score{model_name=\"a\\\"b\\\\c\\nd\",feature=\"x\"} 0.25\n";
        assert_eq!(text(&gauges), expected);
    }
}
