# fish completion for aftercare
function __aftercare
    set -l given (commandline -opc)
    set -l current (string unescape -- (commandline -ct))
    test -n "$current"; or set current (commandline -ct)
    set -l line (string join \x1f -- $given[2..-1] "$current")
    set -l answer (_AFTERCARE_COMPLETE=complete_fish _AFTERCARE_WORDS=$line command $given[1] 2>/dev/null </dev/null)
    if test "$answer[1]" = files
        __fish_complete_path (commandline -ct)
    else if set -q answer[2]
        printf '%s\n' $answer[2..-1]
    end
end
complete --command aftercare --no-files --keep-order --arguments '(__aftercare)'
