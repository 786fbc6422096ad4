//! What a gate is, and how a policy is written: for `explain` and for the manual.

use crate::api::pages::TopicExplanation;
use crate::base::{CommandLine, commands};
use crate::ops::{known_facts, usual_gates};

/// A policy with every form; it is one that `config check` takes.
pub const EXAMPLE: &str = "\
duration:                      # every model of a kind: duration, anomaly, scheduling, load-60m or specialist
  mae_pct: \"< 12\"
  r2: \"> 0.7 desired\"          # shown, and decides nothing
models:                        # one model, by its exact name
  fraud-scorer:
    auc: \">= 0.9 and not worse than champion by more than 2 %\"
    judged_tickets: \">= 200\"
    signature: present
tags:                          # models or versions with a tag: KEY=VALUE, or KEY with any value
  team=search:
    ndcg: \"not lower than champion by more than 1 %\"
    latency_ms: \"< 50\"
globs:                         # several models: * for any text, ? for one character
  \"price-*\":
    rmse: \"<= 3.5\"
    age_days: \"< 30\"
    judged_tickets: off        # the tool that trains these logs no count
";

/// The words that have a page.
pub const WORDS: [&str; 6] = ["gate", "policy", "champion", "challenger", "alias", "migrate"];

/// The page of a word; `None` for one that has none.
pub fn topic(word: &str) -> Option<TopicExplanation> {
    match word.to_ascii_lowercase().as_str() {
        "gate" | "gates" | "criteria" | "criterion" => Some(gate()),
        "policy" | "policies" => Some(policy()),
        "champion" | "challenger" | "alias" | "aliases" | "stage" | "stages" => Some(serving(word)),
        "migrate" | "migration" => Some(migrate()),
        "0" => Some(done()),
        _ => None,
    }
}

fn gate() -> TopicExplanation {
    let mut paragraphs = vec![
        "A gate is what a model must show before it may serve. Each criterion is a number and what is demanded of it; the required ones decide, the desired ones are only shown. A number that is missing or no number passes nothing, and a gate of which no required criterion could be judged does not pass.".to_owned(),
        "Training judges by the holdout, a promotion by the recorded metrics, validation by the tickets or rows at hand. Metrics that were only claimed at registration pass nothing until they were measured; with `--evidence` the report about a file of the version stands in their place.".to_owned(),
        "A relative error such as mape leaves out what is zero. Where some of what judged is zero it says little, and the usual gate only desires it; what a policy demands of it is demanded.".to_owned(),
        "Each line of a gate names its number, what is demanded, and the rule that says so: FILE:LINE of a policy, a variable, or default.".to_owned(),
        "Without a policy:".to_owned(),
    ];
    paragraphs.extend(usual_gates().into_iter().map(|(kind, criteria)| format!("- {kind}: {}", criteria.join(", "))));
    let commands =
        vec![commands::models_show("NAME@VERSION"), commands::models_promote_dry_run("duration@latest"), commands::explain("policy")];
    page("gate", "What a model must show before it may serve", paragraphs, None, commands)
}

fn policy() -> TopicExplanation {
    let mut paragraphs = vec![
        "A policy is a YAML file that says what models must show. It is named by `--policy FILE`, by HIVECTL_POLICY, or by the setting `policy` in a file of settings; a relative path counts from that file, and one that was typed or stands in the environment from the current folder.".to_owned(),
        "Of all rules that name a model those of the first rank decide alone: its exact name, then its tags, then the longest glob, then its kind. Two rules of one rank hold together; where they contradict each other about a number, exit code 11 names both lines. A rule that names no model is told by `config check`.".to_owned(),
        "A demand is `< 12`, `<= 12`, `> 0.7` or `>= 0.7`, or `not worse than champion by more than 2 %` (of metrics of which it is not known which way they are better `not higher than champion …` or `not lower than champion …`). Several stand with `and` between. `desired` behind one makes it one that is only shown. What compares with the champion is skipped where no version serves.".to_owned(),
        "The numbers are the logged metrics of the version, and what hivectl knows of it:".to_owned(),
    ];
    paragraphs.extend(known_facts().map(|(name, about)| format!("- {name}: {about}")));
    paragraphs.push("How many judged is also found under test_samples and example_count, and positives from true_positives, false_negatives and false_positives. `judged_tickets: off` and `positives: off` ask for no evidence.".to_owned());
    let commands = vec![
        commands::config_get("policy"),
        commands::config_check(),
        commands::models_promote_dry_run("duration@latest"),
        commands::explain("gate"),
    ];
    page("policy", "A file with what models must show", paragraphs, Some(EXAMPLE.to_owned()), commands)
}

fn serving(word: &str) -> TopicExplanation {
    let paragraphs = vec![
        "What serves of a model is told by a pointer: the stage Production, an alias, or both. Services load `models:/NAME/Production` or `models:/NAME@champion`; `show` and `list` say by which of them a version serves.".to_owned(),
        "champion is the alias of the version that serves; the setting `serving_alias` names another one. challenger is the alias of the version that waits, as the stage Staging is: `promote --to staging` gives it in a registry without stages.".to_owned(),
        "A promotion moves the pointer that is there. The setting `serving` decides it where stage and alias disagree: stage, alias or both. To set or delete the serving alias is a promotion or its end, with its plan, its gate and its confirmation.".to_owned(),
    ];
    let commands = vec![
        commands::models_list(),
        commands::models_promote_dry_run("duration@latest"),
        commands::config_get("serving"),
        commands::models_migrate_dry_run("aliases"),
    ];
    page(&word.to_ascii_lowercase(), "The pointers that tell which version serves and which one waits", paragraphs, None, commands)
}

fn migrate() -> TopicExplanation {
    let paragraphs = vec![
        "A registry tells what serves by stages, by aliases or by both; MLflow calls stages deprecated and shows them no more. `models migrate --to aliases` gives champion to what is in Production and challenger to what is in Staging, and writes the tag `stage_before: Archived`; `--to stages` goes back, `--to both` keeps the two together.".to_owned(),
        "What serves goes on serving at every moment. Before services change what they load, migrate to both.".to_owned(),
    ];
    let commands =
        ["both", "aliases", "stages"].into_iter().map(commands::models_migrate_dry_run).chain([commands::explain("champion")]).collect();
    page("migrate", "From stages to aliases and back", paragraphs, None, commands)
}

fn done() -> TopicExplanation {
    let paragraphs = vec![
        "The command did what was asked, or found it done already. What should be known all the same is a warning on stderr, and in the `warnings` of a JSON document.".to_owned(),
        "Other exit codes have their pages: from 2 on each has one meaning for every command.".to_owned(),
    ];
    page("0", "Exit code 0: done", paragraphs, None, vec![commands::explain("2"), commands::doctor()])
}

fn page(topic: &str, title: &str, paragraphs: Vec<String>, example: Option<String>, commands: Vec<CommandLine>) -> TopicExplanation {
    TopicExplanation { topic: topic.to_owned(), title: title.to_owned(), paragraphs, example, commands }
}
