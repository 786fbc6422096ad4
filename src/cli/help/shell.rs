//! The footers of the commands around `hivectl ml`.

use super::Footer;

pub(super) const FOOTERS: &[Footer] = &[
    Footer {
        command: "version",
        examples: &[
            ("What is installed", "hivectl version"),
            ("For a script", "hivectl version -o json"),
            ("The number alone", "hivectl --version"),
        ],
        exit_codes: &[],
    },
    Footer {
        command: "doctor",
        examples: &[
            ("Everything that is configured", "hivectl doctor"),
            ("The server that MONGODB_URI names", "hivectl doctor --check mongodb"),
            ("Make the indexes that queries need", "hivectl doctor --create-indexes --yes"),
        ],
        exit_codes: &[5, 9, 10, 11, 13, 14],
    },
    Footer {
        command: "audit log",
        examples: &[
            ("Everything that was changed", "hivectl audit log"),
            ("Of one model", "hivectl audit log ticket-duration-predictor"),
            ("One record a line", "hivectl audit log -o jsonl"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
    },
    Footer {
        command: "audit show",
        examples: &[
            ("One record whole", "hivectl audit show 1"),
            ("The same as JSON", "hivectl audit show 1 -o json"),
            ("The one after it", "hivectl audit show 2"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
    },
    Footer {
        command: "audit verify",
        examples: &[
            ("Is the log whole?", "hivectl audit verify"),
            ("For a script", "hivectl audit verify -o json"),
            ("Of another registry", "hivectl audit verify --registry embedded"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
    },
    Footer {
        command: "config list",
        examples: &[
            ("Every setting and where it comes from", "hivectl config list"),
            ("As JSON", "hivectl config list -o json"),
            ("What a flag would change", "hivectl config list --registry team.db"),
        ],
        exit_codes: &[4, 11],
    },
    Footer {
        command: "config set",
        examples: &[
            ("Make a context with its registry", "hivectl config set registry team.db --context team"),
            ("Tell where a secret is kept", "hivectl config set tickets '{env: MONGODB_URI}' --context team --dry-run"),
            ("Protect it", "hivectl config set protected yes --context team"),
        ],
        exit_codes: &[2, 5, 6, 7, 10, 11],
    },
    Footer {
        command: "config get",
        examples: &[
            ("One value and its origin", "hivectl config get registry"),
            ("In another context", "hivectl config get registry --context team"),
            ("For a script", "hivectl config get window_days -o json"),
        ],
        exit_codes: &[4, 11],
    },
    Footer {
        command: "config contexts",
        examples: &[
            ("Every context, the current one with a star", "hivectl config contexts"),
            ("Names for a script", "hivectl config contexts -o name"),
            ("Everything that they say", "hivectl config contexts -o json"),
        ],
        exit_codes: &[4, 11],
    },
    Footer {
        command: "config use",
        examples: &[
            ("From now on", "hivectl config use team"),
            ("For a script", "hivectl config use team -o json"),
            ("That it is so already is no failure", "hivectl config use team"),
        ],
        exit_codes: &[4, 6, 7, 10, 11],
    },
    Footer {
        command: "config check",
        examples: &[
            ("Are the files right?", "hivectl config check"),
            ("With another registry", "hivectl config check --registry other.db"),
            ("For a script", "hivectl config check -o json"),
        ],
        exit_codes: &[4, 11],
    },
    Footer {
        command: "config path",
        examples: &[
            ("Which files are read", "hivectl config path"),
            ("Their names alone", "hivectl config path -o name"),
            ("For a script", "hivectl config path -o json"),
        ],
        exit_codes: &[4, 11],
    },
    Footer {
        command: "config unset",
        examples: &[
            ("No context any more", "hivectl config unset current_context"),
            ("Remove a setting", "hivectl config unset window_days"),
            ("Remove a whole context", "hivectl config unset contexts.team --confirm team"),
        ],
        exit_codes: &[2, 5, 6, 7, 10, 11],
    },
    Footer {
        command: "runbook list",
        examples: &[
            ("What there is", "hivectl runbook list"),
            ("With the alerts that lead there", "hivectl runbook list -o wide"),
            ("Em português", "hivectl runbook list --lang pt-BR"),
        ],
        exit_codes: &[],
    },
    Footer {
        command: "runbook show",
        examples: &[
            ("What to do", "hivectl runbook show rollback"),
            ("About another model", "hivectl runbook show rollback --set model=ticket-anomaly-detector"),
            ("Em português", "hivectl runbook show training-failed --lang pt-BR"),
        ],
        exit_codes: &[11],
    },
    Footer {
        command: "runbook run",
        examples: &[
            ("Step by step, with a record", "hivectl runbook run registry-unreachable --transcript outage.md"),
            ("Go on with it", "hivectl runbook run registry-unreachable --resume outage.md"),
            ("In a script, with every change agreed to", "hivectl runbook run monthly-export --yes --transcript export.md"),
        ],
        exit_codes: &[4, 5, 6, 11, 12],
    },
    Footer {
        command: "explain",
        examples: &[
            ("What an error means", "hivectl explain HML-1400"),
            ("As JSON", "hivectl explain HML-0300 -o json"),
            ("What to type instead of a script", "hivectl explain train_predictive_models.py --model-type anomaly"),
        ],
        exit_codes: &[],
    },
    Footer {
        command: "completions",
        examples: &[
            ("For bash", "hivectl completions bash"),
            ("For zsh", "hivectl completions zsh"),
            ("Put it where the shell looks", "hivectl completions install --shell fish"),
        ],
        exit_codes: &[],
    },
    Footer {
        command: "man",
        examples: &[
            ("The page of hivectl", "hivectl man"),
            ("The page of a command", "hivectl man ml train"),
            ("The page as JSON", "hivectl man ml models list -o json"),
        ],
        exit_codes: &[],
    },
];
