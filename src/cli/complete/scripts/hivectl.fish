# Completion of hivectl for fish. The words come from hivectl itself, so this file does not grow stale.
complete --command hivectl --no-files --keep-order --arguments "(hivectl __complete fish (commandline --cut-at-cursor | string collect) 2>/dev/null | tail -n +2)"
