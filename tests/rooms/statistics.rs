//! Statistics against the numbers that SciPy and the running system gave for the same data.

use serde_json::Value;

use hivectl::statistics::ks::{PValue, asymptotic_p_value, exact_p_value, two_sample};
use hivectl::statistics::psi::reference_psi;

use crate::common::shared::shared;

/// A file of golden values, or the reason for which the test is skipped.
fn golden(name: &str) -> Option<Value> {
    let bytes = std::fs::read(shared(&format!("oracles/{name}"))?).expect("a readable file");
    Some(serde_json::from_slice(&bytes).expect("JSON"))
}

fn number(case: &Value, field: &str) -> f64 {
    case[field].as_f64().unwrap_or_else(|| panic!("{field} in {case}"))
}

fn numbers(case: &Value, field: &str) -> Vec<f64> {
    case[field].as_array().expect("a list").iter().map(|value| value.as_f64().expect("a number")).collect()
}

fn near(left: f64, right: f64, relative: f64, what: &str) {
    assert!((left - right).abs() <= relative * right.abs(), "{what}: {left} is not {right}");
}

#[test]
fn kolmogorov_smirnov_p_values_are_those_of_scipy() {
    let Some(golden) = golden("ks.json") else { return };
    let (mut exact, mut asymptotic) = (0, 0);
    for case in golden["pvalues"].as_array().expect("a list") {
        let (first, second) = (number(case, "n1") as u64, number(case, "n2") as u64);
        let what = format!("{first} and {second} values, d {}", number(case, "d"));
        if case["exact_ok"] == Value::Bool(true) {
            let found = exact_p_value(first, second, number(case, "h") as u64).unwrap_or_else(|| panic!("{case}"));
            near(found, number(case, "p_exact"), 1e-9, &what);
            exact += 1;
        }
        near(asymptotic_p_value(first, second, number(case, "d")), number(case, "p_asymp"), 1e-9, &what);
        asymptotic += 1;
    }
    assert!(exact > 100 && asymptotic > 100, "{exact} exact, {asymptotic} asymptotic");
}

#[test]
fn kolmogorov_smirnov_tests_are_those_of_scipy() {
    let Some(golden) = golden("ks.json") else { return };
    for case in golden["samples"].as_array().expect("a list") {
        let (first, second) = (numbers(case, "x"), numbers(case, "y"));
        let test = two_sample(&first, &second, PValue::Auto).expect("values");
        near(test.statistic, number(case, "d"), 1e-12, "statistic");
        near(test.p_value, number(case, "p_auto"), 1e-9, "p-value");
        near(two_sample(&first, &second, PValue::Asymptotic).expect("values").p_value, number(case, "p_asymp"), 1e-9, "asymptotic");
        assert_eq!(test.location, number(case, "loc"));
        assert_eq!(test.first_is_larger, number(case, "sign") > 0.0);
    }
}

#[test]
fn population_stability_is_that_of_the_running_system() {
    let Some(golden) = golden("psi.json") else { return };
    let cases = golden["cases"].as_array().expect("a list");
    assert!(!cases.is_empty());
    for (number_of, case) in cases.iter().enumerate() {
        let found = reference_psi(&numbers(case, "expected"), &numbers(case, "actual")).expect("finite values");
        let expected = number(case, "psi");
        assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "case {number_of}: {found} is not {expected}");
    }
}
