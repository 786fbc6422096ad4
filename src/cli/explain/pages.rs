//! What each error code means: one page a kind.

use crate::error::ErrorKind;

/// What is told of a code.
pub struct Page {
    pub meaning: &'static str,
    /// Why it happens, and how that cause is told from the others.
    pub causes: &'static [(&'static str, &'static str)],
    /// Commands that help, complete but for names in capitals.
    pub commands: &'static [&'static str],
    pub remedy: &'static str,
}

/// The page of a kind.
pub fn page(kind: ErrorKind) -> Page {
    match kind {
        ErrorKind::Internal => Page {
            meaning: "hivectl met a state that its authors thought impossible. Nothing you typed is to blame.",
            causes: &[
                ("a mistake in hivectl", "the same command fails the same way on another machine"),
                ("memory or disk that returns wrong bytes", "the command fails at another place each time"),
            ],
            commands: &["hivectl doctor --bundle report.json", "hivectl version -o json"],
            remedy: "send both with the command that failed",
        },
        ErrorKind::Usage => Page {
            meaning: "The words typed do not make a command. Nothing was read or changed.",
            causes: &[
                ("a flag or verb was mistyped", "the message names the word and the nearest one"),
                ("the line comes from an older guide", "`hivectl explain SCRIPT` names the new command"),
            ],
            commands: &["hivectl help", "hivectl explain train_predictive_models.py"],
            remedy: "read the line that names the word; `--help` after the command shows three examples",
        },
        ErrorKind::AmbiguousReference => Page {
            meaning: "A change needs one version, and the reference names a model only.",
            causes: &[("the version was left out", "the message lists the versions there are")],
            commands: &["hivectl ml models list"],
            remedy: "add the version: NAME@7, NAME@latest or NAME#staging",
        },
        ErrorKind::GateFailed => Page {
            meaning: "The version does not pass a required gate. It is registered where training made it, and in no stage.",
            causes: &[
                ("the model is worse than the gate asks", "`models show` prints each criterion with its number"),
                ("a metric is missing, and a missing metric fails", "the criterion has no value"),
                ("the tickets are of other work", "`drift check` says whether the work has changed"),
            ],
            commands: &["hivectl ml models show NAME@VERSION", "hivectl runbook show model-not-promoted"],
            remedy: "train on more tickets (--window-days), or change the policy on purpose",
        },
        ErrorKind::ModelNotFound => Page {
            meaning: "The registry has no such model, version, alias or stage.",
            causes: &[
                ("the name is mistyped", "the message names the nearest one"),
                ("another registry is meant", "the first line of a plan, and `config get registry`, name the one that was asked"),
                ("the version was deleted", "the message says so"),
            ],
            commands: &["hivectl ml models list", "hivectl config get registry"],
            remedy: "name what is there, or the other registry with --registry",
        },
        ErrorKind::FileNotFound => Page {
            meaning: "A file or folder that the command names does not exist.",
            causes: &[
                ("the path is wrong", "`ls` of the folder shows what is there"),
                ("a glob matches nothing", "put it into quotation marks and look at its folder"),
                ("a registry that was named does not exist yet", "the message ends with the command that makes one"),
            ],
            commands: &["hivectl config path"],
            remedy: "correct the path; globs must match at least one file",
        },
        ErrorKind::NotConfirmed => Page {
            meaning: "The change needs a confirmation that was not given. Nothing was changed.",
            causes: &[
                ("nobody can be asked: no terminal, CI, --no-input", "the message says which"),
                ("another name was typed, or the answer was no", "the message says so"),
                ("the context is protected, so --yes is not enough", "the prompt begins with the context's name"),
            ],
            commands: &["hivectl config contexts"],
            remedy: "repeat the command with the flag that the error prints filled in",
        },
        ErrorKind::Conflict => Page {
            meaning: "The state moved between looking at it and changing it; nothing was changed.",
            causes: &[
                ("somebody else changed the model", "`models history` names who and when"),
                ("a plan is older than the state", "the message names the revision it was made for"),
            ],
            commands: &["hivectl ml models history NAME"],
            remedy: "look again, then repeat the command",
        },
        ErrorKind::LockHeld => Page {
            meaning: "Another process is writing to the same registry.",
            causes: &[
                ("a change is being made", "`doctor` names the process, its host and since when"),
                ("a file system without real locks (NFS)", "the lock stays although nobody is there"),
            ],
            commands: &["hivectl doctor --check registry"],
            remedy: "wait, or repeat with a longer --lock-timeout",
        },
        ErrorKind::Waiting => Page {
            meaning: "A person has to decide before the work can go on; nothing was changed.",
            causes: &[
                ("the model was trained a short while ago (cooling down)", "the message names the time"),
                ("the version before is unclear, or never served", "the message lists the choices"),
            ],
            commands: &["hivectl ml models history NAME"],
            remedy: "the message prints the complete command for each choice",
        },
        ErrorKind::Unreachable => Page {
            meaning: "A server could not be reached, or did not answer in time. What was written before stays written.",
            causes: &[
                ("the name or the port is wrong", "`config get` shows the place and who set it"),
                ("the network or a firewall is in between", "`doctor` fails within its five seconds, from another machine it passes"),
                ("the server is down", "its pods are not ready"),
            ],
            commands: &["hivectl doctor", "hivectl runbook show registry-unreachable"],
            remedy: "check host, port, network and TLS; repeat the command, for slow queries with a longer --timeout",
        },
        ErrorKind::ServerFailed => Page {
            meaning: "A server was reached and answered with an error of its own.",
            causes: &[
                ("the server is overloaded or broken", "its log has the same words as the message"),
                ("the server is of a version that hivectl does not know", "`doctor` names the version"),
            ],
            commands: &["hivectl doctor"],
            remedy: "read the server's words in the message and its log; repeat the command once it is mended",
        },
        ErrorKind::TimedOut => Page {
            meaning: "What was waited for did not come in the time that was given.",
            causes: &[("it takes longer", "a longer --timeout ends well"), ("it does not happen", "the history shows nothing new")],
            commands: &["hivectl doctor"],
            remedy: "wait longer (--timeout), or see what holds it up",
        },
        ErrorKind::NotAllowed => Page {
            meaning: "The operating system or a server refused permission.",
            causes: &[
                ("the file belongs to somebody else", "`ls -l` of the path in the message"),
                ("the disk is mounted read-only", "the cause in the message says so"),
                ("the account at the server lacks a role", "`doctor` names the right that is missing"),
            ],
            commands: &["hivectl doctor --check machine,registry,mongodb"],
            remedy: "check who you are and who owns the path that the message names",
        },
        ErrorKind::BadInput => Page {
            meaning: "Input could not be read to its end, or has a form that hivectl does not know. Nothing was trained or written.",
            causes: &[
                ("the file is cut off or damaged", "the message names file and line"),
                ("it is of another form than its name says", "`ml models inspect` tells what a model file is"),
            ],
            commands: &["hivectl ml models inspect FILE"],
            remedy: "repair or cut the file at the line that the message names",
        },
        ErrorKind::BadConfiguration => Page {
            meaning: "A file of settings, a policy, a secret's place or an environment variable holds what does not fit. Nothing was changed.",
            causes: &[
                ("a key is mistyped", "the message names file and line and the nearest key"),
                ("a value has the wrong form", "the message says what was expected and where the value comes from"),
                ("a secret stands in plain text, or others may read its file", "the message says so and how to keep it"),
            ],
            commands: &["hivectl config check", "hivectl config list"],
            remedy: "correct the place that the message names",
        },
        ErrorKind::FileAccess => Page {
            meaning: "The operating system could not read or write a file. What was there before is unchanged.",
            causes: &[
                ("the disk is full", "`doctor` shows the free space"),
                ("the disk fails", "the system's log has input/output errors"),
            ],
            commands: &["hivectl doctor --check machine"],
            remedy: "make room or mend the disk, then repeat the command",
        },
        ErrorKind::BadModelFile => Page {
            meaning: "A model file is damaged, or of a kind that hivectl cannot read.",
            causes: &[
                ("the bytes were altered", "`models verify` finds another digest"),
                ("the file holds more than trees, or a pickle names something that is not allowed", "`models inspect` says what"),
            ],
            commands: &["hivectl ml models verify", "hivectl runbook show model-does-not-load"],
            remedy: "register the model again from its source",
        },
        ErrorKind::SchemaMismatch => Page {
            meaning: "The features a model was trained on are not the features at hand; a prediction would be meaningless.",
            causes: &[
                ("the model was trained with other --features", "`models show` names its schema"),
                ("another tool renamed or reordered columns", "the message lists the first that differ"),
                ("a drift check was given the baseline of a version with other --features", "the message names both"),
            ],
            commands: &["hivectl ml models show NAME@VERSION"],
            remedy: "use the schema that the version names",
        },
        ErrorKind::BadBaseline => Page {
            meaning: "The stored drift baseline is damaged, of a newer form, or belongs to another model.",
            causes: &[
                ("a newer hivectl wrote it", "the message names the form"),
                ("it is of another model", "`drift baseline list` shows which there are"),
            ],
            commands: &["hivectl ml drift baseline list"],
            remedy: "make one anew: `hivectl ml drift baseline save REF --tickets FILE`",
        },
        ErrorKind::PartlyDone => Page {
            meaning: "Some parts of the work were done and some failed; the report names each. What was done stays.",
            causes: &[
                ("one part has its own cause", "its line in the report has a code of its own"),
                ("a step of a runbook did not come out as it says", "the record names the step"),
            ],
            commands: &["hivectl audit log"],
            remedy: "repeat the command for the parts that failed",
        },
        ErrorKind::InvariantBroken => Page {
            meaning: "The registry breaks a rule that must always hold, for instance two versions in Production.",
            causes: &[
                ("another tool wrote past hivectl", "`audit log` has no record of the change"),
                ("stage and alias name two versions", "`ml models list` says that they disagree"),
                ("a record of the log was altered", "`audit verify` names the first one"),
            ],
            commands: &["hivectl doctor --check registry", "hivectl audit verify"],
            remedy: "`hivectl doctor --check registry` names each model and the commands of which one mends it",
        },
        ErrorKind::DigestMismatch => Page {
            meaning: "The stored bytes of a model are not those that were registered. Do not use this version.",
            causes: &[
                ("a file was replaced or edited", "its time of change is later than the version's"),
                ("the disk lost bytes", "other files fail too"),
            ],
            commands: &["hivectl ml models verify", "hivectl runbook show restore"],
            remedy: "go back to a version that verifies, or import it from a backup",
        },
        ErrorKind::NotEnoughData => Page {
            meaning: "Fewer usable tickets than are needed. Nothing was trained.",
            causes: &[
                ("the window is too short", "`--window-days 365 --dry-run` finds enough"),
                ("the tickets have no outcome", "the message counts each reason"),
                ("the wrong place is read", "the message names file or collection"),
            ],
            commands: &["hivectl runbook show insufficient-data"],
            remedy: "widen --window-days, or lower --min-samples knowing that the model will be weak",
        },
        ErrorKind::NoLabels => Page {
            meaning: "There are tickets, but none says how long it took.",
            causes: &[
                ("nobody writes completed_at or actual_duration_ms", "`doctor` shows the coverage"),
                ("the outcomes are spelled in another way", "the message counts what was seen"),
                ("the work has not ended yet", "the tickets are younger than their duration"),
            ],
            commands: &["hivectl doctor --check mongodb", "hivectl runbook show insufficient-data"],
            remedy: "--label derived uses completed_at and started_at, --status widens which tickets count",
        },
        ErrorKind::NoBaseline => Page {
            meaning: "The version has no drift baseline. Nothing was compared.",
            causes: &[
                ("another tool made the version", "`models show` names its maker"),
                ("it was made by a hivectl that kept none", "`drift baseline list` does not name it"),
            ],
            commands: &["hivectl ml drift baseline list"],
            remedy: "`hivectl ml drift baseline save REF --tickets FILE` makes one, or compare with earlier tickets: --against-days 30",
        },
        ErrorKind::Interrupted => Page {
            meaning: "Ctrl-C ended the command. Every change is whole or not there at all; the message names those that are done.",
            causes: &[
                ("somebody typed Ctrl-C", "the terminal shows ^C"),
                ("a program that started hivectl sent SIGINT", "nobody sat at the terminal"),
            ],
            commands: &["hivectl audit log", "hivectl ml models verify"],
            remedy: "type the command again; a backfill and a runbook go on with --resume",
        },
        ErrorKind::Terminated => Page {
            meaning: "SIGTERM ended the command, as a scheduler sends it. Every change is whole or not there at all; the message names those that are done.",
            causes: &[
                ("the time of a job ran out", "activeDeadlineSeconds of the CronJob is over"),
                ("the machine or the pod was shut down", "`kubectl describe` names the reason"),
            ],
            commands: &["hivectl audit log", "hivectl ml models verify"],
            remedy: "run the job again, with more time where it ran out",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_is_empty() {
        for kind in ErrorKind::ALL {
            let page = page(*kind);
            assert!(
                !page.meaning.is_empty() && !page.causes.is_empty() && !page.commands.is_empty() && !page.remedy.is_empty(),
                "{kind:?}"
            );
        }
    }
}
