//! The footers of `hivectl ml`.

use super::Footer;

pub(super) const FOOTERS: &[Footer] = &[
    Footer {
        command: "ml dataset synthetic",
        examples: &[
            ("Four thousand made-up tickets to try things on", "hivectl ml dataset synthetic --rows 4000 --seed 7 --out tickets.parquet"),
            (
                "A later week, to judge models on",
                "hivectl ml dataset synthetic --rows 1000 --start 2026-02-01 --days 7 --out later.ndjson.gz",
            ),
            ("A week that drifted", "hivectl ml dataset synthetic --rows 500 --days 7 --drift 0.8 --out drifted.ndjson.zst"),
        ],
        exit_codes: &[9, 10, 11],
    },
    Footer {
        command: "ml train",
        examples: &[
            (
                "Train every kind of model and put what passes its gate into Staging",
                "hivectl ml train --tickets examples/tickets.ndjson.gz",
            ),
            (
                "Straight into Production where it beats the champion",
                "hivectl ml train --model duration --promote-if-better --tickets tickets.parquet",
            ),
            ("See how a model would do, writing nothing", "hivectl ml train --model anomaly --dry-run --tickets tickets.parquet"),
        ],
        exit_codes: &[3, 4, 6, 7, 9, 10, 11, 12, 14],
    },
    Footer {
        command: "ml models list",
        examples: &[
            ("Every model and its live versions", "hivectl ml models list"),
            ("All versions of one model", "hivectl ml models list ticket-duration-predictor"),
            ("Names for a script, those in Staging alone", "hivectl ml models list --stage staging -o name"),
        ],
        exit_codes: &[4, 9, 10, 11],
    },
    Footer {
        command: "ml models show",
        examples: &[
            ("The version that services use", "hivectl ml models show ticket-duration-predictor"),
            ("One version, as JSON", "hivectl ml models show ticket-duration-predictor@1 -o json"),
            ("The same by kind and stage", "hivectl ml models show duration#production"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
    },
    Footer {
        command: "ml models compare",
        examples: &[
            ("Two versions by what is recorded of them", "hivectl ml models compare duration@1 duration@2"),
            ("Both on the same tickets, and which to keep", "hivectl ml models compare duration@1 duration@2 --tickets later.ndjson.gz"),
            ("The challenger against the champion, for a script", "hivectl ml models compare duration duration#staging -o json"),
        ],
        exit_codes: &[4, 9, 10, 11, 13, 14],
    },
    Footer {
        command: "ml validate",
        examples: &[
            ("Everything in service, on tickets that no model has seen", "hivectl ml validate --tickets later.ndjson.gz"),
            ("One version, for a script", "hivectl ml validate duration@1 --tickets later.ndjson.gz -o json"),
            ("Files, features, stages and age alone", "hivectl ml validate --no-metrics --max-age-days 60"),
        ],
        exit_codes: &[3, 4, 7, 9, 10, 11, 13, 14],
    },
    Footer {
        command: "ml drift check",
        examples: &[
            ("Has the work changed since the duration model was trained?", "hivectl ml drift check --tickets later.ndjson.gz"),
            ("The running system's rule, for a script", "hivectl ml drift check --method reference --tickets later.ndjson.gz -o json"),
            (
                "Against the weeks before, without a stored baseline",
                "hivectl ml drift check --window-days 2 --against-days 28 --tickets examples/tickets.ndjson.gz",
            ),
        ],
        exit_codes: &[4, 9, 10, 11, 13, 14, 20],
    },
    Footer {
        command: "ml drift watch",
        examples: &[
            ("In a CronJob", "hivectl ml drift watch --once --tickets later.ndjson.gz"),
            ("See how it speaks: two seconds", "hivectl ml drift watch --interval 1s --timeout 2s --tickets later.ndjson.gz"),
            (
                "For a dashboard, through the node exporter",
                "hivectl ml drift watch --once --metrics-file drift.prom --tickets later.ndjson.gz",
            ),
        ],
        exit_codes: &[4, 7, 9, 10, 11, 13, 14, 20],
    },
    Footer {
        command: "ml drift history",
        examples: &[
            ("Every check", "hivectl ml drift history"),
            ("Of one model, this year", "hivectl ml drift history --model duration --since 2026-01-01"),
            ("For a script", "hivectl ml drift history -o json"),
        ],
        exit_codes: &[4, 9, 10, 11],
    },
    Footer {
        command: "ml drift baseline save",
        examples: &[
            ("Keep up with slow change", "hivectl ml drift baseline save duration --tickets examples/tickets.ndjson.gz"),
            (
                "The last four weeks of another version",
                "hivectl ml drift baseline save duration@1 --window-days 28 --tickets tickets.parquet",
            ),
            ("With a reason, for a script", "hivectl ml drift baseline save anomaly --reason monthly --tickets tickets.parquet -o name"),
        ],
        exit_codes: &[4, 6, 7, 9, 10, 11, 14],
    },
    Footer {
        command: "ml drift baseline list",
        examples: &[
            ("Every baseline", "hivectl ml drift baseline list"),
            ("Those of one model", "hivectl ml drift baseline list duration"),
            ("For a script", "hivectl ml drift baseline list -o json"),
        ],
        exit_codes: &[4, 9, 10, 11],
    },
    Footer {
        command: "ml drift baseline show",
        examples: &[
            ("What checks compare with now", "hivectl ml drift baseline show duration"),
            ("A saved one by its number", "hivectl ml drift baseline show duration@1 --number 2"),
            ("Bins, counts and slices, for a script", "hivectl ml drift baseline show anomaly -o json"),
        ],
        exit_codes: &[4, 9, 10, 11, 13, 14],
    },
    Footer {
        command: "ml drift baseline set",
        examples: &[
            ("Back to the one from training", "hivectl ml drift baseline set duration@1 training"),
            ("A saved one", "hivectl ml drift baseline set duration@1 2"),
            ("With a reason", "hivectl ml drift baseline set anomaly training --reason season"),
        ],
        exit_codes: &[4, 6, 7, 9, 10, 11, 14],
    },
    Footer {
        command: "ml retrain",
        examples: &[
            (
                "In a CronJob: only where the work has changed",
                "hivectl ml retrain --model duration --if-drift --threshold 0.5 --tickets later.ndjson.gz",
            ),
            ("What would it do?", "hivectl ml retrain --model duration --dry-run --cool-down 0s --tickets tickets.parquet"),
            (
                "At once, whatever the check says",
                "hivectl ml retrain --model duration --emergency --reason outage --tickets tickets.parquet",
            ),
        ],
        exit_codes: &[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14],
    },
    Footer {
        command: "ml predict",
        examples: &[
            ("How long tickets will take", "hivectl ml predict --model duration --tickets tickets.parquet --out p.parquet"),
            ("Which tickets are unusual, and why", "hivectl ml predict --model anomaly --explain --tickets tickets.parquet -o jsonl"),
            ("As a table file", "hivectl ml predict --model duration --tickets tickets.parquet --out p.csv"),
        ],
        exit_codes: &[4, 9, 10, 11, 13, 14],
    },
    Footer {
        command: "ml backfill",
        examples: &[
            ("See what would be written", "hivectl ml backfill --dry-run --tickets mongodb://db.example:27017"),
            ("In a cron job, gently, going on where the last run ended", "hivectl ml backfill --resume --yes --rate 500"),
            ("How far the model is off on the tickets of a file", "hivectl ml backfill --errors-only --tickets later.ndjson.gz"),
        ],
        exit_codes: &[4, 5, 9, 10, 11, 12, 13, 14],
    },
    Footer {
        command: "ml stats",
        examples: &[
            ("The last day", "hivectl ml stats --tickets mongodb://db.example:27017"),
            ("A week, for a script", "hivectl ml stats --window 7d --as-of 2026-01-31 -o json"),
            ("Of the tickets in a file", "hivectl ml stats --window 30d --tickets examples/tickets.ndjson.gz"),
        ],
        exit_codes: &[4, 9, 10, 11, 14],
    },
    Footer {
        command: "ml dataset features",
        examples: &[
            ("The matrix that training sees", "hivectl ml dataset features --tickets tickets.parquet --out matrix.parquet"),
            ("With recency and calendar", "hivectl ml dataset features --tickets tickets.parquet --features extended --out x.parquet"),
            (
                "The matrix that a registered model's predictions see",
                "hivectl ml dataset features --tickets tickets.parquet --model duration --out m.parquet",
            ),
        ],
        exit_codes: &[4, 9, 10, 11, 14],
    },
    Footer {
        command: "ml models promote",
        examples: &[
            (
                "See what a promotion would do, and how the version does beside the champion",
                "hivectl ml models promote ticket-anomaly-detector@1 --dry-run --tickets later.ndjson.gz",
            ),
            ("Promote in a script", "hivectl ml models promote ticket-anomaly-detector@1 --confirm ticket-anomaly-detector@1"),
            ("Keep the plan, for somebody else to apply", "hivectl ml models promote ticket-duration-predictor@1 --plan-out plan.json"),
        ],
        exit_codes: &[3, 4, 5, 6, 7, 9, 10, 11, 13],
    },
    Footer {
        command: "ml apply",
        examples: &[
            ("Apply a plan", "hivectl ml apply plan.json"),
            ("The same plan cannot be applied twice", "hivectl ml models history ticket-duration-predictor"),
            ("See how it ended", "hivectl ml models show ticket-duration-predictor#production"),
        ],
        exit_codes: &[4, 6, 7, 9, 10, 11, 13],
    },
    Footer {
        command: "ml models rollback",
        examples: &[
            ("See which version would come back", "hivectl ml models rollback ticket-duration-predictor --dry-run"),
            ("Roll back in a script", "hivectl ml models rollback duration --confirm ticket-duration-predictor"),
            (
                "To a version by number, which may be there already",
                "hivectl ml models rollback duration --to 2 --confirm ticket-duration-predictor@2",
            ),
        ],
        exit_codes: &[4, 5, 6, 7, 8, 9, 10, 11, 13],
    },
    Footer {
        command: "ml models history",
        examples: &[
            ("What happened to a model", "hivectl ml models history ticket-duration-predictor"),
            ("As JSON", "hivectl ml models history ticket-duration-predictor -o json"),
            ("By its kind", "hivectl ml models history duration"),
        ],
        exit_codes: &[4, 9, 10, 11],
    },
    Footer {
        command: "ml models alias set",
        examples: &[
            ("Name a version", "hivectl ml models alias set ticket-duration-predictor stable 1"),
            ("Move the name", "hivectl ml models alias set ticket-duration-predictor stable 2"),
            ("Use it", "hivectl ml models show ticket-duration-predictor:stable"),
        ],
        exit_codes: &[4, 7, 9, 10, 11],
    },
    Footer {
        command: "ml models alias unset",
        examples: &[
            ("Remove an alias", "hivectl ml models alias unset ticket-duration-predictor stable"),
            ("That it is gone already is no failure", "hivectl ml models alias unset ticket-duration-predictor stable"),
            ("As JSON", "hivectl ml models alias unset ticket-duration-predictor stable -o json"),
        ],
        exit_codes: &[4, 7, 9, 10, 11],
    },
    Footer {
        command: "ml models tag",
        examples: &[
            ("Set a tag", "hivectl ml models tag ticket-duration-predictor@1 team=scheduling"),
            ("Set one and remove another", "hivectl ml models tag ticket-duration-predictor@1 owner=ops team-"),
            ("Say why", "hivectl ml models tag ticket-duration-predictor@1 owner- --reason moved"),
        ],
        exit_codes: &[4, 7, 9, 10, 11],
    },
    Footer {
        command: "ml models archive",
        examples: &[
            ("See what would be archived", "hivectl ml models archive --older --dry-run"),
            ("Take one version out of Staging", "hivectl ml models archive ticket-anomaly-detector@latest --dry-run"),
            ("Keep the five newest in Staging", "hivectl ml models archive --older --keep 5 --yes"),
        ],
        exit_codes: &[4, 5, 6, 7, 9, 10, 11, 13],
    },
    Footer {
        command: "ml models verify",
        examples: &[
            ("Compare all bytes with their digests", "hivectl ml models verify"),
            ("Of one model", "hivectl ml models verify ticket-duration-predictor"),
            ("For a script", "hivectl ml models verify -o json"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
    },
    Footer {
        command: "ml models export",
        examples: &[
            ("One version into one file", "hivectl ml models export ticket-duration-predictor@1 model.hivectl-model"),
            ("The monthly backup", "hivectl ml models export --production --out backup"),
            ("What is in Production", "hivectl ml models export ticket-anomaly-detector#production a.hivectl-model"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
    },
    Footer {
        command: "ml models import",
        examples: &[
            ("Register an exported version", "hivectl ml models import model.hivectl-model"),
            ("Under another name", "hivectl ml models import model.hivectl-model --name trial"),
            ("Into another registry", "hivectl ml models import model.hivectl-model --registry other.db"),
        ],
        exit_codes: &[4, 7, 9, 10, 11],
    },
    Footer {
        command: "ml models push",
        examples: &[
            ("Into another registry", "hivectl ml models push ticket-duration-predictor@1 --destination copies/models.db"),
            ("What is in Production", "hivectl ml models push duration#production --destination copies/models.db"),
            ("Under another name", "hivectl ml models push duration@latest --destination copies/models.db --name trial"),
        ],
        exit_codes: &[4, 7, 9, 10, 11, 13],
    },
    Footer {
        command: "ml models pull",
        examples: &[
            ("From another registry", "hivectl ml models pull ticket-duration-predictor@1 --source copies/models.db"),
            ("The newest, under another name", "hivectl ml models pull duration@latest --source copies/models.db --name pulled"),
            ("For a script", "hivectl ml models pull duration@1 --source copies/models.db --name pulled -o json"),
        ],
        exit_codes: &[4, 7, 9, 10, 11, 13],
    },
    Footer {
        command: "ml models register",
        examples: &[
            ("See first what a file is", "hivectl ml models inspect outside.onnx"),
            ("An ONNX model from Python", "hivectl ml models register outside.onnx --name outside"),
            (
                "With what its maker claims",
                "hivectl ml models register outside.onnx --name outside --metrics '{\"mae\":12.5}' --tag team=x",
            ),
        ],
        exit_codes: &[4, 7, 9, 10, 11],
    },
    Footer {
        command: "ml models cache list",
        examples: &[
            ("What is here, and how old", "hivectl ml models cache list"),
            ("For a script", "hivectl ml models cache list -o json"),
            ("With all columns", "hivectl ml models cache list -o wide"),
        ],
        exit_codes: &[4, 10, 11],
    },
    Footer {
        command: "ml models cache warm",
        examples: &[
            ("Be ready for the server's absence", "hivectl ml models cache warm duration"),
            ("One version", "hivectl ml models cache warm ticket-duration-predictor@1"),
            ("For a script", "hivectl ml models cache warm duration -o json"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
    },
    Footer {
        command: "ml models cache clear",
        examples: &[
            ("Everything", "hivectl ml models cache clear"),
            ("One model", "hivectl ml models cache clear ticket-duration-predictor"),
            ("For a script", "hivectl ml models cache clear -o json"),
        ],
        exit_codes: &[4, 10, 11],
    },
    Footer {
        command: "ml models inspect",
        examples: &[
            ("What a file is", "hivectl ml models inspect outside.onnx"),
            ("For a script", "hivectl ml models inspect outside.onnx -o json"),
            ("A registered version", "hivectl ml models inspect duration@latest"),
        ],
        exit_codes: &[4, 9, 10, 11],
    },
];
