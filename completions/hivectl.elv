
use builtin;
use str;

set edit:completion:arg-completer[hivectl] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'hivectl'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'hivectl'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand ml 'Train, list, show and use models'
            cand version 'Print the version of hivectl and of its formats'
            cand doctor 'Check what hivectl stands on, and say what to do about what is wrong'
            cand audit 'Show what was changed, by whom and why'
            cand config 'Show the settings and where each comes from'
            cand runbook 'Show what to do about an alert, and go through it step by step'
            cand explain 'Say what an error code means'
            cand completions 'Print the completion script of a shell'
            cand man 'Show the manual page of a command'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand train 'Train models on tickets, judge, gate and register them'
            cand validate 'Check the versions in service: files, features, stages, age, and quality on recent tickets'
            cand drift 'Tell whether the work has changed since a version was trained, and for whom'
            cand retrain 'Train again where the work has changed, and put the better version into service'
            cand predict 'Use a registered model on tickets'
            cand backfill 'Write predictions into tickets that have ended without one, and show how far they are off'
            cand stats 'Count the predictions that were made, and how far they were off'
            cand dataset 'Make tickets and the tables that models see'
            cand apply 'Apply a plan that `promote` or `rollback` kept in a file'
            cand models 'List, show and change what is registered'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;train'= {
            cand --model 'Kind of model'
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --window-days 'Days of tickets to use, counted back from --as-of over created_at [default: 30]'
            cand --as-of 'The moment to train at, such as 2026-01-31T12:00:00Z [default: the newest created_at]'
            cand --min-samples 'Fewest usable tickets [default: 100]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --features 'Table of features [default: reference, with --tune the better one]'
            cand --name 'Name to register under, when one kind is trained'
            cand --experiment 'Experiment that the run belongs to [default: orchestrator-predictive-models]'
            cand --split 'Which tickets judge: the latest fifth, or a random fifth'
            cand --variant 'What the anomaly detector may know'
            cand --algorithm 'How durations are learned [default: forest, for scheduling boosting]'
            cand --trees 'Number of trees, or of rounds of boosting'
            cand --depth 'Greatest depth of a tree of the duration model [default: 10, boosted 6]'
            cand --min-split 'Fewest tickets of a node that is split (forest)'
            cand --min-leaf 'Fewest tickets of a leaf'
            cand --objective 'What boosting makes small'
            cand --learning-rate 'Share of each tree''s correction that is kept (boosting)'
            cand --row-share 'Share of the tickets that each boosted tree sees'
            cand --column-share 'Share of the features that each boosted tree, or each split of a forest, sees'
            cand --l1 'L1 penalty of boosted leaves'
            cand --l2 'L2 penalty of boosted leaves'
            cand --early-stopping 'Stop boosting after this many rounds without improvement on the latest fifth of the training tickets'
            cand --subsample 'Tickets that each tree of the anomaly detector sees'
            cand --contamination 'Share of tickets that the anomaly detector marks in training [default: 0.05]'
            cand --seed 'Where chance begins; the same seed and data give the same model'
            cand --threads 'Threads to use; 0 is one a core'
            cand --tune-trials 'Settings to try, a kind'
            cand --tune-minutes 'Begin no further trial of a kind after so many minutes'
            cand --policy 'File with the gates'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --permutation 'Also tell how much the error of durations grows, on the tickets that judge, when a feature is shuffled'
            cand --tune 'First look for better settings, judged on the earlier tickets alone; the same command goes on where it stopped'
            cand --promote-if-better 'Put a model that passes its gate and beats the champion into Production'
            cand --require-gate 'End with exit code 3 when a gate fails'
            cand --backfill-errors 'Afterwards measure the new duration model on the tickets of the window, as `hivectl ml backfill --errors-only`'
            cand --baseline-to-mongodb 'Also write the drift baseline into ml_feature_baselines beside the tickets, where the running system reads it'
            cand --dry-run 'Train and judge, write nothing at all'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;validate'= {
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --window-days 'Days of tickets that judge, counted back from --as-of over created_at [default: 30]'
            cand --as-of 'The moment to judge at, such as 2026-01-31T12:00:00Z [default: the newest created_at]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --policy 'File with the gates'
            cand --threads 'Threads to use; 0 is one a core'
            cand --models-dir 'Folder with NAME_model.pkl files (or .skops, .onnx, .ubj, .json, .txt) to judge'
            cand --test-data 'Folder with a NAME_test.csv for each: its features and the column label'
            cand --report 'Folder to write a report about each into, as JSON and as Markdown'
            cand --max-age-days 'Warn of versions older than this'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --no-metrics 'Check files, features, stages and age alone'
            cand --dry-run 'Leave claimed metrics as they are'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;drift'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand check 'Compare recent tickets with a version''s baseline'
            cand watch 'Check again and again, and print a line when something changes'
            cand history 'Show the checks that were made, and what happened to the model between them'
            cand baseline 'Make, list, show and choose baselines'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;drift;check'= {
            cand --model 'Version to check: NAME, NAME@7 or NAME#staging'
            cand --window-days 'Days of tickets to look at, counted back over completed_at [default: 7]'
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --as-of 'End of the window, such as 2026-01-31T12:00:00Z [default: the newest completed_at]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --threads 'Threads to use; 0 is one a core'
            cand --method 'Whose rule decides'
            cand --baseline 'Compare with a saved baseline (its number), or with the one of another version'
            cand --against-days 'Compare with the tickets of so many days before the window'
            cand --metrics-file 'Write the result as metrics in the text form of Prometheus, for the node exporter to pick up'
            cand --push-gateway 'Send the same metrics to a Prometheus Pushgateway, such as http://HOST:9091, in place of the model''s last ones'
            cand --fail-on 'As --exit-code, from this status on'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --exit-code 'End with exit code 20 where there is drift'
            cand --no-record 'Keep nothing for `drift history`'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;drift;watch'= {
            cand --model 'Version to check: NAME, NAME@7 or NAME#staging'
            cand --window-days 'Days of tickets to look at, counted back over completed_at [default: 7]'
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --as-of 'End of the window, such as 2026-01-31T12:00:00Z [default: the newest completed_at]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --threads 'Threads to use; 0 is one a core'
            cand --method 'Whose rule decides'
            cand --baseline 'Compare with a saved baseline (its number), or with the one of another version'
            cand --against-days 'Compare with the tickets of so many days before the window'
            cand --metrics-file 'Write the result as metrics in the text form of Prometheus, for the node exporter to pick up'
            cand --push-gateway 'Send the same metrics to a Prometheus Pushgateway, such as http://HOST:9091, in place of the model''s last ones'
            cand --interval 'Time between two looks, such as 30m or 6h'
            cand --until 'End when this is the status'
            cand --patience 'Warnings in a row that make a critical'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --once 'Look once and end'
            cand --exit-code 'End with exit code 20 where the last look shows drift'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;drift;history'= {
            cand --model 'Model whose checks are shown [default: every model]'
            cand --since 'Checks of windows that ended since this moment, such as 2026-01-31'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;drift;baseline'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand save 'Make a baseline of a version from tickets and keep it'
            cand list 'List the baselines'
            cand show 'Show a baseline in numbers'
            cand set 'Choose the baseline that checks of a version compare with'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;drift;baseline;save'= {
            cand --window-days 'Days of tickets to keep, counted back over completed_at'
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --as-of 'End of the window, such as 2026-01-31T12:00:00Z [default: the newest completed_at]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --threads 'Threads to use; 0 is one a core'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --baseline-to-mongodb 'Also write it into ml_feature_baselines beside the tickets, where the running system reads it'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;drift;baseline;list'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;drift;baseline;show'= {
            cand --number 'A saved baseline [default: the current one]'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;drift;baseline;set'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;drift;baseline;help'= {
            cand save 'Make a baseline of a version from tickets and keep it'
            cand list 'List the baselines'
            cand show 'Show a baseline in numbers'
            cand set 'Choose the baseline that checks of a version compare with'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;drift;baseline;help;save'= {
        }
        &'hivectl;ml;drift;baseline;help;list'= {
        }
        &'hivectl;ml;drift;baseline;help;show'= {
        }
        &'hivectl;ml;drift;baseline;help;set'= {
        }
        &'hivectl;ml;drift;baseline;help;help'= {
        }
        &'hivectl;ml;drift;help'= {
            cand check 'Compare recent tickets with a version''s baseline'
            cand watch 'Check again and again, and print a line when something changes'
            cand history 'Show the checks that were made, and what happened to the model between them'
            cand baseline 'Make, list, show and choose baselines'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;drift;help;check'= {
        }
        &'hivectl;ml;drift;help;watch'= {
        }
        &'hivectl;ml;drift;help;history'= {
        }
        &'hivectl;ml;drift;help;baseline'= {
            cand save 'Make a baseline of a version from tickets and keep it'
            cand list 'List the baselines'
            cand show 'Show a baseline in numbers'
            cand set 'Choose the baseline that checks of a version compare with'
        }
        &'hivectl;ml;drift;help;baseline;save'= {
        }
        &'hivectl;ml;drift;help;baseline;list'= {
        }
        &'hivectl;ml;drift;help;baseline;show'= {
        }
        &'hivectl;ml;drift;help;baseline;set'= {
        }
        &'hivectl;ml;drift;help;help'= {
        }
        &'hivectl;ml;retrain'= {
            cand --model 'Kind of model'
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --window-days 'Days of tickets to use, counted back from --as-of over created_at [default: 30]'
            cand --as-of 'The moment to train at, such as 2026-01-31T12:00:00Z [default: the newest created_at]'
            cand --min-samples 'Fewest usable tickets [default: 100]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --features 'Table of features [default: reference, with --tune the better one]'
            cand --name 'Name to register under, when one kind is trained'
            cand --experiment 'Experiment that the run belongs to [default: orchestrator-predictive-models]'
            cand --split 'Which tickets judge: the latest fifth, or a random fifth'
            cand --variant 'What the anomaly detector may know'
            cand --algorithm 'How durations are learned [default: forest, for scheduling boosting]'
            cand --trees 'Number of trees, or of rounds of boosting'
            cand --depth 'Greatest depth of a tree of the duration model [default: 10, boosted 6]'
            cand --min-split 'Fewest tickets of a node that is split (forest)'
            cand --min-leaf 'Fewest tickets of a leaf'
            cand --objective 'What boosting makes small'
            cand --learning-rate 'Share of each tree''s correction that is kept (boosting)'
            cand --row-share 'Share of the tickets that each boosted tree sees'
            cand --column-share 'Share of the features that each boosted tree, or each split of a forest, sees'
            cand --l1 'L1 penalty of boosted leaves'
            cand --l2 'L2 penalty of boosted leaves'
            cand --early-stopping 'Stop boosting after this many rounds without improvement on the latest fifth of the training tickets'
            cand --subsample 'Tickets that each tree of the anomaly detector sees'
            cand --contamination 'Share of tickets that the anomaly detector marks in training [default: 0.05]'
            cand --seed 'Where chance begins; the same seed and data give the same model'
            cand --threads 'Threads to use; 0 is one a core'
            cand --tune-trials 'Settings to try, a kind'
            cand --tune-minutes 'Begin no further trial of a kind after so many minutes'
            cand --policy 'File with the gates'
            cand --threshold 'Drift score above which is trained: error ratio minus 1, or the largest stability index [default: 0.2]'
            cand --interval 'Time between two looks of --watch, such as 1h [default: 60m]'
            cand --cool-down 'After a training the next one waits so long'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --permutation 'Also tell how much the error of durations grows, on the tickets that judge, when a feature is shuffled'
            cand --tune 'First look for better settings, judged on the earlier tickets alone; the same command goes on where it stopped'
            cand --promote-if-better 'Put a model that passes its gate and beats the champion into Production'
            cand --require-gate 'End with exit code 3 when a gate fails'
            cand --backfill-errors 'Afterwards measure the new duration model on the tickets of the window, as `hivectl ml backfill --errors-only`'
            cand --baseline-to-mongodb 'Also write the drift baseline into ml_feature_baselines beside the tickets, where the running system reads it'
            cand --dry-run 'Train and judge, write nothing at all'
            cand --if-drift 'Train only where there is drift above --threshold'
            cand --emergency 'Train whatever the check says, also while cooling down; needs --reason'
            cand --check-once 'As --if-drift, once'
            cand --watch 'As --if-drift, again and again'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;predict'= {
            cand --model 'Model to use: NAME, NAME@7, NAME#production or a kind such as duration'
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --out 'File to write: .csv, .parquet, .jsonl or .ndjson'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --explain 'Give reasons for every ticket'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;backfill'= {
            cand --model 'Model that predicts: NAME, NAME@7, NAME#production or a kind'
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --window-days 'Days of tickets, counted back from --as-of over created_at [default: 30]'
            cand --as-of 'The moment to predict at, such as 2026-01-31T12:00:00Z [default: the newest created_at]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --rate 'Write at most so many predictions a second'
            cand --threads 'Threads to use; 0 is one a core'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --resume 'Go on with the plan that an earlier run left, without asking again; start where there is none'
            cand --errors-only 'Compute the errors, write nothing into tickets'
            cand --dry-run 'Show the plan and change nothing'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;stats'= {
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --window 'How far to look back from --as-of, such as 24h or 7d'
            cand --as-of 'The moment to look back from, such as 2026-01-31T12:00:00Z [default: now; the newest created_at for files and --durations]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --durations 'Instead: how long tickets took, by task type and risk band; counted by the server, and with --as-of ticket by ticket, exactly as it was known then'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;dataset'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand synthetic 'Make up tickets to try things on'
            cand features 'Write the matrix that training sees'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;dataset;synthetic'= {
            cand --rows 'Number of tickets'
            cand --seed 'Where chance begins'
            cand --anomaly-ratio 'Share of tickets that are anomalies'
            cand --drift 'How far mix, estimates and durations have moved, from 0 to 1'
            cand --start 'Moment of the first ticket'
            cand --days 'Days over which the tickets are spread'
            cand --out 'File to write: .ndjson or .parquet, and .gz or .zst behind .ndjson'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;dataset;features'= {
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --features 'Table of features'
            cand --model 'Registered model whose features to write'
            cand --window-days 'Days of tickets to use, counted back from --as-of over created_at [default: 30]'
            cand --as-of 'The moment to look from [default: the newest created_at]'
            cand --status 'Statuses whose tickets teach'
            cand --out 'Parquet file to write'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;dataset;help'= {
            cand synthetic 'Make up tickets to try things on'
            cand features 'Write the matrix that training sees'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;dataset;help;synthetic'= {
        }
        &'hivectl;ml;dataset;help;features'= {
        }
        &'hivectl;ml;dataset;help;help'= {
        }
        &'hivectl;ml;apply'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List models, or the versions of one'
            cand show 'Show everything known about one version'
            cand compare 'Set two versions side by side, and run both on the same tickets'
            cand promote 'Put a version into Production or Staging'
            cand rollback 'Put the version back into Production that served before'
            cand history 'Show what happened to a model, newest first'
            cand alias 'Point an alias at a version, or remove it'
            cand tag 'Set and remove tags of a version'
            cand archive 'Take versions out of service'
            cand verify 'Compare the stored bytes with their digests, and the registry with its rules'
            cand export 'Write a version into one file'
            cand import 'Register an exported version'
            cand push 'Copy a version into another registry'
            cand pull 'Copy a version from another registry'
            cand register 'Register a model that another tool made'
            cand inspect 'Tell what a model file is'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;models;list'= {
            cand --stage 'Only what has a version in this stage: none, staging, production or archived'
            cand --filter 'Only models whose name matches this pattern, such as ''ticket-*'''
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;show'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;compare'= {
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --window-days 'Days of tickets that judge, counted back from --as-of over created_at [default: 30]'
            cand --as-of 'The moment to judge at, such as 2026-01-31T12:00:00Z [default: the newest created_at]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --policy 'File with the gates'
            cand --threads 'Threads to use; 0 is one a core'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;promote'= {
            cand --to 'Stage to put it into: production or staging'
            cand --plan-out 'Keep the plan in this file, for `hivectl ml apply`, and change nothing'
            cand --expires 'How long the plan may be applied, such as 8h'
            cand --expect-champion 'The version that must be in Production now, or none; another one there ends with exit code 6'
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --window-days 'Days of tickets that judge, counted back from --as-of over created_at [default: 30]'
            cand --as-of 'The moment to judge at, such as 2026-01-31T12:00:00Z [default: the newest created_at]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --policy 'File with the gates'
            cand --threads 'Threads to use; 0 is one a core'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --force-gate 'Promote although the gate does not pass; needs --reason and is marked for ever'
            cand --dry-run 'Show the plan and change nothing'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;rollback'= {
            cand --to 'Version to go back to; that it is there already is no failure'
            cand --plan-out 'Keep the plan in this file, for `hivectl ml apply`, and change nothing'
            cand --expires 'How long the plan may be applied, such as 8h'
            cand --expect-champion 'The version that must be in Production now, or none; another one there ends with exit code 6'
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --window-days 'Days of tickets that judge, counted back from --as-of over created_at [default: 30]'
            cand --as-of 'The moment to judge at, such as 2026-01-31T12:00:00Z [default: the newest created_at]'
            cand --label 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there'
            cand --status 'Statuses whose tickets count'
            cand --policy 'File with the gates'
            cand --threads 'Threads to use; 0 is one a core'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --dry-run 'Show the plan and change nothing'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;history'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;alias'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand set 'Point an alias at a version'
            cand unset 'Remove an alias'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;models;alias;set'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;alias;unset'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;alias;help'= {
            cand set 'Point an alias at a version'
            cand unset 'Remove an alias'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;models;alias;help;set'= {
        }
        &'hivectl;ml;models;alias;help;unset'= {
        }
        &'hivectl;ml;models;alias;help;help'= {
        }
        &'hivectl;ml;models;tag'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;archive'= {
            cand --keep 'How many of the newest to keep in Staging; at least 3'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --older 'Archive the versions in Staging but the newest'
            cand --dry-run 'Show what would be archived and change nothing'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;verify'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;export'= {
            cand --out 'Folder for the files of --production'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --production 'Export every version in Production'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;import'= {
            cand --name 'Another name to register under'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;push'= {
            cand --destination 'Registry to copy into: a path that ends in .db, or the URL of an MLflow server'
            cand --name 'Another name to register under'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;pull'= {
            cand --source 'Registry to copy from: a path that ends in .db, or the URL of an MLflow server'
            cand --name 'Another name to register under'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;register'= {
            cand --name 'Name to register under'
            cand --run-id 'Run that made the model: 32 hexadecimal digits'
            cand --metrics 'Metrics as a JSON object, or @FILE that holds one'
            cand --param 'Parameter, as KEY=VALUE (can be repeated)'
            cand --tag 'Tag, as KEY=VALUE (can be repeated)'
            cand --description 'What the model is'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;inspect'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;ml;models;help'= {
            cand list 'List models, or the versions of one'
            cand show 'Show everything known about one version'
            cand compare 'Set two versions side by side, and run both on the same tickets'
            cand promote 'Put a version into Production or Staging'
            cand rollback 'Put the version back into Production that served before'
            cand history 'Show what happened to a model, newest first'
            cand alias 'Point an alias at a version, or remove it'
            cand tag 'Set and remove tags of a version'
            cand archive 'Take versions out of service'
            cand verify 'Compare the stored bytes with their digests, and the registry with its rules'
            cand export 'Write a version into one file'
            cand import 'Register an exported version'
            cand push 'Copy a version into another registry'
            cand pull 'Copy a version from another registry'
            cand register 'Register a model that another tool made'
            cand inspect 'Tell what a model file is'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;models;help;list'= {
        }
        &'hivectl;ml;models;help;show'= {
        }
        &'hivectl;ml;models;help;compare'= {
        }
        &'hivectl;ml;models;help;promote'= {
        }
        &'hivectl;ml;models;help;rollback'= {
        }
        &'hivectl;ml;models;help;history'= {
        }
        &'hivectl;ml;models;help;alias'= {
            cand set 'Point an alias at a version'
            cand unset 'Remove an alias'
        }
        &'hivectl;ml;models;help;alias;set'= {
        }
        &'hivectl;ml;models;help;alias;unset'= {
        }
        &'hivectl;ml;models;help;tag'= {
        }
        &'hivectl;ml;models;help;archive'= {
        }
        &'hivectl;ml;models;help;verify'= {
        }
        &'hivectl;ml;models;help;export'= {
        }
        &'hivectl;ml;models;help;import'= {
        }
        &'hivectl;ml;models;help;push'= {
        }
        &'hivectl;ml;models;help;pull'= {
        }
        &'hivectl;ml;models;help;register'= {
        }
        &'hivectl;ml;models;help;inspect'= {
        }
        &'hivectl;ml;models;help;help'= {
        }
        &'hivectl;ml;help'= {
            cand train 'Train models on tickets, judge, gate and register them'
            cand validate 'Check the versions in service: files, features, stages, age, and quality on recent tickets'
            cand drift 'Tell whether the work has changed since a version was trained, and for whom'
            cand retrain 'Train again where the work has changed, and put the better version into service'
            cand predict 'Use a registered model on tickets'
            cand backfill 'Write predictions into tickets that have ended without one, and show how far they are off'
            cand stats 'Count the predictions that were made, and how far they were off'
            cand dataset 'Make tickets and the tables that models see'
            cand apply 'Apply a plan that `promote` or `rollback` kept in a file'
            cand models 'List, show and change what is registered'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;ml;help;train'= {
        }
        &'hivectl;ml;help;validate'= {
        }
        &'hivectl;ml;help;drift'= {
            cand check 'Compare recent tickets with a version''s baseline'
            cand watch 'Check again and again, and print a line when something changes'
            cand history 'Show the checks that were made, and what happened to the model between them'
            cand baseline 'Make, list, show and choose baselines'
        }
        &'hivectl;ml;help;drift;check'= {
        }
        &'hivectl;ml;help;drift;watch'= {
        }
        &'hivectl;ml;help;drift;history'= {
        }
        &'hivectl;ml;help;drift;baseline'= {
            cand save 'Make a baseline of a version from tickets and keep it'
            cand list 'List the baselines'
            cand show 'Show a baseline in numbers'
            cand set 'Choose the baseline that checks of a version compare with'
        }
        &'hivectl;ml;help;drift;baseline;save'= {
        }
        &'hivectl;ml;help;drift;baseline;list'= {
        }
        &'hivectl;ml;help;drift;baseline;show'= {
        }
        &'hivectl;ml;help;drift;baseline;set'= {
        }
        &'hivectl;ml;help;retrain'= {
        }
        &'hivectl;ml;help;predict'= {
        }
        &'hivectl;ml;help;backfill'= {
        }
        &'hivectl;ml;help;stats'= {
        }
        &'hivectl;ml;help;dataset'= {
            cand synthetic 'Make up tickets to try things on'
            cand features 'Write the matrix that training sees'
        }
        &'hivectl;ml;help;dataset;synthetic'= {
        }
        &'hivectl;ml;help;dataset;features'= {
        }
        &'hivectl;ml;help;apply'= {
        }
        &'hivectl;ml;help;models'= {
            cand list 'List models, or the versions of one'
            cand show 'Show everything known about one version'
            cand compare 'Set two versions side by side, and run both on the same tickets'
            cand promote 'Put a version into Production or Staging'
            cand rollback 'Put the version back into Production that served before'
            cand history 'Show what happened to a model, newest first'
            cand alias 'Point an alias at a version, or remove it'
            cand tag 'Set and remove tags of a version'
            cand archive 'Take versions out of service'
            cand verify 'Compare the stored bytes with their digests, and the registry with its rules'
            cand export 'Write a version into one file'
            cand import 'Register an exported version'
            cand push 'Copy a version into another registry'
            cand pull 'Copy a version from another registry'
            cand register 'Register a model that another tool made'
            cand inspect 'Tell what a model file is'
        }
        &'hivectl;ml;help;models;list'= {
        }
        &'hivectl;ml;help;models;show'= {
        }
        &'hivectl;ml;help;models;compare'= {
        }
        &'hivectl;ml;help;models;promote'= {
        }
        &'hivectl;ml;help;models;rollback'= {
        }
        &'hivectl;ml;help;models;history'= {
        }
        &'hivectl;ml;help;models;alias'= {
            cand set 'Point an alias at a version'
            cand unset 'Remove an alias'
        }
        &'hivectl;ml;help;models;alias;set'= {
        }
        &'hivectl;ml;help;models;alias;unset'= {
        }
        &'hivectl;ml;help;models;tag'= {
        }
        &'hivectl;ml;help;models;archive'= {
        }
        &'hivectl;ml;help;models;verify'= {
        }
        &'hivectl;ml;help;models;export'= {
        }
        &'hivectl;ml;help;models;import'= {
        }
        &'hivectl;ml;help;models;push'= {
        }
        &'hivectl;ml;help;models;pull'= {
        }
        &'hivectl;ml;help;models;register'= {
        }
        &'hivectl;ml;help;models;inspect'= {
        }
        &'hivectl;ml;help;help'= {
        }
        &'hivectl;version'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;doctor'= {
            cand --check 'What to check (can be repeated, or parted by commas) [default: everything that is configured]'
            cand --bundle 'Write what was found into this file, without secrets, to send to somebody'
            cand --tickets 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT'
            cand --database 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]'
            cand --collection 'Collection of a MongoDB with tickets [default: execution_tickets]'
            cand --timeout 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long'
            cand --requester-field 'Field that names who asked for the ticket [default: metadata.requested_by]'
            cand --executable-field 'Field that names what the ticket runs'
            cand --size-field 'Field with the size of the work'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --create-indexes 'Make the indexes that are missing, after a confirmation'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;audit'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand log 'List what was changed, newest last'
            cand show 'Show one record whole'
            cand verify 'Check that no record was altered, removed or put in between'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;audit;log'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;audit;show'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;audit;verify'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;audit;help'= {
            cand log 'List what was changed, newest last'
            cand show 'Show one record whole'
            cand verify 'Check that no record was altered, removed or put in between'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;audit;help;log'= {
        }
        &'hivectl;audit;help;show'= {
        }
        &'hivectl;audit;help;verify'= {
        }
        &'hivectl;audit;help;help'= {
        }
        &'hivectl;config'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'Show every setting, its value and where it comes from'
            cand set 'Set a setting in the user''s file'
            cand get 'Show one setting, its value and where it comes from'
            cand contexts 'List the contexts'
            cand use 'Make a context the current one'
            cand check 'Check the files, every value in force, and that each secret can be read'
            cand path 'Show which files are read'
            cand unset 'Remove a setting from the user''s file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;config;list'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;config;set'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --project 'Change the project''s file (.hivectl.yaml in the working folder) instead of the user''s'
            cand --dry-run 'Show what would be changed and change nothing'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;config;get'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;config;contexts'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;config;use'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;config;check'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;config;path'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;config;unset'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --project 'Change the project''s file (.hivectl.yaml in the working folder) instead of the user''s'
            cand --dry-run 'Show what would be changed and change nothing'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;config;help'= {
            cand list 'Show every setting, its value and where it comes from'
            cand set 'Set a setting in the user''s file'
            cand get 'Show one setting, its value and where it comes from'
            cand contexts 'List the contexts'
            cand use 'Make a context the current one'
            cand check 'Check the files, every value in force, and that each secret can be read'
            cand path 'Show which files are read'
            cand unset 'Remove a setting from the user''s file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;config;help;list'= {
        }
        &'hivectl;config;help;set'= {
        }
        &'hivectl;config;help;get'= {
        }
        &'hivectl;config;help;contexts'= {
        }
        &'hivectl;config;help;use'= {
        }
        &'hivectl;config;help;check'= {
        }
        &'hivectl;config;help;path'= {
        }
        &'hivectl;config;help;unset'= {
        }
        &'hivectl;config;help;help'= {
        }
        &'hivectl;runbook'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List the runbooks'
            cand show 'Show a runbook'
            cand run 'Go through a runbook step by step, and keep a record'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;runbook;list'= {
            cand --lang 'Language; otherwise that of LANG'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;runbook;show'= {
            cand --lang 'Language; otherwise that of LANG'
            cand --set 'What a word of the commands stands for, such as model=ticket-anomaly-detector (can be repeated)'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;runbook;run'= {
            cand --lang 'Language; otherwise that of LANG'
            cand --set 'What a word of the commands stands for, such as tickets=logs.ndjson (can be repeated)'
            cand --transcript 'File for the record [default: runbook-ID-TIME.md in the working folder]'
            cand --resume 'Go on with the run that this record is of'
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;runbook;help'= {
            cand list 'List the runbooks'
            cand show 'Show a runbook'
            cand run 'Go through a runbook step by step, and keep a record'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;runbook;help;list'= {
        }
        &'hivectl;runbook;help;show'= {
        }
        &'hivectl;runbook;help;run'= {
        }
        &'hivectl;runbook;help;help'= {
        }
        &'hivectl;explain'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;completions'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;man'= {
            cand --registry 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server'
            cand --context 'The context of the configuration file to use'
            cand -o 'Form of the output'
            cand --output 'Form of the output'
            cand --confirm 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere'
            cand --reason 'Why this is done; kept with the change'
            cand --lock-timeout 'Longest time that a change waits for another one on the same registry, such as 30s or 2m'
            cand --timeout 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m'
            cand --no-input 'Never ask; fail and name the flag that answers instead'
            cand --yes 'Answer yes to every y/N question (never to a typed confirmation)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more about what is done'
            cand --verbose 'Print more about what is done'
            cand --accessible 'Plain words only: no bars, boxes or symbols'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hivectl;help'= {
            cand ml 'Train, list, show and use models'
            cand version 'Print the version of hivectl and of its formats'
            cand doctor 'Check what hivectl stands on, and say what to do about what is wrong'
            cand audit 'Show what was changed, by whom and why'
            cand config 'Show the settings and where each comes from'
            cand runbook 'Show what to do about an alert, and go through it step by step'
            cand explain 'Say what an error code means'
            cand completions 'Print the completion script of a shell'
            cand man 'Show the manual page of a command'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'hivectl;help;ml'= {
            cand train 'Train models on tickets, judge, gate and register them'
            cand validate 'Check the versions in service: files, features, stages, age, and quality on recent tickets'
            cand drift 'Tell whether the work has changed since a version was trained, and for whom'
            cand retrain 'Train again where the work has changed, and put the better version into service'
            cand predict 'Use a registered model on tickets'
            cand backfill 'Write predictions into tickets that have ended without one, and show how far they are off'
            cand stats 'Count the predictions that were made, and how far they were off'
            cand dataset 'Make tickets and the tables that models see'
            cand apply 'Apply a plan that `promote` or `rollback` kept in a file'
            cand models 'List, show and change what is registered'
        }
        &'hivectl;help;ml;train'= {
        }
        &'hivectl;help;ml;validate'= {
        }
        &'hivectl;help;ml;drift'= {
            cand check 'Compare recent tickets with a version''s baseline'
            cand watch 'Check again and again, and print a line when something changes'
            cand history 'Show the checks that were made, and what happened to the model between them'
            cand baseline 'Make, list, show and choose baselines'
        }
        &'hivectl;help;ml;drift;check'= {
        }
        &'hivectl;help;ml;drift;watch'= {
        }
        &'hivectl;help;ml;drift;history'= {
        }
        &'hivectl;help;ml;drift;baseline'= {
            cand save 'Make a baseline of a version from tickets and keep it'
            cand list 'List the baselines'
            cand show 'Show a baseline in numbers'
            cand set 'Choose the baseline that checks of a version compare with'
        }
        &'hivectl;help;ml;drift;baseline;save'= {
        }
        &'hivectl;help;ml;drift;baseline;list'= {
        }
        &'hivectl;help;ml;drift;baseline;show'= {
        }
        &'hivectl;help;ml;drift;baseline;set'= {
        }
        &'hivectl;help;ml;retrain'= {
        }
        &'hivectl;help;ml;predict'= {
        }
        &'hivectl;help;ml;backfill'= {
        }
        &'hivectl;help;ml;stats'= {
        }
        &'hivectl;help;ml;dataset'= {
            cand synthetic 'Make up tickets to try things on'
            cand features 'Write the matrix that training sees'
        }
        &'hivectl;help;ml;dataset;synthetic'= {
        }
        &'hivectl;help;ml;dataset;features'= {
        }
        &'hivectl;help;ml;apply'= {
        }
        &'hivectl;help;ml;models'= {
            cand list 'List models, or the versions of one'
            cand show 'Show everything known about one version'
            cand compare 'Set two versions side by side, and run both on the same tickets'
            cand promote 'Put a version into Production or Staging'
            cand rollback 'Put the version back into Production that served before'
            cand history 'Show what happened to a model, newest first'
            cand alias 'Point an alias at a version, or remove it'
            cand tag 'Set and remove tags of a version'
            cand archive 'Take versions out of service'
            cand verify 'Compare the stored bytes with their digests, and the registry with its rules'
            cand export 'Write a version into one file'
            cand import 'Register an exported version'
            cand push 'Copy a version into another registry'
            cand pull 'Copy a version from another registry'
            cand register 'Register a model that another tool made'
            cand inspect 'Tell what a model file is'
        }
        &'hivectl;help;ml;models;list'= {
        }
        &'hivectl;help;ml;models;show'= {
        }
        &'hivectl;help;ml;models;compare'= {
        }
        &'hivectl;help;ml;models;promote'= {
        }
        &'hivectl;help;ml;models;rollback'= {
        }
        &'hivectl;help;ml;models;history'= {
        }
        &'hivectl;help;ml;models;alias'= {
            cand set 'Point an alias at a version'
            cand unset 'Remove an alias'
        }
        &'hivectl;help;ml;models;alias;set'= {
        }
        &'hivectl;help;ml;models;alias;unset'= {
        }
        &'hivectl;help;ml;models;tag'= {
        }
        &'hivectl;help;ml;models;archive'= {
        }
        &'hivectl;help;ml;models;verify'= {
        }
        &'hivectl;help;ml;models;export'= {
        }
        &'hivectl;help;ml;models;import'= {
        }
        &'hivectl;help;ml;models;push'= {
        }
        &'hivectl;help;ml;models;pull'= {
        }
        &'hivectl;help;ml;models;register'= {
        }
        &'hivectl;help;ml;models;inspect'= {
        }
        &'hivectl;help;version'= {
        }
        &'hivectl;help;doctor'= {
        }
        &'hivectl;help;audit'= {
            cand log 'List what was changed, newest last'
            cand show 'Show one record whole'
            cand verify 'Check that no record was altered, removed or put in between'
        }
        &'hivectl;help;audit;log'= {
        }
        &'hivectl;help;audit;show'= {
        }
        &'hivectl;help;audit;verify'= {
        }
        &'hivectl;help;config'= {
            cand list 'Show every setting, its value and where it comes from'
            cand set 'Set a setting in the user''s file'
            cand get 'Show one setting, its value and where it comes from'
            cand contexts 'List the contexts'
            cand use 'Make a context the current one'
            cand check 'Check the files, every value in force, and that each secret can be read'
            cand path 'Show which files are read'
            cand unset 'Remove a setting from the user''s file'
        }
        &'hivectl;help;config;list'= {
        }
        &'hivectl;help;config;set'= {
        }
        &'hivectl;help;config;get'= {
        }
        &'hivectl;help;config;contexts'= {
        }
        &'hivectl;help;config;use'= {
        }
        &'hivectl;help;config;check'= {
        }
        &'hivectl;help;config;path'= {
        }
        &'hivectl;help;config;unset'= {
        }
        &'hivectl;help;runbook'= {
            cand list 'List the runbooks'
            cand show 'Show a runbook'
            cand run 'Go through a runbook step by step, and keep a record'
        }
        &'hivectl;help;runbook;list'= {
        }
        &'hivectl;help;runbook;show'= {
        }
        &'hivectl;help;runbook;run'= {
        }
        &'hivectl;help;explain'= {
        }
        &'hivectl;help;completions'= {
        }
        &'hivectl;help;man'= {
        }
        &'hivectl;help;help'= {
        }
    ]
    $completions[$command]
}
