# Completion of hivectl for elvish. The words come from hivectl itself, so this file does not grow stale.
use str
set edit:completion:arg-completer[hivectl] = {|@words|
    hivectl __complete elvish (str:join ' ' $words) 2>/dev/null | drop 1 | each {|answer|
        var parts = [(str:split "\t" $answer)]
        if (> (count $parts) 1) {
            edit:complex-candidate $parts[0] &display=$parts[0]'  '$parts[1]
        } else {
            put $parts[0]
        }
    }
}
