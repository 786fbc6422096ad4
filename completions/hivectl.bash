# Completion of hivectl for bash. The words come from hivectl itself, so this file does not grow stale.
_hivectl() {
    local line="${COMP_LINE:0:COMP_POINT}" current before="" mark value IFS=$'\n'
    COMPREPLY=()
    # The words of the line as hivectl parts them; bash parts them at @ and : too.
    local answers
    answers=$(hivectl __complete bash "$line" 2>/dev/null) || return 0
    current="${answers%%$'\n'*}"
    [[ "$answers" == *$'\n'* ]] || return 0
    answers="${answers#*$'\n'}"
    # What stands before the last part is on the line already; an @ belongs to the part behind it.
    for mark in @ : =; do
        if [[ "$COMP_WORDBREAKS" == *"$mark"* && "$current" == *"$mark"* ]]; then
            value="${current%"${current##*"$mark"}"}"
            [ "$mark" = @ ] && value="${value%@}"
            [ "${#value}" -gt "${#before}" ] && before="$value"
        fi
    done
    for value in $answers; do
        value="${value%%$'\t'*}"
        COMPREPLY+=("${value#"$before"}")
    done
    # A folder, or a word that more belongs to.
    if [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[/=@:#] ]]; then
        compopt -o nospace 2>/dev/null
    fi
    return 0
}
complete -F _hivectl hivectl
