#compdef aftercare
# zsh completion for aftercare
_aftercare() {
    local -a given answer values shown space
    local line
    given=("${(@Q)words[2,CURRENT-1]}")
    (( CURRENT > 2 )) || given=()
    given+=("${(Q)PREFIX}")
    answer=("${(@f)$(_AFTERCARE_COMPLETE=complete_zsh _AFTERCARE_WORDS="${(pj:\x1f:)given}" \
        command ${~${(Q)words[1]}} 2>/dev/null </dev/null)}")
    case $answer[1] in
        files) _files; return ;;
        nospace) space=(-S '') ;;
    esac
    for line in "${(@)answer[2,-1]}"; do
        values+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  -- }")
    done
    (( $#values )) && compadd -V aftercare "${(@)space}" -l -d shown -a values
}
if [ "$funcstack[1]" = _aftercare ]; then _aftercare "$@"; else compdef _aftercare aftercare; fi
