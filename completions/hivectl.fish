# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_hivectl_global_optspecs
    string join \n registry= context= o/output= no-input yes confirm= reason= lock-timeout= timeout= q/quiet v/verbose accessible h/help V/version
end

function __fish_hivectl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_hivectl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_hivectl_using_subcommand
    set -l cmd (__fish_hivectl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c hivectl -n "__fish_hivectl_needs_command" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_needs_command" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_needs_command" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_needs_command" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_needs_command" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_needs_command" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_needs_command" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_needs_command" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_needs_command" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_needs_command" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_needs_command" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_needs_command" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_needs_command" -s V -l version -d 'Print version'
complete -c hivectl -n "__fish_hivectl_needs_command" -f -a "ml" -d 'Train, list, show and use models'
complete -c hivectl -n "__fish_hivectl_needs_command" -f -a "version" -d 'Print the version of hivectl and of its formats'
complete -c hivectl -n "__fish_hivectl_needs_command" -f -a "doctor" -d 'Check what hivectl stands on, and say what to do about what is wrong'
complete -c hivectl -n "__fish_hivectl_needs_command" -f -a "audit" -d 'Show what was changed, by whom and why'
complete -c hivectl -n "__fish_hivectl_needs_command" -f -a "config" -d 'Show the settings and where each comes from'
complete -c hivectl -n "__fish_hivectl_needs_command" -f -a "runbook" -d 'Show what to do about an alert, and go through it step by step'
complete -c hivectl -n "__fish_hivectl_needs_command" -f -a "explain" -d 'Say what an error code means'
complete -c hivectl -n "__fish_hivectl_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c hivectl -n "__fish_hivectl_needs_command" -f -a "man" -d 'Show the manual page of a command'
complete -c hivectl -n "__fish_hivectl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "train" -d 'Train models on tickets, judge, gate and register them'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "validate" -d 'Check the versions in service: files, features, stages, age, and quality on recent tickets'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "drift" -d 'Tell whether the work has changed since a version was trained, and for whom'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "retrain" -d 'Train again where the work has changed, and put the better version into service'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "predict" -d 'Use a registered model on tickets'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "backfill" -d 'Write predictions into tickets that have ended without one, and show how far they are off'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "stats" -d 'Count the predictions that were made, and how far they were off'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "dataset" -d 'Make tickets and the tables that models see'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "apply" -d 'Apply a plan that `promote` or `rollback` kept in a file'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "models" -d 'List, show and change what is registered'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and not __fish_seen_subcommand_from train validate drift retrain predict backfill stats dataset apply models help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l model -d 'Kind of model' -r -f -a "duration\t'How long a ticket will take'
scheduling\t'The same for the scheduler, boosted, in XGBoost\'s form'
anomaly\t'Whether a ticket is unusual'
all\t'Duration and anomaly'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l tickets -d 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l database -d 'Database of a MongoDB with tickets [default: the URI\'s, else neural_hive_orchestration]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l collection -d 'Collection of a MongoDB with tickets [default: execution_tickets]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l timeout -d 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l requester-field -d 'Field that names who asked for the ticket [default: metadata.requested_by]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l executable-field -d 'Field that names what the ticket runs' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l size-field -d 'Field with the size of the work' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l window-days -d 'Days of tickets to use, counted back from --as-of over created_at [default: 30]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l as-of -d 'The moment to train at, such as 2026-01-31T12:00:00Z [default: the newest created_at]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l min-samples -d 'Fewest usable tickets [default: 100]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l label -d 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there' -r -f -a "actual\t''
derived\t''
auto\t''"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l status -d 'Statuses whose tickets count' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l features -d 'Table of features [default: reference, with --tune the better one]' -r -f -a "reference\t'The 15 features of the running system'
extended\t'Also recency, calendar and ratios'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l name -d 'Name to register under, when one kind is trained' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l experiment -d 'Experiment that the run belongs to [default: orchestrator-predictive-models]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l split -d 'Which tickets judge: the latest fifth, or a random fifth' -r -f -a "time\t''
random\t''"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l variant -d 'What the anomaly detector may know' -r -f -a "scheduling\t'Only what is known when the ticket is scheduled'
outcome\t'Also duration and retries; for tickets that have ended'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l algorithm -d 'How durations are learned [default: forest, for scheduling boosting]' -r -f -a "forest\t'Many deep trees, averaged'
boosting\t'Many shallow trees, each correcting those before it'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l trees -d 'Number of trees, or of rounds of boosting' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l depth -d 'Greatest depth of a tree of the duration model [default: 10, boosted 6]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l min-split -d 'Fewest tickets of a node that is split (forest)' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l min-leaf -d 'Fewest tickets of a leaf' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l objective -d 'What boosting makes small' -r -f -a "absolute-error\t'The mean absolute error, which the gates judge'
squared-error\t'The mean squared error'
huber\t'Squared for small errors, absolute for large ones'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l learning-rate -d 'Share of each tree\'s correction that is kept (boosting)' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l row-share -d 'Share of the tickets that each boosted tree sees' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l column-share -d 'Share of the features that each boosted tree, or each split of a forest, sees' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l l1 -d 'L1 penalty of boosted leaves' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l l2 -d 'L2 penalty of boosted leaves' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l early-stopping -d 'Stop boosting after this many rounds without improvement on the latest fifth of the training tickets' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l subsample -d 'Tickets that each tree of the anomaly detector sees' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l contamination -d 'Share of tickets that the anomaly detector marks in training [default: 0.05]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l seed -d 'Where chance begins; the same seed and data give the same model' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l threads -d 'Threads to use; 0 is one a core' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l tune-trials -d 'Settings to try, a kind' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l tune-minutes -d 'Begin no further trial of a kind after so many minutes' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l policy -d 'File with the gates' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l permutation -d 'Also tell how much the error of durations grows, on the tickets that judge, when a feature is shuffled'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l tune -d 'First look for better settings, judged on the earlier tickets alone; the same command goes on where it stopped'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l promote-if-better -d 'Put a model that passes its gate and beats the champion into Production'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l require-gate -d 'End with exit code 3 when a gate fails'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l backfill-errors -d 'Afterwards measure the new duration model on the tickets of the window, as `hivectl ml backfill --errors-only`'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l baseline-to-mongodb -d 'Also write the drift baseline into ml_feature_baselines beside the tickets, where the running system reads it'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l dry-run -d 'Train and judge, write nothing at all'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from train" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l tickets -d 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l database -d 'Database of a MongoDB with tickets [default: the URI\'s, else neural_hive_orchestration]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l collection -d 'Collection of a MongoDB with tickets [default: execution_tickets]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l timeout -d 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l requester-field -d 'Field that names who asked for the ticket [default: metadata.requested_by]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l executable-field -d 'Field that names what the ticket runs' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l size-field -d 'Field with the size of the work' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l window-days -d 'Days of tickets that judge, counted back from --as-of over created_at [default: 30]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l as-of -d 'The moment to judge at, such as 2026-01-31T12:00:00Z [default: the newest created_at]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l label -d 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there' -r -f -a "actual\t''
derived\t''
auto\t''"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l status -d 'Statuses whose tickets count' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l policy -d 'File with the gates' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l threads -d 'Threads to use; 0 is one a core' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l models-dir -d 'Folder with NAME_model.pkl files (or .skops, .onnx, .ubj, .json, .txt) to judge' -r -F
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l test-data -d 'Folder with a NAME_test.csv for each: its features and the column label' -r -F
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l report -d 'Folder to write a report about each into, as JSON and as Markdown' -r -F
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l max-age-days -d 'Warn of versions older than this' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l no-metrics -d 'Check files, features, stages and age alone'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l dry-run -d 'Leave claimed metrics as they are'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -f -a "check" -d 'Compare recent tickets with a version\'s baseline'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -f -a "watch" -d 'Check again and again, and print a line when something changes'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -f -a "history" -d 'Show the checks that were made, and what happened to the model between them'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -f -a "baseline" -d 'Make, list, show and choose baselines'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from drift" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l model -d 'Kind of model' -r -f -a "duration\t'How long a ticket will take'
scheduling\t'The same for the scheduler, boosted, in XGBoost\'s form'
anomaly\t'Whether a ticket is unusual'
all\t'Duration and anomaly'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l tickets -d 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l database -d 'Database of a MongoDB with tickets [default: the URI\'s, else neural_hive_orchestration]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l collection -d 'Collection of a MongoDB with tickets [default: execution_tickets]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l timeout -d 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l requester-field -d 'Field that names who asked for the ticket [default: metadata.requested_by]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l executable-field -d 'Field that names what the ticket runs' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l size-field -d 'Field with the size of the work' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l window-days -d 'Days of tickets to use, counted back from --as-of over created_at [default: 30]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l as-of -d 'The moment to train at, such as 2026-01-31T12:00:00Z [default: the newest created_at]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l min-samples -d 'Fewest usable tickets [default: 100]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l label -d 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there' -r -f -a "actual\t''
derived\t''
auto\t''"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l status -d 'Statuses whose tickets count' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l features -d 'Table of features [default: reference, with --tune the better one]' -r -f -a "reference\t'The 15 features of the running system'
extended\t'Also recency, calendar and ratios'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l name -d 'Name to register under, when one kind is trained' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l experiment -d 'Experiment that the run belongs to [default: orchestrator-predictive-models]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l split -d 'Which tickets judge: the latest fifth, or a random fifth' -r -f -a "time\t''
random\t''"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l variant -d 'What the anomaly detector may know' -r -f -a "scheduling\t'Only what is known when the ticket is scheduled'
outcome\t'Also duration and retries; for tickets that have ended'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l algorithm -d 'How durations are learned [default: forest, for scheduling boosting]' -r -f -a "forest\t'Many deep trees, averaged'
boosting\t'Many shallow trees, each correcting those before it'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l trees -d 'Number of trees, or of rounds of boosting' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l depth -d 'Greatest depth of a tree of the duration model [default: 10, boosted 6]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l min-split -d 'Fewest tickets of a node that is split (forest)' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l min-leaf -d 'Fewest tickets of a leaf' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l objective -d 'What boosting makes small' -r -f -a "absolute-error\t'The mean absolute error, which the gates judge'
squared-error\t'The mean squared error'
huber\t'Squared for small errors, absolute for large ones'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l learning-rate -d 'Share of each tree\'s correction that is kept (boosting)' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l row-share -d 'Share of the tickets that each boosted tree sees' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l column-share -d 'Share of the features that each boosted tree, or each split of a forest, sees' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l l1 -d 'L1 penalty of boosted leaves' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l l2 -d 'L2 penalty of boosted leaves' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l early-stopping -d 'Stop boosting after this many rounds without improvement on the latest fifth of the training tickets' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l subsample -d 'Tickets that each tree of the anomaly detector sees' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l contamination -d 'Share of tickets that the anomaly detector marks in training [default: 0.05]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l seed -d 'Where chance begins; the same seed and data give the same model' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l threads -d 'Threads to use; 0 is one a core' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l tune-trials -d 'Settings to try, a kind' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l tune-minutes -d 'Begin no further trial of a kind after so many minutes' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l policy -d 'File with the gates' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l threshold -d 'Drift score above which is trained: error ratio minus 1, or the largest stability index [default: 0.2]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l interval -d 'Time between two looks of --watch, such as 1h [default: 60m]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l cool-down -d 'After a training the next one waits so long' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l permutation -d 'Also tell how much the error of durations grows, on the tickets that judge, when a feature is shuffled'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l tune -d 'First look for better settings, judged on the earlier tickets alone; the same command goes on where it stopped'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l promote-if-better -d 'Put a model that passes its gate and beats the champion into Production'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l require-gate -d 'End with exit code 3 when a gate fails'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l backfill-errors -d 'Afterwards measure the new duration model on the tickets of the window, as `hivectl ml backfill --errors-only`'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l baseline-to-mongodb -d 'Also write the drift baseline into ml_feature_baselines beside the tickets, where the running system reads it'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l dry-run -d 'Train and judge, write nothing at all'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l if-drift -d 'Train only where there is drift above --threshold'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l emergency -d 'Train whatever the check says, also while cooling down; needs --reason'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l check-once -d 'As --if-drift, once'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l watch -d 'As --if-drift, again and again'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from retrain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l model -d 'Model to use: NAME, NAME@7, NAME#production or a kind such as duration' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l tickets -d 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l database -d 'Database of a MongoDB with tickets [default: the URI\'s, else neural_hive_orchestration]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l collection -d 'Collection of a MongoDB with tickets [default: execution_tickets]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l timeout -d 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l requester-field -d 'Field that names who asked for the ticket [default: metadata.requested_by]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l executable-field -d 'Field that names what the ticket runs' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l size-field -d 'Field with the size of the work' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l out -d 'File to write: .csv, .parquet, .jsonl or .ndjson' -r -F
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l explain -d 'Give reasons for every ticket'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from predict" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l model -d 'Model that predicts: NAME, NAME@7, NAME#production or a kind' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l tickets -d 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l database -d 'Database of a MongoDB with tickets [default: the URI\'s, else neural_hive_orchestration]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l collection -d 'Collection of a MongoDB with tickets [default: execution_tickets]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l timeout -d 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l requester-field -d 'Field that names who asked for the ticket [default: metadata.requested_by]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l executable-field -d 'Field that names what the ticket runs' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l size-field -d 'Field with the size of the work' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l window-days -d 'Days of tickets, counted back from --as-of over created_at [default: 30]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l as-of -d 'The moment to predict at, such as 2026-01-31T12:00:00Z [default: the newest created_at]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l label -d 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there' -r -f -a "actual\t''
derived\t''
auto\t''"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l status -d 'Statuses whose tickets count' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l rate -d 'Write at most so many predictions a second' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l threads -d 'Threads to use; 0 is one a core' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l resume -d 'Go on with the plan that an earlier run left, without asking again; start where there is none'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l errors-only -d 'Compute the errors, write nothing into tickets'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l dry-run -d 'Show the plan and change nothing'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from backfill" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l tickets -d 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l database -d 'Database of a MongoDB with tickets [default: the URI\'s, else neural_hive_orchestration]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l collection -d 'Collection of a MongoDB with tickets [default: execution_tickets]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l timeout -d 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l requester-field -d 'Field that names who asked for the ticket [default: metadata.requested_by]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l executable-field -d 'Field that names what the ticket runs' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l size-field -d 'Field with the size of the work' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l window -d 'How far to look back from --as-of, such as 24h or 7d' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l as-of -d 'The moment to look back from, such as 2026-01-31T12:00:00Z [default: now; the newest created_at for files and --durations]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l label -d 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there' -r -f -a "actual\t''
derived\t''
auto\t''"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l status -d 'Statuses whose tickets count' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l durations -d 'Instead: how long tickets took, by task type and risk band; counted by the server, and with --as-of ticket by ticket, exactly as it was known then'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -f -a "synthetic" -d 'Make up tickets to try things on'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -f -a "features" -d 'Write the matrix that training sees'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from dataset" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "list" -d 'List models, or the versions of one'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "show" -d 'Show everything known about one version'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "compare" -d 'Set two versions side by side, and run both on the same tickets'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "promote" -d 'Put a version into Production or Staging'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "rollback" -d 'Put the version back into Production that served before'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "history" -d 'Show what happened to a model, newest first'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "alias" -d 'Point an alias at a version, or remove it'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "tag" -d 'Set and remove tags of a version'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "archive" -d 'Take versions out of service'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "verify" -d 'Compare the stored bytes with their digests, and the registry with its rules'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "export" -d 'Write a version into one file'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "import" -d 'Register an exported version'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "push" -d 'Copy a version into another registry'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "pull" -d 'Copy a version from another registry'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "register" -d 'Register a model that another tool made'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "inspect" -d 'Tell what a model file is'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from models" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "train" -d 'Train models on tickets, judge, gate and register them'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "validate" -d 'Check the versions in service: files, features, stages, age, and quality on recent tickets'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "drift" -d 'Tell whether the work has changed since a version was trained, and for whom'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "retrain" -d 'Train again where the work has changed, and put the better version into service'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "predict" -d 'Use a registered model on tickets'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "backfill" -d 'Write predictions into tickets that have ended without one, and show how far they are off'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "stats" -d 'Count the predictions that were made, and how far they were off'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "dataset" -d 'Make tickets and the tables that models see'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "apply" -d 'Apply a plan that `promote` or `rollback` kept in a file'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "models" -d 'List, show and change what is registered'
complete -c hivectl -n "__fish_hivectl_using_subcommand ml; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l check -d 'What to check (can be repeated, or parted by commas) [default: everything that is configured]' -r -f -a "config\t'The files of settings, the values in force and their origins'
machine\t'Folder, disk, clock, terminal'
registry\t'The registry and what must always hold in it'
mongodb\t'The server with the tickets'
tickets\t'Tickets in files'
prometheus\t'The server with the metrics'"
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l bundle -d 'Write what was found into this file, without secrets, to send to somebody' -r -F
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l tickets -d 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l database -d 'Database of a MongoDB with tickets [default: the URI\'s, else neural_hive_orchestration]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l collection -d 'Collection of a MongoDB with tickets [default: execution_tickets]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l timeout -d 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l requester-field -d 'Field that names who asked for the ticket [default: metadata.requested_by]' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l executable-field -d 'Field that names what the ticket runs' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l size-field -d 'Field with the size of the work' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l create-indexes -d 'Make the indexes that are missing, after a confirmation'
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -f -a "log" -d 'List what was changed, newest last'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -f -a "show" -d 'Show one record whole'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -f -a "verify" -d 'Check that no record was altered, removed or put in between'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and not __fish_seen_subcommand_from log show verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "log" -d 'List what was changed, newest last'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one record whole'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Check that no record was altered, removed or put in between'
complete -c hivectl -n "__fish_hivectl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -f -a "list" -d 'Show every setting, its value and where it comes from'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -f -a "set" -d 'Set a setting in the user\'s file'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -f -a "get" -d 'Show one setting, its value and where it comes from'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -f -a "contexts" -d 'List the contexts'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -f -a "use" -d 'Make a context the current one'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -f -a "check" -d 'Check the files, every value in force, and that each secret can be read'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -f -a "path" -d 'Show which files are read'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -f -a "unset" -d 'Remove a setting from the user\'s file'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and not __fish_seen_subcommand_from list set get contexts use check path unset help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l project -d 'Change the project\'s file (.hivectl.yaml in the working folder) instead of the user\'s'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l dry-run -d 'Show what would be changed and change nothing'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from contexts" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l project -d 'Change the project\'s file (.hivectl.yaml in the working folder) instead of the user\'s'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l dry-run -d 'Show what would be changed and change nothing'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "list" -d 'Show every setting, its value and where it comes from'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set" -d 'Set a setting in the user\'s file'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show one setting, its value and where it comes from'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "contexts" -d 'List the contexts'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "use" -d 'Make a context the current one'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check the files, every value in force, and that each secret can be read'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Show which files are read'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "unset" -d 'Remove a setting from the user\'s file'
complete -c hivectl -n "__fish_hivectl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -f -a "list" -d 'List the runbooks'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -f -a "show" -d 'Show a runbook'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -f -a "run" -d 'Go through a runbook step by step, and keep a record'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and not __fish_seen_subcommand_from list show run help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -l lang -d 'Language; otherwise that of LANG' -r -f -a "en\t'English'
pt-BR\t'Português do Brasil'"
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l lang -d 'Language; otherwise that of LANG' -r -f -a "en\t'English'
pt-BR\t'Português do Brasil'"
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l set -d 'What a word of the commands stands for, such as model=ticket-anomaly-detector (can be repeated)' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l lang -d 'Language; otherwise that of LANG' -r -f -a "en\t'English'
pt-BR\t'Português do Brasil'"
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l set -d 'What a word of the commands stands for, such as tickets=logs.ndjson (can be repeated)' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l transcript -d 'File for the record [default: runbook-ID-TIME.md in the working folder]' -r -F
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l resume -d 'Go on with the run that this record is of' -r -F
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the runbooks'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a runbook'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "run" -d 'Go through a runbook step by step, and keep a record'
complete -c hivectl -n "__fish_hivectl_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -l registry -d 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -l context -d 'The context of the configuration file to use' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -s o -l output -d 'Form of the output' -r -f -a "table\t'A table for people'
wide\t'A table with every column'
json\t'One JSON document'
yaml\t'The same document as YAML'
name\t'Names only, one a line'
jsonl\t'One JSON object an item and line'
csv\t'Comma-separated values, where the result is rows'"
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -l confirm -d 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -l reason -d 'Why this is done; kept with the change' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -l lock-timeout -d 'Longest time that a change waits for another one on the same registry, such as 30s or 2m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -l timeout -d 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m' -r
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -l no-input -d 'Never ask; fail and name the flag that answers instead'
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -l yes -d 'Answer yes to every y/N question (never to a typed confirmation)'
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -s q -l quiet -d 'Print results and errors only'
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -s v -l verbose -d 'Print more about what is done'
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -l accessible -d 'Plain words only: no bars, boxes or symbols'
complete -c hivectl -n "__fish_hivectl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and not __fish_seen_subcommand_from ml version doctor audit config runbook explain completions man help" -f -a "ml" -d 'Train, list, show and use models'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and not __fish_seen_subcommand_from ml version doctor audit config runbook explain completions man help" -f -a "version" -d 'Print the version of hivectl and of its formats'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and not __fish_seen_subcommand_from ml version doctor audit config runbook explain completions man help" -f -a "doctor" -d 'Check what hivectl stands on, and say what to do about what is wrong'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and not __fish_seen_subcommand_from ml version doctor audit config runbook explain completions man help" -f -a "audit" -d 'Show what was changed, by whom and why'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and not __fish_seen_subcommand_from ml version doctor audit config runbook explain completions man help" -f -a "config" -d 'Show the settings and where each comes from'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and not __fish_seen_subcommand_from ml version doctor audit config runbook explain completions man help" -f -a "runbook" -d 'Show what to do about an alert, and go through it step by step'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and not __fish_seen_subcommand_from ml version doctor audit config runbook explain completions man help" -f -a "explain" -d 'Say what an error code means'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and not __fish_seen_subcommand_from ml version doctor audit config runbook explain completions man help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and not __fish_seen_subcommand_from ml version doctor audit config runbook explain completions man help" -f -a "man" -d 'Show the manual page of a command'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and not __fish_seen_subcommand_from ml version doctor audit config runbook explain completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from ml" -f -a "train" -d 'Train models on tickets, judge, gate and register them'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from ml" -f -a "validate" -d 'Check the versions in service: files, features, stages, age, and quality on recent tickets'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from ml" -f -a "drift" -d 'Tell whether the work has changed since a version was trained, and for whom'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from ml" -f -a "retrain" -d 'Train again where the work has changed, and put the better version into service'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from ml" -f -a "predict" -d 'Use a registered model on tickets'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from ml" -f -a "backfill" -d 'Write predictions into tickets that have ended without one, and show how far they are off'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from ml" -f -a "stats" -d 'Count the predictions that were made, and how far they were off'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from ml" -f -a "dataset" -d 'Make tickets and the tables that models see'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from ml" -f -a "apply" -d 'Apply a plan that `promote` or `rollback` kept in a file'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from ml" -f -a "models" -d 'List, show and change what is registered'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "log" -d 'List what was changed, newest last'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "show" -d 'Show one record whole'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "verify" -d 'Check that no record was altered, removed or put in between'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "list" -d 'Show every setting, its value and where it comes from'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "set" -d 'Set a setting in the user\'s file'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "get" -d 'Show one setting, its value and where it comes from'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "contexts" -d 'List the contexts'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "use" -d 'Make a context the current one'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "check" -d 'Check the files, every value in force, and that each secret can be read'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Show which files are read'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "unset" -d 'Remove a setting from the user\'s file'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "list" -d 'List the runbooks'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "show" -d 'Show a runbook'
complete -c hivectl -n "__fish_hivectl_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "run" -d 'Go through a runbook step by step, and keep a record'
