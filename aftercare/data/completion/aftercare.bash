# bash completion for aftercare
_aftercare() {
    local IFS=$'\x1f' line todo=
    COMPREPLY=()
    while IFS= read -r line; do
        if [ -z "$todo" ]; then todo=$line; else COMPREPLY+=("$line"); fi
    done < <(_AFTERCARE_COMPLETE=complete_bash \
        _AFTERCARE_WORDS="${COMP_WORDS[*]:1:COMP_CWORD}" command "$1" 2>/dev/null </dev/null)
    compopt -o nosort 2>/dev/null
    case $todo in
        files) compopt -o default 2>/dev/null ;;
        nospace) compopt -o nospace 2>/dev/null ;;
    esac
    return 0
}
complete -F _aftercare aftercare
