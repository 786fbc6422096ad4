//! A server that is away: what was fetched before stands in for it, with its age told, and changes are never made
//! on hearsay.

use super::operations::{run, words};
use super::proxy::{Proxy, ProxyAction};
use super::support::{Home, server};

#[test]
fn a_model_that_was_fetched_is_used_while_the_server_is_away() {
    let Some(server) = server() else { return };
    let home = Home::new();
    home.write_model();
    let proxy = Proxy::before(&server.url);
    let url = proxy.url.clone();
    run(&home, &server.url, &words("ml models import model.tar --name away")).expect(0);
    let predict = "ml predict --model away --tickets t.ndjson -o json";
    let nothing_yet = run(&home, &url, &words("ml models cache list -o json")).json(0);
    assert_eq!(nothing_yet["data"]["items"].as_array().map(Vec::len), Some(0));
    let warmed = run(&home, &url, &words("ml models cache warm away -o json")).json(0);
    assert!(warmed["data"]["files"].as_u64() > Some(2), "{warmed:#}");
    // A second time no file is asked for.
    let before = proxy.requests();
    run(&home, &url, &words("ml models cache warm away")).expect(0);
    let asked = proxy.requests() - before;
    assert!(asked <= 3, "{asked} requests for files that are here");
    let listed = run(&home, &url, &words("ml models cache list -o json")).json(0);
    let item = &listed["data"]["items"][0];
    assert_eq!((&item["model"], &item["files"], &item["fresh"]), (&"away".into(), &warmed["data"]["files"], &true.into()), "{listed:#}");
    let there = run(&home, &url, &words(predict)).json(0);

    proxy.decide(|_, _| ProxyAction::ResetBefore);
    let away = run(&home, &url, &words(predict)).expect(0);
    assert!(away.stderr.contains("cannot be reached") && away.stderr.contains("s ago"), "{}", away.stderr);
    let document = away.json(0);
    assert_eq!(document["data"], there["data"]);
    assert!(document["warnings"].to_string().contains("cannot be reached"), "{document:#}");
    let words_at: Vec<&str> = predict.split(' ').chain(["--registry", &url]).collect();
    let too_old = home.run_with(&words_at, &[("ML_MODEL_CACHE_TTL_SECONDS", "0")]).expect(9);
    assert!(too_old.stdout.contains("ML_MODEL_CACHE_TTL_SECONDS"), "{}", too_old.stdout);
    // Nothing is changed on hearsay, and what the server says is not made up.
    for line in ["ml models promote away@1 --force-gate --reason r --confirm away@1", "ml models tag away@1 a=b", "ml models list"] {
        assert_eq!(run(&home, &url, &words(line)).code, 9, "{line}");
    }
}

#[test]
fn a_change_makes_what_was_said_before_it_count_no_more() {
    let Some(server) = server() else { return };
    let home = Home::new();
    home.write_model();
    let proxy = Proxy::before(&server.url);
    let url = proxy.url.clone();
    for file in ["model.tar", "second.tar"] {
        run(&home, &url, &words(&format!("ml models import {file} --name moved"))).expect(0);
    }
    let promote = |version: u32| words(&format!("ml models promote moved@{version} --force-gate --reason r --confirm moved@{version}"));
    run(&home, &url, &promote(1)).expect(0);
    run(&home, &url, &words("ml models cache warm moved#production")).expect(0);
    run(&home, &url, &promote(2)).expect(0);
    proxy.decide(|_, _| ProxyAction::ResetBefore);
    let predict = "ml predict --model moved#production --tickets t.ndjson -o json";
    assert_eq!(run(&home, &url, &words(predict)).code, 9, "the former champion answered");
    proxy.decide(|_, _| ProxyAction::Pass);
    run(&home, &url, &words(predict)).expect(0);
    proxy.decide(|_, _| ProxyAction::ResetBefore);
    let predicted = run(&home, &url, &words(predict)).json(0);
    assert_eq!(predicted["data"]["model_version"], 2, "{predicted:#}");
    let cleared = run(&home, &url, &words("ml models cache clear moved -o json")).json(0);
    assert!(cleared["data"]["files"].as_u64() > Some(2), "{cleared:#}");
    assert_eq!(run(&home, &url, &words(predict)).code, 9);
}
