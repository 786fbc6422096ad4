
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'hivectl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'hivectl'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'hivectl' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('ml', 'ml', [CompletionResultType]::ParameterValue, 'Train, list, show and use models')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version of hivectl and of its formats')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check what hivectl stands on, and say what to do about what is wrong')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Show what was changed, by whom and why')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the settings and where each comes from')
            [CompletionResult]::new('runbook', 'runbook', [CompletionResultType]::ParameterValue, 'Show what to do about an alert, and go through it step by step')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what an error code means')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Show the manual page of a command')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('train', 'train', [CompletionResultType]::ParameterValue, 'Train models on tickets, judge, gate and register them')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check the versions in service: files, features, stages, age, and quality on recent tickets')
            [CompletionResult]::new('drift', 'drift', [CompletionResultType]::ParameterValue, 'Tell whether the work has changed since a version was trained, and for whom')
            [CompletionResult]::new('retrain', 'retrain', [CompletionResultType]::ParameterValue, 'Train again where the work has changed, and put the better version into service')
            [CompletionResult]::new('predict', 'predict', [CompletionResultType]::ParameterValue, 'Use a registered model on tickets')
            [CompletionResult]::new('backfill', 'backfill', [CompletionResultType]::ParameterValue, 'Write predictions into tickets that have ended without one, and show how far they are off')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Count the predictions that were made, and how far they were off')
            [CompletionResult]::new('dataset', 'dataset', [CompletionResultType]::ParameterValue, 'Make tickets and the tables that models see')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Apply a plan that `promote` or `rollback` kept in a file')
            [CompletionResult]::new('models', 'models', [CompletionResultType]::ParameterValue, 'List, show and change what is registered')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;train' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Kind of model')
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets to use, counted back from --as-of over created_at [default: 30]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The moment to train at, such as 2026-01-31T12:00:00Z [default: the newest created_at]')
            [CompletionResult]::new('--min-samples', '--min-samples', [CompletionResultType]::ParameterName, 'Fewest usable tickets [default: 100]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--features', '--features', [CompletionResultType]::ParameterName, 'Table of features [default: reference, with --tune the better one]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name to register under, when one kind is trained')
            [CompletionResult]::new('--experiment', '--experiment', [CompletionResultType]::ParameterName, 'Experiment that the run belongs to [default: orchestrator-predictive-models]')
            [CompletionResult]::new('--split', '--split', [CompletionResultType]::ParameterName, 'Which tickets judge: the latest fifth, or a random fifth')
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'What the anomaly detector may know')
            [CompletionResult]::new('--algorithm', '--algorithm', [CompletionResultType]::ParameterName, 'How durations are learned [default: forest, for scheduling boosting]')
            [CompletionResult]::new('--trees', '--trees', [CompletionResultType]::ParameterName, 'Number of trees, or of rounds of boosting')
            [CompletionResult]::new('--depth', '--depth', [CompletionResultType]::ParameterName, 'Greatest depth of a tree of the duration model [default: 10, boosted 6]')
            [CompletionResult]::new('--min-split', '--min-split', [CompletionResultType]::ParameterName, 'Fewest tickets of a node that is split (forest)')
            [CompletionResult]::new('--min-leaf', '--min-leaf', [CompletionResultType]::ParameterName, 'Fewest tickets of a leaf')
            [CompletionResult]::new('--objective', '--objective', [CompletionResultType]::ParameterName, 'What boosting makes small')
            [CompletionResult]::new('--learning-rate', '--learning-rate', [CompletionResultType]::ParameterName, 'Share of each tree''s correction that is kept (boosting)')
            [CompletionResult]::new('--row-share', '--row-share', [CompletionResultType]::ParameterName, 'Share of the tickets that each boosted tree sees')
            [CompletionResult]::new('--column-share', '--column-share', [CompletionResultType]::ParameterName, 'Share of the features that each boosted tree, or each split of a forest, sees')
            [CompletionResult]::new('--l1', '--l1', [CompletionResultType]::ParameterName, 'L1 penalty of boosted leaves')
            [CompletionResult]::new('--l2', '--l2', [CompletionResultType]::ParameterName, 'L2 penalty of boosted leaves')
            [CompletionResult]::new('--early-stopping', '--early-stopping', [CompletionResultType]::ParameterName, 'Stop boosting after this many rounds without improvement on the latest fifth of the training tickets')
            [CompletionResult]::new('--subsample', '--subsample', [CompletionResultType]::ParameterName, 'Tickets that each tree of the anomaly detector sees')
            [CompletionResult]::new('--contamination', '--contamination', [CompletionResultType]::ParameterName, 'Share of tickets that the anomaly detector marks in training [default: 0.05]')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Where chance begins; the same seed and data give the same model')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use; 0 is one a core')
            [CompletionResult]::new('--tune-trials', '--tune-trials', [CompletionResultType]::ParameterName, 'Settings to try, a kind')
            [CompletionResult]::new('--tune-minutes', '--tune-minutes', [CompletionResultType]::ParameterName, 'Begin no further trial of a kind after so many minutes')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'File with the gates')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--permutation', '--permutation', [CompletionResultType]::ParameterName, 'Also tell how much the error of durations grows, on the tickets that judge, when a feature is shuffled')
            [CompletionResult]::new('--tune', '--tune', [CompletionResultType]::ParameterName, 'First look for better settings, judged on the earlier tickets alone; the same command goes on where it stopped')
            [CompletionResult]::new('--promote-if-better', '--promote-if-better', [CompletionResultType]::ParameterName, 'Put a model that passes its gate and beats the champion into Production')
            [CompletionResult]::new('--require-gate', '--require-gate', [CompletionResultType]::ParameterName, 'End with exit code 3 when a gate fails')
            [CompletionResult]::new('--backfill-errors', '--backfill-errors', [CompletionResultType]::ParameterName, 'Afterwards measure the new duration model on the tickets of the window, as `hivectl ml backfill --errors-only`')
            [CompletionResult]::new('--baseline-to-mongodb', '--baseline-to-mongodb', [CompletionResultType]::ParameterName, 'Also write the drift baseline into ml_feature_baselines beside the tickets, where the running system reads it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Train and judge, write nothing at all')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;validate' {
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets that judge, counted back from --as-of over created_at [default: 30]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The moment to judge at, such as 2026-01-31T12:00:00Z [default: the newest created_at]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'File with the gates')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use; 0 is one a core')
            [CompletionResult]::new('--models-dir', '--models-dir', [CompletionResultType]::ParameterName, 'Folder with NAME_model.pkl files (or .skops, .onnx, .ubj, .json, .txt) to judge')
            [CompletionResult]::new('--test-data', '--test-data', [CompletionResultType]::ParameterName, 'Folder with a NAME_test.csv for each: its features and the column label')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Folder to write a report about each into, as JSON and as Markdown')
            [CompletionResult]::new('--max-age-days', '--max-age-days', [CompletionResultType]::ParameterName, 'Warn of versions older than this')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--no-metrics', '--no-metrics', [CompletionResultType]::ParameterName, 'Check files, features, stages and age alone')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Leave claimed metrics as they are')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;drift' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Compare recent tickets with a version''s baseline')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Check again and again, and print a line when something changes')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show the checks that were made, and what happened to the model between them')
            [CompletionResult]::new('baseline', 'baseline', [CompletionResultType]::ParameterValue, 'Make, list, show and choose baselines')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;drift;check' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Version to check: NAME, NAME@7 or NAME#staging')
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets to look at, counted back over completed_at [default: 7]')
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'End of the window, such as 2026-01-31T12:00:00Z [default: the newest completed_at]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use; 0 is one a core')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'Whose rule decides')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Compare with a saved baseline (its number), or with the one of another version')
            [CompletionResult]::new('--against-days', '--against-days', [CompletionResultType]::ParameterName, 'Compare with the tickets of so many days before the window')
            [CompletionResult]::new('--metrics-file', '--metrics-file', [CompletionResultType]::ParameterName, 'Write the result as metrics in the text form of Prometheus, for the node exporter to pick up')
            [CompletionResult]::new('--push-gateway', '--push-gateway', [CompletionResultType]::ParameterName, 'Send the same metrics to a Prometheus Pushgateway, such as http://HOST:9091, in place of the model''s last ones')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'As --exit-code, from this status on')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'End with exit code 20 where there is drift')
            [CompletionResult]::new('--no-record', '--no-record', [CompletionResultType]::ParameterName, 'Keep nothing for `drift history`')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;drift;watch' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Version to check: NAME, NAME@7 or NAME#staging')
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets to look at, counted back over completed_at [default: 7]')
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'End of the window, such as 2026-01-31T12:00:00Z [default: the newest completed_at]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use; 0 is one a core')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'Whose rule decides')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Compare with a saved baseline (its number), or with the one of another version')
            [CompletionResult]::new('--against-days', '--against-days', [CompletionResultType]::ParameterName, 'Compare with the tickets of so many days before the window')
            [CompletionResult]::new('--metrics-file', '--metrics-file', [CompletionResultType]::ParameterName, 'Write the result as metrics in the text form of Prometheus, for the node exporter to pick up')
            [CompletionResult]::new('--push-gateway', '--push-gateway', [CompletionResultType]::ParameterName, 'Send the same metrics to a Prometheus Pushgateway, such as http://HOST:9091, in place of the model''s last ones')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Time between two looks, such as 30m or 6h')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'End when this is the status')
            [CompletionResult]::new('--patience', '--patience', [CompletionResultType]::ParameterName, 'Warnings in a row that make a critical')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--once', '--once', [CompletionResultType]::ParameterName, 'Look once and end')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'End with exit code 20 where the last look shows drift')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;drift;history' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Model whose checks are shown [default: every model]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Checks of windows that ended since this moment, such as 2026-01-31')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;drift;baseline' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Make a baseline of a version from tickets and keep it')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the baselines')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a baseline in numbers')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Choose the baseline that checks of a version compare with')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;drift;baseline;save' {
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets to keep, counted back over completed_at')
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'End of the window, such as 2026-01-31T12:00:00Z [default: the newest completed_at]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use; 0 is one a core')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--baseline-to-mongodb', '--baseline-to-mongodb', [CompletionResultType]::ParameterName, 'Also write it into ml_feature_baselines beside the tickets, where the running system reads it')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;drift;baseline;list' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;drift;baseline;show' {
            [CompletionResult]::new('--number', '--number', [CompletionResultType]::ParameterName, 'A saved baseline [default: the current one]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;drift;baseline;set' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;drift;baseline;help' {
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Make a baseline of a version from tickets and keep it')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the baselines')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a baseline in numbers')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Choose the baseline that checks of a version compare with')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;drift;baseline;help;save' {
            break
        }
        'hivectl;ml;drift;baseline;help;list' {
            break
        }
        'hivectl;ml;drift;baseline;help;show' {
            break
        }
        'hivectl;ml;drift;baseline;help;set' {
            break
        }
        'hivectl;ml;drift;baseline;help;help' {
            break
        }
        'hivectl;ml;drift;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Compare recent tickets with a version''s baseline')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Check again and again, and print a line when something changes')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show the checks that were made, and what happened to the model between them')
            [CompletionResult]::new('baseline', 'baseline', [CompletionResultType]::ParameterValue, 'Make, list, show and choose baselines')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;drift;help;check' {
            break
        }
        'hivectl;ml;drift;help;watch' {
            break
        }
        'hivectl;ml;drift;help;history' {
            break
        }
        'hivectl;ml;drift;help;baseline' {
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Make a baseline of a version from tickets and keep it')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the baselines')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a baseline in numbers')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Choose the baseline that checks of a version compare with')
            break
        }
        'hivectl;ml;drift;help;baseline;save' {
            break
        }
        'hivectl;ml;drift;help;baseline;list' {
            break
        }
        'hivectl;ml;drift;help;baseline;show' {
            break
        }
        'hivectl;ml;drift;help;baseline;set' {
            break
        }
        'hivectl;ml;drift;help;help' {
            break
        }
        'hivectl;ml;retrain' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Kind of model')
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets to use, counted back from --as-of over created_at [default: 30]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The moment to train at, such as 2026-01-31T12:00:00Z [default: the newest created_at]')
            [CompletionResult]::new('--min-samples', '--min-samples', [CompletionResultType]::ParameterName, 'Fewest usable tickets [default: 100]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--features', '--features', [CompletionResultType]::ParameterName, 'Table of features [default: reference, with --tune the better one]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name to register under, when one kind is trained')
            [CompletionResult]::new('--experiment', '--experiment', [CompletionResultType]::ParameterName, 'Experiment that the run belongs to [default: orchestrator-predictive-models]')
            [CompletionResult]::new('--split', '--split', [CompletionResultType]::ParameterName, 'Which tickets judge: the latest fifth, or a random fifth')
            [CompletionResult]::new('--variant', '--variant', [CompletionResultType]::ParameterName, 'What the anomaly detector may know')
            [CompletionResult]::new('--algorithm', '--algorithm', [CompletionResultType]::ParameterName, 'How durations are learned [default: forest, for scheduling boosting]')
            [CompletionResult]::new('--trees', '--trees', [CompletionResultType]::ParameterName, 'Number of trees, or of rounds of boosting')
            [CompletionResult]::new('--depth', '--depth', [CompletionResultType]::ParameterName, 'Greatest depth of a tree of the duration model [default: 10, boosted 6]')
            [CompletionResult]::new('--min-split', '--min-split', [CompletionResultType]::ParameterName, 'Fewest tickets of a node that is split (forest)')
            [CompletionResult]::new('--min-leaf', '--min-leaf', [CompletionResultType]::ParameterName, 'Fewest tickets of a leaf')
            [CompletionResult]::new('--objective', '--objective', [CompletionResultType]::ParameterName, 'What boosting makes small')
            [CompletionResult]::new('--learning-rate', '--learning-rate', [CompletionResultType]::ParameterName, 'Share of each tree''s correction that is kept (boosting)')
            [CompletionResult]::new('--row-share', '--row-share', [CompletionResultType]::ParameterName, 'Share of the tickets that each boosted tree sees')
            [CompletionResult]::new('--column-share', '--column-share', [CompletionResultType]::ParameterName, 'Share of the features that each boosted tree, or each split of a forest, sees')
            [CompletionResult]::new('--l1', '--l1', [CompletionResultType]::ParameterName, 'L1 penalty of boosted leaves')
            [CompletionResult]::new('--l2', '--l2', [CompletionResultType]::ParameterName, 'L2 penalty of boosted leaves')
            [CompletionResult]::new('--early-stopping', '--early-stopping', [CompletionResultType]::ParameterName, 'Stop boosting after this many rounds without improvement on the latest fifth of the training tickets')
            [CompletionResult]::new('--subsample', '--subsample', [CompletionResultType]::ParameterName, 'Tickets that each tree of the anomaly detector sees')
            [CompletionResult]::new('--contamination', '--contamination', [CompletionResultType]::ParameterName, 'Share of tickets that the anomaly detector marks in training [default: 0.05]')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Where chance begins; the same seed and data give the same model')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use; 0 is one a core')
            [CompletionResult]::new('--tune-trials', '--tune-trials', [CompletionResultType]::ParameterName, 'Settings to try, a kind')
            [CompletionResult]::new('--tune-minutes', '--tune-minutes', [CompletionResultType]::ParameterName, 'Begin no further trial of a kind after so many minutes')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'File with the gates')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'Drift score above which is trained: error ratio minus 1, or the largest stability index [default: 0.2]')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Time between two looks of --watch, such as 1h [default: 60m]')
            [CompletionResult]::new('--cool-down', '--cool-down', [CompletionResultType]::ParameterName, 'After a training the next one waits so long')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--permutation', '--permutation', [CompletionResultType]::ParameterName, 'Also tell how much the error of durations grows, on the tickets that judge, when a feature is shuffled')
            [CompletionResult]::new('--tune', '--tune', [CompletionResultType]::ParameterName, 'First look for better settings, judged on the earlier tickets alone; the same command goes on where it stopped')
            [CompletionResult]::new('--promote-if-better', '--promote-if-better', [CompletionResultType]::ParameterName, 'Put a model that passes its gate and beats the champion into Production')
            [CompletionResult]::new('--require-gate', '--require-gate', [CompletionResultType]::ParameterName, 'End with exit code 3 when a gate fails')
            [CompletionResult]::new('--backfill-errors', '--backfill-errors', [CompletionResultType]::ParameterName, 'Afterwards measure the new duration model on the tickets of the window, as `hivectl ml backfill --errors-only`')
            [CompletionResult]::new('--baseline-to-mongodb', '--baseline-to-mongodb', [CompletionResultType]::ParameterName, 'Also write the drift baseline into ml_feature_baselines beside the tickets, where the running system reads it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Train and judge, write nothing at all')
            [CompletionResult]::new('--if-drift', '--if-drift', [CompletionResultType]::ParameterName, 'Train only where there is drift above --threshold')
            [CompletionResult]::new('--emergency', '--emergency', [CompletionResultType]::ParameterName, 'Train whatever the check says, also while cooling down; needs --reason')
            [CompletionResult]::new('--check-once', '--check-once', [CompletionResultType]::ParameterName, 'As --if-drift, once')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'As --if-drift, again and again')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;predict' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Model to use: NAME, NAME@7, NAME#production or a kind such as duration')
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'File to write: .csv, .parquet, .jsonl or .ndjson')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Give reasons for every ticket')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;backfill' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Model that predicts: NAME, NAME@7, NAME#production or a kind')
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets, counted back from --as-of over created_at [default: 30]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The moment to predict at, such as 2026-01-31T12:00:00Z [default: the newest created_at]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Write at most so many predictions a second')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use; 0 is one a core')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with the plan that an earlier run left, without asking again; start where there is none')
            [CompletionResult]::new('--errors-only', '--errors-only', [CompletionResultType]::ParameterName, 'Compute the errors, write nothing into tickets')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;stats' {
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--window', '--window', [CompletionResultType]::ParameterName, 'How far to look back from --as-of, such as 24h or 7d')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The moment to look back from, such as 2026-01-31T12:00:00Z [default: now; the newest created_at for files and --durations]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--durations', '--durations', [CompletionResultType]::ParameterName, 'Instead: how long tickets took, by task type and risk band; counted by the server, and with --as-of ticket by ticket, exactly as it was known then')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;dataset' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('synthetic', 'synthetic', [CompletionResultType]::ParameterValue, 'Make up tickets to try things on')
            [CompletionResult]::new('features', 'features', [CompletionResultType]::ParameterValue, 'Write the matrix that training sees')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;dataset;synthetic' {
            [CompletionResult]::new('--rows', '--rows', [CompletionResultType]::ParameterName, 'Number of tickets')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Where chance begins')
            [CompletionResult]::new('--anomaly-ratio', '--anomaly-ratio', [CompletionResultType]::ParameterName, 'Share of tickets that are anomalies')
            [CompletionResult]::new('--drift', '--drift', [CompletionResultType]::ParameterName, 'How far mix, estimates and durations have moved, from 0 to 1')
            [CompletionResult]::new('--start', '--start', [CompletionResultType]::ParameterName, 'Moment of the first ticket')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Days over which the tickets are spread')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'File to write: .ndjson or .parquet, and .gz or .zst behind .ndjson')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;dataset;features' {
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--features', '--features', [CompletionResultType]::ParameterName, 'Table of features')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Registered model whose features to write')
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets to use, counted back from --as-of over created_at [default: 30]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The moment to look from [default: the newest created_at]')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets teach')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Parquet file to write')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;dataset;help' {
            [CompletionResult]::new('synthetic', 'synthetic', [CompletionResultType]::ParameterValue, 'Make up tickets to try things on')
            [CompletionResult]::new('features', 'features', [CompletionResultType]::ParameterValue, 'Write the matrix that training sees')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;dataset;help;synthetic' {
            break
        }
        'hivectl;ml;dataset;help;features' {
            break
        }
        'hivectl;ml;dataset;help;help' {
            break
        }
        'hivectl;ml;apply' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List models, or the versions of one')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything known about one version')
            [CompletionResult]::new('compare', 'compare', [CompletionResultType]::ParameterValue, 'Set two versions side by side, and run both on the same tickets')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Put a version into Production or Staging')
            [CompletionResult]::new('rollback', 'rollback', [CompletionResultType]::ParameterValue, 'Put the version back into Production that served before')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what happened to a model, newest first')
            [CompletionResult]::new('alias', 'alias', [CompletionResultType]::ParameterValue, 'Point an alias at a version, or remove it')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'Set and remove tags of a version')
            [CompletionResult]::new('archive', 'archive', [CompletionResultType]::ParameterValue, 'Take versions out of service')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare the stored bytes with their digests, and the registry with its rules')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write a version into one file')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Register an exported version')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Copy a version into another registry')
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Copy a version from another registry')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a model that another tool made')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Tell what a model file is')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;models;list' {
            [CompletionResult]::new('--stage', '--stage', [CompletionResultType]::ParameterName, 'Only what has a version in this stage: none, staging, production or archived')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Only models whose name matches this pattern, such as ''ticket-*''')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;show' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;compare' {
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets that judge, counted back from --as-of over created_at [default: 30]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The moment to judge at, such as 2026-01-31T12:00:00Z [default: the newest created_at]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'File with the gates')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use; 0 is one a core')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;promote' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Stage to put it into: production or staging')
            [CompletionResult]::new('--plan-out', '--plan-out', [CompletionResultType]::ParameterName, 'Keep the plan in this file, for `hivectl ml apply`, and change nothing')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'How long the plan may be applied, such as 8h')
            [CompletionResult]::new('--expect-champion', '--expect-champion', [CompletionResultType]::ParameterName, 'The version that must be in Production now, or none; another one there ends with exit code 6')
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets that judge, counted back from --as-of over created_at [default: 30]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The moment to judge at, such as 2026-01-31T12:00:00Z [default: the newest created_at]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'File with the gates')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use; 0 is one a core')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--force-gate', '--force-gate', [CompletionResultType]::ParameterName, 'Promote although the gate does not pass; needs --reason and is marked for ever')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;rollback' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Version to go back to; that it is there already is no failure')
            [CompletionResult]::new('--plan-out', '--plan-out', [CompletionResultType]::ParameterName, 'Keep the plan in this file, for `hivectl ml apply`, and change nothing')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'How long the plan may be applied, such as 8h')
            [CompletionResult]::new('--expect-champion', '--expect-champion', [CompletionResultType]::ParameterName, 'The version that must be in Production now, or none; another one there ends with exit code 6')
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--window-days', '--window-days', [CompletionResultType]::ParameterName, 'Days of tickets that judge, counted back from --as-of over created_at [default: 30]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The moment to judge at, such as 2026-01-31T12:00:00Z [default: the newest created_at]')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses whose tickets count')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'File with the gates')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use; 0 is one a core')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;history' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;alias' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Point an alias at a version')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove an alias')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;models;alias;set' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;alias;unset' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;alias;help' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Point an alias at a version')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove an alias')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;models;alias;help;set' {
            break
        }
        'hivectl;ml;models;alias;help;unset' {
            break
        }
        'hivectl;ml;models;alias;help;help' {
            break
        }
        'hivectl;ml;models;tag' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;archive' {
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'How many of the newest to keep in Staging; at least 3')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--older', '--older', [CompletionResultType]::ParameterName, 'Archive the versions in Staging but the newest')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be archived and change nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;verify' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;export' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Folder for the files of --production')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--production', '--production', [CompletionResultType]::ParameterName, 'Export every version in Production')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;import' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Another name to register under')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;push' {
            [CompletionResult]::new('--destination', '--destination', [CompletionResultType]::ParameterName, 'Registry to copy into: a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Another name to register under')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;pull' {
            [CompletionResult]::new('--source', '--source', [CompletionResultType]::ParameterName, 'Registry to copy from: a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Another name to register under')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;register' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name to register under')
            [CompletionResult]::new('--run-id', '--run-id', [CompletionResultType]::ParameterName, 'Run that made the model: 32 hexadecimal digits')
            [CompletionResult]::new('--metrics', '--metrics', [CompletionResultType]::ParameterName, 'Metrics as a JSON object, or @FILE that holds one')
            [CompletionResult]::new('--param', '--param', [CompletionResultType]::ParameterName, 'Parameter, as KEY=VALUE (can be repeated)')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Tag, as KEY=VALUE (can be repeated)')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'What the model is')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;inspect' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;ml;models;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List models, or the versions of one')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything known about one version')
            [CompletionResult]::new('compare', 'compare', [CompletionResultType]::ParameterValue, 'Set two versions side by side, and run both on the same tickets')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Put a version into Production or Staging')
            [CompletionResult]::new('rollback', 'rollback', [CompletionResultType]::ParameterValue, 'Put the version back into Production that served before')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what happened to a model, newest first')
            [CompletionResult]::new('alias', 'alias', [CompletionResultType]::ParameterValue, 'Point an alias at a version, or remove it')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'Set and remove tags of a version')
            [CompletionResult]::new('archive', 'archive', [CompletionResultType]::ParameterValue, 'Take versions out of service')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare the stored bytes with their digests, and the registry with its rules')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write a version into one file')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Register an exported version')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Copy a version into another registry')
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Copy a version from another registry')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a model that another tool made')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Tell what a model file is')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;models;help;list' {
            break
        }
        'hivectl;ml;models;help;show' {
            break
        }
        'hivectl;ml;models;help;compare' {
            break
        }
        'hivectl;ml;models;help;promote' {
            break
        }
        'hivectl;ml;models;help;rollback' {
            break
        }
        'hivectl;ml;models;help;history' {
            break
        }
        'hivectl;ml;models;help;alias' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Point an alias at a version')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove an alias')
            break
        }
        'hivectl;ml;models;help;alias;set' {
            break
        }
        'hivectl;ml;models;help;alias;unset' {
            break
        }
        'hivectl;ml;models;help;tag' {
            break
        }
        'hivectl;ml;models;help;archive' {
            break
        }
        'hivectl;ml;models;help;verify' {
            break
        }
        'hivectl;ml;models;help;export' {
            break
        }
        'hivectl;ml;models;help;import' {
            break
        }
        'hivectl;ml;models;help;push' {
            break
        }
        'hivectl;ml;models;help;pull' {
            break
        }
        'hivectl;ml;models;help;register' {
            break
        }
        'hivectl;ml;models;help;inspect' {
            break
        }
        'hivectl;ml;models;help;help' {
            break
        }
        'hivectl;ml;help' {
            [CompletionResult]::new('train', 'train', [CompletionResultType]::ParameterValue, 'Train models on tickets, judge, gate and register them')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check the versions in service: files, features, stages, age, and quality on recent tickets')
            [CompletionResult]::new('drift', 'drift', [CompletionResultType]::ParameterValue, 'Tell whether the work has changed since a version was trained, and for whom')
            [CompletionResult]::new('retrain', 'retrain', [CompletionResultType]::ParameterValue, 'Train again where the work has changed, and put the better version into service')
            [CompletionResult]::new('predict', 'predict', [CompletionResultType]::ParameterValue, 'Use a registered model on tickets')
            [CompletionResult]::new('backfill', 'backfill', [CompletionResultType]::ParameterValue, 'Write predictions into tickets that have ended without one, and show how far they are off')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Count the predictions that were made, and how far they were off')
            [CompletionResult]::new('dataset', 'dataset', [CompletionResultType]::ParameterValue, 'Make tickets and the tables that models see')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Apply a plan that `promote` or `rollback` kept in a file')
            [CompletionResult]::new('models', 'models', [CompletionResultType]::ParameterValue, 'List, show and change what is registered')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;ml;help;train' {
            break
        }
        'hivectl;ml;help;validate' {
            break
        }
        'hivectl;ml;help;drift' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Compare recent tickets with a version''s baseline')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Check again and again, and print a line when something changes')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show the checks that were made, and what happened to the model between them')
            [CompletionResult]::new('baseline', 'baseline', [CompletionResultType]::ParameterValue, 'Make, list, show and choose baselines')
            break
        }
        'hivectl;ml;help;drift;check' {
            break
        }
        'hivectl;ml;help;drift;watch' {
            break
        }
        'hivectl;ml;help;drift;history' {
            break
        }
        'hivectl;ml;help;drift;baseline' {
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Make a baseline of a version from tickets and keep it')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the baselines')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a baseline in numbers')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Choose the baseline that checks of a version compare with')
            break
        }
        'hivectl;ml;help;drift;baseline;save' {
            break
        }
        'hivectl;ml;help;drift;baseline;list' {
            break
        }
        'hivectl;ml;help;drift;baseline;show' {
            break
        }
        'hivectl;ml;help;drift;baseline;set' {
            break
        }
        'hivectl;ml;help;retrain' {
            break
        }
        'hivectl;ml;help;predict' {
            break
        }
        'hivectl;ml;help;backfill' {
            break
        }
        'hivectl;ml;help;stats' {
            break
        }
        'hivectl;ml;help;dataset' {
            [CompletionResult]::new('synthetic', 'synthetic', [CompletionResultType]::ParameterValue, 'Make up tickets to try things on')
            [CompletionResult]::new('features', 'features', [CompletionResultType]::ParameterValue, 'Write the matrix that training sees')
            break
        }
        'hivectl;ml;help;dataset;synthetic' {
            break
        }
        'hivectl;ml;help;dataset;features' {
            break
        }
        'hivectl;ml;help;apply' {
            break
        }
        'hivectl;ml;help;models' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List models, or the versions of one')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything known about one version')
            [CompletionResult]::new('compare', 'compare', [CompletionResultType]::ParameterValue, 'Set two versions side by side, and run both on the same tickets')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Put a version into Production or Staging')
            [CompletionResult]::new('rollback', 'rollback', [CompletionResultType]::ParameterValue, 'Put the version back into Production that served before')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what happened to a model, newest first')
            [CompletionResult]::new('alias', 'alias', [CompletionResultType]::ParameterValue, 'Point an alias at a version, or remove it')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'Set and remove tags of a version')
            [CompletionResult]::new('archive', 'archive', [CompletionResultType]::ParameterValue, 'Take versions out of service')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare the stored bytes with their digests, and the registry with its rules')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write a version into one file')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Register an exported version')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Copy a version into another registry')
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Copy a version from another registry')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a model that another tool made')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Tell what a model file is')
            break
        }
        'hivectl;ml;help;models;list' {
            break
        }
        'hivectl;ml;help;models;show' {
            break
        }
        'hivectl;ml;help;models;compare' {
            break
        }
        'hivectl;ml;help;models;promote' {
            break
        }
        'hivectl;ml;help;models;rollback' {
            break
        }
        'hivectl;ml;help;models;history' {
            break
        }
        'hivectl;ml;help;models;alias' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Point an alias at a version')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove an alias')
            break
        }
        'hivectl;ml;help;models;alias;set' {
            break
        }
        'hivectl;ml;help;models;alias;unset' {
            break
        }
        'hivectl;ml;help;models;tag' {
            break
        }
        'hivectl;ml;help;models;archive' {
            break
        }
        'hivectl;ml;help;models;verify' {
            break
        }
        'hivectl;ml;help;models;export' {
            break
        }
        'hivectl;ml;help;models;import' {
            break
        }
        'hivectl;ml;help;models;push' {
            break
        }
        'hivectl;ml;help;models;pull' {
            break
        }
        'hivectl;ml;help;models;register' {
            break
        }
        'hivectl;ml;help;models;inspect' {
            break
        }
        'hivectl;ml;help;help' {
            break
        }
        'hivectl;version' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;doctor' {
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'What to check (can be repeated, or parted by commas) [default: everything that is configured]')
            [CompletionResult]::new('--bundle', '--bundle', [CompletionResultType]::ParameterName, 'Write what was found into this file, without secrets, to send to somebody')
            [CompletionResult]::new('--tickets', '--tickets', [CompletionResultType]::ParameterName, 'File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated), or mongodb://HOST:PORT')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database of a MongoDB with tickets [default: the URI''s, else neural_hive_orchestration]')
            [CompletionResult]::new('--collection', '--collection', [CompletionResultType]::ParameterName, 'Collection of a MongoDB with tickets [default: execution_tickets]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time to wait for an answer of a server with tickets, such as 2m [default: 30s]; a watch ends after so long')
            [CompletionResult]::new('--requester-field', '--requester-field', [CompletionResultType]::ParameterName, 'Field that names who asked for the ticket [default: metadata.requested_by]')
            [CompletionResult]::new('--executable-field', '--executable-field', [CompletionResultType]::ParameterName, 'Field that names what the ticket runs')
            [CompletionResult]::new('--size-field', '--size-field', [CompletionResultType]::ParameterName, 'Field with the size of the work')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--create-indexes', '--create-indexes', [CompletionResultType]::ParameterName, 'Make the indexes that are missing, after a confirmation')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;audit' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'List what was changed, newest last')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one record whole')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that no record was altered, removed or put in between')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;audit;log' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;audit;show' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;audit;verify' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;audit;help' {
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'List what was changed, newest last')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one record whole')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that no record was altered, removed or put in between')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;audit;help;log' {
            break
        }
        'hivectl;audit;help;show' {
            break
        }
        'hivectl;audit;help;verify' {
            break
        }
        'hivectl;audit;help;help' {
            break
        }
        'hivectl;config' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show every setting, its value and where it comes from')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set a setting in the user''s file')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Show one setting, its value and where it comes from')
            [CompletionResult]::new('contexts', 'contexts', [CompletionResultType]::ParameterValue, 'List the contexts')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Make a context the current one')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the files, every value in force, and that each secret can be read')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Show which files are read')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove a setting from the user''s file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;config;list' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;config;set' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Change the project''s file (.hivectl.yaml in the working folder) instead of the user''s')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be changed and change nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;config;get' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;config;contexts' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;config;use' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;config;check' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;config;path' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;config;unset' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Change the project''s file (.hivectl.yaml in the working folder) instead of the user''s')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be changed and change nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;config;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show every setting, its value and where it comes from')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set a setting in the user''s file')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Show one setting, its value and where it comes from')
            [CompletionResult]::new('contexts', 'contexts', [CompletionResultType]::ParameterValue, 'List the contexts')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Make a context the current one')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the files, every value in force, and that each secret can be read')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Show which files are read')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove a setting from the user''s file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;config;help;list' {
            break
        }
        'hivectl;config;help;set' {
            break
        }
        'hivectl;config;help;get' {
            break
        }
        'hivectl;config;help;contexts' {
            break
        }
        'hivectl;config;help;use' {
            break
        }
        'hivectl;config;help;check' {
            break
        }
        'hivectl;config;help;path' {
            break
        }
        'hivectl;config;help;unset' {
            break
        }
        'hivectl;config;help;help' {
            break
        }
        'hivectl;runbook' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the runbooks')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a runbook')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Go through a runbook step by step, and keep a record')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;runbook;list' {
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'Language; otherwise that of LANG')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;runbook;show' {
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'Language; otherwise that of LANG')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'What a word of the commands stands for, such as model=ticket-anomaly-detector (can be repeated)')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;runbook;run' {
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'Language; otherwise that of LANG')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'What a word of the commands stands for, such as tickets=logs.ndjson (can be repeated)')
            [CompletionResult]::new('--transcript', '--transcript', [CompletionResultType]::ParameterName, 'File for the record [default: runbook-ID-TIME.md in the working folder]')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with the run that this record is of')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;runbook;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the runbooks')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a runbook')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Go through a runbook step by step, and keep a record')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;runbook;help;list' {
            break
        }
        'hivectl;runbook;help;show' {
            break
        }
        'hivectl;runbook;help;run' {
            break
        }
        'hivectl;runbook;help;help' {
            break
        }
        'hivectl;explain' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;completions' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;man' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Where model versions live: embedded, a path that ends in .db, or the URL of an MLflow server')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The context of the configuration file to use')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Answer a typed confirmation in scripts: NAME@VERSION of a promotion, NAME elsewhere')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why this is done; kept with the change')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Longest time that a change waits for another one on the same registry, such as 30s or 2m')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that a command waits for the server of its registry in all, such as 20s or 5m')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the flag that answers instead')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every y/N question (never to a typed confirmation)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more about what is done')
            [CompletionResult]::new('--accessible', '--accessible', [CompletionResultType]::ParameterName, 'Plain words only: no bars, boxes or symbols')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hivectl;help' {
            [CompletionResult]::new('ml', 'ml', [CompletionResultType]::ParameterValue, 'Train, list, show and use models')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version of hivectl and of its formats')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check what hivectl stands on, and say what to do about what is wrong')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Show what was changed, by whom and why')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the settings and where each comes from')
            [CompletionResult]::new('runbook', 'runbook', [CompletionResultType]::ParameterValue, 'Show what to do about an alert, and go through it step by step')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what an error code means')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Show the manual page of a command')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'hivectl;help;ml' {
            [CompletionResult]::new('train', 'train', [CompletionResultType]::ParameterValue, 'Train models on tickets, judge, gate and register them')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check the versions in service: files, features, stages, age, and quality on recent tickets')
            [CompletionResult]::new('drift', 'drift', [CompletionResultType]::ParameterValue, 'Tell whether the work has changed since a version was trained, and for whom')
            [CompletionResult]::new('retrain', 'retrain', [CompletionResultType]::ParameterValue, 'Train again where the work has changed, and put the better version into service')
            [CompletionResult]::new('predict', 'predict', [CompletionResultType]::ParameterValue, 'Use a registered model on tickets')
            [CompletionResult]::new('backfill', 'backfill', [CompletionResultType]::ParameterValue, 'Write predictions into tickets that have ended without one, and show how far they are off')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Count the predictions that were made, and how far they were off')
            [CompletionResult]::new('dataset', 'dataset', [CompletionResultType]::ParameterValue, 'Make tickets and the tables that models see')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Apply a plan that `promote` or `rollback` kept in a file')
            [CompletionResult]::new('models', 'models', [CompletionResultType]::ParameterValue, 'List, show and change what is registered')
            break
        }
        'hivectl;help;ml;train' {
            break
        }
        'hivectl;help;ml;validate' {
            break
        }
        'hivectl;help;ml;drift' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Compare recent tickets with a version''s baseline')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Check again and again, and print a line when something changes')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show the checks that were made, and what happened to the model between them')
            [CompletionResult]::new('baseline', 'baseline', [CompletionResultType]::ParameterValue, 'Make, list, show and choose baselines')
            break
        }
        'hivectl;help;ml;drift;check' {
            break
        }
        'hivectl;help;ml;drift;watch' {
            break
        }
        'hivectl;help;ml;drift;history' {
            break
        }
        'hivectl;help;ml;drift;baseline' {
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Make a baseline of a version from tickets and keep it')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the baselines')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a baseline in numbers')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Choose the baseline that checks of a version compare with')
            break
        }
        'hivectl;help;ml;drift;baseline;save' {
            break
        }
        'hivectl;help;ml;drift;baseline;list' {
            break
        }
        'hivectl;help;ml;drift;baseline;show' {
            break
        }
        'hivectl;help;ml;drift;baseline;set' {
            break
        }
        'hivectl;help;ml;retrain' {
            break
        }
        'hivectl;help;ml;predict' {
            break
        }
        'hivectl;help;ml;backfill' {
            break
        }
        'hivectl;help;ml;stats' {
            break
        }
        'hivectl;help;ml;dataset' {
            [CompletionResult]::new('synthetic', 'synthetic', [CompletionResultType]::ParameterValue, 'Make up tickets to try things on')
            [CompletionResult]::new('features', 'features', [CompletionResultType]::ParameterValue, 'Write the matrix that training sees')
            break
        }
        'hivectl;help;ml;dataset;synthetic' {
            break
        }
        'hivectl;help;ml;dataset;features' {
            break
        }
        'hivectl;help;ml;apply' {
            break
        }
        'hivectl;help;ml;models' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List models, or the versions of one')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything known about one version')
            [CompletionResult]::new('compare', 'compare', [CompletionResultType]::ParameterValue, 'Set two versions side by side, and run both on the same tickets')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Put a version into Production or Staging')
            [CompletionResult]::new('rollback', 'rollback', [CompletionResultType]::ParameterValue, 'Put the version back into Production that served before')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what happened to a model, newest first')
            [CompletionResult]::new('alias', 'alias', [CompletionResultType]::ParameterValue, 'Point an alias at a version, or remove it')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'Set and remove tags of a version')
            [CompletionResult]::new('archive', 'archive', [CompletionResultType]::ParameterValue, 'Take versions out of service')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare the stored bytes with their digests, and the registry with its rules')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write a version into one file')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Register an exported version')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Copy a version into another registry')
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Copy a version from another registry')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a model that another tool made')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Tell what a model file is')
            break
        }
        'hivectl;help;ml;models;list' {
            break
        }
        'hivectl;help;ml;models;show' {
            break
        }
        'hivectl;help;ml;models;compare' {
            break
        }
        'hivectl;help;ml;models;promote' {
            break
        }
        'hivectl;help;ml;models;rollback' {
            break
        }
        'hivectl;help;ml;models;history' {
            break
        }
        'hivectl;help;ml;models;alias' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Point an alias at a version')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove an alias')
            break
        }
        'hivectl;help;ml;models;alias;set' {
            break
        }
        'hivectl;help;ml;models;alias;unset' {
            break
        }
        'hivectl;help;ml;models;tag' {
            break
        }
        'hivectl;help;ml;models;archive' {
            break
        }
        'hivectl;help;ml;models;verify' {
            break
        }
        'hivectl;help;ml;models;export' {
            break
        }
        'hivectl;help;ml;models;import' {
            break
        }
        'hivectl;help;ml;models;push' {
            break
        }
        'hivectl;help;ml;models;pull' {
            break
        }
        'hivectl;help;ml;models;register' {
            break
        }
        'hivectl;help;ml;models;inspect' {
            break
        }
        'hivectl;help;version' {
            break
        }
        'hivectl;help;doctor' {
            break
        }
        'hivectl;help;audit' {
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'List what was changed, newest last')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one record whole')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that no record was altered, removed or put in between')
            break
        }
        'hivectl;help;audit;log' {
            break
        }
        'hivectl;help;audit;show' {
            break
        }
        'hivectl;help;audit;verify' {
            break
        }
        'hivectl;help;config' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show every setting, its value and where it comes from')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set a setting in the user''s file')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Show one setting, its value and where it comes from')
            [CompletionResult]::new('contexts', 'contexts', [CompletionResultType]::ParameterValue, 'List the contexts')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Make a context the current one')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the files, every value in force, and that each secret can be read')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Show which files are read')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove a setting from the user''s file')
            break
        }
        'hivectl;help;config;list' {
            break
        }
        'hivectl;help;config;set' {
            break
        }
        'hivectl;help;config;get' {
            break
        }
        'hivectl;help;config;contexts' {
            break
        }
        'hivectl;help;config;use' {
            break
        }
        'hivectl;help;config;check' {
            break
        }
        'hivectl;help;config;path' {
            break
        }
        'hivectl;help;config;unset' {
            break
        }
        'hivectl;help;runbook' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the runbooks')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a runbook')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Go through a runbook step by step, and keep a record')
            break
        }
        'hivectl;help;runbook;list' {
            break
        }
        'hivectl;help;runbook;show' {
            break
        }
        'hivectl;help;runbook;run' {
            break
        }
        'hivectl;help;explain' {
            break
        }
        'hivectl;help;completions' {
            break
        }
        'hivectl;help;man' {
            break
        }
        'hivectl;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
